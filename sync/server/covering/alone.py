"""Deeds on months, stops and ends of cover: one at a time in an office, whoever does it.

Each looks first and writes in several transactions afterwards. Two at once would leave cover that
nobody paid for, or take a payment that is just being written down for one that was lost.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from sync.server.batches.trouble import MonthsBusy
from sync.server.covering.kept_beside import bring_back, keep_all
from sync.server.occupancy import held_alone
from sync.server.office import Office

WAIT_S = 2.0
"""Long enough for a deed on one person; one on everybody is refused and begun again later."""
_AGAIN_S: Final = 0.02
_LOCK: Final = "months_in_use"
P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def months_alone(office: Office) -> Iterator[None]:
    """Keep other deeds on months out; what lies beside the database is in it when this begins.

    Raises:
        MonthsBusy: another deed goes on; nothing was changed.
    """
    until = time.monotonic() + WAIT_S
    with held_alone(office.home.path / _LOCK, lambda: _wait(until)):
        bring_back(office)
        keep_all(office)
        yield


def alone_on_months(
    deed: Callable[Concatenate[Office, P], T],
) -> Callable[Concatenate[Office, P], T]:
    """Let a deed of an office look and write while no other deed on months does.

    Raises:
        MonthsBusy: another deed goes on; nothing was changed.
    """

    @wraps(deed)
    def do(office: Office, /, *args: P.args, **how: P.kwargs) -> T:
        with months_alone(office):
            return deed(office, *args, **how)

    return do


def _wait(until: float) -> None:
    if time.monotonic() >= until:
        raise MonthsBusy
    time.sleep(_AGAIN_S)


def take_in(office: Office) -> None:
    """Take in what lies beside the database; whoever does a deed just now did so already."""
    with suppress(MonthsBusy), months_alone(office):
        pass
