"""Months as the insurer counts them: `2027-01` as text, the first day as a date."""

import calendar
import re
from datetime import date, timedelta

from enumerator_app.domain.errors import UsageWrong


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

    Raises:
        UsageWrong: it is none.
    """
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", typed):
        raise UsageWrong(detail=f"--month {typed or '2027-01'}")
    return date.fromisoformat(f"{typed}-01")
