"""What a form is made of: labels, frames to write into, boxes for digits, boxes to tick."""

from collections.abc import Sequence
from typing import Final

from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import GREY_INK, INK, POINT_MM, Box, Frame, Item, Weight, Words
from enumerator_app.cards.papers.piece import leading_mm, set_line
from enumerator_app.cards.typesetting import Style, line, paragraph, width_mm, wrap_breaking

LABEL: Final = 8.5
LABEL_MM: Final = 4.0
BOX_MM: Final = 8.0
DIGIT_MM: Final = 6.6
_LINE: Final = 0.25
_TICK: Final = 4.2
_WORDS: Final = 10.0
_AFTER_TICK: Final = 1.2
_BETWEEN: Final = 3.6
_GROUP_GAP: Final = 2.4


def label(said: str, x: float, y: float, width: float) -> Item:
    return line(said, Box(x, y, width, LABEL_MM - 0.4), Style(LABEL, "semibold", INK), measure)


def field(said: str, x: float, y: float, width: float, filled: str = "") -> list[Item]:
    """Return a label and a frame under it, with what is known already."""
    box = Box(x, y + LABEL_MM, width, BOX_MM)
    items: list[Item] = [label(said, x, y, width), Frame(box, INK, _LINE)]
    if filled:
        items += _filled(filled, Box(box.x + 2, box.y, box.width - 4, box.height))
    return items


def digits(
    said: str, x: float, y: float, groups: Sequence[int], filled: str = "", side: float = DIGIT_MM
) -> list[Item]:
    """Return a label and boxes for single digits, in groups; `filled` goes into the first ones."""
    items: list[Item] = [label(said, x, y, digits_width(groups, side))]
    left, given = x, iter(filled)
    for group in groups:
        for _ in range(group):
            box = Box(left, y + LABEL_MM, side, BOX_MM)
            items.append(Frame(box, INK, _LINE))
            items += [_centred(digit, box) for digit in [next(given, "")] if digit]
            left += side
        left += _GROUP_GAP
    return items


def digits_width(groups: Sequence[int], side: float = DIGIT_MM) -> float:
    return sum(groups) * side + (len(groups) - 1) * _GROUP_GAP


def ticks(
    said: str, x: float, y: float, options: Sequence[str], *, right: float, beside: bool = False
) -> list[Item]:
    """Return a label with boxes to tick, under it or `beside` it, none of them beyond `right`.

    An option is "Bekerja|B", as the form on the screen has it, or words alone.
    """
    items: list[Item] = [label(said, x, y + (2.0 if beside else 0.0), right - x)]
    top = y if beside else y + LABEL_MM
    left = x + width_mm(said, "semibold", LABEL, measure) + _BETWEEN if beside else x
    middle = Box(0, top, 0, BOX_MM)
    size = _fitting(options, right - left)
    for option in options:
        words, _, letter = option.partition("|")
        tick = Box(left, middle.y + (BOX_MM - _TICK) / 2, _TICK, _TICK)
        items.append(Frame(tick, INK, _LINE))
        left += _TICK + _AFTER_TICK
        parts: tuple[tuple[str, Weight], ...] = ((letter, "bold"), (words, "regular"))
        for part, weight in parts:
            if part:
                words_item = _on_middle(part, left, middle, size, weight)
                items.append(words_item)
                left += words_item.width + _AFTER_TICK
        left += _BETWEEN - _AFTER_TICK
    return items


def paragraphs(texts: Sequence[str], box: Box, size: float) -> tuple[list[Item], float]:
    """Return paragraphs from the top of `box` down, and where they end."""
    items: list[Item] = []
    top = box.y
    for said in texts:
        for words in wrap_breaking(said, box.width / (size * POINT_MM), "regular", measure):
            items.append(set_line(words, box._replace(y=top), size, "regular", measure))
            top += leading_mm(size) * 0.92
        top += 0.5
    return items, top


def hand_box(said: str, box: Box) -> list[Item]:
    """Return a frame for a hand or a thumb, what it is for written small inside, at its foot."""
    words = Box(box.x + 1.5, box.bottom - 4.2, box.width - 3, 3.6)
    return [Frame(box, INK, _LINE), line(said, words, Style(8.5, "regular", GREY_INK), measure)]


def _fitting(options: Sequence[str], room: float) -> float:
    """Return the size at which all options stand beside each other."""
    size = _WORDS
    while size > 6 and _options_width(options, size) > room:
        size -= 0.25
    return size


def _options_width(options: Sequence[str], size: float) -> float:
    width = 0.0
    for option in options:
        words, _, letter = option.partition("|")
        width += _TICK + _BETWEEN
        width += width_mm(words, "regular", size, measure) + _AFTER_TICK
        if letter:
            width += width_mm(letter, "bold", size, measure) + _AFTER_TICK
    return width - _BETWEEN


def _on_middle(said: str, x: float, row: Box, size: float, weight: Weight) -> Words:
    box = Box(x, row.y, 200, row.height)
    return line(said, box, Style(size, weight, INK), measure)


def _filled(said: str, box: Box) -> list[Words]:
    """Return what is known on one line, or smaller on two."""
    whole = line(said, box, Style(11, "regular", INK), measure)
    if whole.size >= 9:
        return [whole]
    inner = Box(box.x, box.y + 0.4, box.width, box.height - 0.8)
    return paragraph(said, inner, Style(8.75, "regular", INK), measure)


def _centred(digit: str, box: Box) -> Item:
    width = width_mm(digit, "regular", 12, measure)
    inner = Box(box.x + (box.width - width) / 2, box.y, width + 0.1, box.height)
    return line(digit, inner, Style(12, "regular", INK), measure)
