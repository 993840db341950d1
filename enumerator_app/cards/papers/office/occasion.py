"""What all papers of the office share: in whose name, on which day, in which language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from enumerator_app.cards.papers import (
    Block,
    FormatName,
    Paper,
    Signature,
    day_in_full,
    grouped,
)
from enumerator_app.cards.papers import Letterhead as PaperHead
from enumerator_app.cards.papers.words import weekday
from enumerator_app.cards.verdict import in_words
from enumerator_app.domain.letterhead import Letterhead, Signer
from enumerator_app.texts import Language, catalogue, text

DOTS: Final = "…………………………"


class Ready(NamedTuple):
    """A paper before it is written."""

    paper: Paper
    blocks: Iterable[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When and in whose name a paper is written; `letter_number` may still be open."""

    settings: Letterhead
    day: date
    logo: bytes | None = None
    language: Language = "id"
    letter_number: str = ""
    format: FormatName = "a4"

    def say(self, key: str, **values: object) -> str:
        return text(f"letters.{key}", self.language, **values)

    def short_date(self, day: date) -> str:
        return in_words(day)

    def full_date(self, day: date | None = None) -> str:
        return day_in_full(day or self.day, self.language)

    @property
    def weekday(self) -> str:
        return weekday(self.day, self.language)

    @property
    def month(self) -> str:
        return text(f"papers.month.m{self.day.month}", self.language)

    def month_year(self, day: date) -> str:
        return f"{text(f'papers.month.m{day.month}', self.language)} {day.year}"

    def law(self, version: str) -> str:
        """Return the name of the law behind a table; its version, where none is written down."""
        key = f"letters.law.{version}"
        return text(key, self.language) if key in catalogue() else version

    def relation(self, relation: str) -> str:
        return text(f"heirs.relation_{relation}", self.language)

    def timeline(self, key: str, values: dict[str, str]) -> str:
        return text(f"timeline.{key}", self.language, **values).strip()

    def count(self, number: int) -> str:
        return grouped(number, self.language)

    def rupiah(self, amount: int) -> str:
        return f"Rp{grouped(amount, self.language)}"

    @property
    def head(self) -> PaperHead:
        return paper_head(self.settings, self.logo)

    @property
    def number_line(self) -> str:
        return self.say("number", number=self.letter_number or DOTS)

    @property
    def place_and_date(self) -> str:
        return self.head.date_line(self.day, self.language)

    @property
    def signer(self) -> Signature:
        """The head of the office."""
        return signature_of(self.settings.signer, self.say("signer"))

    @property
    def insurer_phone(self) -> str:
        return self.settings.insurer_phone or Letterhead().insurer_phone

    @property
    def help_desk(self) -> str:
        """Whom to ask."""
        phone = self.settings.posko_phone
        return self.say("help_desk", phone=phone) if phone else self.say("help_village")


def paper_head(settings: Letterhead, logo: bytes | None) -> PaperHead:
    """Return the settings as the engine draws them."""
    return PaperHead(
        government=settings.government,
        office=settings.office,
        address=settings.address,
        phone=settings.phone,
        email=settings.email,
        logo=logo,
        city=settings.city,
        signer_name=settings.signer.name,
        signer_title=settings.signer.title,
        signer_id=_identity(settings.signer),
        posko_phone=settings.posko_phone,
        complaint_phone=settings.complaint_phone,
        insurer_phone=settings.insurer_phone,
        ask_by=settings.ask_by,
    )


def signature_of(signer: Signer, role: str) -> Signature:
    """Return the place for a signature; `role` where the settings name no title."""
    return Signature(signer.title or role, signer.name, _identity(signer))


def _identity(signer: Signer) -> str:
    number = f"NIP. {signer.nip}" if signer.nip else ""
    return "\n".join(part for part in (signer.rank, number) if part)


def neighbourhood(rt: str, rw: str) -> str:
    """Return "RT.003/RW.001" without a blank: a line never ends inside it."""
    named = (("RT", rt), ("RW", rw))
    return "/".join(f"{name}.{value}" for name, value in named if value)


@dataclass(frozen=True, slots=True)
class Place:
    """A village as papers name it; outside the regency's list its code stands for its name."""

    village: str
    kind: str = "desa"
    district: str = ""
    code: str = ""

    def in_words(self, language: Language) -> str:
        """Return "Desa Karangharja, Kecamatan Pebayuran"."""
        kind = text(f"letters.kind_{self.kind}", language)
        if not self.district:
            return f"{kind} {self.village}"
        district = text("letters.kind_district", language)
        return f"{kind} {self.village}, {district} {self.district}"
