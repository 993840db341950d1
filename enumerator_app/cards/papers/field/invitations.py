"""Invitations: two on a sheet, one a person; the code leads to their line of the worklist."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import GREY_INK, HAIRLINE, INK, Area, Box, Code, Item
from enumerator_app.cards.papers.blocks import Block, Facts, Paragraph
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.flow import Placed, stacked
from enumerator_app.cards.papers.formats import FORMATS
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.piece import Setting, set_line
from enumerator_app.cards.papers.writing import Written, write_sheets
from enumerator_app.cards.typesetting import Style, line
from enumerator_app.texts import Language, text

_A4: Final = FORMATS["a4"]
_HALF: Final = _A4.height / 2
_SIDE: Final = 16.0
_TOP: Final = 9.0
_FOOT: Final = 12.0
_WIDE: Final = _A4.width - 2 * _SIDE
_QR: Final = 36.0
_BESIDE: Final = 8.0
_SIZES: Final = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.0, 6.0, 5.0)
_DASH: Final = 1.5
_HAIR: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One person of the worklist. `code` is what the QR says, `shown` how people write it."""

    name: str
    village: str
    """As it stands on the letter: "Kp. Pulo Asem RT 003/001, Desa Karangharja"."""
    code: str
    shown: str = ""


def write_invitations(
    people: Iterable[Invitation],
    visit: VisitContent,
    letterhead: Letterhead,
    output: Path | BinaryIO,
    language: Language,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write the letters as a PDF; `rows` of the answer are people. Read once, person by person.

    Raises:
        PaperNotWritten: the file could not be written.
    """
    counted = _Counted(people)
    pages = write_sheets(
        output,
        invitation_sheets(counted, visit, letterhead, language),
        form="a4",
        title=text("papers.invitation.title", language),
        author=letterhead.government,
        language=language,
        under=_middle_line(language),
        cancelled=cancelled,
    )
    return Written(pages, counted.count if pages else 0)


def invitation_sheets(
    people: Iterable[Invitation], visit: VisitContent, letterhead: Letterhead, language: Language
) -> Iterator[list[Placed]]:
    """Yield the letters of each sheet."""
    upcoming = iter(people)
    while pair := list(islice(upcoming, 2)):
        yield [
            placed
            for half, person in enumerate(pair)
            for placed in _letter(person, visit, letterhead, language, half * _HALF)
        ]


class _Counted:
    def __init__(self, people: Iterable[Invitation]) -> None:
        self._people = people
        self.count = 0

    def __iter__(self) -> Iterator[Invitation]:
        for person in self._people:
            self.count += 1
            yield person


def _letter(
    person: Invitation, visit: VisitContent, letterhead: Letterhead, language: Language, top: float
) -> list[Placed]:
    """Return one letter; a long name makes all of it smaller, never cut."""
    room = _HALF - _TOP - _FOOT
    for size in _SIZES:
        placed, height = _body(person, visit, letterhead, language, size)
        if height <= room:
            break
    moved = [Placed(x + _SIDE, y + top + _TOP, items) for x, y, items in placed]
    return [*moved, Placed(_SIDE, top + _HALF - _FOOT, tuple(_foot(letterhead, language)))]


def _body(
    person: Invitation, visit: VisitContent, letterhead: Letterhead, language: Language, size: float
) -> tuple[list[Placed], float]:
    wide = Setting(_WIDE, _HALF, size, language, measure)
    head, top = stacked(
        [
            letterhead,
            Paragraph(_said("title", language).upper(), size + 3, "bold", "centre", gap=4),
        ],
        wide,
    )
    narrow = Setting(_WIDE - _QR - _BESIDE, _HALF, size, language, measure)
    text_part, text_height = stacked(_sentences(person, visit, language), narrow)
    body_top = top + 3.0
    beside = Placed(_WIDE - _QR, body_top, tuple(_code(person, language)))
    placed = [Placed(x, y + body_top, items) for x, y, items in text_part]
    return [*head, *placed, beside], body_top + max(text_height, _QR + 10.0)


def _sentences(person: Invitation, visit: VisitContent, language: Language) -> list[Block]:
    bring = (_said("bring", language), _said("bring_what", language))
    return [
        Paragraph(_said("to", language)),
        Paragraph(person.name, weight="bold", gap=0.4),
        Paragraph(person.village, gap=0.4),
        Paragraph(_said("body", language), gap=3.0),
        Facts((*visit.facts(language), bring), value_weight="semibold"),
        Paragraph(_said("not_yet", language), gap=3.0),
    ]


def _code(person: Invitation, language: Language) -> list[Item]:
    inset = 5.0  # the quiet zone
    box = Box(inset, inset, _QR - 2 * inset, _QR - 2 * inset)
    below = Box(0, _QR, _QR, 5.0)
    shown = person.shown or person.code
    label = Box(0, _QR + 5.4, _QR, 4.0)
    return [
        Code(box, person.code),
        _centred(shown, below, Style(11, "semibold", INK)),
        _centred(_said("code", language), label, Style(8.5, "regular", GREY_INK)),
    ]


def _centred(said: str, box: Box, style: Style) -> Item:
    size = line(said, box, style, measure).size
    return set_line(said, box, size, style.weight, measure, "centre", style.colour)


def _foot(letterhead: Letterhead, language: Language) -> list[Item]:
    free = f"{text('papers.free', language)} {letterhead.complaint(language)}"
    box = Box(0, 1.4, _WIDE, 4.4)
    return [
        Area(Box(0, 0, _WIDE, _HAIR), HAIRLINE),
        line(free, box, Style(10, "semibold", INK), measure),
    ]


def _middle_line(language: Language) -> list[Item]:
    dashes = int(_A4.width / (2 * _DASH)) - 6
    cuts: list[Item] = [
        Area(Box(9 + n * 2 * _DASH, _HALF, _DASH, _HAIR), GREY_INK) for n in range(dashes)
    ]
    said = text("papers.invitation.cut", language)
    return [
        *cuts,
        line(said, Box(9, _HALF - 3.6, 60, 3.2), Style(7.5, "regular", GREY_INK), measure),
    ]


def _said(name: str, language: Language) -> str:
    return text(f"papers.invitation.{name}", language)
