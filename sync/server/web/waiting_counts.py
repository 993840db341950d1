"""What waits in each place of the rail: counted at most every few seconds for a person.

The place that is open counts anew, so that its title and its number are the same; and whoever does
something sees what came of it on the next page.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from sync.server.people.visitor import Visitor
from sync.server.web.frame import Count

KEPT_S: Final = 5.0
_MOST_KEPT: Final = 1000
Counter = Callable[[Visitor], Count]


@dataclass(slots=True)
class WaitingCounts:
    """The counters of the places by name, and what they said last, by account."""

    counters: dict[str, Counter] = field(default_factory=dict)
    _kept: dict[tuple[str, str], tuple[float, Count]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def seen_by(self, visitor: Visitor, active: str) -> dict[str, Count]:
        """Return what waits where, as far as this person may know it."""
        return {name: self._of(name, visitor, anew=name == active) for name in self.counters}

    def forget(self) -> None:
        """Count everything anew: something was done."""
        with self._lock:
            self._kept.clear()

    def _of(self, name: str, visitor: Visitor, *, anew: bool) -> Count:
        now, key = time.monotonic(), (name, visitor.account)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and not anew and now - kept[0] < KEPT_S:
            return kept[1]
        counted = self.counters[name](visitor)
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (now, counted)
        return counted
