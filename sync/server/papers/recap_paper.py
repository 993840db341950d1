"""The office's day on one sheet."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, and_, case, func, select

from enumerator_app.cards.papers.office.recap import (
    DistrictDay,
    LaptopDay,
    Recap,
    daily_recap,
)
from enumerator_app.domain.instants import WIB, day_in_wib, instant_from_text, instant_to_text
from enumerator_app.domain.reference import load_places
from sync.server.cases import list_cases
from sync.server.devices import list_devices
from sync.server.office import Office
from sync.server.papers.wishes import Made, Wish, made, occasion_of
from sync.server.tables import SUBJECT_ROWS

_NOT_COUNTED: Final = ("quarantined", "erased", "withdrawn", "duplicate", "ended")
_APPROVED: Final = ("verified", "submitted", "enrolled", "refused")


def recap_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the recap of one day, today if no other was named."""
    of_day = wish.first or wish.day
    with office.database.reading() as connection:
        districts = _districts(connection, of_day)
        states = _states(connection)
    content = Recap(
        of_day=of_day,
        districts=districts,
        laptops=tuple(map(_laptop, list_devices(office))),
        waiting_nik=states.get("waiting_nik", 0),
        returned=states.get("returned", 0),
        refused=states.get("refused", 0),
        cases=len(list_cases(office)),
    )
    ready = daily_recap(content, occasion_of(office, wish))
    return made(ready, output, content.totals[0], day=of_day.isoformat())


def _districts(connection: Connection, of_day: date) -> tuple[DistrictDay, ...]:
    table = SUBJECT_ROWS.c
    district = func.substr(table.village_code, 1, 6)
    first, last = (
        instant_to_text(datetime.combine(of_day, at, WIB)) for at in (time.min, time.max)
    )
    today = of_day.isoformat()
    measures = (
        table.registered_at.between(first, last),
        table.received_at.between(first, last),
        table.state.is_not(None),
        table.state.in_(_APPROVED),
        table.state.in_(("submitted", "enrolled")),
        table.state == "enrolled",
        and_(table.state == "enrolled", table.cover_from <= today, table.cover_to >= today),
    )
    sums = [func.sum(case((measure, 1), else_=0)) for measure in measures]
    query = select(district, *sums).where(table.state.not_in(_NOT_COUNTED)).group_by(district)
    counted = {row[0]: tuple(map(int, row[1:])) for row in connection.execute(query)}
    names = {one.code: one.name for one in load_places().districts}
    codes = sorted(names.keys() | counted.keys())
    nobody = (0,) * len(measures)
    return tuple(DistrictDay(names.get(code, code), counted.get(code, nobody)) for code in codes)


def _states(connection: Connection) -> dict[str, int]:
    state = SUBJECT_ROWS.c.state
    return {
        row[0]: row[1] for row in connection.execute(select(state, func.count()).group_by(state))
    }


def _laptop(device: Mapping[str, Any]) -> LaptopDay:
    seen = day_in_wib(instant_from_text(device["last_seen"])) if device["last_seen"] else None
    return LaptopDay(device["code"], device["label"], seen)
