"""What can be asked of a laptop before it leaves the office; reads the disk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop

_PAPER: Final = "ready.paper"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`clock_is_sure`: measured against the office's signed time."""

    clock_is_sure: bool
    last_sync: datetime | None
    pending: int
    has_paper: bool


def readiness(laptop: Laptop, now: datetime) -> Readiness:
    """Return how the laptop stands at `now`."""
    last = laptop.last_sync()
    return Readiness(
        clock_is_sure=laptop.registering.rule_day().is_certain,
        last_sync=last.at if last else None,
        pending=laptop.counts().pending,
        has_paper=laptop.setting(_PAPER) == day_in_wib(now).isoformat(),
    )


def say_paper(laptop: Laptop, now: datetime, *, is_there: bool) -> None:
    """Remember for today that somebody looked after paper and ink."""
    laptop.set_setting(_PAPER, day_in_wib(now).isoformat() if is_there else "")
