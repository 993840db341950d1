"""Charts as SVG text: pure functions of numbers. Geometry stands in attributes, looks in classes.

Along the page everything is in per cent and letters are in pixels, so a chart follows its column
and its words stay readable at any width. Nothing here holds a person's data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from markupsafe import Markup, escape

_BAR_TOP: Final = 22
_BAR_HEIGHT: Final = 26
_LETTER: Final = 0.66
"""Width of a letter of 13 px in per cent of a bar of 1000 px: where words would touch."""

PLOT_HEIGHT: Final = 150
_TOP: Final = 12
_FOOT: Final = 22
_APART: Final = 34


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: `upto` is the running total, `name` and `said` stand above its end."""

    kind: str
    upto: int
    name: str = ""
    said: str = ""


def bar(parts: Sequence[Part], whole: int) -> Markup:
    """Return the pieces one after the other, with the running totals above their ends."""
    rects, marks, start, words_end = [], [], 0.0, 0.0
    for part in parts:
        end = 100 * part.upto / whole if whole else 0.0
        width = max(end - start, 0.0)
        fill = ' fill="url(#hx)"' if part.kind == "waiting" else ""
        rects.append(
            f'<rect class="p-{part.kind}"{fill} x="{start:.2f}%" y="{_BAR_TOP}" '
            f'width="{width:.2f}%" height="{_BAR_HEIGHT}"/>'
        )
        if part.name:
            mark, words_end = _mark(part, end, words_end)
            marks.append(mark)
        start = max(start, end)
    height = _BAR_TOP + _BAR_HEIGHT + 1
    return Markup(  # noqa: S704 - numbers of ours, and words that were escaped
        f'<svg class="bar" width="100%" height="{height}" aria-hidden="true" focusable="false">'
        f'{"".join(rects)}<rect class="p-frame" x="0" y="{_BAR_TOP}" width="100%" '
        f'height="{_BAR_HEIGHT}"/><g class="marks">{"".join(marks)}</g></svg>'
    )


def _mark(part: Part, end: float, taken: float) -> tuple[str, float]:
    """Return a tick with its words on the side that has room; without room, the tick alone."""
    width = (len(part.name) + len(part.said) + 2) * _LETTER
    is_last = end > 99.9
    ends = f'x1="{end:.2f}%" x2="{end:.2f}%"'
    tick = "" if is_last else f'<line class="p-tick" {ends} y1="4" y2="47"/>'
    words = f'{escape(part.name)} <tspan class="strong">{escape(part.said)}</tspan>'
    if end - width >= taken and (is_last or not taken):
        gap = 0 if is_last else -6
        return f'{tick}<text class="end" x="{end:.2f}%" dx="{gap}" y="15">{words}</text>', end
    if end >= taken and end + width <= 100:
        return f'{tick}<text x="{end:.2f}%" dx="6" y="15">{words}</text>', end + width + 1
    return _below_words(tick) if end < taken else tick, max(taken, end)


def _below_words(tick: str) -> str:
    """Let a tick begin at the bar: above it stand the words of another part."""
    return tick.replace('y1="4"', f'y1="{_BAR_TOP}"')


@dataclass(frozen=True, slots=True)
class Plot:
    """Columns with a line over them, and a dashed level to reach."""

    columns: Sequence[float]
    line: Sequence[float]
    level: float | None
    ticks: Sequence[tuple[int, str]]
    """Positions among the columns with the word under them."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands at the right of a line: its value and its name."""

    at: float
    value: str
    name: str
    kind: str


def scale(most: float) -> list[int]:
    """Return three to five round steps from 0 to the first one above `most`."""
    size = 10 ** floor(log10(max(most, 4) / 4))
    steps = (1, 2, 2.5, 5, 10)
    step = next(n * size for n in steps if most <= 4 * n * size and (n * size) % 1 == 0)
    return [int(step * n) for n in range(ceil(most / step) + 1 or 1)] if most else [0, int(step)]


def axis(levels: Sequence[int], words: Sequence[str]) -> Markup:
    """Return the left column: a word at each level."""
    rows = [
        f'<text class="axis end" x="40" y="{_y(n, levels) + 4:.1f}">{escape(word)}</text>'
        for n, word in zip(levels, words, strict=True)
    ]
    return _column("ch", 44, "".join(rows))


