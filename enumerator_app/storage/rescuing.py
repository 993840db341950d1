"""A laptop whose file is damaged: rescued into a new file, or set aside whole to begin anew.

The new file lies beside the old one, complete and flushed, before anything is moved; from then on
every start finishes the exchange. What was there is set aside in a folder that is a home of its own
and is never deleted.
"""

from contextlib import closing
from pathlib import Path

from enumerator_app.storage import journal
from enumerator_app.storage.attempts import unlocked
from enumerator_app.storage.backup import check_copy
from enumerator_app.storage.carrying_over import Rescued, carry_over
from enumerator_app.storage.connections import plain_connection, reading_connection
from enumerator_app.storage.durable import flush_file, flush_folder
from enumerator_app.storage.exchanging import exchanged, new_file
from enumerator_app.storage.home import Outside, machine_id
from enumerator_app.storage.key_file import read_key_file
from enumerator_app.storage.migrations import migrate
from enumerator_app.storage.open_file import OpenFile, utc_now
from enumerator_app.storage.opening import Now, locked, opened
from enumerator_app.storage.salvaging import DamagedFile
from enumerator_app.storage.store import Store


def rescue_home(
    path: Path, *, operator_name: str | None, passphrase: str, now: Now = utc_now
) -> tuple[Store, Rescued]:
    """Carry what can be read into a new file and open it; the old one is `Store.set_aside`.

    Raises:
        BeyondRescue: nothing can be read; nothing was moved.
        WrongPassphrase, KeyFileDamaged, HomeInUse, DiskFull, NotSaved: nothing was moved.
    """
    with locked(path) as home:
        keys = read_key_file(home.key_file)
        operator, key = unlocked(home, keys, operator_name, passphrase, now())
        file = OpenFile(home, key, keys.device, operator, machine_id(), now)
        rescued, end = _new_file(file)
        aside = exchanged(home)
        home.forget_outside()
        home.remember_outside(Outside(end.head.hash, end.head.epoch, machine_id()))
        store = opened(home, operator, key, keys.device, now)
        store.set_aside = aside
        return store, rescued


def set_home_aside(path: Path) -> Path | None:
    """Move everything of a laptop into a folder inside its home, so that it can be enrolled anew.

    Raises:
        HomeInUse: it is open.
    """
    with locked(path) as home:
        home.forget_outside()
        files = (home.key_file, home.second_key_file, home.attempts_file)
        aside = home.set_aside(*files, *home.database_files(), new_file(home))
        home.close()
        return aside


def _new_file(file: OpenFile) -> tuple[Rescued, journal.JournalEnd]:
    home = file.home
    draft = home.temporary / "rescued.db"
    draft.unlink(missing_ok=True)
    old = DamagedFile(lambda: reading_connection(home.database, file.key))
    try:
        with closing(plain_connection(draft, file.key)) as new:
            migrate(new)
            new.execute("BEGIN IMMEDIATE")
            rescued = carry_over(file, old, new)
            new.execute("COMMIT")
            end = journal.journal_end(new)
    finally:
        old.close()
    check_copy(draft, file.key)
    flush_file(draft)
    draft.replace(new_file(home))
    flush_folder(home.path)
    return rescued, end
