"""How fast pages may be asked for: a person's own pace is far below, a program's is not.

Counted in the database, so that all server processes count as one, but not at each request: a
process settles what it counted every twenty requests or ten seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sync.server.office import Office
from sync.server.people.attempts import count

OF_ACCOUNT: Final = 600
OF_ADDRESS: Final = 3000  # a whole office may stand behind one address
_AT_LEAST: Final = 20
_WITHIN: Final = timedelta(seconds=10)


@dataclass(slots=True)
class _Tally:
    settled_at: datetime
    n: int = 0
    waits_until: datetime | None = None


@dataclass(slots=True)
class Pace:
    """The requests of a minute, by account and by address."""

    office: Office
    _tallies: dict[str, _Tally] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def waits(self, account: str, address: str) -> float:
        """Count a request; return for how many seconds no more are answered, usually 0."""
        asked = ((f"pages {account}", OF_ACCOUNT), (f"pages from {address}", OF_ADDRESS))
        return max(self._count(key, most) for key, most in asked)

    def _count(self, key: str, most: int) -> float:
        now = self.office.clock()
        with self._lock:
            tally = self._tallies.setdefault(key, _Tally(now))
            tally.n += 1
            due = tally.n >= _AT_LEAST or now - tally.settled_at >= _WITHIN
            by = tally.n if due else 0
            if due:
                tally.n, tally.settled_at = 0, now
        if due:
            self._settle(tally, key, by, most, now)
        left = (tally.waits_until - now).total_seconds() if tally.waits_until else 0.0
        return max(left, 0.0)

    def _settle(self, tally: _Tally, key: str, by: int, most: int, now: datetime) -> None:
        with self.office.database.noting() as connection:
            wait = count(connection, key, now, most=most, by=by)
        tally.waits_until = now + timedelta(seconds=wait) if wait else None
