"""A person's state as lists, the queue and the detail say it: a mark, and always its word.

Words of cover are computed from the dates that the office sent, never typed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from enumerator_app.domain.instants import WIB, day_in_wib, shown_date, shown_time
from enumerator_app.domain.places import Places
from enumerator_app.texts import text
from enumerator_app.ui.ports import ListedWorker

_PLAIN_STATES: Final = {
    "withdrawn": "ended",
    "ended": "ended",
    "returned": "check",
    "refused": "check",
    "duplicate": "note",
    "waiting_nik": "waiting",
    "submitted": "submitted",
    "verified": "received",
}


@dataclass(frozen=True)
class StateWords:
    """`mark` is the value of a `MarkKind`."""

    mark: str
    words: str


def state_words(worker: ListedWorker, today: date) -> StateWords:
    """Return how the state of a person is shown on `today`."""
    if worker.state == "enrolled":
        return cover_words(worker.cover_from, worker.cover_to, today)
    if worker.state in _PLAIN_STATES:
        return StateWords(_PLAIN_STATES[worker.state], text(f"people.state.{worker.state}"))
    if worker.pending:
        return StateWords("saved", text("people.state.saved"))
    return StateWords("received", text("people.state.received"))


def cover_words(begins: date | None, ends: date | None, today: date) -> StateWords:
    """Return what may be said of a cover with these dates on `today`."""
    if begins is None or ends is None:
        return StateWords("submitted", text("people.state.accepted"))
    if today < begins:
        return StateWords("submitted", text("people.cover.later", date=shown_date(begins)))
    if today <= ends:
        return StateWords("covered", text("people.cover.now", date=shown_date(ends)))
    return StateWords("ended", text("people.cover.past", date=shown_date(ends)))


def place_words(village_code: str, places: Places) -> str:
    """Return the name of a village, or its code if it is not in the list."""
    village = places.village(village_code)
    return village.name if village else village_code


def kind_and_place_words(village_code: str, places: Places) -> str:
    """Return "Desa Karangharja"; empty for an unknown code."""
    village = places.village(village_code)
    return text(f"people.{village.kind}", village=village.name) if village else ""


def full_place_words(village_code: str, places: Places) -> str:
    """Return a village with its district."""
    village = places.village(village_code)
    if village is None:
        return village_code
    return text("people.village_in", village=village.name, district=village.district_name)


def moment_words(at: datetime, today: date) -> str:
    """Return the time of day for today, and the day for all others: "09.04", "Jum 20-11"."""
    day = day_in_wib(at)
    if day == today:
        return shown_time(at)
    if day.year == today.year:
        return f"{weekday_short(day)} {day:%d-%m}"
    return shown_date(day)


def day_and_time_words(at: datetime) -> str:
    """Return "22-11  08.02"."""
    return f"{at.astimezone(WIB):%d-%m  %H.%M}"


def long_moment_words(at: datetime) -> str:
    """Return "Minggu, 22-11-2026 pukul 16.09"."""
    day = day_in_wib(at)
    return text(
        "people.long_moment", weekday=weekday_long(day), date=shown_date(day), time=shown_time(at)
    )


def weekday_short(day: date) -> str:
    return text("people.weekdays_short").split()[day.weekday()]


def weekday_long(day: date) -> str:
    return text("people.weekdays_long").split()[day.weekday()]


def serial_words(number: str) -> str:
    """Return the serial part of a registration number without its leading noughts."""
    parts = number.split("-")
    return parts[2].lstrip("0") if len(parts) == 4 else number
