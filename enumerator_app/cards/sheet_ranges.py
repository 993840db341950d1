"""Some sheets of an order: "2" or "2-3", counted from 1; the two sides of a sheet are one."""

import re
from collections.abc import Sequence
from typing import TypeVar

_Card = TypeVar("_Card")


def read_range(typed: str) -> tuple[int, int] | None:
    """Return the first and the last sheet; None for what means nothing."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*(?:[-\u2013]\s*(\d{1,5})\s*)?", typed)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if 1 <= first <= last else None


def on_sheets(
    cards: Sequence[_Card], first: int, capacity: int, wanted: tuple[int, int]
) -> tuple[tuple[_Card, ...], int]:
    """Return the cards on the wanted sheets, and the first used place of the first of them.

    `first` is the first used place of the whole order: it may begin on a started sheet.
    """
    begin, end = wanted
    start = max(0, (begin - 1) * capacity - first)
    return tuple(cards[start : end * capacity - first]), first if begin == 1 else 0
