"""Tables of any length: the head stands on each page, a row is never split, no text is cut."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, Literal

from enumerator_app.cards.fonts import printable
from enumerator_app.cards.items import (
    GREY_INK,
    HAIRLINE,
    INK,
    POINT_MM,
    TINT,
    Area,
    Box,
    Colour,
    Frame,
    Item,
    Weight,
)
from enumerator_app.cards.papers.piece import Piece, Setting, leading_mm, set_line
from enumerator_app.cards.typesetting import wrap_breaking

Align = Literal["left", "right", "centre"]
_SMALLER: Final = 1.5  # points below the body, if the table names no size
_PAD_X: Final = 1.6
_PAD_Y: Final = 1.0
_RULE: Final = 0.15
_WHOLE_LEAST: Final = 6.0  # points; below it even a whole text wraps
_STEP: Final = 0.25
_LEAST: Final = 4.0
_TICK: Final = 4.2
_TICK_LINE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a share of the table's width. Numbers go right: their figures are tabular.

    A `keep_whole` text shrinks to one line instead of wrapping: numbers, codes, dates. In a column
    of `ticks` each word of a cell gets a box before it, to be ticked by hand.
    """

    title: str
    width: float
    align: Align = "left"
    keep_whole: bool = False
    ticks: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not like the others: sums and headings between."""

    cells: Sequence[str]
    weight: Weight = "semibold"
    tinted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` is read once, row by row. `row_height` leaves room for writing by hand."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[str] | Row]
    size: float | None = None
    row_height: float = 0.0
    grid: bool = False
    """Lines between columns as well: for sheets that are filled in by hand."""
    empty: str = ""
    """Said in the place of rows if there are none."""

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        size = self.size or setting.size - _SMALLER
        typist = _Typist(self, size, setting)
        head = typist.head()
        yield head
        last: Piece | None = None
        for row in self.rows:
            if last is not None:
                yield last
            last = typist.row(row if isinstance(row, Row) else Row(row, "regular"), head)
        if last is None and self.empty:
            last = typist.remark(self.empty, head)
        if last is not None:  # what follows a table, a signature above all, never stands alone
            yield replace(last, keeps_next=True)


class _Typist:
    """Sets the rows of one table."""

    def __init__(self, table: Table, size: float, setting: Setting) -> None:
        self._table, self._size, self._setting = table, size, setting
        shares = [column.width for column in table.columns]
        scale = setting.width / sum(shares)
        self._widths = [share * scale for share in shares]
        self._lefts = [0.0, *accumulate(self._widths)][:-1]

    def head(self) -> Piece:
        titles = [Column(column.title, 1, column.align) for column in self._table.columns]
        lines, height = self._fitted([column.title for column in titles], "semibold", titles)
        items: list[Item] = [Area(Box(0, 0, self._setting.width, height), TINT)]
        items += self._rules(height, INK, is_head=True)
        items += self._set(lines, height, "semibold")
        return Piece(height, tuple(items), gap=3.0, keeps_next=True)

    def row(self, row: Row, head: Piece) -> Piece:
        lines, height = self._fitted(row.cells, row.weight, self._table.columns)
        height = max(height, self._table.row_height)
        items: list[Item] = []
        if row.tinted:
            items.append(Area(Box(0, 0, self._setting.width, height), TINT))
        items += self._rules(height, HAIRLINE)
        items += self._set(lines, height, row.weight)
        return Piece(height, tuple(items), head=head, is_row=True)

    def remark(self, said: str, head: Piece) -> Piece:
        size, setting = self._size, self._setting
        room = setting.width - 2 * _PAD_X
        lines = wrap_breaking(said, room / (size * POINT_MM), "regular", setting.measure)
        leading = leading_mm(size)
        boxes = [Box(_PAD_X, 2.5 + n * leading, room, leading) for n in range(len(lines))]
        words: list[Item] = [
            set_line(line, box, size, "regular", setting.measure, "centre", GREY_INK)
            for line, box in zip(lines, boxes, strict=True)
        ]
        height = len(lines) * leading + 5.0
        return Piece(height, (*self._outline(height, HAIRLINE), *words), head=head)

    def _fitted(
        self, cells: Sequence[str], weight: Weight, columns: Sequence[Column]
    ) -> tuple[list[tuple[float, list[str]]], float]:
        """Return size and lines of each cell, and the row's height; a row fits on a page."""
        cells = [printable(said) for said in cells]
        size = self._size
        while True:
            found = [
                self._cell(said, column, width - 2 * _PAD_X, weight, size)
                for said, column, width in zip(cells, columns, self._widths, strict=True)
            ]
            height = 2 * _PAD_Y + max(leading_mm(at) * len(lines) for at, lines in found)
            if height <= self._setting.height / 2 or size <= _LEAST:
                return found, height
            size -= _STEP

    def _cell(
        self, said: str, column: Column, room: float, weight: Weight, size: float
    ) -> tuple[float, list[str]]:
        measure = self._setting.measure
        em = measure(said, weight)
        if em * size * POINT_MM <= room and "\n" not in said:
            return size, [said]
        if column.keep_whole:
            whole = int(room / (em * POINT_MM) / _STEP) * _STEP
            if whole >= _WHOLE_LEAST:
                return whole, [said]
        return size, wrap_breaking(said, room / (size * POINT_MM), weight, measure)

    def _set(
        self, cells: Sequence[tuple[float, list[str]]], height: float, weight: Weight
    ) -> list[Item]:
        words: list[Item] = []
        for place, (size, lines) in enumerate(cells):
            if self._table.columns[place].ticks and weight == "regular":
                words += self._ticks(lines, place, height)
                continue
            leading = leading_mm(size)
            top = (height - leading * len(lines)) / 2 if self._table.row_height else _PAD_Y
            if not self._table.row_height:  # shrunk texts share the baseline of their neighbours
                top += (leading_mm(self._size) - leading) / 2 if len(lines) == 1 else 0.0
            room = self._widths[place] - 2 * _PAD_X
            for line in lines:
                box = Box(self._lefts[place] + _PAD_X, top, room, leading)
                align = self._table.columns[place].align
                if line:
                    words.append(set_line(line, box, size, weight, self._setting.measure, align))
                top += leading
        return words

    def _ticks(self, lines: list[str], place: int, height: float) -> list[Item]:
        """Return each word of a cell behind a box, spread over its column."""
        said = " ".join(lines).split()
        measure, size = self._setting.measure, self._size
        step = (self._widths[place] - 2 * _PAD_X) / max(len(said), 1)
        items: list[Item] = []
        for number, word in enumerate(said):
            x = self._lefts[place] + _PAD_X + number * step
            items.append(Frame(Box(x, (height - _TICK) / 2, _TICK, _TICK), INK, _TICK_LINE))
            box = Box(x + _TICK + 1.0, (height - leading_mm(size)) / 2, step, 0)
            items.append(set_line(word, box, size, "regular", measure))
        return items

    def _rules(self, height: float, colour: Colour, *, is_head: bool = False) -> list[Item]:
        if self._table.grid:
            inner = [
                Area(Box(left - _RULE / 2, 0, _RULE, height), colour) for left in self._lefts[1:]
            ]
            return [*self._outline(height, colour, is_head=is_head), *inner]
        return [Area(Box(0, height - _RULE, self._setting.width, _RULE), colour)]

    def _outline(self, height: float, colour: Colour, *, is_head: bool = False) -> list[Item]:
        width = self._setting.width
        rules: list[Item] = [Area(Box(0, height - _RULE, width, _RULE), colour)]
        if self._table.grid:
            rules += [Area(Box(x, 0, _RULE, height), colour) for x in (0.0, width - _RULE)]
        if self._table.grid and is_head:
            rules.append(Area(Box(0, 0, width, _RULE), colour))
        return rules
