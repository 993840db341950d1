"""Visits with records that wait for the office, as one works through them: by day and village."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, union

from sync.server.bulk import bound, one_of
from sync.server.case_tables import HELD_DECISION_ROWS, MINUTES_ROWS
from sync.server.resolving.sampling import CLEAN
from sync.server.resolving.signing import VISIT
from sync.server.resolving.visitless import group_column, is_of, name_column, village_of
from sync.server.tables import (
    CASE_ROWS,
    DEVICE_ROWS,
    IS_SAID,
    IS_WAITING,
    SUBJECT_ROWS,
    VISIT_ROWS,
)
from sync.server.visits import said_of_visit

_BY_INDEX: Final = ("INDEXED BY subject_waiting", "sqlite")
"""It has all that is counted, in order; SQLite without statistics would take the one of states."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A visit, and how many of its records wait: all, and those without anything to look at."""

    id: str
    total: int
    clean: int
    village_code: str
    has_visit: bool
    day: str
    place: str = ""
    device: str = ""
    operator: str = ""
    groups: list[str] = field(default_factory=list)
    has_minutes: bool = False
    is_held: bool = False

    @property
    def noted(self) -> int:
        return self.total - self.clean


def waiting_visits(
    connection: Connection, districts: frozenset[str] | None, *, only: str | None = None
) -> list[Waiting]:
    """Return the visits whose every waiting record is in these kecamatan, the earliest first.

    Records of no visit follow as one group a village. `only`: this visit or group, or none. What
    else the laptops said of them is left to `describe`.
    """
    queries = {True: _counted(districts), False: _counted_without(districts)}
    if only is not None:
        has_visit = not village_of(only)
        queries = {has_visit: queries[has_visit].where(is_of(only))}
    in_cases = dict(connection.execute(_clean_in_cases()).all())
    visits: dict[str, Waiting] = {}
    for has_visit, query in queries.items():
        dated = _dated(query, connection.dialect.name)
        for name, total, clean, village, said, day in connection.execute(dated):
            is_clean = int(clean) - in_cases.get(name, 0)
            visits[name] = Waiting(
                name, int(total), is_clean, str(said or village), has_visit, str(day or "")
            )
    _mark(connection, visits)
    return sorted(visits.values(), key=_order)


def _order(one: Waiting) -> tuple[bool, str, str, str]:
    return not one.has_visit, one.day, one.village_code, one.id


def count_visits(
    connection: Connection, districts: frozenset[str] | None, *, without: bool = False
) -> int:
    """Return how many visits wait (`without`: villages with records of no visit), none held."""
    table = SUBJECT_ROWS.c
    held = select(HELD_DECISION_ROWS.c.about).where(
        HELD_DECISION_ROWS.c.state == "waiting", HELD_DECISION_ROWS.c.kind == VISIT
    )
    by, name = (table.village_code, group_column()) if without else (table.visit_id, table.visit_id)
    is_one = table.visit_id.is_(None) if without else table.visit_id.is_not(None)
    query = (
        select(by)
        .with_hint(SUBJECT_ROWS, *_BY_INDEX)
        .where(IS_WAITING, is_one, name.not_in(held))
        .group_by(by)
    )
    if districts is not None:
        inside = _is_inside(districts)
        query = query.where(inside) if without else query.having(_outside(districts) == 0)
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _is_inside(districts: frozenset[str]) -> Any:
    return func.substr(SUBJECT_ROWS.c.village_code, 1, 6).in_(sorted(districts))


def _outside(districts: frozenset[str]) -> Any:
    return func.sum(case((_is_inside(districts), 0), else_=1))


def _is_clean() -> Any:
    return (SUBJECT_ROWS.c.state == "registered") & SUBJECT_ROWS.c.severity.in_(CLEAN)


def _clean_in_cases() -> Any:
    """Return how many records of each visit would be clean, and are in an open case."""
    is_open = CASE_ROWS.c.closed_at.is_(None)
    members = union(
        *(select(column).where(is_open, column.is_not(None))
          for column in (CASE_ROWS.c.one, CASE_ROWS.c.other))
    )  # fmt: skip
    of = select(name_column().label("name"))
    some = of.where(SUBJECT_ROWS.c.id.in_(members), _is_clean()).subquery()
    return select(some.c.name, func.count()).group_by(some.c.name)


def _counted(districts: frozenset[str] | None) -> Any:
    """Return the counts of each visit; read out of the index of waiting records alone."""
    table = SUBJECT_ROWS.c
    query = (
        select(
            table.visit_id.label("name"),
            *_numbers(),
            func.min(table.village_code).label("village_code"),
        )
        .with_hint(SUBJECT_ROWS, *_BY_INDEX)
        .where(IS_WAITING, table.visit_id.is_not(None))
        .group_by(table.visit_id)
    )
    if districts is None:
        return query
    return query.having(_outside(districts) == 0)


def _numbers() -> tuple[Any, Any]:
    clean = func.sum(case((_is_clean(), 1), else_=0))
    return func.count().label("total"), clean.label("clean")


def _counted_without(districts: frozenset[str] | None) -> Any:
    """Return the counts of the records of no visit, by village; read out of the same index."""
    table = SUBJECT_ROWS.c
    query = (
        select(group_column().label("name"), *_numbers(), table.village_code)
        .with_hint(SUBJECT_ROWS, *_BY_INDEX)
        .where(IS_WAITING, table.visit_id.is_(None))
        .group_by(table.village_code)
    )
    return query if districts is None else query.where(_is_inside(districts))


def _dated(counted: Any, dialect: str) -> Any:
    """Return the counts with the village and the day that a laptop said; what it said last stays.

    Who asks for a group that has no visit finds neither.
    """
    one, table = counted.subquery(), VISIT_ROWS.c
    said = [said_of_visit(dialect, name) for name in ("village_code", "day")]
    return (
        select(one.c.name, one.c.total, one.c.clean, one.c.village_code, *said)
        .outerjoin(VISIT_ROWS, (table.visit == one.c.name) & IS_SAID)
        .order_by(table.at, table.id)
    )


def describe(connection: Connection, some: Iterable[Waiting]) -> None:
    """Fill in what else the laptops said of these visits: place, groups and who was there."""
    visits = {one.id: one for one in some}
    dialect, table = connection.dialect.name, VISIT_ROWS.c
    query = (
        select(table.visit, table.kind, table.content, DEVICE_ROWS.c.code, DEVICE_ROWS.c.operator)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)
        .where(one_of(table.visit, dialect, "visits"), table.kind.in_(("visit", "group")))
        .order_by(table.at, table.id)
    )
    for row in connection.execute(query, {"visits": bound(dialect, sorted(visits))}).all():
        one, content = visits[row.visit], json.loads(row.content)
        if row.kind == "group":
            one.groups.append(str(content.get("name") or ""))
            continue
        one.place = str(content.get("place") or "")
        one.device, one.operator = row.code or "", row.operator or ""


def _mark(connection: Connection, visits: dict[str, Waiting]) -> None:
    """Say of which a scan is there and which are signed and held; reading all of them is cheap."""
    signed = connection.execute(select(MINUTES_ROWS.c.visit)).scalars().all()
    for name in visits.keys() & set(signed):
        visits[name].has_minutes = True
    table = HELD_DECISION_ROWS.c
    held = select(table.about).where(table.state == "waiting", table.kind == VISIT)
    for name in visits.keys() & set(connection.execute(held).scalars()):
        visits[name].is_held = True
