"""Which choices each paper offers on the page, as data."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LetterForm:
    """`fields` are asked openly, `more` behind "other choices"."""

    kind: str
    fields: tuple[str, ...] = ()
    more: tuple[str, ...] = ("day", "format")


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    forms: tuple[LetterForm, ...]


SECTIONS: Final = (
    Section(
        "village",
        (
            LetterForm(
                "verification",
                ("visit", "village", "letter_number"),
                ("first", "last", "village_head", "coordinator", "day", "format"),
            ),
            LetterForm("card-receipt", ("village", "papers"), ("letter_number", "day", "format")),
            LetterForm("village-notice", ("village",)),
        ),
    ),
    Section(
        "insurer",
        (
            LetterForm("cover-letter", ("batch", "letter_number")),
            LetterForm(
                "decree", ("letter_number", "signed_on"), ("village", "about", "day", "format")
            ),
        ),
    ),
    Section(
        "person",
        (
            LetterForm("claim-file", ("number", "case", "letter_number")),
            LetterForm("self-pay", ("number",), ("letter_number", "day", "format")),
        ),
    ),
    Section("office", (LetterForm("daily-recap", ("first",)),)),
)
CHOICES: Final = {
    "papers": ("active", "provisional", "all"),
    "case": ("death", "accident"),
    "format": ("a4", "f4"),
}
DATES: Final = frozenset({"day", "first", "last", "signed_on"})
OWN_LABELS: Final = {("daily-recap", "first"): "of_day"}
NEEDED: Final = {
    "card-receipt": ("village",),
    "village-notice": ("village",),
    "cover-letter": ("batch",),
    "claim-file": ("number",),
}
FORMS: Final = {form.kind: form for section in SECTIONS for form in section.forms}
