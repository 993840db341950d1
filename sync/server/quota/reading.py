"""A table of places out of a file: village, how many, for which programmes, from when to when."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.places import Places
from enumerator_app.domain.programme import ProgrammeTables, monthly_contribution
from enumerator_app.domain.registration import PROGRAMMES, Programme
from enumerator_app.domain.typed import NotUnderstood, read_rupiah
from sync.server.list_files import ListRow, RejectedRow, RowRefused, read_list
from sync.server.worklist.reading import village_in

KIND: Final = "quota"
_MOST_SEATS: Final = 1_000_000
_MOST_MONTHS: Final = 36
_USUAL: Final[tuple[Programme, ...]] = ("JKK", "JKM")
_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[\s/.\-]+(?P<year>[0-9]{4})")
_ISO_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Allotment:
    """The places of one village. `monthly` is what one place costs a month, in rupiah, by the
    dated table `table_version`.
    """

    village_code: str
    seats: int
    programmes: str
    starts_on: date
    ends_on: date
    months: int
    monthly: int
    table_version: str


@dataclass(slots=True)
class ReadQuota:
    allotments: dict[str, tuple[ListRow, Allotment]]
    rejected: list[RejectedRow]


def read_quota(
    path: Path,
    places: Places,
    tables: ProgrammeTables,
    *,
    today: date,
    mapping: Path | None = None,
) -> ReadQuota:
    """Read a file whole.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no such table.
    """
    found = ReadQuota({}, [])
    for row in read_list(path, KIND, mapping):
        try:
            allotment = _allotment(row, places, tables, today)
        except (RowRefused, NotUnderstood) as error:
            found.rejected.append(RejectedRow(row, error.code, error.parameters))
            continue
        if found.allotments.setdefault(allotment.village_code, (row, allotment))[0] is not row:
            found.rejected.append(RejectedRow(row, "village_twice"))
    return found


def _allotment(row: ListRow, places: Places, tables: ProgrammeTables, today: date) -> Allotment:
    if row.problem:
        raise RowRefused(row.problem)
    village = village_in(row, places)
    starts_on, ends_on = _period(row, today)
    programmes = _programmes(row.value("programmes"))
    try:
        cost = monthly_contribution(None, programmes, starts_on, "apbd", tables)
    except LookupError:
        raise RowRefused("no_table", day=f"{starts_on:%d-%m-%Y}") from None
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
    return Allotment(
        village, _seats(row), "+".join(programmes), starts_on, ends_on, months, cost.total,
        cost.table_version,
    )  # fmt: skip


def _seats(row: ListRow) -> int:
    typed = row.value("seats")
    if not typed:
        raise RowRefused("seats_missing")
    seats = read_rupiah(typed)  # whole, not below zero, "1.250" as people write it
    if seats > _MOST_SEATS:
        raise RowRefused("seats_too_many", n=_MOST_SEATS)
    return seats


def _programmes(typed: str) -> tuple[Programme, ...]:
    words = set(re.split(r"[\s+,;/&]+", typed.upper())) - {"", "DAN"}
    if not words:
        return _USUAL
    if words - set(PROGRAMMES):
        raise RowRefused("programme_unknown", value=typed[:40])
    return tuple(programme for programme in PROGRAMMES if programme in words)


def _period(row: ListRow, today: date) -> tuple[date, date]:
    """Return first and last day; without either, the rest of this calendar year from next month."""
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    starts_on = _month(row.value("starts_on")) or next_month
    end = _month(row.value("ends_on")) or date(starts_on.year, 12, 1)
    ends_on = (end + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
    if not 1 <= months <= _MOST_MONTHS:
        raise RowRefused("period_wrong")
    return starts_on, ends_on


def _month(typed: str) -> date | None:
    """Return the first day of the month in "01-2027", "2027-01" or any day of it."""
    if not typed:
        return None
    match = _MONTH.fullmatch(typed) or _ISO_MONTH.fullmatch(typed)
    if match is None:
        return read_date(typed).replace(day=1)
    if not 1 <= int(match["month"]) <= 12:
        raise RowRefused("period_wrong")
    return date(int(match["year"]), int(match["month"]), 1)
