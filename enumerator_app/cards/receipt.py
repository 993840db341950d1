"""The same paper on an 80 mm thermal roll: black only, no photo, as long as its text."""

from typing import Final

from enumerator_app.cards.backs import ask_line, fixed_foot, whom_line
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.items import (
    BLACK,
    POINT_MM,
    WHITE,
    Area,
    Box,
    Code,
    Colour,
    Frame,
    Hatch,
    Item,
    Weight,
)
from enumerator_app.cards.layout import benefits_line, place_line, recorded_line
from enumerator_app.cards.typesetting import Measure, Style, line, name_lines, wrap_evenly
from enumerator_app.cards.verdict import in_words
from enumerator_app.texts import text

RECEIPT_WIDTH: Final = 80.0
_MARGIN: Final = 4.5  # printers of this width reach 72 mm
_WIDE: Final = RECEIPT_WIDTH - 2 * _MARGIN
_LEADING_EM: Final = 1.2
_QR_MM: Final = 38.0
_PAUSE_MM: Final = 1.6
_STRIP_MM: Final = 16.4


def receipt(
    content: CardContent, settings: PaperSettings, measure: Measure
) -> tuple[list[Item], float]:
    """Return what stands on the roll and its length in millimetres."""
    roll = _Roll(settings, measure)
    roll.head(content)
    roll.person(content)
    roll.status(content)
    roll.code(content.seal)
    roll.advice(content)
    return roll.items, roll.y + _MARGIN


class _Roll:
    """Items from the top down; `y` is where the next one goes."""

    def __init__(self, settings: PaperSettings, measure: Measure) -> None:
        self.items: list[Item] = []
        self.y = _MARGIN
        self._settings, self._measure = settings, measure

    def head(self, content: CardContent) -> None:
        said = self._settings.language
        regency = text("cards.paper.regency", said, regency=self._settings.regency_name)
        self._line(regency.upper(), 8.5, "semibold")
        self._line(text(f"cards.paper.title_{content.kind}", said), 13, "bold")
        self.items.append(Area(Box(_MARGIN, self.y + 0.6, _WIDE, 0.5), BLACK))
        self.y += 3.0

    def person(self, content: CardContent) -> None:
        said = self._settings.language
        lines = name_lines(content.name, Box(_MARGIN, self.y, _WIDE, 11), BLACK, self._measure)
        self.items += lines
        self.y = lines[-1].baseline + 2.4
        self._line(text("cards.paper.number_label", said), 8, "regular")
        self._line(content.number, 15, "bold")
        if content.kpj:
            self._line(text("cards.paper.kpj_label", said), 8, "regular")
            self._line(content.kpj, 15, "bold")
        self._line(place_line(content, self._settings), 10, "regular")
        if content.kind == "provisional":
            self._line(recorded_line(content, self._settings), 10, "regular")
        if content.copy > 1:
            self._line(text("cards.paper.copy", said, copy=content.copy), 10, "semibold")
        self.y += 1.6

    def status(self, content: CardContent) -> None:
        said, strip = self._settings.language, Box(_MARGIN, self.y, _WIDE, _STRIP_MM)
        if content.kind == "active":
            dates = {"from": in_words(content.cover_from), "to": in_words(content.cover_to)}
            status = text("cards.paper.status_active", said, **dates)
            note, ink = benefits_line(content.programmes, self._settings), WHITE
            self.items.append(Area(strip, BLACK))
        else:
            status = text("cards.paper.status_provisional", said)
            note, ink = text("cards.paper.status_provisional_note", said), BLACK
            hatch = Box(strip.x, strip.y, strip.width, 1.8)
            self.items += [Frame(strip, BLACK, 0.5), Hatch(hatch, BLACK, pitch=2.4, line=0.5)]
        self.items += self._in_strip(strip, status, note, ink)
        self.y = strip.bottom + 4.0

    def code(self, seal: str) -> None:
        self.items.append(Code(Box((RECEIPT_WIDTH - _QR_MM) / 2, self.y, _QR_MM, _QR_MM), seal))
        self.y += _QR_MM + 4.0

    def advice(self, content: CardContent) -> None:
        said, settings = self._settings.language, self._settings
        if content.kind == "active":
            self._line(text("cards.paper.accident_heading", said), 11, "bold")
            for number in (1, 2, 3):
                self._line(text(f"cards.paper.accident_step_{number}", said), 10, "regular")
            self.y += _PAUSE_MM
            self._line(text("cards.paper.death_heading", said), 11, "bold")
            self._paragraph(text("cards.paper.death", said), 10)
        else:
            self._line(text("cards.paper.when_heading", said), 11, "bold")
            self._paragraph(text("cards.paper.when", said), 10)
            self._line(text("cards.paper.free_heading", said), 11, "bold")
            self._paragraph(text("cards.paper.free", said), 10)
            self._line(ask_line(settings), 10, "regular")
        self._line(whom_line(settings), 14, "bold")
        if content.kind == "active":
            self._line(text("cards.paper.insurer", said, phone=settings.insurer_phone), 14, "bold")
        self.y += _PAUSE_MM / 2
        self._paragraph(fixed_foot(content.kind, content.printed_on, settings), 8.25)

    def _in_strip(self, strip: Box, status: str, note: str, ink: Colour) -> list[Item]:
        inner = Box(strip.x + 2, strip.y + 2.8, strip.width - 4, 6.2)
        below = Box(inner.x, inner.bottom + 0.6, inner.width, 4.4)
        return [
            line(status, inner, Style(14, "black", ink), self._measure),
            line(note, below, Style(9.5, "semibold", ink), self._measure),
        ]

    def _line(self, said: str, size: float, weight: Weight) -> None:
        height = size * POINT_MM * _LEADING_EM
        box = Box(_MARGIN, self.y, _WIDE, height)
        self.items.append(line(said, box, Style(size, weight, BLACK), self._measure))
        self.y += height

    def _paragraph(self, said: str, size: float) -> None:
        for words in wrap_evenly(said, _WIDE / (size * POINT_MM), "regular", self._measure):
            self._line(words, size, "regular")
        self.y += _PAUSE_MM
