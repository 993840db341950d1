"""What is printed on one card, and what is the same on all cards of an office."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from enumerator_app.cards.claims import PaperKind
from enumerator_app.texts import Language

VillageKind = Literal["desa", "kelurahan", "desa_adat"]
MAX_PHOTO_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """One person's card.

    An active card has KPJ and cover dates, a provisional paper has none of them; anything else
    raises ValueError, because the paper would say more than is true. So does a blank name.
    """

    kind: PaperKind
    name: str
    number: str
    village: str
    village_kind: VillageKind = "desa"
    district: str
    registered_on: date
    programmes: tuple[str, ...]
    photo: bytes | None
    """A JPEG; drawn as it is when it is RGB."""
    seal: str
    printed_on: date
    kpj: str | None = None
    cover_from: date | None = None
    cover_to: date | None = None
    copy: int = 1
    """2 prints "Salinan ke-2", and so on."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a card needs a name")
        cover = (self.kpj, self.cover_from, self.cover_to)
        if self.kind == "active" and not all(cover):
            raise ValueError("an active card needs KPJ and cover dates")
        if self.kind == "provisional" and any(cover):
            raise ValueError("a provisional paper claims no cover")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSettings:
    """The office's part of every paper. Offsets move the print, right and down, in millimetres."""

    regency_name: str
    posko_phone: str = ""
    """Empty: the paper sends people to the village office."""
    insurer_phone: str = "175"
    ask_by: date | None = None
    language: Language = "id"
    logo: bytes | None = None
    """A PNG or JPEG of the regency's own mark; without one a rice ear is drawn."""
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    back_offset_x_mm: float = 0.0
    """For duplex printers whose second side sits beside the first."""
    back_offset_y_mm: float = 0.0
