"""Fitting text into millimetres. Nothing is ever cut silently: text shrinks, wraps, then breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from enumerator_app.cards.items import (
    CAPITAL_EM,
    DESCENT_EM,
    POINT_MM,
    Box,
    Colour,
    Weight,
    Words,
)

Measure = Callable[[str, Weight], float]
"""Width of a text in em: multiply by the size."""

_MeasuredWords = tuple[list[tuple[str, float]], float]
"""Words with their widths, and the width of a blank; the faces are set without kerning."""

_STEP: Final = 0.25
_SMALLEST: Final = 4.0
_NAME_LEADING_EM: Final = 1.06
_NAME_FIT: Final = (  # lines, largest and smallest size in points, in order of preference
    (1, 14.5, 12.0),
    (2, 13.25, 9.25),
    (3, 9.0, 8.0),
)
_NAME_LAST_RESORT: Final = ((4, 8.0, 5.5), (5, 5.5, _SMALLEST))
_PARAGRAPH_LEADING_EM: Final = 1.17
_WIDOW: Final = 0.4  # a last line shorter than this part of the width pulls words down


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set; `size` is the largest size in points."""

    size: float
    weight: Weight
    colour: Colour


def width_mm(text: str, weight: Weight, size: float, measure: Measure) -> float:
    return measure(text, weight) * size * POINT_MM


def line(text: str, box: Box, style: Style, measure: Measure, *, to_right: bool = False) -> Words:
    """Set one line with its capitals centred in the height of `box`, shrunk to its width."""
    em_wide = measure(text, style.weight)
    size = _largest_size(em_wide, box.width, style.size)
    width = em_wide * size * POINT_MM
    baseline = box.y + (box.height + CAPITAL_EM * size * POINT_MM) / 2
    x = box.right - width if to_right else box.x
    return Words(text, x, baseline, size, style.weight, style.colour, width)


def even_lines(texts: list[str], boxes: list[Box], style: Style, measure: Measure) -> list[Words]:
    """Set lines that belong together, all in the size of the one that must shrink most."""
    sizes = [line(said, box, style, measure).size for said, box in zip(texts, boxes, strict=True)]
    alike = Style(min(sizes), style.weight, style.colour)
    return [line(said, box, alike, measure) for said, box in zip(texts, boxes, strict=True)]


def paragraph(text: str, box: Box, style: Style, measure: Measure) -> list[Words]:
    """Set lines from the top of `box`; the size goes down until they fit its height."""
    size = style.size
    while True:
        lines = wrap_evenly(text, box.width / (size * POINT_MM), style.weight, measure)
        leading = _PARAGRAPH_LEADING_EM * size * POINT_MM
        if len(lines) * leading <= box.height + 0.01 or size <= _SMALLEST:
            break
        size -= _STEP
    first = box.y + (leading + CAPITAL_EM * size * POINT_MM) / 2
    return _stack(lines, box.x, first, leading, Style(size, style.weight, style.colour), measure)


def name_lines(name: str, box: Box, colour: Colour, measure: Measure) -> list[Words]:
    """Set a name in bold, its first capitals at the top edge of `box`.

    One line of 14.5 to 12 points, two down to 9.25, three down to 8. A word that is wider than
    the box is broken with a hyphen, and only when nothing else fits. Beyond some 170 letters the
    last line ends in an ellipsis.
    """
    size, lines = _fit_name(" ".join(name.upper().split()), box, measure)
    em = size * POINT_MM
    return _stack(
        lines,
        box.x,
        box.y + CAPITAL_EM * em,
        _NAME_LEADING_EM * em,
        Style(size, "bold", colour),
        measure,
    )


