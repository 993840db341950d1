"""Setting up a laptop's folder, and opening it with an operator's passphrase."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlcipher3 import dbapi2

from enumerator_app.domain.errors import DatabaseDamaged, DiskFull, FileUnreadable, KnownError
from enumerator_app.storage import journal
from enumerator_app.storage.attempts import Attempts, unlocked
from enumerator_app.storage.backup import check_copy, put_in_place, unpack
from enumerator_app.storage.connections import (
    check_library,
    reading_connection,
    writing_connection,
)
from enumerator_app.storage.doctor import structure
from enumerator_app.storage.durable import flush_folder
from enumerator_app.storage.engine import Engine, Hooks
from enumerator_app.storage.exchanging import exchanged
from enumerator_app.storage.failures import NEEDED_MB, faults_named, known_error
from enumerator_app.storage.home import Home, Outside, machine_id
from enumerator_app.storage.key_file import (
    KeyFile,
    OperatorSlot,
    keep_second,
    key_file_from_bytes,
    new_key,
    read_key_file,
    write_key_file,
)
from enumerator_app.storage.migrations import migrate
from enumerator_app.storage.open_file import OpenFile, Place, utc_now
from enumerator_app.storage.passphrases import KdfCost, check_passphrase
from enumerator_app.storage.self_knowledge import create_identity
from enumerator_app.storage.store import Store
from sync.protocol.signing import new_private_key

if TYPE_CHECKING:
    from sqlite3 import Connection

Now = Callable[[], datetime]


class HomeExists(KnownError):
    """A laptop has already been set up in that folder."""

    code = "home_exists"
    exit_code = 2


def recover_home(
    path: Path,
    *,
    recovery_identity: str,
    operator_name: str,
    passphrase: str,
    cost: KdfCost,
    now: Now = utc_now,
) -> Store:
    """Open a laptop whose passphrases are lost, with the office's key, and give it a new operator.

    Raises:
        WrongPassphrase: the key was not sealed to that office.
        PassphraseTooWeak, KeyFileDamaged, HomeInUse, DatabaseDamaged.
    """
    return reopen_home(
        path,
        lambda keys: keys.recovered_key(recovery_identity),
        operator_name=operator_name,
        passphrase=passphrase,
        cost=cost,
        now=now,
    )


def reopen_home(
    path: Path,
    key_of: Callable[[KeyFile], bytes],
    *,
    operator_name: str,
    passphrase: str,
    cost: KdfCost,
    now: Now = utc_now,
) -> Store:
    """Open a laptop by a key that comes from elsewhere, and give that operator a passphrase.

    The file is opened before anything is changed: a wrong key leaves all slots as they are.

    Raises:
        PassphraseTooWeak, KeyFileDamaged, HomeInUse, DatabaseDamaged; what `key_of` raises.
    """
    check_passphrase(passphrase)
    with locked(path) as home:
        keys = read_key_file(home.key_file)
        key, name = key_of(keys), operator_name.strip()
        same = (
            slot.id
            for slot in keys.operators
            if slot.name.casefold() == name.casefold() and not keys.is_removed(slot.id)
        )  # whose work had ended begins anew, under another id
        changed = keys.with_operator(key, name, passphrase, cost, next(same, None))
        store = opened(home, changed.operators[-1], key, keys.device, now)
        try:
            write_key_file(home.key_file, changed)
        except BaseException:
            store.close()
            raise
        Attempts(home.attempts_file).succeeded()
        return store


def restore_home(
    backup: Path,
    path: Path,
    *,
    operator_name: str | None,
    passphrase: str,
    now: Now = utc_now,
) -> Store:
    """Put a backup in the place of what is in that folder, and go on in a new epoch.

    What was there is set aside inside the folder (`Store.set_aside`), never deleted: it opens as a
    home of its own, and can still send what the office lacks. The passphrase is one of those that
    the backup was made with.

    Raises:
        FileUnreadable: it is not a backup.
        WrongPassphrase, KeyFileDamaged, DatabaseDamaged, HomeInUse: nothing was replaced.
    """
    with locked(path) as home:
        unpacked = unpack(home, backup)
        keys = key_file_from_bytes(unpacked.keys)
        operator, key = unlocked(home, keys, operator_name, passphrase, now())
        check_copy(unpacked.database, key)
        aside = put_in_place(home, unpacked)
        write_key_file(home.key_file, keys)
        store = opened(home, operator, key, keys.device, now, epoch_reason="restore")
        store.set_aside = aside
        return store


class NoHome(KnownError):
    """No laptop has been set up in that folder."""

    code = "no_home"
    exit_code = 2


def create_home(
    path: Path,
    *,
    operator_name: str,
    passphrase: str,
    cost: KdfCost,
    device_id: UUID | None = None,
    recovery_recipient: str | None = None,
    now: Now = utc_now,
) -> Store:
    """Set up a laptop in a folder and open it; it is enrolled later.

    Raises:
        HomeExists: it is one already.
        PassphraseTooWeak, HomeInUse: nothing was made.
    """
    check_passphrase(passphrase)
    with locked(path) as home:
        if home.has_keys:
            raise HomeExists
        home.set_aside(*home.database_files(), home.outside_file)
        key, device = new_key(), device_id or uuid4()
        _create_database(home, key, device)
        keys = KeyFile(device).with_operator(key, operator_name.strip(), passphrase, cost)
        if recovery_recipient is not None:
            keys = keys.with_recovery(key, recovery_recipient)
        home.remember_outside(Outside(None, "", machine_id()))
        write_key_file(home.key_file, keys)
        return opened(home, keys.operators[0], key, device, now)


def open_home(
    path: Path,
    *,
    operator_name: str | None,
    passphrase: str,
    cost: KdfCost | None = None,
    now: Now = utc_now,
) -> Store:
    """Open a laptop with an operator's passphrase (anyone's, if no name is given).

    With a `cost`, a slot that is cheaper to guess is sealed anew at that cost.

    Raises:
        HomeInUse, KeyFileDamaged, WrongPassphrase, PassphraseTooSoon, DatabaseDamaged.
    """
    if not path.is_dir():
        raise NoHome(name=path.name)
    with locked(path) as home:
        if not home.has_keys and not home.database.exists():
            raise NoHome(name=path.name)
        keys = read_key_file(home.key_file)
        operator, key = unlocked(home, keys, operator_name, passphrase, now())
        if cost is not None and keys.cost_of(operator.id).memory_kib < cost.memory_kib:
            stronger = keys.with_operator(key, operator.name, passphrase, cost, operator.id)
            write_key_file(home.key_file, stronger)
        else:
            keep_second(home.key_file, keys)
        return opened(home, operator, key, keys.device, now)


@contextmanager
def locked(path: Path) -> Iterator[Home]:
    """Lock a folder; let it go again if what follows fails."""
    home = Home(path)
    try:
        yield home
    except dbapi2.Error as error:
        home.close()
        raise (known_error(error) or error) from error
    except OSError as error:
        home.close()
        is_full = error.errno == ENOSPC
        raise (
            DiskFull(needed_mb=NEEDED_MB) if is_full else FileUnreadable(name=path.name)
        ) from error
    except BaseException:
        home.close()
        raise


def opened(
    home: Home,
    operator: OperatorSlot,
    key: bytes,
    device: UUID,
    now: Now,
    epoch_reason: str | None = None,
) -> Store:
    """Open the file behind a key that is known; start a new epoch if asked, or if it went back."""
    exchanged(home)
    if not home.database.exists():
        raise DatabaseDamaged
    file = OpenFile(home, key, device, operator, machine_id(), now)
    with faults_named(home.path):
        _check_after_damage(home, key)
        _migrate(home, key)
    hooks = Hooks(verify=journal.verify_end, committed=file.remember_head)
    file.attach(Engine(home.database, key, hooks))
    store = Store(file)
    try:
        _load_place(file)
        store.went_back = _reason_for_new_epoch(file, epoch_reason)
        if store.went_back is not None:
            file.start_epoch(store.went_back)
    except BaseException:
        file.engine.close()
        raise
    return store


def _check_after_damage(home: Home, key: bytes) -> None:
    """Read the whole file if damage was met while it was open: the way to a rescue leads from here.

    Raises:
        DatabaseDamaged: it still is.
    """
    if not home.damage_seen.exists():
        return
    with closing(reading_connection(home.database, key)) as connection:
        if any(structure(connection)):
            raise DatabaseDamaged
    home.damage_seen.unlink(missing_ok=True)


def _create_database(home: Home, key: bytes, device: UUID) -> None:
    check_library()
    connection = writing_connection(home.database, key, create=True)
    try:
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        create_identity(connection, device, new_private_key())
        connection.execute("COMMIT")
    finally:
        connection.close()
    flush_folder(home.path)


def _migrate(home: Home, key: bytes) -> None:
    connection = writing_connection(home.database, key)
    try:
        row = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'identity'"
        ).fetchone()
        if not row[0]:
            raise DatabaseDamaged  # an emptied file looks like a new one to SQLite
        migrate(connection)
    finally:
        connection.close()


def _load_place(file: OpenFile) -> None:
    def work(connection: "Connection") -> tuple[str | None, str | None, str | None, int]:
        regency, code = connection.execute(
            "SELECT regency, device_code FROM identity WHERE id = 1"
        ).fetchone()
        office_time, counter = connection.execute(
            "SELECT office_time, counter FROM sync WHERE id = 1"
        ).fetchone()
        return regency, code, office_time, counter

    regency, code, office_time, counter = file.engine.read(work)
    file.counter.last = file.counter.reserved = counter
    if regency is not None and code is not None:
        file.place = Place(regency, code)
    if office_time is not None:
        file.learn_office_time(office_time)


def _reason_for_new_epoch(file: OpenFile, asked: str | None) -> str | None:
    """Return why this copy of the file may not go on in its epoch; None if it may."""
    outside = file.home.outside()
    if file.place is None:
        if outside is not None and outside.head is not None:
            raise DatabaseDamaged  # it was enrolled: what came since is gone with the log
        return None
    if asked is not None:
        return asked
    if outside is None:
        return "unknown_past"
    if outside.machine != file.machine:
        return "other_machine"
    head = outside.head
    if head is None or file.engine.read(lambda connection: journal.holds(connection, head)):
        return None
    return "went_back"
