"""What can be asked of a laptop before it leaves the office; reads the disk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.brought import DistrictCheck
from enumerator_app.services.laptop import Laptop

_PAPER: Final = "ready.paper"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`clock_is_sure`: measured against the office's signed time."""

    clock_is_sure: bool
    last_sync: datetime | None
    pending: int
    has_paper: bool
    listed: int | None
    """People of the village lists who are still to come; None without a list."""
    seats_left: int | None
    """Places in the budget of all villages, as the office said last; None if it said nothing."""
    district: DistrictCheck
    """Whether NIKs can be looked up without a line, and of which day the list is."""
    is_stopped: bool = False
    """Whether the office has stopped this laptop."""
    is_halted: bool = False
    """Whether new slips do not count while the office looks at two copies of this laptop."""
    held_back: int = 0
    """How many slips wait for that."""


def readiness(laptop: Laptop, now: datetime) -> Readiness:
    """Return how the laptop stands at `now`."""
    last, brought = laptop.last_sync(), laptop.brought
    lists = [brought.worklists.progress(code) for code in brought.worklists.villages()]
    seats = brought.seats.all()
    return Readiness(
        clock_is_sure=laptop.registering.rule_day().is_certain,
        last_sync=last.at if last else None,
        pending=laptop.counts().pending,
        listed=sum(one.listed - one.done for one in lists) if lists else None,
        seats_left=sum(one.left for one in seats) if seats else None,
        has_paper=laptop.setting(_PAPER) == day_in_wib(now).isoformat(),
        district=laptop.brought.district.check(""),
        is_stopped=laptop.printing.is_stopped(),
        is_halted=laptop.printing.halted_after() is not None,
        held_back=laptop.printing.held_back(),
    )


def say_paper(laptop: Laptop, now: datetime, *, is_there: bool) -> None:
    """Remember for today that somebody looked after paper and ink."""
    laptop.set_setting(_PAPER, day_in_wib(now).isoformat() if is_there else "")
