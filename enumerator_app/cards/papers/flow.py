"""Blocks onto pages: pure millimetres, one page at a time, from any number of blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import (
    GREY_INK,
    HAIRLINE,
    POINT_MM,
    Area,
    Box,
    Item,
    Weight,
    Words,
)
from enumerator_app.cards.papers.blocks import Block, Paragraph
from enumerator_app.cards.papers.formats import FORMATS, Format, FormatName
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.piece import Piece, Setting, leading_mm, set_line
from enumerator_app.cards.typesetting import Style, line, width_mm, wrap_breaking
from enumerator_app.texts import Language, current_language, text

_SLACK: Final = 0.01
_HEAD_SIZE: Final = 8.5
_AFTER_HEAD: Final = 3.0
_RULE: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands around the blocks. `title` is the file's title too: it names no person."""

    title: str
    letterhead: Letterhead
    number: str = ""
    """The line under the title: "Nomor: …", or what the paper is about."""
    format: FormatName = "a4"
    language: Language = field(default_factory=current_language)
    size: float = 11.0
    """Of the body, in points."""
    for_workers: bool = False
    """Whether a worker sees it: then each page says that it is free and whom to tell."""
    foot: str = ""
    """A short code or remark before the page number."""
    foot_size: float = 8.5
    has_letterhead: bool = True
    """Whether the head is drawn; its phone numbers are used in any case."""
    has_running_head: bool = True
    """Whether pages after the first repeat title and number in small type."""


class Placed(NamedTuple):
    """Items with their corner at (x, y) of the page."""

    x: float
    y: float
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `rows` of tables stand on it.

    Its foot ends before the number of all pages, which is known when the last one is laid out: it
    goes to the right of `total_at`.
    """

    number: int
    placed: tuple[Placed, ...]
    rows: int
    total_at: Words


def lay_out(paper: Paper, blocks: Iterable[Block]) -> Iterator[Page]:
    """Yield the pages one by one; at least one."""
    return _Flow(paper).pages(_all_blocks(paper, blocks))


def stacked(blocks: Iterable[Block], setting: Setting) -> tuple[list[Placed], float]:
    """Return blocks from (0, 0) down, without pages, and how high they are: for parts of sheets."""
    placed: list[Placed] = []
    top = 0.0
    for piece in (piece for block in blocks for piece in block.pieces(setting)):
        top += piece.gap if placed else 0.0
        placed.append(Placed(0.0, top, piece.items))
        top += piece.height
    return placed, top


def _all_blocks(paper: Paper, blocks: Iterable[Block]) -> Iterator[Block]:
    if paper.has_letterhead:
        yield paper.letterhead
    if paper.title:
        yield Paragraph(paper.title.upper(), paper.size + 3, "bold", "centre", gap=5.0)
    if paper.number:
        yield Paragraph(paper.number, paper.size, align="centre", gap=0.5)
    yield from blocks


class _Flow:
    """Fills pages from the top; keeps what belongs together on one of them."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._format: Format = FORMATS[paper.format]
        self._foot = _Foot(paper, self._format)
        self._bottom = self._format.height - self._foot.height
        self._number = 1
        self._rows = 0
        self._is_empty = True
        self._placed: list[Placed] = []
        self._y = self._format.top

    def pages(self, blocks: Iterable[Block]) -> Iterator[Page]:
        setting = Setting(
            self._format.text_width,
            self._bottom - self._format.top - leading_mm(_HEAD_SIZE) - _AFTER_HEAD,
            self._paper.size,
            self._paper.language,
            measure,
        )
        for group in _groups(piece for block in blocks for piece in block.pieces(setting)):
            yield from self._place_group(group)
        yield self._finished()

    def _place_group(self, group: list[Piece]) -> Iterator[Page]:
        if (group[0].starts_page or not self._has_room(group)) and not self._is_empty:
            yield self._next_page()
        if self._has_room(group):
            for piece in group:
                self._place(piece)
            return
        for piece in group:  # more than a page: it parts where it must
            if not self._has_room([piece]) and not self._is_empty:
                yield self._next_page()
            self._place(piece)

    def _has_room(self, group: list[Piece]) -> bool:
        needed = sum(piece.gap + piece.height for piece in group)
        if self._is_empty:
            needed += (group[0].head.height if group[0].head else 0.0) - group[0].gap
        return self._y + needed <= self._bottom + _SLACK

    def _place(self, piece: Piece) -> None:
        if self._is_empty and piece.head is not None:
            self._put(piece.head)
        self._put(piece)
        self._rows += piece.is_row

    def _put(self, piece: Piece) -> None:
        if not self._is_empty:
            self._y += piece.gap
        if piece.items:
            self._placed.append(Placed(self._format.side, self._y, piece.items))
            self._is_empty = False
        self._y += piece.height

    def _next_page(self) -> Page:
        page = self._finished()
        self._number += 1
        self._rows = 0
        self._is_empty = True
        self._placed = []
        self._y = self._format.top
        if self._paper.has_running_head:
            self._placed.append(self._running_head())
            self._y += leading_mm(_HEAD_SIZE) + _AFTER_HEAD
        return page

    def _running_head(self) -> Placed:
        said = " · ".join(part for part in (self._paper.title, self._paper.number) if part)
        box = Box(0, 0, self._format.text_width, leading_mm(_HEAD_SIZE))
        words = line(said, box, Style(_HEAD_SIZE, "regular", GREY_INK), measure)
        return Placed(self._format.side, self._format.top, (words,))

    def _finished(self) -> Page:
        placed, total_at = self._foot.of_page(self._number)
        return Page(self._number, (*self._placed, placed), self._rows, total_at)


