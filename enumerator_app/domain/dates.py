"""Dates, years and ages as people write and say them, and RT/RW."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from enumerator_app.domain.instants import WIB, instant_from_text
from enumerator_app.domain.typed import NotUnderstood, one_line, shortened, word_key

_OLDEST_YEAR: Final = 1850
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar mrt march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov nopember nop",
            "desember des december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})[\s/.\-]+(?P<month>[0-9]{1,2})[\s/.\-]+(?P<year>[0-9]{1,4})"
)
_COMPACT = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4})")
_ISO = re.compile(
    r"(?P<year>[0-9]{4})[/.\-](?P<month>[0-9]{1,2})[/.\-](?P<day>[0-9]{1,2})"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"  # a spreadsheet's day
)
_NAMED = re.compile(r"(?P<day>[0-9]{1,2})\W*(?P<month>[^\W\d]+)\W*(?P<year>[0-9]{1,4})")


def read_date(typed: str) -> date:
    """Return the day in "12-03-1974", "12/3/1974", "12031974", "12 Maret 1974" or "1974-03-12".

    Raises:
        NotUnderstood: `date_unreadable`; `date_year_short` (a century is never guessed);
            `date_impossible` (31 February).
    """
    line = one_line(typed)
    for form in (_ISO, _DAY_FIRST, _COMPACT, _NAMED):
        if match := form.fullmatch(line):
            return _day(match["day"], match["month"], match["year"], typed)
    raise NotUnderstood("date_unreadable", value=shortened(typed))


def _day(day: str, month: str, year: str, typed: str) -> date:
    if len(year) < 4:
        raise NotUnderstood("date_year_short", value=shortened(typed))
    number = int(month) if month.isdecimal() else _MONTHS.get(word_key(month))
    if number is None or int(year) < _OLDEST_YEAR:
        raise NotUnderstood("date_unreadable", value=shortened(typed))
    try:
        return date(int(year), number, int(day))
    except ValueError:
        raise NotUnderstood("date_impossible", value=shortened(typed)) from None


def read_instant(typed: str) -> datetime:
    """Return the instant in an ISO text with its zone, or the start of a typed day in WIB.

    Milliseconds are the finest part that is kept.

    Raises:
        NotUnderstood: as `read_date`.
    """
    try:
        found = instant_from_text(one_line(typed))
    except (ValueError, OverflowError):
        found = datetime.combine(read_date(typed), time(), WIB).astimezone(UTC)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def read_year(typed: str) -> int:
    """Return a year of four digits.

    Raises:
        NotUnderstood: `year_unreadable`.
    """
    line = one_line(typed)
    if not re.fullmatch(r"[0-9]{4}", line) or int(line) < _OLDEST_YEAR:
        raise NotUnderstood("year_unreadable", value=shortened(typed))
    return int(line)


def read_birth(typed: str, *, today: date) -> tuple[date | None, int | None]:
    """Return (day, None) or (None, year) from a date, a year or an age ("12", "12 th").

    Raises:
        NotUnderstood: as `read_date`.
    """
    line = one_line(typed)
    if age := re.fullmatch(r"([0-9]{1,3})\s*(?:th|thn|tahun)?\.?", line, re.IGNORECASE):
        return None, max(today.year - int(age[1]), _OLDEST_YEAR)
    if re.fullmatch(r"[0-9]{4}", line):
        return None, read_year(line)
    return read_date(line), None


def read_rt_rw(typed: str) -> tuple[str, str]:
    """Return RT and RW from one text: "3/1", "003/001", "RT 3 RW 1" give ("003", "001").

    A single number is an RT. What cannot be read comes back as the first of the two.
    """
    line = one_line(typed)
    bare = re.sub(r"(?i)\bR[TW]\b\.?:?|(?<![A-Z])R[TW](?=[0-9])", " ", line)
    numbers = re.fullmatch(r"\s*([0-9]{1,3})(?:[\s/\-.,]+([0-9]{1,3}))?\s*", bare)
    if numbers is None:
        return line, ""
    return numbers[1].zfill(3), (numbers[2] or "").zfill(3) if numbers[2] else ""


def age_on(born: date, day: date) -> int:
    """Return the full years of life on `day`; below zero before birth."""
    return day.year - born.year - (day < _birthday(born, day.year))


def reaches_age_on(born: date, age: int) -> date:
    """Return the day on which somebody reaches `age`."""
    return _birthday(born, born.year + age)


def _birthday(born: date, year: int) -> date:
    # Born on 29 February: the 28th counts in common years, the day that promises less cover.
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
