"""Parts of a page, each by itself: one that fails says so in its place, and the rest stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from sync.server.bugs import note_bug

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Parts:
    """What failed: the number that its bug was logged under, by the part's name."""

    broken: dict[str, str] = field(default_factory=dict)

    def read(
        self, name: str, connection: Connection, work: Callable[[], Thing], instead: Thing
    ) -> Thing:
        """Return what a part reads; where that fails, `instead`, and the rest is read on."""

        def within() -> Thing:
            with connection.begin_nested():
                return work()

        return self.make(name, within, instead)

    def make(self, name: str, work: Callable[[], Thing], instead: Thing) -> Thing:
        """Return what a part is made of; what was not read is not made."""
        if name in self.broken:
            return instead
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - a bug in one part leaves the others
            self.broken[name] = note_bug(error, part=name)
            return instead
