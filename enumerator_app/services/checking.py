"""Checking cards on one laptop: codes, files and camera pictures against the office's list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from enumerator_app.cards.reading import read_codes_from_points
from enumerator_app.cards.seal import STALE_AFTER_DAYS
from enumerator_app.cards.verdict import Verdict
from enumerator_app.services.today import laptop_day
from enumerator_app.services.verifying import laptop_trust, read_codes_of_file, verify
from enumerator_app.storage.store import Store


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old the list is by which cards are judged here."""

    issued_on: date
    days: int

    @property
    def is_old(self) -> bool:
        return self.days > STALE_AFTER_DAYS


class Checking:
    """Judges cards by what this laptop keeps of its office. Each call may touch the disk."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def judge(self, codes: Sequence[str]) -> list[Verdict]:
        """Return an answer for each code.

        Raises:
            TrustMissing: no list has come from the office yet.
        """
        return verify(codes, laptop_trust(self._store), self._today())

    def judge_file(self, path: Path) -> list[Verdict]:
        """Return an answer for each code in a picture or PDF; none if there is no code.

        Raises:
            FileUnreadable: it is neither, or damaged.
        """
        return self.judge(read_codes_of_file(path))

    def codes_in_points(self, grey: bytes, width: int, height: int) -> list[str]:
        """Return the codes in a camera's picture: one byte a point, row by row."""
        return read_codes_from_points(grey, width, height)

    def list_age(self) -> ListAge:
        """Return the age of the list.

        Raises:
            TrustMissing: there is none yet.
        """
        issued_on = laptop_trust(self._store).issued_on
        return ListAge(issued_on, max(0, (self._today() - issued_on).days))

    def _today(self) -> date:
        return laptop_day(self._store, self._clock).day