def plot(one: Plot, levels: Sequence[int]) -> Markup:
    """Return the middle column: grid, columns, level, line; words under the columns."""
    n = max(len(one.columns), 1)
    grid = "".join(
        f'<line class="{"base-line" if not level else "grid-line"}" x1="0" x2="100%" '
        f'y1="{_y(level, levels):.1f}" y2="{_y(level, levels):.1f}"/>'
        for level in levels
    )
    base = _y(0, levels)
    columns = "".join(
        f'<rect class="b-day" x="{100 * (at + 0.12) / n:.2f}%" y="{_y(value, levels):.1f}" '
        f'width="{76 / n:.2f}%" height="{base - _y(value, levels):.1f}"/>'
        for at, value in enumerate(one.columns)
        if value
    )
    level = ""
    if one.level is not None:
        y = _y(one.level, levels)
        level = f'<line class="l-target" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
    words = "".join(_tick(at, word, n) for at, word in one.ticks)
    return Markup(  # noqa: S704 - numbers of ours, and words that were escaped
        f'<svg class="ch plot" width="100%" height="{_height()}" aria-hidden="true" '
        f'focusable="false">{grid}{columns}{level}{_line(one.line, levels, n)}{words}</svg>'
    )


def _tick(at: int, word: str, n: int) -> str:
    side = "end" if at > n * 0.9 else "middle" if at else ""
    place = f'x="{100 * (at + 0.5) / n:.2f}%" y="{_height() - 4}"'
    return f'<text class="axis {side}" {place}>{escape(word)}</text>'


def _line(values: Sequence[float], levels: Sequence[int], n: int) -> str:
    """Return a line in a box of its own that stretches; its strokes do not."""
    if len(values) < 2:
        return ""
    points = " ".join(
        f"{1000 * (at + 0.5) / n:.1f},{_y(v, levels):.1f}" for at, v in enumerate(values)
    )
    return (
        f'<svg width="100%" height="{_height()}" viewBox="0 0 1000 {_height()}" '
        f'preserveAspectRatio="none"><polyline class="l-casing" points="{points}"/>'
        f'<polyline class="l-mean" points="{points}"/></svg>'
    )


def endings(found: Sequence[Ending], levels: Sequence[int]) -> Markup:
    """Return the right column: values and names at the height of their lines, pushed apart."""
    rows, free = [], -1.0
    for one in sorted(found, key=lambda one: -one.at):
        y = max(_y(one.at, levels) + 4, free)
        free = y + _APART
        rows.append(
            f'<text class="{one.kind}" x="6" y="{y:.1f}">{escape(one.value)}</text>'
            f'<text class="axis" x="6" y="{y + 14:.1f}">{escape(one.name)}</text>'
        )
    return _column("ch", 84, "".join(rows))


def _column(name: str, width: int, inside: str) -> Markup:
    return Markup(  # noqa: S704 - numbers of ours, and words that were escaped
        f'<svg class="{name}" width="{width}" height="{_height()}" aria-hidden="true" '
        f'focusable="false">{inside}</svg>'
    )


def _height() -> int:
    return _TOP + PLOT_HEIGHT + _FOOT


def _y(value: float, levels: Sequence[int]) -> float:
    return _TOP + PLOT_HEIGHT * (1 - value / (levels[-1] or 1))


def dot(value: float, median: float, least: float, most: float, *, is_far: bool) -> Markup:
    """Return a person's place on a line from `least` to `most`, with a mark at the median."""
    place, middle = (_share(one, least, most) for one in (value, median))
    shape = (
        f'<svg x="{place:.1f}%" overflow="visible"><path class="dot far" '
        'd="M0 2.5 5.5 8 0 13.5-5.5 8Z"/></svg>'
        if is_far
        else f'<circle class="dot" cx="{place:.1f}%" cy="8" r="4.5"/>'
    )
    return Markup(  # noqa: S704 - numbers of ours
        '<svg class="dots" width="100%" height="16" aria-hidden="true" focusable="false">'
        '<line class="track" x1="0" x2="100%" y1="8" y2="8"/>'
        f'<line class="median" x1="{middle:.1f}%" x2="{middle:.1f}%" y1="2" y2="14"/>{shape}</svg>'
    )


def _share(value: float, least: float, most: float) -> float:
    return 100 * min(max((value - least) / ((most - least) or 1), 0.0), 1.0)
