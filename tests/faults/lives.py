"""Lives of a laptop's folder for the faults: the real storage at work, and what it told somebody.

    python -m tests.faults.lives SCENE HOME TOLD SEED [WITHOUT]

Each line of TOLD is one fact: `asked` before a call, `told` once it returned, `refused` when it
said why it did not. WITHOUT takes one protection of the product away.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlite_utils import Database

from enumerator_app.domain.errors import KnownError
from enumerator_app.storage import checkpointer, connections, engine, journal, opening
from enumerator_app.storage.connections import plain_connection, writing_connection
from enumerator_app.storage.key_file import read_key_file
from enumerator_app.storage.migrations import MIGRATIONS
from enumerator_app.storage.opening import create_home, reopen_home, restore_home
from enumerator_app.storage.store import Store
from tests.storage.laptops import (
    CHEAP,
    ENROLMENT,
    OPERATOR,
    PASSPHRASE,
    new_laptop,
    person,
    portrait,
    reopened,
)
from tests.storage.office_feed import OfficeFeed

SECOND = "Petugas Kedua"
OTHER_PASSPHRASE = "hujan sore di pematang lebar"
PHOTO_BYTES = 9_000
FIRST_NEW = 100  # people of a life; those before it were saved in peace


class Life:
    """One run of a scene. `tell` must have reached its reader when it returns."""

    def __init__(self, home: Path, tell: Callable[[dict[str, Any]], object], seed: int) -> None:
        self.home, self._tell, self.dice = home, tell, random.Random(seed)
        self._next = FIRST_NEW
        self.saved: list[Any] = []

    def asked(self, **what: Any) -> None:
        self._tell({"is": "asked", **what})

    def told(self, **what: Any) -> None:
        self._tell({"is": "told", **what})

    def attempt(self, work: Callable[[], Any], **what: Any) -> Any:
        """Ask for something and tell what became of it; None if it was refused in words."""
        self.asked(**what)
        try:
            result = work()
        except KnownError as error:
            self._tell({"is": "refused", "code": error.code, **what})
            return None
        entry = getattr(result, "entry_hash", None)
        number = str(getattr(result, "number", "")) or None
        self.told(**what, **({"entry": entry, "number": number} if entry else {}))
        return result

    def save(self, store: Store, *, with_photo: bool = False, draft: str | None = None) -> None:
        self._next += 1
        photo = portrait(self._next, PHOTO_BYTES) if with_photo else None
        saved = self.attempt(
            lambda: store.register(person(self._next), photo=photo, draft_id=draft),
            what="save", person=self._next, photo=photo.sha256 if photo else None, draft=draft,
        )  # fmt: skip
        if saved is not None:
            self.saved.append(saved)

    def correct(self, store: Store) -> None:
        if self.saved:
            subject = self.dice.choice(self.saved).subject
            phone = f"0813{self.dice.randrange(10**8):08d}"
            changed = store.registration(subject).model_copy(update={"phone": phone})
            self.attempt(lambda: store.correct(subject, changed), what="correct")

    def type(self, store: Store, form: str, count: int, *, with_photo: bool = False) -> None:
        photo = portrait(self._next + 500, PHOTO_BYTES) if with_photo else None
        self.attempt(
            lambda: store.keep_draft(form, {"typed": count}, photo),
            what="draft", form=form, typed=count,
        )  # fmt: skip


def setting_up(life: Life) -> None:
    """The first day: a folder is made, enrolled, and used."""
    store = create_home(life.home, operator_name=OPERATOR, passphrase=PASSPHRASE, cost=CHEAP)
    life.told(what="made")
    with store:
        store.set_identity(ENROLMENT)
        life.told(what="enrolled")
        for _ in range(3):
            life.save(store)


def working(life: Life) -> None:
    """A morning at the table: people, portraits, forms, papers, a check, and a second start."""
    for start in range(2):
        store = reopened(life.home)
        for turn in range(life.dice.randint(5, 9)):
            _one_turn(life, store, f"{start}-{turn}")
        with suppress(KnownError):
            store.doctor()  # moves the whole log into the file, while the day goes on
        life.save(store, with_photo=True)
        if start == 0:
            store.close()


def _one_turn(life: Life, store: Store, form: str) -> None:
    for typed in range(life.dice.randint(0, 3)):
        life.type(store, form, typed, with_photo=typed == 1)
    life.save(store, with_photo=life.dice.random() < 0.4, draft=form)
    if life.dice.random() < 0.3:
        life.correct(store)
    if life.saved and life.dice.random() < 0.3:
        subject = life.dice.choice(life.saved).subject
        life.attempt(lambda: store.mark_printed([subject]), what="printed", subject=str(subject))


def saving(life: Life) -> None:
    """One start, a form, a person, one with a portrait, a correction, a paper, and the end."""
    with reopened(life.home) as store:
        life.type(store, "form", 1, with_photo=True)
        life.save(store, draft="form")
        life.save(store, with_photo=True)
        life.correct(store)
        life.save(store)


def updating(life: Life) -> None:
    """A new version opens what an old one left, and goes on."""
    with reopened(life.home) as store:
        life.told(what="opened")
        life.save(store, with_photo=True)
        life.save(store)


def changing_keys(life: Life) -> None:
    """Operators come, go, and get new passphrases, between saves."""
    with reopened(life.home) as store:
        life.save(store)
        slot = life.attempt(
            lambda: store.add_operator(SECOND, OTHER_PASSPHRASE, CHEAP), what="operator"
        )
        life.save(store)
        if slot is not None:
            life.attempt(lambda: store.remove_operator(slot.id), what="removed")
    key = opening_key(life.home)
    renewed = life.attempt(lambda: _renewed(life.home, key), what="renewed")
    if renewed is not None:
        life.save(renewed)
        renewed.close()


def _renewed(home: Path, key: bytes) -> Store:
    return reopen_home(
        home, lambda _: key, operator_name=OPERATOR, passphrase=OTHER_PASSPHRASE, cost=CHEAP
    )


def opening_key(home: Path) -> bytes:
    """The file's key, by whichever passphrase is the present one."""
    keys = read_key_file(home / "keys.json")
    for passphrase in (PASSPHRASE, OTHER_PASSPHRASE):
        with suppress(KnownError):
            return keys.unlock(None, passphrase)[1]
    raise AssertionError("neither passphrase opens the laptop")


