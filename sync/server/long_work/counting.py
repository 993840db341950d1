"""How far long work is: loops count what they went through, where somebody is listening."""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Count:
    """What a loop went through so far, of how many; 0 while nobody knows."""

    done: int = 0
    total: int = 0

    def add(self, n: int) -> None:
        self.done += n


LISTENING: ContextVar[Count | None] = ContextVar("count_of_long_work", default=None)


def counted(found: Iterable[Thing]) -> Iterator[Thing]:
    """Yield what is found, and count it where long work is shown to somebody."""
    for one in found:
        count_on(1)
        yield one


def count_on(n: int) -> None:
    """Count so many more where long work is shown to somebody."""
    count = LISTENING.get()
    if count is not None:
        count.add(n)


def expect(total: int) -> None:
    """Say of how many, where that is known only once the work has begun."""
    count = LISTENING.get()
    if count is not None:
        count.total = total
