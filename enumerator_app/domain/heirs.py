"""Heirs: their ids, and the order in which the law lets them come (PP 44/2015 art. 40).

There are no shares: the insurer pays the first class of the order that has somebody in it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid5

from enumerator_app.domain.dates import age_on
from enumerator_app.domain.names import folded_name
from enumerator_app.domain.registration import Heir, Relation


def heir_key(heir: Heir) -> tuple[str, str, str]:
    """Return what makes two entries one person: relation, folded name, birth date or year."""
    born = heir.birth_date.isoformat() if heir.birth_date else str(heir.birth_year or "")
    return heir.relation, folded_name(heir.name), born


def heir_id(subject: UUID, relation: str, name: str, born: str, *, again: int = 0) -> UUID:
    """Return the id of an heir of `subject`; `born` is an ISO date, a year or empty.

    The same person typed anew from the same paper gets the same id. `again` counts entries of one
    registration that would otherwise share it.
    """
    parts = [relation, folded_name(name), born] + ([str(again)] if again else [])
    return uuid5(subject, "\n".join(parts))


def identified(
    heirs: Iterable[Heir], subject: UUID, known: Iterable[Heir] = ()
) -> tuple[Heir, ...]:
    """Return the heirs with their ids for `subject`; who is in `known` keeps the id given there.

    Somebody is known by the same key, else by relation and one of name and birth: a corrected
    spelling is no new person.
    """
    waiting = list(known)
    listed = list(heirs)
    kept = {i: _take(heir, waiting, heir_key) for i, heir in enumerate(listed)}
    for i, heir in enumerate(listed):
        kept[i] = kept[i] or _take(heir, waiting, _by_name) or _take(heir, waiting, _by_birth)
    taken: set[UUID] = {known_id for known_id in kept.values() if known_id}
    found = []
    for i, heir in enumerate(listed):
        new_id = kept[i] or _free_id(heir, subject, taken)
        taken.add(new_id)
        found.append(Heir.model_validate({**heir.model_dump(), "id": new_id}))
    return tuple(found)


class Related(Protocol):
    """Somebody of the family, typed or saved."""

    @property
    def relation(self) -> str: ...


R = TypeVar("R", bound=Related)


def legal_classes(heirs: Iterable[R], order: Mapping[str, Any]) -> tuple[tuple[R, ...], ...]:
    """Return the heirs by class of `order` (the parsed heirs table), first class first."""
    listed = tuple(heirs)
    return tuple(
        tuple(heir for heir in listed if heir.relation in row["relations"])
        for row in order["classes"]
    )


def first_class(heirs: Iterable[Related], order: Mapping[str, Any]) -> int | None:
    """Return the number (from 1) of the class that comes first; None without heirs."""
    classes = legal_classes(heirs, order)
    return next((number for number, row in enumerate(classes, start=1) if row), None)


def may_ask_scholarship(
    relation: str, born_on: date | None, born_in: int | None, today: date, order: Mapping[str, Any]
) -> bool:
    """Is this a child young enough that a scholarship can be asked for, if conditions are met?"""
    years = age_on(born_on, today) if born_on else today.year - born_in if born_in else None
    return relation == "child" and years is not None and 0 <= years < order["scholarship_before"]


def _by_name(heir: Heir) -> tuple[Relation, str]:
    return heir.relation, folded_name(heir.name)


def _by_birth(heir: Heir) -> tuple[Relation, str] | None:
    _, _, born = heir_key(heir)
    return (heir.relation, born) if born else None


def _take(heir: Heir, waiting: list[Heir], key: Any) -> UUID | None:
    wanted = key(heir)
    match = next((known for known in waiting if wanted and key(known) == wanted), None)
    if match is None:
        return None
    waiting.remove(match)
    return match.id


def _free_id(heir: Heir, subject: UUID, taken: set[UUID]) -> UUID:
    relation, _, born = heir_key(heir)
    again = 0
    while (found := heir_id(subject, relation, heir.name, born, again=again)) in taken:
        again += 1
    return found
