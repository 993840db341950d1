"""Queue slips: ten on a sheet, to be cut. The number is called, the QR is held into photos."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import GREY_INK, INK, Area, Box, Code, Item
from enumerator_app.cards.papers.field.visit import NO_VISIT, VisitContent
from enumerator_app.cards.papers.flow import Placed
from enumerator_app.cards.papers.formats import FORMATS
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.writing import write_sheets
from enumerator_app.cards.typesetting import Style, line
from enumerator_app.cards.verdict import in_words
from enumerator_app.domain.tickets import NO_PLACE, Ticket, place_key, ticket_words
from enumerator_app.texts import Language, text

A_SHEET: Final = 10
_COLUMNS: Final = 2
_WIDTH: Final = 95.0
_HEIGHT: Final = 56.0
_LEFT: Final = (FORMATS["a4"].width - _COLUMNS * _WIDTH) / 2
_TOP: Final = (FORMATS["a4"].height - A_SHEET // _COLUMNS * _HEIGHT) / 2
_PAD: Final = 4.0
_WIDE: Final = _WIDTH - 2 * _PAD
_QR: Final = Box(_WIDTH - 5.2 - 26.0, 11.8, 26.0, 26.0)  # with its quiet zone all around
_NUMBER: Final = Box(_PAD, 9.8, _QR.x - 6.0 - _PAD, 27.0)
_DASH: Final = 1.5
_HAIR: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsContent:
    """Slips `start` to `start + count - 1` of one place and day; without them, of any."""

    count: int
    start: int = 1
    visit: VisitContent = NO_VISIT
    village_code: str = ""
    letterhead: Letterhead

    @property
    def place_key(self) -> str:
        if self.village_code and self.visit.day:
            return place_key(self.village_code, self.visit.day)
        return NO_PLACE

    def tickets(self) -> list[Ticket]:
        """Return the slips in their order."""
        return [Ticket(self.place_key, self.start + n) for n in range(self.count)]


def write_tickets(
    content: TicketsContent,
    output: Path | BinaryIO,
    language: Language,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write the slips as a PDF and return its pages.

    Raises:
        PaperNotWritten: the file could not be written.
    """
    return write_sheets(
        output,
        ticket_sheets(content, language),
        form="a4",
        title=text("papers.tickets.title", language),
        author=content.letterhead.government,
        language=language,
        under=cutting_lines(language),
        cancelled=cancelled,
    )


def ticket_sheets(content: TicketsContent, language: Language) -> Iterator[list[Placed]]:
    """Yield the slips of each sheet. Low numbers lie on top when sheets are cut one by one."""
    tickets = content.tickets()
    for first in range(0, len(tickets), A_SHEET):
        yield [
            Placed(*_corner(place), tuple(_slip(ticket, content, language)))
            for place, ticket in enumerate(tickets[first : first + A_SHEET])
        ]


def cutting_lines(language: Language) -> list[Item]:
    """Return the lines to cut along, for the whole sheet, and what to do with them."""
    rows = A_SHEET // _COLUMNS
    xs = [_LEFT + n * _WIDTH for n in range(_COLUMNS + 1)]
    ys = [_TOP + n * _HEIGHT for n in range(rows + 1)]
    said = text("papers.tickets.cut", language)
    box = Box(_LEFT, 3.4, _COLUMNS * _WIDTH, 3.0)
    lines: list[Item] = [line(said, box, Style(8, "regular", GREY_INK), measure)]
    for x in xs:
        lines += [Area(Box(x, y, _HAIR, _DASH), GREY_INK) for y in _dashes(ys[0], ys[-1])]
    for y in ys:
        lines += [Area(Box(x, y, _DASH, _HAIR), GREY_INK) for x in _dashes(xs[0], xs[-1])]
    return lines


def _dashes(start: float, end: float) -> list[float]:
    return [start + n * 2 * _DASH for n in range(int((end - start) / (2 * _DASH)) + 1)]


def _corner(place: int) -> tuple[float, float]:
    row, column = divmod(place, _COLUMNS)
    return _LEFT + column * _WIDTH, _TOP + row * _HEIGHT


def _slip(ticket: Ticket, content: TicketsContent, language: Language) -> list[Item]:
    visit, bold = content.visit, Style(10, "semibold", INK)
    plain = Style(9, "regular", INK)
    where = visit.place_words(language) or text("papers.tickets.where", language)
    when = in_words(visit.day) or text("papers.tickets.when", language)
    keep = text("papers.tickets.keep", language)
    below = f"{keep} {content.letterhead.complaint(language)}"
    under_number = Box(_PAD, 42.5, _NUMBER.width, 3.6)
    under_code = Box(_QR.x - 6, _QR.bottom + 5.0, _WIDTH - _PAD - _QR.x + 6, 3.4)
    return [
        line(text("papers.tickets.label", language), Box(_PAD, 2.6, 45, 4), bold, measure),
        line(when, Box(_PAD + 46, 2.6, _WIDE - 46, 4), bold, measure, to_right=True),
        line(where, Box(_PAD, 6.6, _QR.x - _PAD - 6, 3.6), plain, measure),
        line(ticket_words(ticket.number), _NUMBER, Style(96, "black", INK), measure),
        Code(_QR, ticket.code),
        line(ticket.code, under_code, Style(8.5, "regular", INK), measure, to_right=True),
        line(text("papers.tickets.not_a_card", language), under_number, plain, measure),
        line(text("papers.free", language), Box(_PAD, 46.4, _WIDE, 4), bold, measure),
        line(below, Box(_PAD, 50.4, _WIDE, 3.6), plain, measure),
    ]
