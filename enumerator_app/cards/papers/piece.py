"""The grain of a paper: something that stays whole, and what text it is set in."""

from dataclasses import dataclass
from typing import Final, Optional

from enumerator_app.cards.items import CAPITAL_EM, INK, POINT_MM, Box, Colour, Item, Weight, Words
from enumerator_app.cards.typesetting import Measure, width_mm
from enumerator_app.texts import Language

LEADING_EM: Final = 1.3


@dataclass(frozen=True, slots=True)
class Setting:
    """What a block may know of its surroundings: room in millimetres, body size in points."""

    width: float
    height: float
    """Of a page's whole text area: no piece may be higher."""
    size: float
    language: Language
    measure: Measure


@dataclass(frozen=True, slots=True)
class Piece:
    """Items seen from the top left corner of the room that they take; never split."""

    height: float
    items: tuple[Item, ...] = ()
    gap: float = 0.0
    """Room above it, dropped at the top of a page."""
    keeps_next: bool = False
    """Whether the next piece must be on the same page."""
    head: Optional["Piece"] = None
    """Drawn again above this piece if it is the first of a page."""
    is_row: bool = False
    starts_page: bool = False


def leading_mm(size: float) -> float:
    return LEADING_EM * size * POINT_MM


def baseline_mm(size: float) -> float:
    """Return how far the first baseline lies below the top of a line of that size."""
    return (leading_mm(size) + CAPITAL_EM * size * POINT_MM) / 2


def set_line(
    said: str,
    box: Box,
    size: float,
    weight: Weight,
    measure: Measure,
    align: str = "left",
    colour: Colour = INK,
) -> Words:
    """Set one line at the top of `box`, at its left, right or centre; it must fit its width."""
    width = width_mm(said, weight, size, measure)
    spare = box.width - width
    x = box.x + {"left": 0.0, "right": spare, "centre": spare / 2}[align]
    return Words(said, x, box.y + baseline_mm(size), size, weight, colour, width)
