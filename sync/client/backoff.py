"""How long a sync is patient: transient faults are tried again, a bounded number of times."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sync.client.transport import Interrupted

T = TypeVar("T")

MAX_FAULTS_IN_A_ROW: Final = 6
FIRST_WAIT_S: Final = 0.25
LONGEST_WAIT_S: Final = 20.0
_SLICE_S: Final = 0.2


class Stopped(Exception):
    """The person asked to stop; everything done so far is kept."""


@dataclass(slots=True)
class Timing:
    """Clock, sleep and chance, so that tests need not wait."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Patience:
    """Repeats one request through transient faults; stops between tries when asked to.

    Where nothing has answered yet, the first failure is final: the person at the table wants to
    know at once. After contact a line is given six tries in a row to come back.
    """

    cancelled: Callable[[], bool]
    timing: Timing = field(default_factory=Timing)
    faults: int = 0
    had_contact: bool = False

    def during(
        self, request: Callable[[], T], *, on_fault: Callable[[Interrupted], None] | None = None
    ) -> T:
        """Return what `request` returns.

        Raises:
            Stopped: cancelled.
            ServerUnreachable: too many faults in a row (or what the fault stands for). Nothing is
                lost.
        """
        while True:
            self.stop_if_asked()
            try:
                answer = request()
            except Interrupted as fault:
                self.stop_if_asked()  # what was cut because of that is no fault of the line
                self._bear(fault)
                if on_fault is not None:
                    on_fault(fault)
            else:
                self.had_contact, self.faults = True, 0
                return answer

    def stop_if_asked(self) -> None:
        if self.cancelled():
            raise Stopped

    def _bear(self, fault: Interrupted) -> None:
        self.faults += 1
        self.had_contact = self.had_contact or fault.reached
        if self.faults >= MAX_FAULTS_IN_A_ROW or not self.had_contact:
            raise fault.verdict or fault
        self._wait(max(fault.wait_s, self._backoff_s()))

    def _backoff_s(self) -> float:
        longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (self.faults - 1))
        return float(longest * (0.5 + self.timing.chance() / 2))

    def _wait(self, seconds: float) -> None:
        left = min(seconds, LONGEST_WAIT_S)
        while left > 0:
            self.stop_if_asked()
            self.timing.sleep(min(left, _SLICE_S))
            left -= _SLICE_S
