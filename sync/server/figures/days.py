"""How many people are registered a day, and what that means for the last day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from enumerator_app.domain.instants import WIB, instant_to_text
from sync.server.figures.counting import NOT_COUNTED, within
from sync.server.tables import SUBJECT_ROWS

SHOWN: Final = 57
MEAN_OF: Final = 7


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    n: int
    mean: float
    """Of this day and the six before it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`days` up to the last whole day or today; `needed` a day until the last day, if there is one.

    `ends_on` is when the rest is done at the mean of the last seven days; None: never at this pace.
    """

    days: tuple[Day, ...]
    mean: float
    needed: float | None
    ends_on: date | None
    is_done: bool


def registered_by_day(
    connection: Connection, today: date, districts: Collection[str] | None = None
) -> list[Day]:
    """Return the last days up to today. A day is one of WIB; a wrong laptop's clock is outside."""
    first = today - timedelta(days=SHOWN + MEAN_OF - 1)
    days = [first + timedelta(days=n) for n in range(SHOWN + MEAN_OF)]
    table = SUBJECT_ROWS.c
    # A range of an index for each day: grouping by a part of the instant would sort them all.
    query = (
        select(func.count())
        .select_from(SUBJECT_ROWS)
        .where(
            table.registered_at >= bindparam("start"),
            table.registered_at < bindparam("end"),
            table.state.not_in(sorted(NOT_COUNTED)),
            within(table.village_code, districts),
        )
    )
    counts = {}
    for day in days:
        bounds = {"start": _start(day), "end": _start(day + timedelta(days=1))}
        counts[day] = int(connection.execute(query, bounds).scalar_one())
    found = []
    for at, day in enumerate(days):
        if at >= MEAN_OF:
            week = sum(counts[one] for one in days[at - MEAN_OF + 1 : at + 1])
            found.append(Day(day, counts[day], week / MEAN_OF))
    return found


def _start(day: date) -> str:
    return instant_to_text(datetime.combine(day, time(), WIB))


def pace(days: list[Day], *, missing: int | None, today: date, last_day: date | None) -> Pace:
    """Return what the days mean for the `missing` people until the last day."""
    mean = days[-1].mean if days else 0.0
    left = (last_day - today).days if last_day else 0
    needed = missing / left if missing and left > 0 else None
    ends_on = None
    if missing and mean > 0:
        # A pace so low that the calendar has no such day is no pace.
        many = -(-missing // mean)
        ends_on = today + timedelta(days=int(many)) if many < 10_000 else None
    return Pace(tuple(days), mean, needed, ends_on, missing == 0)
