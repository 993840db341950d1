"""By what people are compared over a whole district, and when that makes a case."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from enumerator_app.domain.duplicates import (
    Likeness,
    likeness,
    may_be_likely,
    same_nik,
)

MOST_OF_A_KEY: Final = 400
"""A key that more people share tells nobody apart: a test file, or a default in a list."""
TRAITS: Final = (
    "nik", "name", "birth_date", "sex", "mother_name", "village_code", "rt", "rw", "phone",
    "phone_owner",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traits:
    """What people are compared by."""

    nik: str
    name: str
    birth_date: date | None
    sex: str
    mother_name: str
    village_code: str
    rt: str
    rw: str
    phone: str
    phone_owner: str


def traits_of(body: dict[str, Any]) -> Traits:
    """Return what a journal body says of a person; what it does not say is empty."""
    values: dict[str, Any] = {name: body.get(name) or "" for name in TRAITS}
    born = values["birth_date"]
    values["birth_date"] = date.fromisoformat(born) if born else None
    return Traits(**values)


def judged_alike(one: Traits, other: Traits) -> Likeness | None:
    """Return how like two people are if that makes a case; equal NIKs are another kind of case."""
    if same_nik(one, other) or not may_be_likely(one, other):
        return None
    judged = likeness(one, other)
    return judged if judged.is_likely else None
