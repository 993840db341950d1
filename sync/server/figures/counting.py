"""People by village and state out of the counts beside the records, and no names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    and_,
    cast,
    func,
    or_,
    select,
    true,
)

from sync.server.field_tables import QUOTA_ROWS
from sync.server.tally_tables import VILLAGE_TALLY_ROWS

NOT_COUNTED: Final = frozenset({"quarantined", "erased", "withdrawn", "duplicate", "ended"})
AFTER_HANDING_OVER: Final = ("submitted", "enrolled")
_NEVER_COVERED: Final = frozenset({"quarantined", "erased"})


@dataclass(slots=True)
class VillageCount:
    """One village. Each person counts in exactly one state; `covered` is a part of `enrolled`.

    They are within their dates of cover, whether months were paid or not.

    `covered_before` are those whose dates held on an earlier day, whatever became of them since.
    """

    code: str
    states: Counter[str] = field(default_factory=Counter)
    covered: int = 0
    covered_before: int = 0
    to_come: int = 0
    over: int = 0
    next_cover: str | None = None
    target: int | None = None

    @property
    def registered(self) -> int:
        return self.states.total()

    @property
    def submitted(self) -> int:
        return sum(self.states[name] for name in AFTER_HANDING_OVER)

    @property
    def enrolled(self) -> int:
        return self.states["enrolled"]


def add(counts: Collection[VillageCount], code: str = "") -> VillageCount:
    """Return many villages as one; its target is the sum of those that have one, or None."""
    together = VillageCount(code)
    for one in counts:
        together.states += one.states
        for name in ("covered", "covered_before", "to_come", "over"):
            setattr(together, name, getattr(together, name) + getattr(one, name))
        days = [day for day in (together.next_cover, one.next_cover) if day]
        together.next_cover = min(days, default=None)
        if one.target is not None:
            together.target = (together.target or 0) + one.target
    return together


def within(column: ColumnElement[str], districts: Collection[str] | None) -> ColumnElement[bool]:
    """Return the condition that a village's code lies in one of these kecamatan; None: anywhere."""
    if districts is None:
        return true()
    return or_(*(between(column, code) for code in sorted(districts))) if districts else ~true()


def between(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Return the condition that a code begins so, as a range that an index serves."""
    return and_(column >= start, column < start + ":")  # ":" comes after all digits


def count_villages(
    connection: Connection, today: date, before: date, districts: Collection[str] | None = None
) -> dict[str, VillageCount]:
    """Return the villages that have records or places in the budget, by code."""
    found: dict[str, VillageCount] = {}
    now, then = today.isoformat(), before.isoformat()
    table = VILLAGE_TALLY_ROWS.c
    by = (table.village_code, table.state, table.cover_from, table.cover_to)
    is_within = within(table.village_code, districts)
    for village, state, start, end, n in people_by(connection, *by, where=is_within):
        one = found.setdefault(village, VillageCount(village))
        if state not in NOT_COUNTED:
            one.states[state] += n
        if state not in _NEVER_COVERED:
            one.covered_before += n * bool(start and end and start <= then <= end)
        if state == "enrolled" and start and end:
            _take_dates(one, start, end, n, now)
    quota = QUOTA_ROWS.c
    seats = select(quota.village_code, quota.seats).where(within(quota.village_code, districts))
    for code, n in connection.execute(seats):
        found.setdefault(code, VillageCount(code)).target = int(n)
    return found


def people_by(
    connection: Connection, *by: Column[str], where: ColumnElement[bool]
) -> Sequence[Any]:
    """Return how many people there are by columns of one table of counts; nobody has no row."""
    n = cast(func.sum(by[0].table.c.n), BigInteger)
    query = select(*by, n).where(where).group_by(*by).having(n > 0).order_by(*by)
    return connection.execute(query).all()


def _take_dates(one: VillageCount, start: str, end: str, n: int, now: str) -> None:
    if start <= now <= end:
        one.covered += n
    elif start > now:
        one.to_come += n
        one.next_cover = min(start, one.next_cover or start)
    else:
        one.over += n


def by_district(counts: dict[str, VillageCount]) -> dict[str, VillageCount]:
    """Return the kecamatan, by their six digits."""
    parts: dict[str, list[VillageCount]] = defaultdict(list)
    for code, one in counts.items():
        parts[code[:6]].append(one)
    return {code: add(some, code) for code, some in parts.items()}
