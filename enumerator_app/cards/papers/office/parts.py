"""Parts that only papers of the office have: boxes to tick, and the end of a long list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from enumerator_app.cards.items import CAPITAL_EM, INK, POINT_MM, Box, Frame, Item
from enumerator_app.cards.papers import Block, Piece, Setting, Table, Together
from enumerator_app.cards.papers.piece import baseline_mm, leading_mm, set_line
from enumerator_app.cards.typesetting import wrap_breaking

_BESIDE: Final = 2.2
_LINE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Ticks:
    """Sentences with a box before each, to tick by hand."""

    texts: Sequence[str]
    gap: float = 1.4

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        for said in self.texts:
            yield self._piece(said, setting)

    def _piece(self, said: str, setting: Setting) -> Piece:
        size, measure = setting.size, setting.measure
        side = CAPITAL_EM * size * POINT_MM * 1.15
        inset = side + _BESIDE
        room = setting.width - inset
        top = baseline_mm(size) - side + 0.2
        items: list[Item] = [Frame(Box(0, top, side, side), INK, _LINE)]
        lines = wrap_breaking(said, room / (size * POINT_MM), "regular", measure)
        for place, line in enumerate(lines):
            box = Box(inset, place * leading_mm(size), room, 0)
            items.append(set_line(line, box, size, "regular", measure))
        return Piece(len(lines) * leading_mm(size), tuple(items), gap=self.gap)


def print_lines(sha256: str) -> str:
    """Return a SHA-256 in two lines of 32 digits, which no hyphen of a broken word gets into."""
    return f"{sha256[:32]}\n{sha256[32:]}"


@dataclass(frozen=True, slots=True)
class Summed:
    """A table whose last row is a sum: it never stands on a page without what it sums."""

    table: Table

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        upcoming = self.table.pieces(setting)
        before, last = next(upcoming), next(upcoming, None)
        for piece in upcoming:
            assert last is not None
            yield before
            before, last = last, piece
        yield replace(before, keeps_next=last is not None)
        if last is not None:
            yield last


@dataclass(frozen=True, slots=True)
class Ending:
    """A table and what closes the paper: a signature never stands on a page without a row."""

    table: Summed
    end: Together
    rows: int = 2

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        found = list(self.table.pieces(setting))
        yield from found[: -self.rows]
        for piece in found[-self.rows :]:
            yield replace(piece, keeps_next=True)
        yield from self.end.pieces(setting)


def with_end(tables: Iterator[tuple[Sequence[Block], Summed]], end: Together) -> Iterator[Block]:
    """Yield what stands over each table, the table, and `end` with the last one.

    One table is held back; the end stands alone if there is none.
    """
    held: tuple[Sequence[Block], Summed] | None = None
    for upcoming in tables:
        if held is not None:
            yield from held[0]
            yield held[1]
        held = upcoming
    if held is None:
        yield end
        return
    yield from held[0]
    yield Ending(held[1], end)
