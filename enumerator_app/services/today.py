"""Which day the rules count from. No clock refuses a save; a doubtful one softens findings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from enumerator_app.domain.instants import day_in_wib

_LONGEST_WITHOUT_OFFICE: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class RuleDay:
    """The day, and whether the laptop's clock could be believed."""

    day: date
    is_certain: bool


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
