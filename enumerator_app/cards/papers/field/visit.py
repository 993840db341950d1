"""Where and when: what all papers of one day in a village say alike."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.cards.content import VillageKind
from enumerator_app.cards.papers.words import day_in_full, weekday
from enumerator_app.texts import Language, text


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitContent:
    """One day at one place. What is empty is left to be written by hand, or left out."""

    village: str = ""
    village_kind: VillageKind = "desa"
    district: str = ""
    day: date | None = None
    place: str = ""
    """The hall or house: "Balai desa"."""
    time: str = ""
    """"08.00 - 12.00", as it shall be read."""
    groups: tuple[str, ...] = ()
    key: str = ""
    """The four characters of its queue slips."""

    def village_words(self, language: Language) -> str:
        """Return "Desa Karangharja"; empty without a village."""
        if not self.village:
            return ""
        kind = text(f"cards.paper.kind_{self.village_kind}", language)
        return f"{kind} {self.village}"

    def place_words(self, language: Language) -> str:
        """Return "Desa Karangharja, Kec. Pebayuran"; empty without a village."""
        if not self.village:
            return ""
        key = "cards.paper.place" if self.district else "cards.paper.place_alone"
        kind = text(f"cards.paper.kind_{self.village_kind}", language)
        return text(key, language, kind=kind, village=self.village, district=self.district)

    def day_words(self, language: Language) -> str:
        """Return "Minggu, 22 November 2026"; empty without a day."""
        if self.day is None:
            return ""
        return f"{weekday(self.day, language)}, {day_in_full(self.day, language)}"

    def facts(self, language: Language) -> tuple[tuple[str, str], ...]:
        """Return place, day and groups with their labels; what is empty is left out."""
        pairs = (
            ("village", self.place_words(language)),
            ("place", self.place),
            ("day", self.day_words(language)),
            ("time", self.time),
            ("groups", ", ".join(self.groups)),
        )
        return tuple((text(f"papers.visit.{name}", language), said) for name, said in pairs if said)


NO_VISIT: Final = VisitContent()
"""Neither place nor day is known: papers leave room for them."""
