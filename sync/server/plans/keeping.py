"""Visits to come, and the last day of registering: written, read and taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, func, select

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from sync.server.bulk import Write, write_all
from sync.server.errors import PlanWrong
from sync.server.office import Office
from sync.server.plans.tables import GOAL_ROWS, PLANNED_VISIT_ROWS
from sync.server.tables import DEVICE_ROWS

LAST_DAY: Final = "last_day"
_MOST_WORDS: Final = 120
_VISIT = Write(
    PLANNED_VISIT_ROWS,
    ("village_code", "day", "device", "place", "planned_by", "at"),
    updates=("device", "place", "planned_by", "at"),
)
_GOAL = Write(GOAL_ROWS, ("name", "value", "said_by", "at"), updates=("value", "said_by", "at"))


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    village_code: str
    day: date
    device: str = ""
    place: str = ""


def plan_visit(office: Office, connection: Connection, visit: PlannedVisit, *, by: str) -> None:
    """Keep a visit to come; the same village and day again changes laptop and place.

    Raises:
        PlanWrong: the village, the day or the laptop is not one that can be planned.
    """
    if load_places().village(visit.village_code) is None:
        raise PlanWrong(value=visit.village_code)
    if visit.day < day_in_wib(office.clock()):
        raise PlanWrong(value=visit.day.strftime("%d-%m-%Y"))
    known = select(DEVICE_ROWS.c.id).where(
        DEVICE_ROWS.c.code == visit.device, DEVICE_ROWS.c.state == "active"
    )
    if visit.device and connection.execute(known).first() is None:
        raise PlanWrong(value=visit.device)
    row = (
        visit.village_code, visit.day.isoformat(), visit.device, visit.place[:_MOST_WORDS],
        by, office.now(),
    )  # fmt: skip
    write_all(connection, [(_VISIT, [row])])


def cancel_visit(connection: Connection, village_code: str, day: str) -> bool:
    """Take a planned visit back, by its ISO day; return whether there was one."""
    table = PLANNED_VISIT_ROWS.c
    gone = delete(PLANNED_VISIT_ROWS).where(table.village_code == village_code, table.day == day)
    return bool(connection.execute(gone).rowcount)


def visits_to_come(
    office: Office, connection: Connection, districts: Collection[str] | None = None
) -> list[PlannedVisit]:
    """Return the visits from today on, by day and village; of these kecamatan alone."""
    table = PLANNED_VISIT_ROWS.c
    query = select(PLANNED_VISIT_ROWS).where(table.day >= day_in_wib(office.clock()).isoformat())
    if districts is not None:
        query = query.where(func.substr(table.village_code, 1, 6).in_(sorted(districts)))
    rows = connection.execute(query.order_by(table.day, table.village_code))
    return [
        PlannedVisit(row.village_code, date.fromisoformat(row.day), row.device, row.place)
        for row in rows
    ]


def last_day(connection: Connection) -> date | None:
    """Return the last day of registering, if the office has said one."""
    query = select(GOAL_ROWS.c.value).where(GOAL_ROWS.c.name == LAST_DAY)
    found = connection.execute(query).scalar()
    return date.fromisoformat(found) if found else None


def set_last_day(office: Office, connection: Connection, day: date | None, *, by: str) -> None:
    """Say until when all are to be registered; None takes it back."""
    write_all(connection, [(_GOAL, [(LAST_DAY, day.isoformat() if day else "", by, office.now())])])
