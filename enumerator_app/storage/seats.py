"""How places in the budget stand, as the office said with the last contact: a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.storage.open_file import OpenFile

if TYPE_CHECKING:
    from sqlite3 import Connection

_NAMES: Final = (
    "seats", "confirmed", "waiting", "programmes", "starts_on", "ends_on", "months", "monthly",
)  # fmt: skip
_KEEP: Final = (
    "INSERT OR REPLACE INTO village_seats (village_code, seats, confirmed, waiting, programmes, "
    "starts_on, ends_on, months, monthly, told_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# What the office has not received yet is not in its numbers. A NIK is needed for a place.
_ON_THE_WAY: Final = (
    "SELECT count(*) FROM registration r WHERE r.village_code = ? AND r.nik != '' "
    "AND r.state IN ('registered', 'returned') AND r.custody = 'saved' "
    "AND NOT EXISTS (SELECT 1 FROM person_seat s WHERE s.subject = r.subject)"
)
_COLUMNS: Final = f"village_code, {', '.join(_NAMES)}, told_at"


@dataclass(frozen=True, slots=True)
class VillageSeats:
    """The places of one village. `on_the_way`: people here whom the office does not count yet."""

    village_code: str
    seats: int
    confirmed: int
    waiting: int
    programmes: str
    starts_on: str
    ends_on: str
    months: int
    monthly: int
    told_at: datetime
    on_the_way: int = 0

    @property
    def left(self) -> int:
        """How many places are free when those on the way have theirs; never below zero."""
        return max(0, self.seats - self.confirmed - self.waiting - self.on_the_way)

    @property
    def waiting_here(self) -> int:
        """How many people have, or will have, no place."""
        return max(0, self.confirmed + self.waiting + self.on_the_way - self.seats)

    @property
    def cost(self) -> int:
        """What the confirmed places cost over their whole period, in rupiah."""
        return self.confirmed * self.monthly * self.months


class SeatKeeping:
    """The part of the store that knows places."""

    _file: OpenFile

    def village_seats(self, village: str) -> VillageSeats | None:
        """Return the places of a village; None if the office said nothing of it."""
        return self._file.engine.read(lambda connection: _village(connection, village))

    def all_village_seats(self) -> list[VillageSeats]:
        """Return all villages of which the office said something, by code."""

        def work(connection: "Connection") -> list[VillageSeats]:
            rows = connection.execute("SELECT village_code FROM village_seats ORDER BY 1")
            found = (_village(connection, code) for (code,) in rows.fetchall())
            return [one for one in found if one is not None]

        return self._file.engine.read(work)

    def seat_of(self, subject: UUID) -> str:
        """Return `confirmed`, `waiting` or `returned`; empty if the office has not said."""
        query = "SELECT state FROM person_seat WHERE subject = ?"
        row = self._file.engine.read(lambda c: c.execute(query, (str(subject),)).fetchone())
        return str(row[0]) if row else ""


def keep_seats(connection: "Connection", fields: Mapping[str, Any]) -> None:
    """Take over what a notice of kind `seats` says; what it does not name stays."""
    for village, said in fields.get("villages", {}).items():
        if not all(name in said for name in _NAMES):
            continue  # a later office says it in another way
        values = tuple(said[name] for name in _NAMES)
        connection.execute(_KEEP, (str(village), *values, str(fields["at"])))
    connection.executemany(
        "INSERT OR REPLACE INTO person_seat (subject, state) VALUES (?, ?)",
        [(str(subject), str(state)) for subject, state in fields.get("people", {}).items()],
    )


def _village(connection: "Connection", village: str) -> VillageSeats | None:
    query = f"SELECT {_COLUMNS} FROM village_seats WHERE village_code = ?"  # noqa: S608  our own names
    row = connection.execute(query, (village,)).fetchone()
    if row is None:
        return None
    (on_the_way,) = connection.execute(_ON_THE_WAY, (village,)).fetchone()
    names = ("village_code", *_NAMES)
    said = dict(zip(names, row[:-1], strict=True))
    return VillageSeats(**said, told_at=instant_from_text(row[-1]), on_the_way=on_the_way)
