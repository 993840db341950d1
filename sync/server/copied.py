"""Laptops that turned out to be two: how far their shared key still vouches for papers.

Two copies give the same next serials to different people, and nobody can tell which copy is the
office's. Until a person decides, papers of numbers from before the copies parted stay good, and no
later one of that key counts. What both copies save is received all the same.
"""

from collections import Counter
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.server.ingest.cases import Case
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, ENTRY_ROWS, SUBJECT_ROWS

COPIED: Final = "copied_device"


def last_serials_before(connection: Connection) -> dict[str, int]:
    """Return by device, where two copies wait for a decision, the last serial before they parted.

    0 if they parted before the first number.
    """
    table = CASE_ROWS.c
    query = select(table.id, table.device).where(table.closed_at.is_(None), table.kind == COPIED)
    cases: dict[str, set[str]] = {}
    for row in connection.execute(query):
        cases.setdefault(row.device, set()).add(row.id)
    return {device: _last_serial(connection, device, names) for device, names in cases.items()}


def was_copy_decided(connection: Connection, since: str) -> bool:
    """Return whether somebody decided about two copies of any laptop from this instant on."""
    table = CASE_ROWS.c
    query = select(table.id).where(table.kind == COPIED, table.closed_at >= since)
    return connection.execute(query.limit(1)).first() is not None


def _last_serial(connection: Connection, device: str, cases: set[str]) -> int:
    entries, serials = _chain(connection, device), _serials(connection, device)
    children = Counter(row.prev for row in entries.values() if row.prev)
    forks = [
        name
        for name, count in children.items()
        if count > 1 and Case(COPIED, device, about=name).id in cases
    ]
    return min((_last_on_the_way_to(name, entries, serials) for name in forks), default=0)


def _last_on_the_way_to(name: str, entries: dict[str, Any], serials: dict[str, int]) -> int:
    """Return the highest serial of the entries from the first of all to this one."""
    last, at = 0, entries.get(name)
    while at is not None:
        if at.kind == "register":
            last = max(last, serials.get(at.subject, 0))
        at = entries.get(at.prev)
    return last


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