class _Foot:
    """Page number at the left; for workers, on the right or below, that it is free."""

    def __init__(self, paper: Paper, form: Format) -> None:
        self._paper, self._format = paper, form
        self._leading = leading_mm(paper.foot_size)
        self._free = self._free_lines()
        free_width = max((self._width(said, "semibold") for said in self._free), default=0.0)
        longest = f"{self._label(99_999)} 99999"
        room = form.text_width - self._width(longest, "regular") - 4.0
        self._is_beside = len(self._free) == 1 and free_width <= room
        lines = 1 if self._is_beside else 1 + len(self._free)
        self.height = max(form.bottom, 9.0 + lines * self._leading)

    def of_page(self, number: int) -> tuple[Placed, Words]:
        """Return the foot, and the words after which the number of all pages goes."""
        paper, width = self._paper, self._format.text_width
        top = self._format.height - self.height + 2.5
        box = Box(0, 1.2, width, self._leading)
        label = self._label(number)
        page = set_line(label, box, paper.foot_size, "regular", measure, colour=GREY_INK)
        items: list[Item] = [Area(Box(0, 0, width, _RULE), HAIRLINE), page]
        for place, said in enumerate(self._free):
            at = box if self._is_beside else box._replace(y=box.y + self._leading * (place + 1))
            align = "right" if self._is_beside else "left"
            items.append(set_line(said, at, paper.foot_size, "semibold", measure, align))
        moved = replace(page, x=page.x + self._format.side, baseline=page.baseline + top)
        return Placed(self._format.side, top, tuple(items)), moved

    def _free_lines(self) -> list[str]:
        paper = self._paper
        if not paper.for_workers:
            return []
        said = text("papers.free", paper.language)
        whole = f"{said} {paper.letterhead.complaint(paper.language)}"
        em = self._format.text_width / (paper.foot_size * POINT_MM)
        return wrap_breaking(whole, em, "semibold", measure)

    def _label(self, number: int) -> str:
        said = text("papers.page", self._paper.language, page=number)
        return f"{self._paper.foot} · {said}" if self._paper.foot else said

    def _width(self, said: str, weight: Weight) -> float:
        return width_mm(said, weight, self._paper.foot_size, measure)


def total_words(pages: int, at: Words) -> Words:
    """Return the number of all pages, set from the start of a line at (0, 0), like `at`."""
    said = str(pages)
    width = width_mm(said, at.weight, at.size, measure)
    return Words(said, 0, 0, at.size, at.weight, at.colour, width)


def total_x(at: Words) -> float:
    """Return where the number of all pages begins."""
    return at.x + at.width + width_mm(" ", at.weight, at.size, measure)


def _groups(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if piece.starts_page and group:
            yield group
            group = []
        group.append(piece)
        if not piece.keeps_next:
            yield group
            group = []
    if group:
        yield group
