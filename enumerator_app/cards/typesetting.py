"""Fitting text into millimetres. Nothing is ever cut silently: text shrinks, wraps, then breaks."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
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
_LEAST_ALIKE: Final = 8.25  # what a worker must act on
_NAME_LEADING_EM: Final = 1.06
_NAME_ONE_LINE: Final = (18.0, 12.0)  # largest and smallest size in points
_NAME_FIT: Final = (  # the same after the number of lines, in order of preference
    (2, 13.25, 9.25),
    (3, 9.0, 7.0),
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
    """Set lines that belong together in one size; one that is too long shrinks further alone."""
    set_lines = [line(said, box, style, measure) for said, box in zip(texts, boxes, strict=True)]
    alike = replace(style, size=max(min(words.size for words in set_lines), _LEAST_ALIKE))
    return [line(said, box, alike, measure) for said, box in zip(texts, boxes, strict=True)]


def paragraph(
    text: str, box: Box, style: Style, measure: Measure, *, stressed: str = ""
) -> list[Words]:
    """Set lines from the top of `box`; the size goes down until they fit its height.

    `stressed` follows in bold, on the last line if there is room.
    """
    size = style.size
    while True:
        width_em = box.width / (size * POINT_MM)
        lines = (wrap if stressed else wrap_evenly)(text, width_em, style.weight, measure)
        after = _room_after(lines[-1], stressed, style.weight, measure)
        below = [] if after + measure(stressed, "bold") <= width_em else [stressed]
        leading = _PARAGRAPH_LEADING_EM * size * POINT_MM
        if len([*lines, *below]) * leading <= box.height + 0.01 or size <= _SMALLEST:
            break
        size -= _STEP
    first = box.y + (leading + CAPITAL_EM * size * POINT_MM) / 2
    set_lines = _stack(lines, box.x, first, leading, replace(style, size=size), measure)
    if not stressed:
        return set_lines
    x, down = (box.x, leading) if below else (box.x + after * size * POINT_MM, 0.0)
    bold = Style(size, "bold", style.colour)
    return [*set_lines, *_stack([stressed], x, set_lines[-1].baseline + down, 0, bold, measure)]


def _room_after(last: str, stressed: str, weight: Weight, measure: Measure) -> float:
    """Return where in the last line, in em, the stressed words would begin."""
    return measure(f"{last} ", weight) if stressed else 0.0


def name_lines(name: str, box: Box, colour: Colour, measure: Measure) -> list[Words]:
    """Set a name in bold, its first capitals at the top edge of `box`.

    One line of 18 to 12 points, two down to 9.25, three down to 8 (the 60 letters of a KTP) or 7
    (98 letters). A word that is wider than the box is broken with a hyphen, and only when nothing
    else fits. Beyond some 170 letters the last line ends in an ellipsis.
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
    """Return `text` in lines no wider than `width_em`; a wider word is broken with a hyphen.

    Its own line breaks stay.
    """
    if len(parts := text.splitlines()) > 1:
        return [said for part in parts for said in wrap_breaking(part, width_em, weight, measure)]
    lines = wrap(text, width_em, weight, measure)
    if all(measure(said, weight) <= width_em for said in lines):
        return lines
    words = [piece for word in text.split() for piece in _broken(word, width_em, weight, measure)]
    return wrap(" ".join(words), width_em, weight, measure)


def name_on_roll(name: str, size: float, width: float, measure: Measure) -> list[str]:
    """Return a name in as many lines as it takes; a word that is too wide is broken."""
    width_em = width / (size * POINT_MM)
    return wrap_breaking(" ".join(name.upper().split()), width_em, "bold", measure)


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
    largest, least = _NAME_ONE_LINE
    size = min(largest, _quarters(box.width / (measure(name, "bold") * POINT_MM)))
    if size >= least:
        return size, [name]
    for wrapped, tiers in (
        (_whole_words, _NAME_FIT),
        (_wide_words_broken, _NAME_FIT),
        (_filled, _NAME_FIT + _NAME_LAST_RESORT),
    ):
        for lines_allowed, largest, least in tiers:
            size = largest
            while size >= least:
                lines = wrapped(name, box.width / (size * POINT_MM), measure)
                if len(lines) <= lines_allowed and _fits(lines, size, box, measure):
                    return size, lines
                size -= _STEP
    width_em = box.width / (_SMALLEST * POINT_MM)
    return _SMALLEST, _with_ellipsis(_filled(name, width_em, measure), width_em, measure)


def _whole_words(name: str, width_em: float, measure: Measure) -> list[str]:
    lines = wrap(name, width_em, "bold", measure)
    return _balanced(lines, width_em, "bold", measure)


def _wide_words_broken(name: str, width_em: float, measure: Measure) -> list[str]:
    return wrap_breaking(name, width_em, "bold", measure)


def _filled(name: str, width_em: float, measure: Measure) -> list[str]:
    """Return lines as full as they can be: any word may be broken at the end of one."""
    lines = [""]
    for word in name.split():
        begun = f"{lines[-1]} {word}".lstrip()
        if measure(begun, "bold") <= width_em:
            lines[-1] = begun
            continue
        room = width_em - measure(f"{lines[-1]} ", "bold")
        here, below = _split(word, room, measure) if lines[-1] else ("", word)
        lines[-1] = f"{lines[-1]} {here}".rstrip()
        lines += _broken(below, width_em, "bold", measure)
    return [line for line in lines if line]


def _split(word: str, room_em: float, measure: Measure) -> tuple[str, str]:
    """Return what of `word` goes into the room that is left, with a hyphen, and the rest."""
    here = ""
    for letter in _letters(word):
        if measure(f"{here}{letter}-", "bold") > room_em:
            break
        here += letter
    return (f"{here}-" if here else "", word[len(here) :])


def _broken(word: str, width_em: float, weight: Weight, measure: Measure) -> list[str]:
    """Return `word` in pieces that fit, each but the last with a hyphen at its end."""
    pieces = [""]
    for letter in _letters(word):
        if pieces[-1] and measure(f"{pieces[-1]}{letter}-", weight) > width_em:
            pieces[-1] += "-"
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _letters(word: str) -> list[str]:
    """Return the letters of `word`, each with the marks that stand on it."""
    letters: list[str] = []
    for character in word:
        if letters and unicodedata.combining(character):
            letters[-1] += character
        else:
            letters.append(character)
    return letters


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
        last = "".join(_letters(last)[:-1])
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
    return max(_quarters(width / (em_wide * POINT_MM)), _SMALLEST)


def _quarters(points: float) -> float:
    return int(points / _STEP) * _STEP
