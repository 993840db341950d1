"""Parts of a page, each by itself: one that fails says so in its place, and the rest stands."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from traceback import extract_tb
from typing import TypeVar

import structlog
from sqlalchemy import Connection

Thing = TypeVar("Thing")
log = structlog.get_logger()


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
            self.broken[name] = _number_of(name, error)
            return instead


def _number_of(name: str, error: Exception) -> str:
    """Log where a part failed, never with what, and return the number that the page shows."""
    number = secrets.token_hex(4)
    frames = extract_tb(error.__traceback__)
    places = [f"{one.name}:{one.lineno}" for one in frames if "server" in one.filename][-8:]
    log.error("bug", number=number, part=name, error=type(error).__name__, places=places)
    return number
