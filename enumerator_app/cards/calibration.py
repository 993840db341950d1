"""A page that says how far a printer misses the middle, without any ruler: fold it and read.

Folded edge to edge, the crease lies in the true middle of the paper. Where it crosses a printed
scale stands the number to enter. The page itself is never moved by the offsets it is to find.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.content import PaperSettings
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.fonts import measure
from enumerator_app.cards.imposition import A4_HEIGHT, A4_WIDTH
from enumerator_app.cards.items import GREEN, INK, WHITE, Area, Box, Frame, Item
from enumerator_app.cards.output import opened
from enumerator_app.cards.typesetting import Style, line, paragraph, width_mm
from enumerator_app.texts import Language, text

Side = Literal["front", "back"]

_X: Final = A4_WIDTH / 2
_Y: Final = A4_HEIGHT / 2
_REACH: Final = 10  # millimetres to each side of the middle
_HAIR: Final = 0.15
_LEFT: Final = 22.0
_WIDE: Final = A4_WIDTH - 2 * _LEFT
_ACROSS_Y: Final = 108.0
_DOWN_X: Final = 40.0
_SQUARE_MM: Final = 100.0
_TICKS: Final = {10: 9.0, 5: 7.0, 1: 4.5}
_BODY: Final = Style(12, "regular", INK)


def write_calibration(
    output: Path | BinaryIO, *, settings: PaperSettings, two_sided: bool = False
) -> int:
    """Write the page, for a duplex printer with a back, and return the number of pages.

    Raises:
        PaperNotWritten: the file could not be written.
    """
    said = settings.language
    sides: tuple[Side, ...] = ("front", "back") if two_sided else ("front",)
    with opened(output) as sink:
        canvas = ArchivalCanvas(
            sink,
            size=(A4_WIDTH * MM, A4_HEIGHT * MM),
            title=text("cards.calibration.title", said),
            author=settings.regency_name,
            language=said,
        )
        canvas.setViewerPreference("PrintScaling", "None")
        painter = Painter(canvas)
        try:
            for side in sides:
                painter.start_page(A4_WIDTH, A4_HEIGHT)
                painter.paint(calibration_items(settings, side), 0, 0)
                canvas.showPage()
            canvas.save()
        finally:
            canvas.abandon()
    return len(sides)


def calibration_items(settings: PaperSettings, side: Side) -> list[Item]:
    """Return what is on the page: how to, two scales, and lines for the size."""
    said = settings.language
    title = text("cards.calibration.title", said)
    steps = [text(f"cards.calibration.step_{number}", said) for number in (1, 2, 3, 4)]
    items: list[Item] = [
        line(title, Box(_LEFT, 18, 110, 9), Style(22, "bold", GREEN), measure),
        line(
            text(f"cards.calibration.{side}", said),
            Box(_LEFT, 18, _WIDE, 9),
            Style(13, "semibold", INK),
            measure,
            to_right=True,
        ),
        Area(Box(_LEFT, 29, _WIDE, 0.5), GREEN),
    ]
    y = 33.0
    for step in steps:
        lines = paragraph(step, Box(_LEFT, y, _WIDE, 14), _BODY, measure)
        items += lines
        y = lines[-1].baseline + 3.4
    return [*items, *_across(said), *_down(said), *_target(), *_size(said)]


def _across(said: Language) -> Iterator[Item]:
    """The scale across: read where the crease from top to bottom crosses it."""
    yield from _name("cards.calibration.right", said, _X, _ACROSS_Y - 16)
    yield Area(Box(_X - _REACH, _ACROSS_Y - _HAIR / 2, 2 * _REACH, _HAIR), INK)
    for tenth, length in _marks():
        x = _X + tenth / 10
        yield Area(Box(x - _HAIR / 2, _ACROSS_Y - length, _HAIR, length), INK)
        if tenth % 50 == 0:
            yield _number(tenth // 10, x, _ACROSS_Y + (4.6 if tenth % 100 else 0.8))


def _down(said: Language) -> Iterator[Item]:
    """The scale down: read where the crease from left to right crosses it."""
    yield from _name("cards.calibration.down", said, _DOWN_X + 6, _Y - _REACH - 8)
    yield Area(Box(_DOWN_X - _HAIR / 2, _Y - _REACH, _HAIR, 2 * _REACH), INK)
    for tenth, length in _marks():
        y = _Y + tenth / 10
        yield Area(Box(_DOWN_X, y - _HAIR / 2, length, _HAIR), INK)
        if tenth % 50 == 0:
            yield _number(tenth // 10, _DOWN_X - 4.5, y - 2)


def _marks() -> Iterator[tuple[int, float]]:
    """Yield each half millimetre, as tenths from the middle, with the length of its mark."""
    for tenth in range(-_REACH * 10, _REACH * 10 + 1, 5):
        whole = abs(tenth) // 10
        yield (
            tenth,
            2.5 if tenth % 10 else next(n for step, n in _TICKS.items() if whole % step == 0),
        )


def _number(millimetres: int, x: float, y: float) -> Item:
    words = f"{millimetres:+d}".replace("-", "\u2212") if millimetres else "0"
    style = Style(11, "bold", INK)
    wide = width_mm(words, style.weight, style.size, measure)
    return line(words, Box(x - wide / 2, y, wide + 0.01, 4.4), style, measure)


def _name(key: str, said: Language, x: float, y: float) -> Iterator[Item]:
    words, style = text(key, said), Style(14, "bold", GREEN)
    wide = width_mm(words, style.weight, style.size, measure)
    left = x - wide / 2 if x == _X else x - 6
    yield Area(Box(left - 2, y - 0.5, wide + 4, 7), WHITE)
    yield line(words, Box(left, y, wide + 0.01, 6), style, measure)


def _target() -> Iterator[Item]:
    """Rings a millimetre apart where both creases should meet."""
    for radius in range(1, 6):
        box = Box(_X - radius, _Y - radius, 2.0 * radius, 2.0 * radius)
        yield Frame(box, INK, _HAIR, radius=radius)
    yield Area(Box(_X - 8, _Y - _HAIR / 2, 16, _HAIR), INK)
    yield Area(Box(_X - _HAIR / 2, _Y - 8, _HAIR, 16), INK)


def _size(said: Language) -> Iterator[Item]:
    """A square whose sides must be 100 mm: another size means that the driver scales."""
    top = 176.0
    left = _X - _SQUARE_MM / 2
    yield Frame(Box(left, top, _SQUARE_MM, _SQUARE_MM), INK, 0.3)
    words = text("cards.calibration.square", said)
    yield from paragraph(words, Box(left + 12, top + 36, _SQUARE_MM - 24, 30), _BODY, measure)
