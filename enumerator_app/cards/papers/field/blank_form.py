"""The registration form on paper, for when there is no power: in the order of the screen.

One page a person, each with a number of its own. Letters beside the boxes are those of the keys.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from enumerator_app.cards.emblem import rice_ear
from enumerator_app.cards.fonts import measure
from enumerator_app.cards.items import GREEN, GREY_INK, INK, Area, Box, Code, Frame, Item, Logo
from enumerator_app.cards.papers.field.form_marks import (
    BOX_MM,
    LABEL_MM,
    digits,
    digits_width,
    field,
    hand_box,
    label,
    paragraphs,
    ticks,
)
from enumerator_app.cards.papers.field.visit import NO_VISIT, VisitContent
from enumerator_app.cards.papers.flow import Placed
from enumerator_app.cards.papers.formats import FORMATS
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.writing import Written, write_sheets
from enumerator_app.cards.typesetting import Style, line
from enumerator_app.domain.registration import PROGRAMMES
from enumerator_app.domain.tickets import FormNumber
from enumerator_app.texts import Language, text

_A4: Final = FORMATS["a4"]
_LEFT: Final = 14.0
_WIDE: Final = _A4.width - 2 * _LEFT
_RIGHT: Final = _LEFT + _WIDE
_TOP: Final = 9.0
_GAP: Final = 3.0
_ROW: Final = LABEL_MM + BOX_MM + 3.4
_QR: Final = 16.0
_HEIRS: Final = 3
_SMALL_DIGIT: Final = 5.6
_OPTIONS: Final = {
    "document_seen": ("KK", "suket", "none"),
    "sex": ("L", "P"),
    "works_now": ("working", "ill", "stopped"),
    "relation": ("spouse", "child", "other"),
    "consent_method": ("group", "signature", "thumbprint", "verbal"),
    "witness_role": ("mandor", "ketua_kelompok", "RT", "keluarga"),
}
_NO_PHOTO: Final = ("later", "no_camera", "refused", "face_covered", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankFormContent:
    """Forms for the people of one visit; what is known of it is filled in."""

    letterhead: Letterhead
    numbers: Iterable[FormNumber]
    visit: VisitContent = NO_VISIT
    occupation: str = ""
    workplace: str = ""
    consent_version: str
    consent_paragraphs: Sequence[str]


def write_forms(
    content: BlankFormContent,
    output: Path | BinaryIO,
    language: Language,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write a page for each number as a PDF.

    Raises:
        PaperNotWritten: the file could not be written.
    """
    pages = write_sheets(
        output,
        form_sheets(content),
        form="a4",
        title=_said("title", language),
        author=content.letterhead.government,
        language=language,
        under=same_on_all(content, language),
        cancelled=cancelled,
    )
    return Written(pages, pages)


def form_sheets(content: BlankFormContent) -> Iterator[list[Placed]]:
    """Yield what differs from page to page: number and code."""
    for number in content.numbers:
        at = Box(_RIGHT - _QR, _TOP + 1.0, _QR, _QR)
        words = Box(_RIGHT - _QR - 63, _TOP + 11.0, 59, 5.0)
        shown = Style(13, "bold", INK)
        items: list[Item] = [
            Code(at, number.code),
            line(number.shown, words, shown, measure, to_right=True),
        ]
        yield [Placed(0, 0, tuple(items))]


def same_on_all(content: BlankFormContent, language: Language) -> list[Item]:
    """Return all of a form but its number and code."""
    sheet = _Sheet(content, language)
    sheet.head()
    sheet.group()
    sheet.person()
    sheet.work()
    sheet.heirs()
    sheet.consent()
    sheet.signatures()
    sheet.foot()
    return sheet.items


