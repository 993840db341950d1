"""Visits with records that wait for the office, as one works through them: by day and village."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, union

from sync.server.bulk import bound, one_of
from sync.server.case_tables import HELD_DECISION_ROWS, MINUTES_ROWS, REVIEW_ROWS
from sync.server.resolving.sampling import BY_RECORD, CLEAN
from sync.server.resolving.signing import VISIT
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, IS_WAITING, SUBJECT_ROWS, VISIT_ROWS

_BY_INDEX: Final = ("INDEXED BY subject_waiting", "sqlite")
"""It has all that is counted, in order; SQLite without statistics would take the one of states."""


@dataclass(slots=True)
class Waiting:
    """A visit, and how many of its records wait: all, and those without anything to look at."""

    id: str
    total: int
    clean: int
    village_code: str = ""
    place: str = ""
    day: str = ""
    device: str = ""
    operator: str = ""
    groups: list[str] = field(default_factory=list)
    has_minutes: bool = False
    is_by_record: bool = False
    is_held: bool = False

    @property
    def noted(self) -> int:
        return self.total - self.clean


def waiting_visits(
    connection: Connection, districts: frozenset[str] | None, *, only: str | None = None
) -> list[Waiting]:
    """Return the visits whose every waiting record is in these kecamatan, the earliest first.

    `only`: this visit, or none.
    """
    query = _counted(districts)
    if only is not None:
        query = query.where(SUBJECT_ROWS.c.visit_id == only)
    found = {row.visit_id: row for row in connection.execute(query)}
    in_cases = dict(connection.execute(_clean_in_cases()).all())
    visits = {
        name: Waiting(
            name, int(row.total), int(row.clean) - in_cases.get(name, 0),
            village_code=row.village_code,
        )
        for name, row in found.items()
    }  # fmt: skip
    _describe(connection, visits)
    _mark(connection, visits)
    return sorted(visits.values(), key=lambda one: (one.day, one.village_code, one.id))


def count_visits(connection: Connection, districts: frozenset[str] | None) -> int:
    """Return how many visits wait, without those that are signed and held."""
    table = SUBJECT_ROWS.c
    held = select(HELD_DECISION_ROWS.c.about).where(
        HELD_DECISION_ROWS.c.state == "waiting", HELD_DECISION_ROWS.c.kind == VISIT
    )
    names = (
        select(table.visit_id)
        .with_hint(SUBJECT_ROWS, *_BY_INDEX)
        .where(IS_WAITING, table.visit_id.is_not(None), table.visit_id.not_in(held))
        .group_by(table.visit_id)
    )
    if districts is not None:
        names = names.having(_outside(districts) == 0)
    return int(connection.execute(select(func.count()).select_from(names.subquery())).scalar_one())


def _outside(districts: frozenset[str]) -> Any:
    inside = func.substr(SUBJECT_ROWS.c.village_code, 1, 6).in_(sorted(districts))
    return func.sum(case((inside, 0), else_=1))


def _is_clean() -> Any:
    return (SUBJECT_ROWS.c.state == "registered") & SUBJECT_ROWS.c.severity.in_(CLEAN)


def _clean_in_cases() -> Any:
    """Return how many records of each visit would be clean, and are in an open case."""
    table, is_open = SUBJECT_ROWS.c, CASE_ROWS.c.closed_at.is_(None)
    members = union(
        *(select(column).where(is_open, column.is_not(None))
          for column in (CASE_ROWS.c.one, CASE_ROWS.c.other))
    )  # fmt: skip
    return (
        select(table.visit_id, func.count())
        .where(table.id.in_(members), table.visit_id.is_not(None), _is_clean())
        .group_by(table.visit_id)
    )


def _counted(districts: frozenset[str] | None) -> Any:
    """Return the counts of each visit; read out of the index of waiting records alone."""
    table = SUBJECT_ROWS.c
    query = (
        select(
            table.visit_id,
            func.count().label("total"),
            func.sum(case((_is_clean(), 1), else_=0)).label("clean"),
            func.min(table.village_code).label("village_code"),
        )
        .with_hint(SUBJECT_ROWS, *_BY_INDEX)
        .where(IS_WAITING, table.visit_id.is_not(None))
        .group_by(table.visit_id)
    )
    if districts is None:
        return query
    return query.having(_outside(districts) == 0)


def _describe(connection: Connection, visits: dict[str, Waiting]) -> None:
    """Fill in what the laptops said of their visits."""
    dialect, table = connection.dialect.name, VISIT_ROWS.c
    query = (
        select(table.visit, table.kind, table.content, DEVICE_ROWS.c.code, DEVICE_ROWS.c.operator)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)
        .where(one_of(table.visit, dialect, "visits"), table.kind.in_(("visit", "group")))
        .order_by(table.at, table.id)
    )
    for row in connection.execute(query, {"visits": bound(dialect, sorted(visits))}):
        one, content = visits[row.visit], json.loads(row.content)
        if row.kind == "group":
            one.groups.append(str(content.get("name") or ""))
            continue
        one.place, one.day = str(content.get("place") or ""), str(content.get("day") or "")
        one.village_code = str(content.get("village_code") or one.village_code)
        one.device, one.operator = row.code or "", row.operator or ""


def _mark(connection: Connection, visits: dict[str, Waiting]) -> None:
    dialect, names = connection.dialect.name, sorted(visits)

    def named(query: Any, column: Any) -> Iterable[str]:
        wanted = query.where(one_of(column, dialect, "visits"))
        return connection.execute(wanted, {"visits": bound(dialect, names)}).scalars()

    for name in named(select(MINUTES_ROWS.c.visit), MINUTES_ROWS.c.visit):
        visits[name].has_minutes = True
    by_record = select(REVIEW_ROWS.c.visit).where(REVIEW_ROWS.c.mode == BY_RECORD)
    for name in named(by_record, REVIEW_ROWS.c.visit):
        visits[name].is_by_record = True
    table = HELD_DECISION_ROWS.c
    held = select(table.about).where(table.state == "waiting", table.kind == VISIT)
    for name in named(held, table.about):
        visits[name].is_held = True
