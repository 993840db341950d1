"""Curves and colours that the portraits are made of."""

import math
import random
from collections.abc import Iterable, Sequence
from typing import Final

Colour = tuple[int, int, int]
Point = tuple[float, float]

CENTRE: Final = 300.0
DARK: Final[Colour] = (30, 26, 25)
WHITE: Final[Colour] = (246, 244, 240)


def smooth(points: Sequence[Point], *, closed: bool = False) -> list[Point]:
    """Return a curve through the points (Catmull-Rom), eight steps to a piece."""
    if closed:
        padded = [points[-1], *points, points[0], points[1]]
    else:
        padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve.extend(_piece(a, b, c, d, step / 8) for step in range(8))
    return curve if closed else [*curve, points[-1]]


def _piece(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def along(p: float, q: float, r: float, s: float) -> float:
        linear, square = (r - p) * t, (2 * p - 5 * q + 4 * r - s) * t**2
        return 0.5 * (2 * q + linear + square + (3 * q - p - 3 * r + s) * t**3)

    return along(a[0], b[0], c[0], d[0]), along(a[1], b[1], c[1], d[1])


def rounded(points: Sequence[Point]) -> list[Point]:
    """Return the polygon with its upper corners slightly bent outwards."""
    (a, b, c, d) = points
    top = [
        (b[0] + (c[0] - b[0]) * i / 12, b[1] - 14 * math.sin(math.pi * i / 12)) for i in range(13)
    ]
    return [a, *top, d]


def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def varied(chance: random.Random, colour: Iterable[int], by: int) -> Colour:
    red, green, blue = (min(255, max(0, part + chance.randint(-by, by))) for part in colour)
    return red, green, blue
