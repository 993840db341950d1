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


LISTENING: ContextVar[Count | None] = ContextVar("count_of_long_work", default=None)


def counted(found: Iterable[Thing]) -> Iterator[Thing]:
    """Yield what is found, and count it where long work is shown to somebody."""
    count = LISTENING.get()
    for one in found:
        if count is not None:
            count.done += 1
        yield one


def expect(total: int) -> None:
    """Say of how many, where that is known only once the work has begun."""
    count = LISTENING.get()
    if count is not None:
        count.total = total
