"""Which day the rules count from. No clock refuses a save; a doubtful one softens findings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from enumerator_app import BUILT_ON
from enumerator_app.domain.instants import day_in_wib, instant_from_text

_LONGEST_WITHOUT_OFFICE: Final = timedelta(days=400)


class Settings(Protocol):
    def setting(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class RuleDay:
    """The day, and whether the laptop's clock could be believed."""

    day: date
    is_certain: bool


def laptop_day(store: Settings, clock: Callable[[], datetime]) -> RuleDay:
    """Return today as a laptop may believe it: its clock, held against the office's last word."""
    office = store.setting("office_time")
    known = instant_from_text(office) if office else None
    return rule_day(clock(), built_on=BUILT_ON, office_time=known)


def rule_day(claimed: datetime, *, built_on: date, office_time: datetime | None) -> RuleDay:
    """Return the latest of build date, last signed office time and the claimed time if plausible.

    Plausible is a claim that is not before what is known to have passed, and not more than 400
    days after it: a laptop that meets its office at least yearly never leaves that window.
    """
    known = max(built_on, day_in_wib(office_time)) if office_time else built_on
    today = day_in_wib(claimed)
    # The build date is a day of the builder's zone: a day of tolerance keeps midnight quiet.
    if known - timedelta(days=1) <= today <= known + _LONGEST_WITHOUT_OFFICE:
        return RuleDay(max(today, known), is_certain=True)
    return RuleDay(known, is_certain=False)
