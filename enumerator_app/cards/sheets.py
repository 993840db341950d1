"""Cards onto sheets into a PDF: one pass over the contents, one sheet in memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.backs import fixed_back
from enumerator_app.cards.claims import PaperKind
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.fonts import measure, printable
from enumerator_app.cards.imposition import Sheet, sheet, with_bleed
from enumerator_app.cards.items import Box, Item
from enumerator_app.cards.layout import fixed_end, fixed_front, own_back, own_front
from enumerator_app.cards.output import opened
from enumerator_app.cards.receipt import Roll, on_dot, receipt
from enumerator_app.cards.typesetting import Measure
from enumerator_app.domain.errors import PhotoUnreadable
from enumerator_app.texts import text

_Marks = Callable[[PaperSettings, Measure], list[Item]]
_Fixed = Callable[[PaperKind, PaperSettings, Measure], list[Item]]


def render_cards(
    contents: Iterable[CardContent],
    output: Path | BinaryIO,
    sheet_name: str,
    *,
    settings: PaperSettings,
    first_position: int = 0,
    on_progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write the cards as a PDF and return its number of pages.

    `first_position` skips places of a sheet that was started before. `on_progress` gets the number
    of cards drawn so far. After `cancelled` answers True the cards drawn until then make a whole
    file; its last progress says how many. Without any card nothing is written and 0 returned. A
    path appears only when the file is complete.

    Raises:
        KeyError: no sheet of that name.
        PhotoUnreadable: with the card's number, if its photo is no picture.
        PaperNotWritten: the file could not be written.
    """
    paper = sheet(sheet_name)
    upcoming = iter(contents)
    first = next(upcoming, None)
    if first is None or (cancelled is not None and cancelled()):
        return 0
    with opened(output) as sink:
        run = _Run(paper, settings, sink)
        try:
            return run.draw_all(
                _until(cancelled, first, upcoming),
                first_position % paper.capacity,
                on_progress or (lambda _: None),
            )
        finally:
            run.close()


class _Run:
    def __init__(self, paper: Sheet, settings: PaperSettings, sink: BinaryIO) -> None:
        self._paper, self._settings = paper, settings
        self._canvas = _canvas(paper, settings, sink)
        self._painter = Painter(self._canvas)
        self._pages = 0

    def draw_all(
        self, contents: Iterator[CardContent], skip: int, on_progress: Callable[[int], None]
    ) -> int:
        done = 0
        while cards := [_shown(c) for c in islice(contents, self._paper.capacity - skip)]:
            if self._paper.roll is not None:
                self._draw_receipt(cards[0], self._paper.roll)
            else:
                self._draw_sheet(cards, skip)
            done += len(cards)
            skip = 0
            on_progress(done)
        self._canvas.save()
        return self._pages

    def close(self) -> None:
        self._canvas.abandon()

    def _draw_sheet(self, cards: list[CardContent], skip: int) -> None:
        paper, settings = self._paper, self._settings
        self._start_page()
        shift = (settings.offset_x_mm, settings.offset_y_mm)
        self._marks("front", paper.front_marks, shift)
        for card, place in zip(cards, paper.fronts[skip:], strict=False):
            self._draw_front(card, _shifted(place, shift))
        if paper.two_sided:
            self._end_page()
            self._start_page()
            shift = (shift[0] + settings.back_offset_x_mm, shift[1] + settings.back_offset_y_mm)
            self._marks("back", paper.back_marks, shift)
        for card, place in zip(cards, paper.backs[skip:], strict=False):
            self._draw_back(card, _shifted(place, shift))
        self._end_page()

    def _marks(self, side: str, make: _Marks, shift: tuple[float, float]) -> None:
        page = Box(0, 0, self._paper.width, self._paper.height)
        self._painter.stamp(("marks", side), lambda: make(self._settings, measure), *shift, page)

    def _draw_receipt(self, card: CardContent, roll: Roll) -> None:
        items, height = receipt(card, self._settings, measure, roll)
        self._painter.start_page(self._paper.width, height)
        shift = (self._settings.offset_x_mm, self._settings.offset_y_mm)
        self._painter.paint(items, *map(on_dot, shift))
        self._end_page()

    def _draw_front(self, card: CardContent, place: tuple[float, float]) -> None:
        self._stamp_front("front", fixed_front, card, place)
        try:
            self._painter.paint(own_front(card, self._settings, measure), *place)
        except PhotoUnreadable as error:
            raise PhotoUnreadable(number=card.number) from error
        if card.kind == "provisional":
            self._stamp_front("end", fixed_end, card, place)

    def _stamp_front(
        self, part: str, make: _Fixed, card: CardContent, place: tuple[float, float]
    ) -> None:
        box = self._paper.front_box
        self._painter.stamp(
            (part, card.kind),
            lambda: with_bleed(make(card.kind, self._settings, measure), box),
            *place,
            box,
        )

    def _draw_back(self, card: CardContent, place: tuple[float, float]) -> None:
        self._painter.stamp(
            ("back", card.kind, card.printed_on),
            lambda: fixed_back(card.kind, card.printed_on, self._settings, measure),
            *place,
            self._paper.back_box,
        )
        self._painter.paint(own_back(card), *place)

    def _start_page(self) -> None:
        self._painter.start_page(self._paper.width, self._paper.height)

    def _end_page(self) -> None:
        self._canvas.showPage()
        self._pages += 1


def _until(
    cancelled: Callable[[], bool] | None, first: CardContent, rest: Iterator[CardContent]
) -> Iterator[CardContent]:
    yield first
    for content in rest:
        if cancelled is not None and cancelled():
            return
        yield content


def _shown(card: CardContent) -> CardContent:
    """Return the card in letters that the fonts have; a missing glyph would be an empty box."""
    name, village = printable(card.name), printable(card.village)
    is_same = (name, village) == (card.name, card.village)
    return card if is_same else replace(card, name=name, village=village)


def _shifted(place: tuple[float, float], shift: tuple[float, float]) -> tuple[float, float]:
    return (place[0] + shift[0], place[1] + shift[1])


def _canvas(paper: Sheet, settings: PaperSettings, sink: BinaryIO) -> ArchivalCanvas:
    canvas = ArchivalCanvas(
        sink,
        size=(paper.width * MM, paper.height * MM),
        title=text("cards.paper.document_title", settings.language),
        author=settings.regency_name,
        language=settings.language,
    )
    canvas.setViewerPreference("PrintScaling", "None")
    if paper.two_sided:
        canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge")
    return canvas