def wrap(text: str, width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return `text` in lines no wider than `width_em`, except for single words that are wider."""
    return _wrapped(_measured_words(text, weight, measure), width_em)


def wrap_breaking(text: str, width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return `text` in lines no wider than `width_em`; a wider word is broken with a hyphen."""
    lines = wrap(text, width_em, weight, measure)
    if all(measure(said, weight) <= width_em for said in lines):
        return lines
    words = [piece for word in text.split() for piece in _broken(word, width_em, weight, measure)]
    return wrap(" ".join(words), width_em, weight, measure)


def wrap_evenly(text: str, width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return `text` in lines as `wrap` does, without a lonely short line at the end."""
    lines = wrap(text, width_em, weight, measure)
    if measure(lines[-1], weight) < _WIDOW * width_em:
        return _balanced(lines, width_em, weight, measure)
    return lines


def _measured_words(text: str, weight: Weight, measure: Measure) -> _MeasuredWords:
    words = text.split()
    return [(word, measure(word, weight)) for word in words], measure(" ", weight)


def _wrapped(measured: _MeasuredWords, width_em: float) -> list[str]:
    words, blank = measured
    lines: list[str] = []
    taken = width_em + 1
    for word, width in words:
        if taken + blank + width <= width_em:
            lines[-1] += f" {word}"
            taken += blank + width
        else:
            lines.append(word)
            taken = width
    return lines


def _fit_name(name: str, box: Box, measure: Measure) -> tuple[float, list[str]]:
    for breaking in (False, True):
        for lines_allowed, largest, smallest in _NAME_FIT + _NAME_LAST_RESORT * breaking:
            size = largest
            while size >= smallest:
                lines = _wrapped_name(
                    name, box.width / (size * POINT_MM), measure, breaking=breaking
                )
                if len(lines) <= lines_allowed and _fits(lines, size, box, measure):
                    width_em = box.width / (size * POINT_MM)
                    return size, lines if breaking else _balanced(lines, width_em, "bold", measure)
                size -= _STEP
    width_em = box.width / (_SMALLEST * POINT_MM)
    return _SMALLEST, _with_ellipsis(
        _wrapped_name(name, width_em, measure, breaking=True), width_em, measure
    )


def _wrapped_name(name: str, width_em: float, measure: Measure, *, breaking: bool) -> list[str]:
    if not breaking:
        return wrap(name, width_em, "bold", measure)
    return wrap_breaking(name, width_em, "bold", measure)


def _broken(word: str, width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return `word` in pieces that fit, each but the last with a hyphen at its end."""
    pieces = [""]
    for character in word:
        if pieces[-1] and measure(f"{pieces[-1]}{character}-", weight) > width_em:
            pieces[-1] += "-"
            pieces.append("")
        pieces[-1] += character
    return pieces


def _balanced(lines: list[str], width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return as many lines as before, but of like width: no single word is left alone below."""
    best, words = lines, _measured_words(" ".join(lines), weight, measure)
    while len(lines) > 1:
        width_em *= 0.97
        tried = _wrapped(words, width_em)
        if len(tried) != len(lines) or max(measure(line, weight) for line in tried) > width_em:
            break
        best = tried
    return best


def _fits(lines: list[str], size: float, box: Box, measure: Measure) -> bool:
    em = size * POINT_MM
    height = (CAPITAL_EM + (len(lines) - 1) * _NAME_LEADING_EM + DESCENT_EM) * em
    widest = max((measure(line, "bold") for line in lines), default=0.0) * em
    return height <= box.height + 0.01 and widest <= box.width + 0.01


def _with_ellipsis(lines: list[str], width_em: float, measure: Measure) -> list[str]:
    kept, last = lines[:4], lines[4]
    while measure(f"{last} …", "bold") > width_em:
        last = last[:-1]
    return [*kept, f"{last} …"]


def _stack(
    lines: list[str], x: float, first: float, leading: float, style: Style, measure: Measure
) -> list[Words]:
    return [
        Words(
            text,
            x,
            first + number * leading,
            style.size,
            style.weight,
            style.colour,
            width_mm(text, style.weight, style.size, measure),
        )
        for number, text in enumerate(lines)
    ]


def _largest_size(em_wide: float, width: float, largest: float) -> float:
    if em_wide * largest * POINT_MM <= width:
        return largest
    quarters = int(width / (em_wide * POINT_MM) / _STEP)
    return max(quarters * _STEP, _SMALLEST)