def applying(life: Life) -> None:
    """What a sync writes: marks of what was received, and pages of the office's notices."""
    with reopened(life.home) as store:
        feed = OfficeFeed()
        for turn in range(4):
            life.save(store, with_photo=turn == 1)
            if life.saved:
                feed.accepted(life.saved[-1], n=turn)
            page = feed.page(after=store.position().feed_n)
            life.attempt(lambda page=page: store.apply_page(page), what="page", n=len(feed.items))


def backing_up(life: Life) -> None:
    """A copy is written inside the folder while people are saved; an older one stays until then."""
    target = life.home / "copy.backup"
    with reopened(life.home) as store:
        for _ in range(2):
            life.save(store, with_photo=True)
            life.attempt(lambda: store.backup(target), what="backup", person=life._next)


def restoring(life: Life) -> None:
    """A copy is put in the place of the folder's files, and people are saved in its new life."""
    copy = life.home / "copy.backup"
    store = restore_home(copy, life.home, operator_name=None, passphrase=PASSPHRASE)
    life.told(what="restored")
    with store:
        life.save(store)


def flush_fails(life: Life) -> None:
    """A flush is refused somewhere; people are saved on, while a list is being read."""
    store = reopened(life.home)
    for turn in range(6):
        life.save(store, with_photo=turn % 2 == 0)
        if turn == 2:
            reading = store._file.engine._reads.raw_connection()
            reading.driver_connection.execute("BEGIN")
            reading.driver_connection.execute("SELECT count(*) FROM registration").fetchone()
        if turn == 4:
            reading.driver_connection.execute("ROLLBACK")


