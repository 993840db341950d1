"""What is shown to everybody before the first person: four pages, and no word about anyone."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.domain.benefit_words import sums
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.programme import ProgrammeTables
from enumerator_app.texts import text

_PICTURES: Final = ("umbrella", "first-aid-kit", "users-three", "hand-palm")
_POINTS: Final = 3


@dataclass(frozen=True, slots=True)
class Point:
    said: str
    detail: str


@dataclass(frozen=True, slots=True)
class BenefitPage:
    """The heading has two lines; the second one carries the message."""

    picture: str
    heading: str
    message: str
    remark: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class BenefitsState:
    """`contact` is whom to ask; `source` names the dated table behind the sums."""

    pages: tuple[BenefitPage, ...]
    contact: str
    source: str
    at: int = 0

    @property
    def page(self) -> BenefitPage:
        return self.pages[self.at]

    @property
    def is_first(self) -> bool:
        return self.at == 0

    @property
    def is_last(self) -> bool:
        return self.at == len(self.pages) - 1


def benefits_state(
    tables: ProgrammeTables, today: date, posko_phone: str, *, at: int = 0
) -> BenefitsState:
    """Return the pages with the sums that hold on `today`.

    Raises:
        LookupError: no table holds on that day.
    """
    values = {**sums(tables, today), "date": shown_date(today)}
    pages = tuple(_page(number, values) for number in range(1, len(_PICTURES) + 1))
    contact = "benefits.contact" if posko_phone else "benefits.contact_village"
    version = tables.benefits_on(today).validity.version
    source = text("benefits.source", version=version, date=shown_date(today))
    return BenefitsState(pages, text(contact, phone=posko_phone), source, at)


def _page(number: int, values: dict[str, str]) -> BenefitPage:
    def said(part: str) -> str:
        return text(f"benefits.page_{number}.{part}", None, **values)

    points = tuple(
        Point(said(f"point_{place}"), said(f"detail_{place}")) for place in range(1, _POINTS + 1)
    )
    return BenefitPage(
        _PICTURES[number - 1], said("heading"), said("message"), said("remark"), points
    )
