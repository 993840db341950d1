"""Laptops that turned out to be two: how far their shared key still vouches for papers.

Two copies give the same next serials to different people, and nobody can tell which copy is the
office's. Until a person decides, papers of numbers from before the copies parted stay good, and no
later one of that key counts. A key that one copy made since is another matter once an officer has
confirmed it. What both copies save is received all the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.server.ingest.cases import Case
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, ENTRY_ROWS, SUBJECT_ROWS

COPIED: Final = "copied_device"


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two copies of one laptop parted: the last serial before it (0: before the first), and
    the entries that both have; None if the place is not here.
    """

    last_serial: int
    before: frozenset[str] | None

    def is_of_one_copy(self, entry: str | None) -> bool:
        """Whether one of the copies alone wrote this entry of the laptop."""
        return self.before is not None and entry is not None and entry not in self.before


def partings(connection: Connection) -> dict[str, Parting]:
    """Return by device where its copies parted, while they wait for a decision."""
    table = CASE_ROWS.c
    query = select(table.id, table.device).where(table.closed_at.is_(None), table.kind == COPIED)
    cases: dict[str, set[str]] = {}
    for row in connection.execute(query):
        cases.setdefault(row.device, set()).add(row.id)
    return {device: _parting(connection, device, names) for device, names in cases.items()}


def was_copy_decided(connection: Connection, since: str) -> bool:
    """Return whether somebody decided about two copies of any laptop from this instant on."""
    table = CASE_ROWS.c
    query = select(table.id).where(table.kind == COPIED, table.closed_at >= since)
    return connection.execute(query.limit(1)).first() is not None


def _parting(connection: Connection, device: str, cases: set[str]) -> Parting:
    entries, serials = _chain(connection, device), _serials(connection, device)
    children = Counter(row.prev for row in entries.values() if row.prev)
    forks = [
        name
        for name, count in children.items()
        if count > 1 and Case(COPIED, device, about=name).id in cases
    ]
    ways = [list(_way_to(name, entries)) for name in forks]
    given = [[serials.get(one.subject, 0) for one in way if one.kind == "register"] for way in ways]
    last = min((max(some, default=0) for some in given), default=0)
    return Parting(last, frozenset(one.hash for way in ways for one in way) if ways else None)


def _way_to(name: str, entries: dict[str, Any]) -> Iterator[Any]:
    """Yield the entries from this one to the first of all."""
    at = entries.get(name)
    while at is not None:
        yield at
        at = entries.get(at.prev)


def _chain(connection: Connection, device: str) -> dict[str, Any]:
    table = ENTRY_ROWS.c
    query = select(table.hash, table.prev, table.kind, table.subject).where(table.device == device)
    return {row.hash: row for row in connection.execute(query)}


def _serials(connection: Connection, device: str) -> dict[str, int]:
    """Return by subject the serials of the numbers that this laptop gave."""
    subject = SUBJECT_ROWS.c
    query = (
        select(subject.id, subject.number, DEVICE_ROWS.c.code)
        .join_from(SUBJECT_ROWS, DEVICE_ROWS, DEVICE_ROWS.c.id == subject.device)
        .where(subject.device == device, subject.number.is_not(None))
    )
    parts = ((row, row.number.split("-")) for row in connection.execute(query))
    return {row.id: int(serial) for row, (_, code, serial, _) in parts if code == row.code}