SCENES: dict[str, Callable[[Life], None]] = {
    "setting_up": setting_up,
    "working": working,
    "saving": saving,
    "updating": updating,
    "changing_keys": changing_keys,
    "applying": applying,
    "backing_up": backing_up,
    "restoring": restoring,
    "flush_fails": flush_fails,
}


def prepare(scene: str, home: Path) -> None:
    """Make what a scene begins with."""
    if scene == "setting_up":
        home.mkdir()
        return
    with new_laptop(home) as store:
        for i in range(4):
            store.register(person(i), photo=portrait(i, 3_000) if i % 2 else None)
        if scene in ("restoring", "backing_up"):
            store.backup(home / "copy.backup")
            store.register(person(5))
    if scene == "updating":
        make_old(home)


_COLUMNS = """
SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
"""


def make_old(home: Path) -> None:
    """Take from the file everything that came after the first release."""
    with closing(plain_connection(home.parent / "first.db", bytes(32))) as first:
        MIGRATIONS.apply(Database(first), stop_before="m002_likeness")
        known = {row[0] for row in first.execute("SELECT name FROM sqlite_master")}
        columns = set(first.execute(_COLUMNS))
    (home.parent / "first.db").unlink()
    with closing(writing_connection(home / "registrations.db", opening_key(home))) as file:
        rows = file.execute("SELECT type, name FROM sqlite_master WHERE sql NOT NULL").fetchall()
        virtual = {name for _, name in rows if f"{name}_config" in {other for _, other in rows}}
        for kind, name in sorted(rows, key=lambda row: row[1] not in virtual):
            inside = any(name.startswith(f"{other}_") for other in virtual)
            if name not in known and not inside:
                file.execute(f"DROP {kind} IF EXISTS {name}")
        for table, column in set(file.execute(_COLUMNS)) - columns:
            file.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        file.execute("DELETE FROM _sqlite_migrations WHERE name != 'm001_first_release'")


def _fast_and_loose(path: Path, key: bytes, *, create: bool = False) -> Any:
    connection = writing_connection(path, key, create=create)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def _speaks_first(self: Any, connection: Any, write: Any, result: Any) -> None:
    write.future.set_result(result)
    time.sleep(0.002)  # the time that a disk takes
    connection.execute("COMMIT")


def _nothing(_folder: Path) -> None:
    """Leave a folder's names to luck."""


WITHOUT: dict[str, list[tuple[object, str, Any]]] = {
    "flush before the number is shown": [
        (engine, "writing_connection", _fast_and_loose),
        (opening, "writing_connection", _fast_and_loose),
    ],
    "commit before the number is shown": [(engine.Engine, "_commit", _speaks_first)],
    "the folder's own flush": [(engine, "flush_folder", _nothing)],
}


def _telling(life: Life, verify: Callable[[Any], None]) -> Callable[[Any], None]:
    def told(connection: Any) -> None:
        verify(connection)
        life._tell({"is": "verified"})

    return told


def live(scene: str, life: Life, without: str = "") -> None:
    """Live one scene in this process; checkpoints come early and waits are short."""
    checkpointer._LOG_BYTES = 64 * 1024  # type: ignore[misc]
    checkpointer._LONG_LOG_BYTES = 256 * 1024  # type: ignore[misc]
    connections._LOCK_WAIT_S = 0.3  # type: ignore[misc]
    told = patch.object(journal, "verify_end", _telling(life, journal.verify_end))
    with told, without_protection(without):
        SCENES[scene](life)


@contextmanager
def without_protection(name: str) -> Iterator[None]:
    """Take one protection of the product away; none for an empty name."""
    with ExitStack() as stack:
        for change in WITHOUT.get(name, []):
            stack.enter_context(patch.object(*change))
        yield


def main() -> None:
    scene, home, told, seed, *without = sys.argv[1:]
    descriptor = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def tell(fact: dict[str, Any]) -> None:
        os.write(descriptor, json.dumps(fact).encode() + b"\n")

    live(scene, Life(Path(home), tell, int(seed)), without[0] if without else "")
    os._exit(0)  # no tidy end: the power goes


if __name__ == "__main__":
    main()
