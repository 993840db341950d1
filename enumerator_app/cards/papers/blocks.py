"""Text blocks of a paper. Each gives pieces: lines that stay whole and may part at page ends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from enumerator_app.cards.fonts import printable
from enumerator_app.cards.items import GREY_INK, INK, POINT_MM, Box, Colour, Item, Weight
from enumerator_app.cards.papers.piece import Piece, Setting, leading_mm, set_line
from enumerator_app.cards.typesetting import Measure, wrap_breaking

_BETWEEN: Final = 2.2  # between paragraphs, in millimetres
_LEAST_LINES: Final = 2  # of a paragraph at the end of a page, and at the start of the next


class Block(Protocol):
    """Anything that stands on a paper from the top down."""

    def pieces(self, setting: Setting) -> Iterator[Piece]: ...


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text; a line break in it starts a new paragraph."""

    text: str
    size: float | None = None
    weight: Weight = "regular"
    align: str = "left"
    colour: Colour = INK
    gap: float = _BETWEEN

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        for said in printable(self.text).strip().splitlines():
            if said.strip():
                yield from self._lines(said, setting)

    def _lines(self, said: str, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size
        lines = wrap_breaking(said, _em(setting.width, size), self.weight, setting.measure)
        box = Box(0, 0, setting.width, 0)
        for place, line in enumerate(lines, start=1):
            words = set_line(line, box, size, self.weight, setting.measure, self.align, self.colour)
            keeps = place < _LEAST_LINES or len(lines) - _LEAST_LINES < place
            yield Piece(
                leading_mm(size),
                (words,),
                gap=self.gap if place == 1 else 0.0,
                keeps_next=keeps and place < len(lines),
            )


@dataclass(frozen=True, slots=True)
class Heading:
    """A line over what follows; never the last of a page."""

    text: str
    size: float | None = None

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size + 1
        for piece in Paragraph(self.text, size, "bold", gap=4.0).pieces(setting):
            yield replace(piece, keeps_next=True)


@dataclass(frozen=True, slots=True)
class Points:
    """Numbered sentences; with `mark`, that sign before each instead."""

    texts: Sequence[str]
    mark: str = ""
    size: float | None = None
    gap: float = _BETWEEN

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size
        signs = [self.mark or f"{place}." for place in range(1, len(self.texts) + 1)]
        widest = max((setting.measure(f"{sign} ", "regular") for sign in signs), default=0.0)
        inset = (widest + 0.25) * size * POINT_MM
        for sign, said in zip(signs, map(printable, self.texts), strict=True):
            yield _point(sign, said, inset, size, self.gap, setting)


def _point(sign: str, said: str, inset: float, size: float, gap: float, setting: Setting) -> Piece:
    measure, leading = setting.measure, leading_mm(size)
    lines = wrap_breaking(said, _em(setting.width - inset, size), "regular", measure)
    items: list[Item] = [set_line(sign, Box(0, 0, inset, 0), size, "regular", measure)]
    for place, line in enumerate(lines):
        box = Box(inset, place * leading, setting.width - inset, 0)
        items.append(set_line(line, box, size, "regular", measure))
    return Piece(len(lines) * leading, tuple(items), gap=gap)


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of label and value, the labels in a column of their own."""

    pairs: Sequence[tuple[str, str]]
    label_width: float | None = None
    size: float | None = None
    value_weight: Weight = "regular"

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size
        inset = self.label_width or self._widest(size, setting)
        for place, (label, value) in enumerate(self.pairs):
            yield self._fact(label, printable(value), inset, size, setting, is_first=place == 0)

    def _widest(self, size: float, setting: Setting) -> float:
        widest = max((setting.measure(label, "regular") for label, _ in self.pairs), default=0.0)
        return min(widest * size * POINT_MM + 1.5, setting.width * 0.45)

    def _fact(
        self,
        label: str,
        value: str,
        inset: float,
        size: float,
        setting: Setting,
        *,
        is_first: bool,
    ) -> Piece:
        measure, leading = setting.measure, leading_mm(size)
        after = 2.2
        room = setting.width - inset - after
        labels = wrap_breaking(label, _em(inset - 1, size), "regular", measure)
        values = wrap_breaking(value, _em(room, size), self.value_weight, measure) or [""]
        items: list[Item] = [set_line(":", Box(inset, 0, after, 0), size, "regular", measure)]
        for place, said in enumerate(labels):
            box = Box(0, place * leading, inset, 0)
            items.append(set_line(said, box, size, "regular", measure, colour=GREY_INK))
        for place, said in enumerate(values):
            box = Box(inset + after, place * leading, room, 0)
            items.append(set_line(said, box, size, self.value_weight, measure))
        height = max(len(labels), len(values)) * leading
        return Piece(height, tuple(items), gap=_BETWEEN if is_first else 0.4)


@dataclass(frozen=True, slots=True, init=False)
class Together:
    """Blocks that stay on one page, if they fit on one."""

    blocks: tuple[Block, ...]

    def __init__(self, *blocks: Block) -> None:
        object.__setattr__(self, "blocks", blocks)

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        inside = [piece for block in self.blocks for piece in block.pieces(setting)]
        for piece in inside[:-1]:
            yield replace(piece, keeps_next=True)
        yield from inside[-1:]


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty room; none at the top of a page."""

    height: float

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        yield Piece(0.0, gap=min(self.height, setting.height))


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on the next page."""

    def pieces(self, _: Setting) -> Iterator[Piece]:
        yield Piece(0.0, starts_page=True)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Items of one's own, made for the box (0, 0, room, height); never split."""

    height: float
    make: Callable[[Box, Measure], list[Item]]
    gap: float = _BETWEEN
    keeps_next: bool = False

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        box = Box(0, 0, setting.width, self.height)
        yield Piece(
            self.height,
            tuple(self.make(box, setting.measure)),
            gap=self.gap,
            keeps_next=self.keeps_next,
        )


def _em(width: float, size: float) -> float:
    return width / (size * POINT_MM)
