"""How the office stands: counts for a command, a page and a report."""

from typing import Any

from sqlalchemy import Connection, Table, exists, func, select

from enumerator_app.domain.instants import day_in_wib
from sync.server.cases import QUARANTINED
from sync.server.chain import read_chain
from sync.server.office import Office
from sync.server.rotating import days_left, life_of, should_rotate
from sync.server.tables import (
    CASE_ROWS,
    DEVICE_ROWS,
    ENTRY_ROWS,
    FEED_HEAD_ROWS,
    HELD_ROWS,
    PHOTO_ROWS,
    SUBJECT_ROWS,
)
from sync.server.tls import authority_mark


def standing(office: Office) -> dict[str, Any]:
    """Return the counts that `status` shows. `feed_head` is the number of notices in all feeds."""
    state = SUBJECT_ROWS.c.state
    with office.database.reading() as connection:
        by_state = dict(_grouped(connection, state))
        people = sum(n for name, n in by_state.items() if name not in {"quarantined", "erased"})
        open_cases = select(func.count()).where(CASE_ROWS.c.closed_at.is_(None))
        photos = select(func.count()).where(PHOTO_ROWS.c.is_complete == 0)
        feed = select(func.coalesce(func.sum(FEED_HEAD_ROWS.c.n), 0))
        return {
            "office": office.public.office,
            "regency": office.public.regency,
            "server_epoch": office.server_epoch,
            "recovering": office.is_recovering(connection),
            "registrations": people,
            "by_state": by_state,
            "devices": _count(connection, DEVICE_ROWS),
            "entries": _count(connection, ENTRY_ROWS),
            "held": _held(connection),
            "photos_missing": connection.execute(photos).scalar_one(),
            "cases": connection.execute(open_cases).scalar_one() + by_state.get(QUARANTINED, 0),
            "feed_head": int(connection.execute(feed).scalar_one()),
            "server_head": read_chain(connection, office.issuer, lock=False).hash,
            "issuing_key": _issuing_key(office),
            "mark": authority_mark(office.home),
        }


def _issuing_key(office: Office) -> dict[str, Any]:
    """Return how long cards may still be sealed; `rotate`: it is time for a new key."""
    today = day_in_wib(office.clock())
    return {
        "kid": office.issuer.kid,
        "last_day": life_of(office.issuer.certificate).last.isoformat(),
        "days_left": days_left(office.issuer, today),
        "rotate": should_rotate(office.issuer, today),
    }


def _held(connection: Connection) -> int:
    """Return how many entries wait: those that came into force since are no more held."""
    here = exists().where(ENTRY_ROWS.c.hash == HELD_ROWS.c.hash)
    query = select(func.count()).select_from(HELD_ROWS).where(~here)
    return int(connection.execute(query).scalar_one())


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _grouped(connection: Connection, column: Any) -> list[tuple[str, int]]:
    query = select(column, func.count()).group_by(column).order_by(column)
    return [(row[0], row[1]) for row in connection.execute(query)]
