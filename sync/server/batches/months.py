"""Months as the insurer counts them: `2027-01` as text, the first day as a date."""

import calendar
import re
from datetime import date, timedelta

from sync.server.batches.trouble import MonthUnreadable


def next_month(day: date) -> date:
    """Return the first day of the month after the one of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; the last of a month that is shorter."""
    year, place = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, place + 1)[1]
    return date(year, place + 1, min(day.day, last))


def last_day(first: date) -> date:
    return next_month(first) - timedelta(days=1)


def month_text(day: date) -> str:
    return f"{day:%Y-%m}"


def read_month(typed: str) -> date:
    """Return the first day of the month in `2027-01`.

    The years are bounded: around a month others are counted, and the calendar has a first and a
    last one.

    Raises:
        MonthUnreadable: it is none, or not one of 2020 to 2099.
    """
    if not re.fullmatch(r"20[2-9][0-9]-(0[1-9]|1[0-2])", typed):
        raise MonthUnreadable(value=typed.strip()[:20] or "-")
    return date.fromisoformat(f"{typed}-01")
