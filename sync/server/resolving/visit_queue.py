"""Visits with records that wait for the office, as one works through them: by day and village."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, union

from sync.server.bulk import bound, one_of
from sync.server.case_tables import HELD_DECISION_ROWS, MINUTES_ROWS, REVIEW_ROWS
from sync.server.resolving.sampling import BY_RECORD, CLEAN, WAITING
from sync.server.resolving.signing import VISIT
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, SUBJECT_ROWS, VISIT_ROWS

MOST: Final = 300


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


def waiting_visits(connection: Connection, districts: frozenset[str] | None) -> list[Waiting]:
    """Return the visits whose every waiting record is in these kecamatan, the earliest first."""
    found = {row.visit_id: row for row in connection.execute(_counted(districts))}
    visits = {
        name: Waiting(name, int(row.total), int(row.clean), village_code=row.village_code)
        for name, row in found.items()
    }
    _describe(connection, visits)
    _mark(connection, visits)
    return sorted(visits.values(), key=lambda one: (one.day, one.village_code, one.id))


def _counted(districts: frozenset[str] | None) -> Any:
    table = SUBJECT_ROWS.c
    is_open = CASE_ROWS.c.closed_at.is_(None)
    in_case = union(
        *(select(column).where(is_open, column.is_not(None))
          for column in (CASE_ROWS.c.one, CASE_ROWS.c.other))
    )  # fmt: skip
    is_clean = (table.state == "registered") & table.severity.in_(CLEAN) & table.id.not_in(in_case)
    query = (
        select(
            table.visit_id,
            func.count().label("total"),
            func.sum(case((is_clean, 1), else_=0)).label("clean"),
            func.min(table.village_code).label("village_code"),
        )
        .where(table.state.in_(WAITING), table.visit_id.is_not(None))
        .group_by(table.visit_id)
        .order_by(table.visit_id)
        .limit(MOST)
    )
    if districts is None:
        return query
    inside = func.substr(table.village_code, 1, 6).in_(sorted(districts))
    return query.having(func.sum(case((inside, 0), else_=1)) == 0)


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
