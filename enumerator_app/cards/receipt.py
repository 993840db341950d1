"""The same paper on a thermal roll of 58 or 80 mm: black only, no photo, as long as its text.

Everything stands on whole dots of a head with 8 dots a millimetre (203 dpi), and a module of the
code is a whole number of them: no module is a dot wider than its neighbour.
"""

from dataclasses import dataclass, replace
from typing import Final

from enumerator_app.cards.backs import ask_line, fixed_foot, insurer_line, whom_line
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.items import (
    BLACK,
    POINT_MM,
    QUIET_ZONE_MODULES,
    WHITE,
    Area,
    Box,
    Code,
    Colour,
    Frame,
    Hatch,
    Item,
    Weight,
    Words,
)
from enumerator_app.cards.layout import benefits_line, free_words, place_line, recorded_line
from enumerator_app.cards.qr import qr_modules
from enumerator_app.cards.typesetting import (
    Measure,
    Style,
    line,
    name_on_roll,
    wrap_evenly,
)
from enumerator_app.cards.verdict import in_words
from enumerator_app.texts import text

DOTS_PER_MM: Final = 8
DOT_MM: Final = 1 / DOTS_PER_MM
_LEADING_EM: Final = 1.2
_LARGEST_MODULE_DOTS: Final = 6
_PAUSE_MM: Final = 1.75
_PAD_MM: Final = 2.0
_STATUS_POINTS: Final = 14.0
_NAME_POINTS: Final = 16.0


@dataclass(frozen=True, slots=True)
class Roll:
    """A width of paper and the part of it that the printer's head reaches, in millimetres."""

    width: float
    printable: float

    @property
    def margin(self) -> float:
        return (self.width - self.printable) / 2


ROLL_58: Final = Roll(58.0, 48.0)
ROLL_80: Final = Roll(80.0, 72.0)


def receipt(
    content: CardContent, settings: PaperSettings, measure: Measure, roll: Roll = ROLL_80
) -> tuple[list[Item], float]:
    """Return what stands on the roll and its length in millimetres."""
    strip = _Strip(settings, measure, roll)
    strip.head(content)
    strip.person(content)
    strip.status(content)
    strip.code(content.seal)
    strip.advice(content)
    return strip.items, on_dot(strip.y + _PAUSE_MM)


def on_dot(millimetres: float) -> float:
    """Return the place of the nearest dot."""
    return round(millimetres * DOTS_PER_MM) / DOTS_PER_MM


