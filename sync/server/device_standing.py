"""What the office knows of each laptop beyond its row: numbers that never came, copies, silence,
and what it keeps of a stopped one without effect.

A number below the last one that arrived and not here lies on a laptop, on a drive, or nowhere any
more: the office asks for it before a worker does.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from enumerator_app.domain.instants import instant_from_text
from sync.server.device_keys import count_waiting
from sync.server.devices import list_devices
from sync.server.letting_in import count_kept
from sync.server.office import Office
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS

MOST_NAMED: Final = 200
_COPIED: Final = ("copied_device", "rollback")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The serials of one device code: the last that arrived, and those below it that did not."""

    last: int = 0
    missing: tuple[int, ...] = ()


def device_standings(office: Office) -> list[dict[str, Any]]:
    """Return the laptops with `last_number`, `missing`, `copies`, `keys_waiting` (made there, and
    not confirmed), `quarantined` (entries that `letting_in` can let in) and `silent_days` added.
    """
    with office.database.reading() as connection:
        numbers = _numbers(connection)
        copies = _copies(connection)
        kept = count_kept(connection)
        keys = count_waiting(connection)
    today = office.clock()
    found = []
    for device in list_devices(office):
        own = numbers.get(device["code"], Numbers())
        silent = today - instant_from_text(device["last_seen"] or device["enrolled_at"])
        found.append(
            {
                **device,
                "last_number": own.last,
                "missing": list(own.missing[:MOST_NAMED]),
                "missing_count": len(own.missing),
                "copies": copies.get(device["id"], 0),
                "quarantined": kept.get(device["id"], 0),
                "keys_waiting": keys.get(device["id"], 0),
                "silent_days": max(0, silent // timedelta(days=1)),
            }
        )
    return found


def _numbers(connection: Connection) -> dict[str, Numbers]:
    serials: dict[str, set[int]] = defaultdict(set)
    query = select(SUBJECT_ROWS.c.number).where(SUBJECT_ROWS.c.number.is_not(None))
    for number in connection.execute(query).scalars():
        _, code, serial, _ = number.split("-")
        serials[code].add(int(serial))
    return {code: _gaps(found) for code, found in serials.items()}


def _gaps(found: set[int]) -> Numbers:
    last = max(found)
    return Numbers(last, tuple(sorted(set(range(1, last)) - found)))


def _copies(connection: Connection) -> dict[str, int]:
    table = CASE_ROWS.c
    query = (
        select(table.device, func.count())
        .where(table.kind.in_(_COPIED), table.closed_at.is_(None))
        .group_by(table.device)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