class _Sheet:
    """Items from the top down; `y` is where the next row goes."""

    def __init__(self, content: BlankFormContent, language: Language) -> None:
        self.items: list[Item] = []
        self.y = _TOP
        self._content, self._language = content, language

    def head(self) -> None:
        letterhead, mark = self._content.letterhead, Box(_LEFT, _TOP, 16, 16)
        self.items += _mark(letterhead, mark)
        x, wide = _LEFT + 20, 90.0
        title = Style(14, "bold", INK)
        who = (letterhead.office or letterhead.government).upper()
        self.items += [
            line(who, Box(x, _TOP + 0.6, wide, 4), Style(9, "semibold", INK), measure),
            line(self._said("title").upper(), Box(x, _TOP + 5, wide, 6), title, measure),
            line(self._said("how"), Box(x, _TOP + 11.6, 74, 4), Style(9, "regular", INK), measure),
            line(
                self._said("number"),
                Box(_RIGHT - _QR - 63, _TOP + 6.4, 59, 4),
                Style(8.5, "regular", GREY_INK),
                measure,
                to_right=True,
            ),
        ]
        self.y = _TOP + 21.5
        self._rule()

    def group(self) -> None:
        visit = self._content.visit
        day = f"{visit.day:%d%m%Y}" if visit.day else ""
        date_side = _SMALL_DIGIT
        date_x = _RIGHT - digits_width((2, 2, 4), date_side)
        ticket_x = date_x - 5 - digits_width((3,), date_side)
        where = visit.place_words(self._language)
        self.items += field(self._label("village"), _LEFT, self.y, ticket_x - 5 - _LEFT, where)
        self.items += digits(self._said("ticket"), ticket_x, self.y, (3,), side=date_side)
        self.items += digits(self._said("day"), date_x, self.y, (2, 2, 4), day, side=date_side)
        self.y += _ROW
        job, place = self._content.occupation, self._content.workplace
        self.items += field(self._field("occupation"), _LEFT, self.y, 36, job)
        self.items += field(self._field("workplace"), _LEFT + 39, self.y, 48, place)
        self.items += field(self._field("monthly_income"), _LEFT + 90, self.y, 40)
        programmes = [text(f"form.programme.{name}", self._language) for name in PROGRAMMES]
        said = self._said("programmes")
        self.items += ticks(said, _LEFT + 133, self.y, programmes, right=_RIGHT)
        self.y += _ROW + 0.6
        self._rule()

    def person(self) -> None:
        y = self.y
        again = _LEFT + digits_width((6, 6, 4)) + 6
        self.items += digits(self._field("nik"), _LEFT, y, (6, 6, 4))
        self.items += digits(self._said("nik_again"), again, y, (4,))
        self.y += _ROW
        self._ticks("document_seen", _LEFT, _RIGHT, beside=True, extra="KTP")
        self.y += BOX_MM
        self.items += field(self._field("name"), _LEFT, self.y, 118)
        self._ticks("sex", _LEFT + 122, _RIGHT)
        self.y += _ROW
        self.items += field(self._field("birth_place"), _LEFT, self.y, 62)
        date = digits_width((2, 2, 4), _SMALL_DIGIT)
        self.items += digits(
            self._field("birth_date"), _LEFT + 66, self.y, (2, 2, 4), side=_SMALL_DIGIT
        )
        self.items += field(
            self._field("mother_name"), _LEFT + 70 + date, self.y, _WIDE - 70 - date
        )
        self.y += _ROW
        rt = digits_width((3, 3), _SMALL_DIGIT)
        phone_side = 5.2
        phone = digits_width((4, 4, 5), phone_side)
        self.items += field(self._field("address"), _LEFT, self.y, _WIDE - rt - phone - 8)
        rt_x = _RIGHT - rt - phone - 4
        self.items += digits(self._field("rt_rw"), rt_x, self.y, (3, 3), side=_SMALL_DIGIT)
        self.items += digits(
            self._field("phone"), _RIGHT - phone, self.y, (4, 4, 5), side=phone_side
        )
        self.y += _ROW - 2.0
        owners = text("form.phone_owner_letters", self._language).split()
        names = ("self", "family", "neighbour", "village")
        options = [
            f"{text(f'form.phone_of.{name}', self._language)}|{letter}"
            for name, letter in zip(names, owners, strict=True)
        ]
        none = f"{text('form.none', self._language)}|-"
        said = self._said("phone_owner")
        self.items += ticks(said, _LEFT, self.y, [*options, none], right=_RIGHT, beside=True)
        self.y += BOX_MM + 0.4

    def work(self) -> None:
        since = digits_width((4,), _SMALL_DIGIT)
        self._ticks("works_now", _LEFT, _RIGHT - since - 24, beside=True)
        said = self._field("works_since")
        x = _RIGHT - since
        self.items.append(label(said, x - 23, self.y + 2.0, 22))
        self.items += digits("", x, self.y - LABEL_MM, (4,), side=_SMALL_DIGIT)[1:]
        self.y += BOX_MM + _GAP - 1.4
        self._rule()

    def heirs(self) -> None:
        self.items.append(label(self._said("heirs"), _LEFT, self.y, _WIDE))
        self.y += LABEL_MM
        relation, name, age = 76.0, 80.0, 22.0
        heads = ((self._field("heir_name"), relation + 2), (self._field("heir_born"), 160.0))
        self.items += [label(said, _LEFT + x, self.y, 90) for said, x in heads]
        self.y += LABEL_MM
        for _ in range(_HEIRS):
            options = self._options("relation")
            top = self.y
            at = _LEFT + relation
            self.items += ticks("", _LEFT, top - LABEL_MM, options, right=at - 16)[1:]
            self.items.append(Area(Box(at - 15, top + BOX_MM - 1.6, 14, 0.2), INK))
            self.items += field("", _LEFT + relation + 2, top - LABEL_MM, name)[1:]
            self.items += field("", _RIGHT - age, top - LABEL_MM, age)[1:]
            self.y += BOX_MM + 1.0
        options = [text(f"form.no_photo.{reason}", self._language) for reason in _NO_PHOTO]
        said = self._said("photo")
        taken = self._said("photo_taken")
        self.items += ticks(said, _LEFT, self.y, [taken, *options], right=_RIGHT, beside=True)
        self.y += BOX_MM + 0.6
        self._rule()

    def consent(self) -> None:
        content = self._content
        said = text("papers.consent.read", self._language, version=content.consent_version)
        self.items.append(label(said, _LEFT, self.y, _WIDE))
        self.y += LABEL_MM
        room = Box(_LEFT, self.y, _WIDE, 0)
        lines, self.y = paragraphs(content.consent_paragraphs, room, self._consent_size())
        self.items += lines
        self._ticks("consent_method", _LEFT, _RIGHT, beside=True)
        self.y += BOX_MM + 0.6

    def _consent_size(self) -> float:
        """Return the size at which the consent text leaves room for what comes below it."""
        size = 9.5
        room = Box(_LEFT, self.y, _WIDE, 0)
        while size > 6:
            _, end = paragraphs(self._content.consent_paragraphs, room, size)
            if end + BOX_MM + 26 + 8 <= _A4.height - 13:
                break
            size -= 0.25
        return size

    def signatures(self) -> None:
        bottom = _A4.height - 14.0
        height = min(bottom - self.y, 36.0)
        hand = Box(_LEFT, self.y, 38, height)
        thumb = Box(hand.right + 2, self.y, 26, height)
        x = thumb.right + 4
        self.items += hand_box(self._said("hand"), hand)
        self.items += hand_box(self._said("thumb"), thumb)
        self.items += field(self._field("consent_witness"), x, self.y - 1.0, _RIGHT - 36 - x)
        self.items += hand_box(self._said("witness_hand"), Box(_RIGHT - 33, self.y, 33, height))
        roles = self._options("witness_role")
        below = self.y + _ROW - 2.4
        said = self._field("witness_role")
        self.items += ticks(said, x, below, roles, right=_RIGHT - 36)
        self.y += height + 1.0

    def foot(self) -> None:
        free = text("papers.free", self._language)
        said = f"{free} {self._content.letterhead.complaint(self._language)}"
        not_yet = self._said("not_yet")
        y = _A4.height - 12.0
        self.items += [
            line(f"{not_yet} {said}", Box(_LEFT, y, _WIDE, 4), Style(9, "semibold", INK), measure)
        ]

    def _ticks(
        self, name: str, x: float, right: float, *, beside: bool = False, extra: str = ""
    ) -> None:
        options = [extra, *self._options(name)] if extra else self._options(name)
        said = self._field(name)
        self.items += ticks(said, x, self.y, options, right=right, beside=beside)

    def _options(self, name: str) -> list[str]:
        return [text(f"form.option.{name}.{value}", self._language) for value in _OPTIONS[name]]

    def _rule(self) -> None:
        self.items.append(Area(Box(_LEFT, self.y - 1.2, _WIDE, 0.3), INK))
        self.y += 0.6

    def _field(self, name: str) -> str:
        return text(f"form.label.{name}", self._language)

    def _label(self, name: str) -> str:
        return text(f"papers.visit.{name}", self._language)

    def _said(self, name: str) -> str:
        return _said(name, self._language)


def _mark(letterhead: Letterhead, box: Box) -> list[Item]:
    if letterhead.logo is not None:
        return [Logo(box, letterhead.logo)]
    return [Frame(box, GREEN, 0.5, radius=2.2), *rice_ear(box, GREEN)]


def _said(name: str, language: Language) -> str:
    return text(f"papers.form.{name}", language)
