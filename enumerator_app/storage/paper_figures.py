"""What the papers of a day count: numbers, villages, prints, who was there. Nothing here writes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.storage.listing import Condition, workers
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.tallies import IS_WITHOUT_EFFECT
from enumerator_app.storage.worker import CardKind, ListedWorker

if TYPE_CHECKING:
    from sqlite3 import Connection

_NUMBERS: Final = (
    f"SELECT number, custody != 'saved', {IS_WITHOUT_EFFECT}, day "  # noqa: S608  our own words
    "FROM registration WHERE number LIKE ? ORDER BY number"
)
_VILLAGES: Final = (
    "SELECT village_code, state, count(*), sum(custody != 'saved') FROM registration "
    "WHERE day = ? GROUP BY village_code, state ORDER BY village_code"
)
_PRINTS: Final = "SELECT header, body FROM entry WHERE kind = 'card_printed' ORDER BY n"
# Who was recorded before that day in the village, or was noted as present in the visit.
_KNOWN: Final = (
    "r.state NOT IN ('withdrawn', 'duplicate', 'ended') AND "
    "((r.village_code = ? AND r.day < ?) OR r.subject IN "
    "(SELECT subject FROM attendance WHERE visit = ? AND present = 1))"
)


@dataclass(frozen=True, slots=True)
class NumberHere:
    """A number on this laptop, whether the office has its record, and the day it was given.

    `is_without_effect`: the office keeps the record, and it does not count there yet.
    """

    number: str
    is_received: bool
    is_without_effect: bool
    day: date


@dataclass(frozen=True, slots=True)
class VillageDay:
    """People recorded on one day in one village, by state."""

    village_code: str
    by_state: Mapping[str, int]
    received: int


class PaperFigures:
    """The part of the store that papers count from."""

    _file: OpenFile

    def numbers_of(self, device_code: str | None = None) -> list[NumberHere]:
        """Return the numbers here that a device gave, or that any did, in their order."""
        pattern = f"____-{device_code}-%" if device_code else "%"
        rows = self._file.engine.read(
            lambda connection: connection.execute(_NUMBERS, (pattern,)).fetchall()
        )
        return [
            NumberHere(number, bool(is_there), bool(is_kept), date.fromisoformat(day))
            for number, is_there, is_kept, day in rows
        ]

    def villages_on(self, day: date) -> list[VillageDay]:
        """Return what was recorded on a day (WIB), a line for each village."""
        rows = self._file.engine.read(
            lambda connection: connection.execute(_VILLAGES, (day.isoformat(),)).fetchall()
        )
        codes = sorted({row[0] for row in rows})
        return [
            VillageDay(
                code,
                {state: count for village, state, count, _ in rows if village == code},
                sum(received for village, _, _, received in rows if village == code),
            )
            for code in codes
        ]

    def prints_on(self, day: date) -> Mapping[CardKind, int]:
        """Return how many papers of each kind came out on a day (WIB)."""
        return self._file.engine.read(lambda connection: _prints(connection, day))

    def known_in(self, village_code: str, before: date, visit: UUID | None) -> list[ListedWorker]:
        """Return who was recorded in a village before a day, or attended a visit, by name."""
        values = (village_code, before.isoformat(), str(visit) if visit else "")
        return self._file.engine.read(
            lambda connection: workers(connection, Condition(_KNOWN, values), order="r.name, r.id")
        )


def _prints(connection: "Connection", day: date) -> Mapping[CardKind, int]:
    found: Counter[CardKind] = Counter()
    for header, body in connection.execute(_PRINTS):
        at = instant_from_text(from_canonical(header)["claimed_time"])
        if body is not None and day_in_wib(at) == day:
            found[from_canonical(body)["card"]] += 1
    return found
