"""Whether two records may be one person: a score with its reasons, never a decision.

The same NIK twice is always looked at; everything else is points, so that an officer sees why. Only
people separate or unite records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from enumerator_app.domain.names import folded_name, folded_words, name_key
from enumerator_app.domain.registration import Registration

LIKELY: Final = 70
"""From this score on, two records become a case."""

_CLOSE: Final = 80
_POINTS: Final = {
    "same_name": 45,
    "name_twin_spelling": 42,
    "name_contained": 30,
    "name_close": 25,
    "same_birth_date": 30,
    "usual_birth_day": 12,  # 1 July and 31 December were written for millions: no proof
    "same_village": 10,
    "same_mother": 15,
    "same_phone": 5,
    "nik_one_digit": 35,
    "nik_two_swapped": 35,
    "nik_differs": -15,
    "sex_differs": -20,
}
_USUAL_BIRTHDAYS: Final = frozenset({(1, 7), (31, 12)})

NameReason = Literal["", "same_name", "name_twin_spelling", "name_contained", "name_close"]


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """How like two names are, 0 to 100, and by what; "" if they are not."""

    score: int
    reason: NameReason


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two records are one person, 0 to 100; sentences at `findings.reasons.<code>`."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def same_nik(one: Registration, other: Registration) -> bool:
    """Return whether both have a NIK, and it is the same."""
    return bool(one.nik) and one.nik == other.nik


def similar(one: str, other: str) -> NameLikeness:
    """Return how like two names are: the same, twin spellings, one inside the other, or close."""
    ours, theirs = folded_words(one), folded_words(other)
    if not ours or not theirs:
        return NameLikeness(0, "")
    if name_key(one) == name_key(other):
        return NameLikeness(100, "same_name")
    if "".join(ours) == "".join(theirs):
        return NameLikeness(95, "name_twin_spelling")
    if min(len(ours), len(theirs)) > 1 and (set(ours) <= set(theirs) or set(theirs) <= set(ours)):
        return NameLikeness(85, "name_contained")
    closeness = _closeness("".join(ours), "".join(theirs))
    return NameLikeness(closeness, "name_close" if closeness >= _CLOSE else "")


def likeness(one: Registration, other: Registration) -> Likeness:
    """Return how likely two records are one person. Symmetric."""
    if same_nik(one, other):
        return Likeness(100, ("same_nik", *_reasons(one, other)))
    reasons = tuple(_reasons(one, other))
    score = sum(_POINTS[reason] for reason in reasons)
    return Likeness(max(0, min(100, score)), reasons)


def blocking_keys(record: Registration) -> frozenset[str]:
    """Return the keys of which two records share one before it is worth comparing them."""
    keys = {f"name:{folded_name(record.name)}:{record.village_code}"}
    if record.nik:
        keys |= {f"nik:{record.nik}", f"serial:{record.nik[6:]}", f"area:{record.nik[:12]}"}
    if record.birth_date:
        keys.add(f"born:{record.birth_date.isoformat()}:{record.village_code}")
    return frozenset(keys)


def _reasons(one: Registration, other: Registration) -> Iterator[str]:
    if reason := similar(one.name, other.name).reason:
        yield reason
    if one.birth_date and one.birth_date == other.birth_date:
        usual = (one.birth_date.day, one.birth_date.month) in _USUAL_BIRTHDAYS
        yield "usual_birth_day" if usual else "same_birth_date"
    if one.village_code == other.village_code:
        yield "same_village"
    if one.mother_name and folded_name(one.mother_name) == folded_name(other.mother_name):
        yield "same_mother"
    if one.phone and one.phone == other.phone and one.phone_owner == other.phone_owner == "self":
        yield "same_phone"
    if one.nik and other.nik and one.nik != other.nik:
        yield _nik_difference(one.nik, other.nik)
    if one.sex and other.sex and one.sex != other.sex:
        yield "sex_differs"


def _nik_difference(one: str, other: str) -> str:
    if len(one) != len(other):
        return "nik_differs"
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return "nik_one_digit"
    swapped = len(places) == 2 and places[1] == places[0] + 1
    if swapped and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]:
        return "nik_two_swapped"
    return "nik_differs"


def _closeness(one: str, other: str) -> int:
    """Return 100 minus the edits (with swaps of neighbours) in per cent of the longer text."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return 100 - 100 * row[-1] // max(len(one), len(other))
