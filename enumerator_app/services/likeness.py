"""Who on this laptop may be the person in the form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from enumerator_app.domain.duplicates import Person, blocking_keys, likeness, may_be_likely
from enumerator_app.storage.likened import KnownPerson
from enumerator_app.storage.store import Store

_SHOWN_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class PossibleSame:
    """A record that is like the form; `reasons` are codes with sentences `findings.reasons.*`."""

    subject: UUID
    number: str
    name: str
    birth_date: date | None
    village: str
    registered_at: datetime
    nik: str
    photo: str | None
    score: int
    reasons: tuple[str, ...]


def possible_same(store: Store, typed: Person) -> tuple[PossibleSame, ...]:
    """Return the likeliest records first, at most three; withdrawn ones are not asked about."""
    found = _judged(store.near(blocking_keys(typed)), typed)
    return tuple(sorted(found, key=lambda person: -person.score)[:_SHOWN_AT_MOST])


def _judged(known: list[KnownPerson], typed: Person) -> Iterator[PossibleSame]:
    for person in known:
        if person.state != "withdrawn" and may_be_likely(person, typed):
            judged = likeness(person, typed)
            if judged.is_likely:
                yield _possible(person, judged.score, judged.reasons)


def _possible(person: KnownPerson, score: int, reasons: tuple[str, ...]) -> PossibleSame:
    return PossibleSame(
        person.subject,
        person.number,
        person.name,
        person.birth_date,
        person.village_code,
        person.registered_at,
        person.nik,
        person.photo,
        score,
        reasons,
    )
