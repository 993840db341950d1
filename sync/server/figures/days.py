"""How many people are registered a day, and what that means for the last day."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, and_

from sync.server.figures.counting import NOT_COUNTED, people_by, within
from sync.server.tally_tables import DAY_TALLY_ROWS

SHOWN: Final = 57
MEAN_OF: Final = 7
_FROM_MIDNIGHT: Final = "T17"
_TO_MIDNIGHT: Final = "T00"


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
    table = DAY_TALLY_ROWS.c
    meant = and_(
        table.half >= f"{first - timedelta(days=1)}{_FROM_MIDNIGHT}",
        table.half <= f"{today}{_TO_MIDNIGHT}",
        table.state.not_in(sorted(NOT_COUNTED)),
        within(table.district_code, districts),
    )
    # A day of WIB begins at 17.00 UTC of the day before.
    halves = {f"{day - timedelta(days=1)}{_FROM_MIDNIGHT}": day for day in days}
    halves |= {f"{day}{_TO_MIDNIGHT}": day for day in days}
    counts: Counter[date] = Counter()
    for half, n in people_by(connection, table.half, where=meant):
        if half in halves:
            counts[halves[half]] += n
    found = []
    for at, day in enumerate(days):
        if at >= MEAN_OF:
            week = sum(counts[one] for one in days[at - MEAN_OF + 1 : at + 1])
            found.append(Day(day, counts[day], week / MEAN_OF))
    return found


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
