"""Who writes: the head of an official paper, and whom its reader may call."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.cards.emblem import rice_ear
from enumerator_app.cards.items import GREEN, INK, POINT_MM, Area, Box, Frame, Item, Logo, Weight
from enumerator_app.cards.papers.piece import Piece, Setting, leading_mm, set_line
from enumerator_app.cards.papers.words import day_in_full
from enumerator_app.cards.typesetting import wrap_breaking
from enumerator_app.texts import Language, text

_MARK: Final = 19.0
_BESIDE: Final = 4.0
_THICK: Final = 0.7
_THIN: Final = 0.2
_LEAST: Final = 8.5  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The office as its papers name it. Only `government` is needed; what is empty is left out."""

    government: str
    """"Pemerintah Kabupaten Bekasi"; set in capitals."""
    office: str = ""
    """"Dinas Ketenagakerjaan"; set in capitals."""
    address: str = ""
    phone: str = ""
    email: str = ""
    logo: bytes | None = None
    """A PNG or JPEG of the office's own mark; without one a rice ear is drawn."""
    city: str = ""
    """Where papers are signed, for the date line."""
    signer_name: str = ""
    signer_title: str = ""
    signer_id: str = ""
    """The signer's number with its word: "NIP. 19700101 199503 1 001"."""
    posko_phone: str = ""
    """Empty: papers send people to the village office."""
    complaint_phone: str = ""
    """Empty: complaints go to the help desk."""
    insurer_phone: str = "175"
    ask_by: date | None = None

    def date_line(self, day: date, language: Language | None = None) -> str:
        """Return "Cikarang Pusat, 22 November 2026"."""
        said = day_in_full(day, language)
        return f"{self.city}, {said}" if self.city else said

    def complaint(self, language: Language | None = None) -> str:
        """Return whom to tell if somebody asks for money."""
        if phone := self.complaint_phone or self.posko_phone:
            return text("papers.complaint", language, phone=phone)
        return text("papers.complaint_village", language)

    def pieces(self, setting: Setting) -> Iterator[Piece]:
        """Give the head as the first block of a paper."""
        mark = _MARK if setting.width > 140 else _MARK * 0.74
        inset = mark + _BESIDE
        middle = Box(inset, 0, setting.width - 2 * inset, 0)
        lines, bottom = self._lines(middle, setting)
        height = max(bottom, mark)
        top = (height - bottom) / 2
        moved = [(said, _down(box, top), size, weight) for said, box, size, weight in lines]
        words: list[Item] = [
            set_line(said, box, size, weight, setting.measure, "centre")
            for said, box, size, weight in moved
        ]
        rule = height + 2.0
        rules = [
            Area(Box(0, rule, setting.width, _THICK), INK),
            Area(Box(0, rule + _THICK + 0.6, setting.width, _THIN), INK),
        ]
        emblem = Box(0, (height - mark) / 2, mark, mark)
        yield Piece(rule + _THICK + 0.6 + _THIN, (*self._mark(emblem), *words, *rules))

    def _mark(self, box: Box) -> list[Item]:
        if self.logo is not None:
            return [Logo(box, self.logo)]
        return [Frame(box, GREEN, 0.5, radius=2.5), *rice_ear(box, GREEN)]

    def _lines(
        self, box: Box, setting: Setting
    ) -> tuple[list[tuple[str, Box, float, Weight]], float]:
        size = setting.size
        wanted: list[tuple[str, float, Weight]] = [
            (self.government.upper(), size + (1 if self.office else 4), "semibold"),
            (self.office.upper(), size + 4, "bold"),
            (self.address, max(size - 2, _LEAST), "regular"),
            (self._call(setting.language), max(size - 2, _LEAST), "regular"),
        ]
        lines: list[tuple[str, Box, float, Weight]] = []
        top = 0.0
        for said, points, weight in wanted:
            room = box.width / (points * POINT_MM)
            for line in wrap_breaking(said, room, weight, setting.measure) if said else []:
                lines.append((line, _down(box, top), points, weight))
                top += leading_mm(points) * 0.93
        return lines, top

    def _call(self, language: Language) -> str:
        phone = text("papers.phone", language, phone=self.phone) if self.phone else ""
        return " · ".join(part for part in (phone, self.email) if part)


def _down(box: Box, by: float) -> Box:
    return Box(box.x, box.y + by, box.width, box.height)
