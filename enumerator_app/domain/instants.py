"""Instants are UTC with milliseconds; people read them in WIB, which is a fixed UTC+7."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

WIB: Final = timezone(timedelta(hours=7), "WIB")


def instant_to_text(instant: datetime) -> str:
    """Return an aware datetime as `2026-11-22T01:02:03.456Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def instant_from_text(value: str) -> datetime:
    """Return the aware UTC datetime that `instant_to_text` wrote.

    Raises:
        ValueError: not such a text.
    """
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("an instant names its zone")
    return instant.astimezone(UTC)


def day_in_wib(instant: datetime) -> date:
    """Return the calendar day that a person in West Java had at `instant`."""
    return instant.astimezone(WIB).date()


def shown_date(day: date) -> str:
    """Return a date as people here write it: `22-11-2026`."""
    return f"{day:%d-%m-%Y}"


def shown_time(instant: datetime) -> str:
    """Return the time of day in WIB: `09.04`."""
    return f"{instant.astimezone(WIB):%H.%M}"


def shown_moment(instant: datetime) -> str:
    """Return day and time as people here read them: `08-04-2027 16.40`."""
    return f"{shown_date(day_in_wib(instant))} {shown_time(instant)}"
