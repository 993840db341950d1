"""Cases in the order in which somebody decides them, for those whose kecamatan they are in."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from sync.server.case_tables import HELD_DECISION_ROWS
from sync.server.resolving.answering import WAITS_FOR
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, SUBJECT_ROWS

CASE: Final = "case"
_ONE: Final = SUBJECT_ROWS.alias("one_record")
_OTHER: Final = SUBJECT_ROWS.alias("other_record")
Districts = frozenset[str] | None


def list_queue(
    connection: Connection, districts: Districts, *, waiting: bool = False, most: int = 200
) -> list[Any]:
    """Return the open cases, oldest first: those to decide, or those that wait for somebody."""
    query = _query(districts, waiting=waiting).order_by(CASE_ROWS.c.opened_at, CASE_ROWS.c.id)
    return list(connection.execute(query.limit(most)))


def count_queue(connection: Connection, districts: Districts, *, waiting: bool = False) -> int:
    query = _query(districts, waiting=waiting).subquery()
    return int(connection.execute(select(func.count()).select_from(query)).scalar_one())


def place_in_queue(
    connection: Connection, districts: Districts, row: Any
) -> tuple[int, str | None, str | None]:
    """Return how many stand before a case, and the ids of its neighbours."""
    opened, name = CASE_ROWS.c.opened_at, CASE_ROWS.c.id
    all_of = _query(districts, waiting=False)
    is_before = or_(opened < row.opened_at, (opened == row.opened_at) & (name < row.id))
    is_after = or_(opened > row.opened_at, (opened == row.opened_at) & (name > row.id))
    counted = select(func.count()).select_from(all_of.where(is_before).subquery())
    before = all_of.where(is_before).order_by(opened.desc(), name.desc()).limit(1)
    after = all_of.where(is_after).order_by(opened, name).limit(1)
    first, last = connection.execute(before).first(), connection.execute(after).first()
    return (
        int(connection.execute(counted).scalar_one()),
        first.id if first else None,
        last.id if last else None,
    )


def is_for(districts: Districts, villages: Collection[str]) -> bool:
    """Return whether somebody with these kecamatan may see what is about these villages.

    All of them must be theirs: who decides about two records sees both.
    """
    return districts is None or (bool(villages) and all(one[:6] in districts for one in villages))


def _query(districts: Districts, *, waiting: bool) -> Select[Any]:
    table = CASE_ROWS.c
    held = select(HELD_DECISION_ROWS.c.about).where(
        HELD_DECISION_ROWS.c.state == "waiting", HELD_DECISION_ROWS.c.kind == CASE
    )
    is_waiting = table.answer.in_(sorted(WAITS_FOR))
    query = (
        select(
            CASE_ROWS,
            _ONE.c.name.label("one_name"), _ONE.c.number.label("one_number"),
            _ONE.c.village_code.label("one_village"), _OTHER.c.name.label("other_name"),
            _OTHER.c.number.label("other_number"), _OTHER.c.village_code.label("other_village"),
            DEVICE_ROWS.c.code.label("laptop"),
        )
        .outerjoin(_ONE, _ONE.c.id == table.one)
        .outerjoin(_OTHER, _OTHER.c.id == table.other)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)
        .where(table.closed_at.is_(None), table.id.not_in(held))
    )  # fmt: skip
    query = query.where(is_waiting if waiting else or_(table.answer.is_(None), ~is_waiting))
    return query if districts is None else query.where(*_inside(districts))


def _inside(districts: frozenset[str]) -> list[ColumnElement[bool]]:
    one, other = (func.substr(table.c.village_code, 1, 6) for table in (_ONE, _OTHER))
    mine = sorted(districts)
    return [one.in_(mine), or_(CASE_ROWS.c.other.is_(None), other.in_(mine))]
