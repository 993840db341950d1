"""The chain of this laptop's entries inside the file: append, walk, verify, open an epoch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import DatabaseDamaged, NotCanonical
from enumerator_app.domain.journal import (
    Entry,
    Head,
    Statement,
    body_matches,
    entry_hash,
    make_entry,
    new_epoch,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

_LOCATOR_MOST: Final = 40
_CHECKED_AFTER_FAULT: Final = 5

_INSERT = (
    "INSERT INTO entry (n, hash, epoch, seq, kind, subject, header, salt, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class JournalEnd:
    """The chain's head with its place in the file, and the serial given last."""

    head: Head
    n: int
    serial: int


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain is broken: the place and what does not fit."""

    n: int
    code: str


def journal_end(connection: "Connection") -> JournalEnd:
    row = connection.execute("SELECT epoch, seq, hash, n, serial FROM head WHERE id = 1").fetchone()
    if row is None:
        raise DatabaseDamaged
    epoch, seq, hash_, n, serial = row
    return JournalEnd(Head(epoch, seq, hash_), n, serial)


def append(
    connection: "Connection",
    end: JournalEnd,
    statement: Statement,
    *,
    device: UUID,
    serial: int | None = None,
) -> tuple[Entry, JournalEnd]:
    """Write the entry that follows `end` and move the head to it.

    Raises:
        NotCanonical, EntryTooLarge: nothing was written.
    """
    entry = make_entry(statement, device=device, head=end.head)
    new = JournalEnd(
        Head(end.head.epoch, end.head.seq + 1, entry.hash),
        end.n + 1,
        end.serial if serial is None else serial,
    )
    subject = str(statement.subject) if statement.subject else None
    connection.execute(
        _INSERT,
        (
            new.n,
            new.head.hash,
            new.head.epoch,
            new.head.seq,
            statement.kind,
            subject,
            entry.header,
            entry.salt,
            entry.body,
        ),
    )
    put_end(connection, new)
    return entry, new


def put_end(connection: "Connection", end: JournalEnd) -> None:
    """Say where the chain ends."""
    connection.execute(
        "UPDATE head SET epoch = ?, seq = ?, hash = ?, n = ?, serial = ? WHERE id = 1",
        (end.head.epoch, end.head.seq, end.head.hash, end.n, end.serial),
    )


def open_epoch(
    connection: "Connection", statement: Statement, *, device: UUID
) -> tuple[Entry, JournalEnd]:
    """Start a new life of the chain: `statement` is its `epoch_start`, after the old head."""
    end = journal_end(connection)
    fresh = replace(end, head=Head(new_epoch(), 0, end.head.hash))
    return append(connection, fresh, statement, device=device)


def holds(connection: "Connection", hash_: str) -> bool:
    found = connection.execute("SELECT 1 FROM entry WHERE hash = ?", (hash_,)).fetchone()
    return found is not None


def place_of(connection: "Connection", hash_: str | None) -> int:
    """Return the place of an entry on the chain; 0 for None and for one that is not here."""
    row = connection.execute("SELECT n FROM entry WHERE hash = ?", (hash_,)).fetchone()
    return int(row[0]) if row else 0


def locator(connection: "Connection", n: int) -> tuple[str, ...]:
    """Return the hashes at the head, 1, 2, 4, ... before it, and of the very first entry."""
    places, step = [n], 1
    while n - step > 1 and len(places) < _LOCATOR_MOST:
        places.append(n - step)
        step *= 2
    if n > 1:
        places.append(1)
    found = (
        connection.execute("SELECT hash FROM entry WHERE n = ?", (place,)).fetchone()
        for place in places
    )
    return tuple(row[0] for row in found if row)


def entries_from(connection: "Connection", n: int) -> Iterator[tuple[int, str, Entry]]:
    """Yield (place, hash as kept, entry) from place `n` on."""
    rows = connection.execute(
        "SELECT n, hash, header, salt, body FROM entry WHERE n >= ? ORDER BY n", (n,)
    )
    for place, hash_, header, salt, body in rows:
        yield place, hash_, Entry(header, salt, body)


def chain_faults(connection: "Connection", since: int = 1) -> list[ChainFault]:
    """Return every place, from `since` on, where hash, link or body does not fit."""
    end = journal_end(connection)
    row = connection.execute("SELECT hash FROM entry WHERE n = ?", (since - 1,)).fetchone()
    previous: str | None = row[0] if row else None
    faults: list[ChainFault] = []
    expected = since
    for place, hash_, entry in entries_from(connection, since):
        if place != expected:
            faults.append(ChainFault(expected, "entry_missing"))
        faults.extend(_entry_faults(place, hash_, entry, previous))
        previous, expected = hash_, place + 1
    if end.n >= since and (expected != end.n + 1 or previous != end.head.hash):
        faults.append(ChainFault(end.n, "head_wrong"))
    return faults


def verify_end(connection: "Connection") -> None:
    """Prove that the last entries and the head still fit each other.

    Raises:
        DatabaseDamaged: they do not.
    """
    since = max(1, journal_end(connection).n - _CHECKED_AFTER_FAULT)
    if chain_faults(connection, since):
        raise DatabaseDamaged


def _entry_faults(
    place: int, hash_: str, entry: Entry, previous: str | None
) -> Iterator[ChainFault]:
    if entry_hash(entry.header) != hash_:
        yield ChainFault(place, "header_changed")
        return
    try:
        header = from_canonical(entry.header)
    except NotCanonical:
        yield ChainFault(place, "header_changed")
        return
    if header["prev"] != previous:
        yield ChainFault(place, "link_broken")
    if entry.body is not None and not body_matches(entry, header):
        yield ChainFault(place, "body_changed")
