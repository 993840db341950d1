"""Marks drawn here: an ear of rice for offices without a logo of their own, and a shield.

They are nobody's logo: not the insurer's, not the state's.
"""

import math
from itertools import pairwise
from typing import Final

from enumerator_app.cards.items import Box, Colour, Curve

_STEM: Final = ((2.0, 6.4), (2.45, 4.6), (3.35, 2.9), (4.75, 1.75))  # cubic, in a 7 mm square
_GRAINS_AT: Final = (0.40, 0.57, 0.74, 0.91)
_GRAIN_LENGTH: Final = 1.3
_GRAIN_WIDTH: Final = 0.56
_GRAIN_AWAY: Final = 0.2  # from the middle of the stem, so that grains stay apart
_LEAN: Final = math.radians(33)


def rice_ear(box: Box, colour: Colour) -> list[Curve]:
    """Return the ear as curves that fill a square `box`."""
    scale = box.width / 7.0
    grains = [_grain(place, side) for place in _GRAINS_AT for side in (-1, 1)]
    curves = [_leaf(), *grains, _grain(1.0, 0)]
    placed = [Curve(_placed(steps, box, scale), colour) for steps in curves]
    stem = (("M", *_STEM[0]), ("C", *_STEM[1], *_STEM[2], *_STEM[3]))
    return [Curve(_placed(stem, box, scale), colour, line=0.3 * scale), *placed]


def shield(box: Box, colour: Colour, ground: Colour) -> list[Curve]:
    """Return a shield with a tick, as the window shows "covered"."""
    scale = box.height / 10.0
    outline = (
        ("M", 5.0, 0.0),
        ("C", 6.4, 1.0, 8.0, 1.5, 9.4, 1.6),
        ("L", 9.4, 4.8),
        ("C", 9.4, 7.2, 7.6, 9.0, 5.0, 10.0),
        ("C", 2.4, 9.0, 0.6, 7.2, 0.6, 4.8),
        ("L", 0.6, 1.6),
        ("C", 2.0, 1.5, 3.6, 1.0, 5.0, 0.0),
    )
    tick = (("M", 2.9, 5.0), ("L", 4.5, 6.6), ("L", 7.3, 3.5))
    return [
        Curve(_placed(outline, box, scale), colour),
        Curve(_placed(tick, box, scale), ground, line=1.1 * scale),
    ]


def _grain(place: float, side: int) -> tuple[tuple[str | float, ...], ...]:
    x, y, direction = _on_stem(place)
    away = direction + side * math.pi / 2
    x, y = (
        x + math.cos(away) * _GRAIN_AWAY * abs(side),
        y + math.sin(away) * _GRAIN_AWAY * abs(side),
    )
    return _petal(x, y, direction + side * _LEAN, _GRAIN_LENGTH, _GRAIN_WIDTH)


def _leaf() -> tuple[tuple[str | float, ...], ...]:
    x, y, _ = _on_stem(0.05)
    return _petal(x, y, math.radians(-22), 3.0, 0.7)


def _petal(
    x: float, y: float, direction: float, length: float, width: float
) -> tuple[tuple[str | float, ...], ...]:
    """A pointed oval from (x, y) towards `direction` (radians, clockwise from the x axis)."""
    ahead = (math.cos(direction), math.sin(direction))
    aside = (-ahead[1] * width * 0.67, ahead[0] * width * 0.67)
    tip = (x + ahead[0] * length, y + ahead[1] * length)

    def bulge(part: float, side: int) -> tuple[float, float]:
        along = part * length
        return (x + ahead[0] * along + side * aside[0], y + ahead[1] * along + side * aside[1])

    return (
        ("M", x, y),
        ("C", *bulge(0.25, 1), *bulge(0.75, 1), *tip),
        ("C", *bulge(0.75, -1), *bulge(0.25, -1), x, y),
    )


def _on_stem(t: float) -> tuple[float, float, float]:
    """Return the point at `t` of the stem and the direction there."""
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, _STEM, strict=True)) for axis in (0, 1))
    slopes = (3 * u * u, 6 * u * t, 3 * t * t)
    legs = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(_STEM)]
    dx, dy = (sum(s * leg[axis] for s, leg in zip(slopes, legs, strict=True)) for axis in (0, 1))
    return x, y, math.atan2(dy, dx)


def _placed(
    steps: tuple[tuple[str | float, ...], ...], box: Box, scale: float
) -> tuple[tuple[str | float, ...], ...]:
    origin = (box.x, box.y)
    return tuple(
        (step[0], *(origin[i % 2] + float(n) * scale for i, n in enumerate(step[1:])))
        for step in steps
    )