def module_dots(modules: int, roll: Roll) -> int:
    """Return how many dots a module gets, so that code and quiet zone fit the head."""
    reach = int(roll.printable * DOTS_PER_MM)
    return min(reach // (modules + 2 * QUIET_ZONE_MODULES), _LARGEST_MODULE_DOTS)


class _Strip:
    """Items from the top down; `y` is where the next one goes."""

    def __init__(self, settings: PaperSettings, measure: Measure, roll: Roll) -> None:
        self.items: list[Item] = []
        self.y = _PAUSE_MM
        self._settings, self._measure, self._roll = settings, measure, roll
        self._left, self._wide = roll.margin, roll.printable

    def head(self, content: CardContent) -> None:
        said = self._settings.language
        regency = text("cards.paper.regency", said, regency=self._settings.regency_name)
        self._line(regency.upper(), 8.5, "semibold")
        self._lines(text(f"cards.paper.title_{content.kind}", said), 13, "bold")
        self._line(text("cards.paper.free_tag", said), 11, "bold")
        self.items.append(Area(self._across(on_dot(self.y + 0.5), 0.5), BLACK))
        self.y = on_dot(self.y + 3)

    def person(self, content: CardContent) -> None:
        said = self._settings.language
        for words in name_on_roll(content.name, _NAME_POINTS, self._wide, self._measure):
            self._line(words, _NAME_POINTS, "bold")
        self.y = on_dot(self.y + 1)
        self._line(text("cards.paper.number_label", said), 8, "regular")
        self._line(content.number, 15, "bold")
        if content.kpj:
            self._line(text("cards.paper.kpj_label", said), 8, "regular")
            self._line(content.kpj, 15, "bold")
        self._lines(place_line(content, self._settings), 10, "regular")
        if content.kind == "provisional":
            self._lines(recorded_line(content, self._settings), 10, "regular")
        if content.copy > 1:
            self._line(text("cards.paper.copy", said, copy=content.copy), 10, "semibold")
        self.y = on_dot(self.y + _PAUSE_MM)

    def status(self, content: CardContent) -> None:
        said, top, ground = self._settings.language, self.y, len(self.items)
        active = content.kind == "active"
        if active:
            note, ink = benefits_line(content.programmes, self._settings), WHITE
        else:
            note, ink = text("cards.paper.status_provisional_note", said), BLACK
        self.y = on_dot(top + (1.5 if active else 3.0))
        for words in self._status_words(content):
            self._line(words, _STATUS_POINTS, "black", ink, _PAD_MM)
        self._lines(note, 9.5, "semibold", ink, _PAD_MM)
        box = self._across(top, on_dot(self.y + 1.25) - top)
        self.items[ground:ground] = [Area(box, BLACK)] if active else _unsure(box)
        self.y = on_dot(box.bottom)

    def _status_words(self, content: CardContent) -> list[str]:
        """Return the status on one line, or on two that each make sense."""
        said = self._settings.language
        if content.kind == "active":
            since, to = in_words(content.cover_from), in_words(content.cover_to)
            whole = text("cards.paper.status_active", said, **{"from": since, "to": to})
            first, _, second = whole.partition(f"{since} ")
            halves = [f"{first}{since}", second]
        else:
            whole = text("cards.paper.status_provisional", said)
            first, _, second = whole.partition(". ")
            halves = [f"{first}.", second]
        wide = self._measure(whole, "black") * _STATUS_POINTS * POINT_MM
        return [whole] if wide <= self._wide - 2 * _PAD_MM else halves

    def code(self, seal: str) -> None:
        modules = len(qr_modules(seal))
        dots = module_dots(modules, self._roll)
        side, quiet = modules * dots * DOT_MM, QUIET_ZONE_MODULES * dots * DOT_MM
        left = on_dot((self._roll.width - side) / 2)
        self.items.append(Code(Box(left, self.y + quiet, side, side), seal))
        self.y += side + 2 * quiet

    def advice(self, content: CardContent) -> None:
        said, settings = self._settings.language, self._settings
        if content.kind == "active":
            self._line(text("cards.paper.accident_heading", said), 11, "bold")
            for number in (1, 2, 3):
                self._lines(text(f"cards.paper.accident_step_{number}", said), 10, "regular")
            self._pause()
            self._line(text("cards.paper.death_heading", said), 11, "bold")
            self._lines(text("cards.paper.death", said), 10, "regular")
            self._pause()
        else:
            self._line(text("cards.paper.when_heading", said), 11, "bold")
            self._lines(text("cards.paper.when", said), 10, "regular")
            self._pause()
        self._lines(free_words(content.kind, settings), 11, "bold")
        self._pause()
        if content.kind == "provisional":
            self._lines(ask_line(settings), 10, "regular")
        self._lines(whom_line(settings), 14, "bold")
        if content.kind == "active":
            self._line(insurer_line(settings), 14, "bold")
        self._pause()
        self._lines(fixed_foot(content.kind, content.printed_on, settings), 8.25, "regular")

    def _across(self, y: float, height: float) -> Box:
        return Box(self._left, y, self._wide, height)

    def _pause(self) -> None:
        self.y = on_dot(self.y + _PAUSE_MM)

    def _lines(
        self, said: str, size: float, weight: Weight, ink: Colour = BLACK, inset: float = 0.0
    ) -> None:
        width_em = (self._wide - 2 * inset) / (size * POINT_MM)
        for words in wrap_evenly(said, width_em, weight, self._measure):
            self._line(words, size, weight, ink, inset)

    def _line(
        self, said: str, size: float, weight: Weight, ink: Colour = BLACK, inset: float = 0.0
    ) -> None:
        height = on_dot(size * POINT_MM * _LEADING_EM)
        box = Box(self._left + inset, self.y, self._wide - 2 * inset, height)
        self.items.append(self._snapped(line(said, box, Style(size, weight, ink), self._measure)))
        self.y = on_dot(self.y + height)

    def _snapped(self, words: Words) -> Words:
        return replace(words, x=on_dot(words.x), baseline=on_dot(words.baseline))


def _unsure(box: Box) -> list[Item]:
    """A frame with a hatch along its top: recorded, not certain yet."""
    return [Frame(box, BLACK, 0.5), Hatch(Box(*box[:3], 2.0), BLACK, pitch=2.5, line=0.5)]
