"""Who among many is alike: one pass over all, by the keys that few share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from enumerator_app.domain.duplicates import (
    Likeness,
    blocking_keys,
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


def alike(people: Iterable[tuple[str, Traits]]) -> Iterator[tuple[str, str, Likeness]]:
    """Yield pairs of names that may be one person, each once; equal NIKs are left out.

    The same NIK twice is a case of its own, found where the second one arrives.
    """
    known = dict(people)
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for name, traits in known.items():
        for key in blocking_keys(traits):
            blocks[key].append(name)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        if len(block) <= MOST_OF_A_KEY:
            seen.update(combinations(sorted(block), 2))
    for one, other in sorted(seen):
        ours, theirs = known[one], known[other]
        if not same_nik(ours, theirs) and may_be_likely(ours, theirs):
            judged = likeness(ours, theirs)
            if judged.is_likely:
                yield one, other, judged
