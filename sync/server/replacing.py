"""A laptop in another one's place: the records of the old one are handed over to it.

The new one gets what the old one was told of its records, in order, with their contents, as every
laptop does that holds a record of another. From then on it holds them as well: what the office
sends back is corrected there. Its numbers are of its own code. What the old one had saved and not
sent comes by its drive or by itself; once it has effect, it is handed over, too.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select, update

from enumerator_app.domain.canonical import from_canonical
from sync.server.bulk import bound, one_of, write_all
from sync.server.feed import Feeds, Notice, read_heads, unsigned_bytes
from sync.server.field_tables import LISTED_VILLAGE_ROWS, SEAT_ROWS
from sync.server.ingest.judging import content_of
from sync.server.tables import (
    DEVICE_ROWS,
    ENROLMENT_ROWS,
    ENTRY_ROWS,
    FEED_ROWS,
    SUBJECT_ROWS,
)

_HANDED: Final = ("accepted", "revision", "decision", "number", "case")
_NOT_HANDED: Final = ("quarantined", "erased")
_PEOPLE_AT_ONCE: Final = 500


def replacements(connection: Connection) -> dict[str, str]:
    """Return by laptop (device code) the one that takes its place, also before that was enrolled.

    The last code that was given for it counts: one that nobody used in time was given anew.
    """
    old, new, table = DEVICE_ROWS.alias("old"), DEVICE_ROWS.alias("new"), ENROLMENT_ROWS.c
    query = (
        select(old.c.code, func.coalesce(new.c.code, table.device_code))
        .join_from(ENROLMENT_ROWS, old, old.c.id == table.replaces)
        .outerjoin(new, new.c.id == table.device)
        .order_by(table.created_at)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def take_over(connection: Connection, old: str, new: str) -> None:
    """Give a laptop that was just enrolled everything of the one that it replaces."""
    _hand_over(connection, old, new)
    for row in connection.execute(select(LISTED_VILLAGE_ROWS)).all():
        devices = json.loads(row.devices) if row.devices else []
        if old in devices:
            change = update(LISTED_VILLAGE_ROWS).values(devices=json.dumps([*devices, new]))
            is_it = LISTED_VILLAGE_ROWS.c.village_code == row.village_code
            connection.execute(change.where(is_it))


def hand_on(connection: Connection, old: str) -> None:
    """Give those who replace a laptop what of it has come into effect since then."""
    table = ENROLMENT_ROWS.c
    query = select(table.device).where(table.replaces == old, table.device.is_not(None))
    for new in connection.execute(query).scalars().all():
        _hand_over(connection, old, new)
        hand_on(connection, new)


def _hand_over(connection: Connection, old: str, new: str) -> None:
    """Hand over the records that the new one does not hold, so it may be done again."""
    people = _not_held(connection, old, new)
    for start in range(0, len(people), _PEOPLE_AT_ONCE):
        some = people[start : start + _PEOPLE_AT_ONCE]
        heads = read_heads(connection, [new], lock=True)
        feeds = Feeds({head.device: head for head in heads})
        for notice in _notices(connection, old, some):
            feeds.emit(new, notice)
        write_all(connection, feeds.writes())
    seats = update(SEAT_ROWS).where(SEAT_ROWS.c.device == old)
    connection.execute(seats.values(device=new))  # who is told how a person's place stands


def _not_held(connection: Connection, old: str, new: str) -> list[str]:
    """Return the records that one laptop holds and another does not, in the order it had them."""
    table, held = FEED_ROWS.c, FEED_ROWS.alias("held")
    is_held = select(held.c.n).where(
        held.c.device == new, held.c.subject == table.subject, held.c.revision.is_not(None)
    )
    query = (
        select(table.subject)
        .join(SUBJECT_ROWS, SUBJECT_ROWS.c.id == table.subject)
        .where(table.device == old, table.revision.is_not(None), ~is_held.exists())
        .where(SUBJECT_ROWS.c.state.not_in(_NOT_HANDED))
        .group_by(table.subject)
        .order_by(func.min(table.n))
    )
    return list(connection.execute(query).scalars())


def _notices(connection: Connection, old: str, people: Sequence[str]) -> Iterator[Notice]:
    """Yield what a laptop was told of these records; entries of its own with their content."""
    table, dialect = FEED_ROWS.c, connection.dialect.name
    is_own = and_(table.kind == "accepted", ENTRY_ROWS.c.hash == table.revision)
    query = (
        select(table.kind, table.subject, table.revision, table.bytes, ENTRY_ROWS.c.body)
        .outerjoin(ENTRY_ROWS, is_own)
        .where(table.device == old, table.kind.in_(_HANDED), table.bytes.is_not(None))
        .where(one_of(table.subject, dialect, "people"))
        .order_by(table.n)
    )
    for row in connection.execute(query, {"people": bound(dialect, people)}):
        yield Notice(row.kind, row.subject, row.revision, _with_content(row))


def _with_content(row: Any) -> str:
    content = content_of(bytes(row.body)) if row.body is not None else None
    if content is None or "name" not in content:  # a withdrawal may state no content
        return str(row.bytes)
    return unsigned_bytes({**from_canonical(row.bytes.encode())["fields"], "body": content})
