"""How often somebody may try: counted in the database, so that all server processes count as one.

Ten tries a minute for an account and for an address; after three wrong ones in a row from one
address for one account every further one waits, twice as long each time, at most a quarter hour.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, text, update

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server.office import Office
from sync.server.people.errors import TriedTooOften
from sync.server.people.tables import ATTEMPT_ROWS

A_MINUTE: Final = timedelta(minutes=1)
TRIES_A_MINUTE: Final = 10
_FREE_FAILURES: Final = 3
_MOST_WAIT_S: Final = 900


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries of one account from one address."""

    office: Office
    login: str
    address: str

    @property
    def _both(self) -> str:
        return f"both {self.login} {self.address}"

    def count(self) -> None:
        """Count one more try.

        Raises:
            TriedTooOften: it is not to be looked at.
        """
        now = self.office.clock()
        with self.office.database.noting() as connection:
            waits = _waits(connection, self._both, now)
            for key in (f"address {self.address}", f"login {self.login}"):
                if not waits:
                    waits = count(connection, key, now, most=TRIES_A_MINUTE)
        if waits:
            raise TriedTooOften(seconds=math.ceil(waits))

    def failed(self) -> None:
        now = self.office.clock()
        with self.office.database.noting() as connection:
            row = _row(connection, self._both, now)
            failures = row.failures + 1
            wait = min(2.0 ** (failures - _FREE_FAILURES), _MOST_WAIT_S)
            until = now + timedelta(seconds=wait) if failures >= _FREE_FAILURES else now
            _put(connection, self._both, failures=failures, waits_until=instant_to_text(until))

    def succeeded(self) -> None:
        with self.office.database.noting() as connection:
            _put(connection, self._both, failures=0, waits_until="")


def count(connection: Connection, key: str, now: datetime, *, most: int, by: int = 1) -> float:
    """Count `by` more in this minute; return how many seconds to wait, 0 where it is not too many.

    What was refused is not counted: whoever waits gets in.
    """
    row = _row(connection, key, now)
    since, n = instant_from_text(row.since), row.n
    if not timedelta() <= now - since < A_MINUTE:
        since, n = now, 0
    if n + by > most:
        return (since + A_MINUTE - now).total_seconds()
    _put(connection, key, since=instant_to_text(since), n=n + by)
    return 0.0


def forget_old_tries(office: Office) -> None:
    """Forget who tried more than a day ago."""
    limit = instant_to_text(office.clock() - timedelta(days=1))
    with office.database.noting() as connection:
        connection.execute(delete(ATTEMPT_ROWS).where(ATTEMPT_ROWS.c.since < limit))


def _waits(connection: Connection, key: str, now: datetime) -> float:
    until = _row(connection, key, now).waits_until
    return max((instant_from_text(until) - now).total_seconds(), 0.0) if until else 0.0


def _row(connection: Connection, key: str, now: datetime) -> Any:
    """Return the row of a key, made if needed and locked to the transaction's end."""
    connection.execute(
        text(
            "INSERT INTO attempt (key, since, n, failures, waits_until)"
            " VALUES (:key, :now, 0, 0, '') ON CONFLICT DO NOTHING"
        ),
        {"key": key, "now": instant_to_text(now)},
    )
    query = select(ATTEMPT_ROWS).where(ATTEMPT_ROWS.c.key == key)
    return connection.execute(query.with_for_update()).one()


def _put(connection: Connection, key: str, **values: object) -> None:
    connection.execute(update(ATTEMPT_ROWS).where(ATTEMPT_ROWS.c.key == key).values(values))
