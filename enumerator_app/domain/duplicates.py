"""Whether two records may be one person: a score with its reasons, never a decision.

The same NIK twice is always looked at; everything else is points for and against, so that an
officer sees why. What one record does not say counts for nothing. Only people separate or unite
records. The points are rounded from chances found on invented people
(`python -m tests.benchmarks.bench_duplicates`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import ne
from typing import Final, Protocol

from enumerator_app.domain.name_likeness import SAYS_LITTLE, are_others, heard_words, similar

LIKELY: Final = 70
"""From this score on, two records become a case."""

_POINTS: Final = {
    "same_name": 56,
    "name_twin_spelling": 56,
    "name_turned": 54,
    "name_close": 52,
    "name_home": 50,
    "name_contained": 38,
    "name_differs": -11,  # twins of one house share all the rest, and a NIK of one tells nothing
    "same_birth_date": 32,
    "birth_date_turned": 20,
    "birth_date_close": 12,
    "usual_birth_day": 1,  # 1 July and 31 December were written for millions: no proof
    "birth_date_written_for": -6,  # one of the two is such a day, of about the same year
    "birth_date_differs": -46,
    "same_village": 12,
    "same_rt_rw": 20,
    "same_mother": 13,
    "mother_close": 6,
    "mother_differs": -34,  # what tells namesakes and neighbours apart
    "same_phone": 3,  # a house shares one
    "nik_two_swapped": 20,
    "nik_one_digit": 12,
    "nik_two_digits": -6,
    "nik_serial_digit": -20,  # twins and neighbours written down on one day look like this
    "nik_differs": -20,
    "sex_differs": -15,
}
_BEST_OF_NAMES: Final = _POINTS["same_name"] + _POINTS["same_mother"]
_BEST_BESIDE: Final = _POINTS["same_village"] + _POINTS["same_rt_rw"] + _POINTS["same_phone"]
_USUAL_BIRTHDAYS: Final = frozenset({(1, 7), (31, 12)})
_YEARS_WRITTEN_FOR: Final = 3
_SLIPS_OF_DAYS: Final = frozenset({1, 10})
_SLIPS_OF_YEARS: Final = frozenset({1, 2, 10})
_SERIAL_FROM: Final = 12
_OWN_PHONE: Final = frozenset({"self", "family"})
_START: Final = 3
_NO_PART_OF_A_KEY: Final = re.compile(r"[\W_]+")


class Person(Protocol):
    """What people are compared by; a registration has all of it."""

    @property
    def nik(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def sex(self) -> str: ...
    @property
    def mother_name(self) -> str: ...
    @property
    def village_code(self) -> str: ...
    @property
    def rt(self) -> str: ...
    @property
    def rw(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def phone_owner(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two records are one person, 0 to 100; sentences at `findings.reasons.<code>`."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def same_nik(one: Person, other: Person) -> bool:
    """Return whether both have a NIK, and it is the same."""
    return bool(one.nik) and one.nik == other.nik


def may_be_likely(one: Person, other: Person) -> bool:
    """Return whether `likeness` is worth its time: could the best of names make them likely?"""
    if same_nik(one, other):
        return True
    best = _BEST_OF_NAMES
    if one.birth_date and other.birth_date:
        best += _POINTS[_birth_dates(*sorted((one.birth_date, other.birth_date)))]
    if one.nik and other.nik:
        best += _POINTS[_nik_difference(one.nik, other.nik)]
    if best + _BEST_BESIDE < LIKELY:
        return False  # most pairs of one village end here
    return _BEST_OF_NAMES + sum(_POINTS[reason] for reason in _facts(one, other)) >= LIKELY


def likeness(one: Person, other: Person) -> Likeness:
    """Return how likely two records are one person. Symmetric."""
    reasons = (*_names(one, other), *_facts(one, other))
    if same_nik(one, other):
        return Likeness(100, ("same_nik", *reasons))
    score = sum(_POINTS[reason] for reason in reasons)
    return Likeness(max(0, min(100, score)), reasons)


def weightiest(reasons: Iterable[str], most: int) -> tuple[str, ...]:
    """Return the reasons that say most, for or against, at most so many."""
    by_weight = sorted(reasons, key=lambda reason: -abs(_POINTS.get(reason, LIKELY)))
    return tuple(by_weight[:most])


def blocking_keys(record: Person) -> frozenset[str]:
    """Return the keys of which two records share one before it is worth comparing them.

    Each is one word of letters and digits, and few people of a regency share it.
    """
    keys = (*_nik_keys(record.nik), *_person_keys(record))
    return frozenset(_NO_PART_OF_A_KEY.sub("", key) for key in keys)


def _nik_keys(nik: str) -> Iterator[str]:
    if nik:
        yield f"k{nik}"
        yield f"s{nik[6:]}"
        yield f"a{nik[:12]}"


def _person_keys(record: Person) -> Iterator[str]:
    village, born = record.village_code, record.birth_date
    words = heard_words(record.name)
    name = "".join(sorted(words))
    yield f"n{name}v{village}"
    telling = [word for word in words if word not in SAYS_LITTLE] or words
    yield from (f"w{word[:_START]}v{village}" for word in telling)
    if born:
        yield f"y{name}y{born.year}"
        yield f"b{born:%Y%m%d}v{village}" if _is_usual(born) else f"b{born:%Y%m%d}"
    if record.phone and record.phone_owner in _OWN_PHONE:
        yield f"p{record.phone}"


def _names(one: Person, other: Person) -> Iterator[str]:
    if reason := similar(one.name, other.name).reason:
        yield reason
    elif not (one.nik and other.nik) and are_others(one.name, other.name):
        yield "name_differs"
    if one.mother_name and other.mother_name:
        yield _mothers(one.mother_name, other.mother_name)


def _facts(one: Person, other: Person) -> Iterator[str]:
    if one.birth_date and other.birth_date:
        yield _birth_dates(*sorted((one.birth_date, other.birth_date)))
    yield from _places(one, other)
    own = one.phone_owner in _OWN_PHONE and other.phone_owner in _OWN_PHONE
    if one.phone and one.phone == other.phone and own:
        yield "same_phone"
    if one.nik and other.nik and one.nik != other.nik:
        yield _nik_difference(one.nik, other.nik)
    if one.sex and other.sex and one.sex != other.sex:
        yield "sex_differs"


def _places(one: Person, other: Person) -> Iterator[str]:
    if one.village_code == other.village_code:
        yield "same_village"
        if one.rt and one.rw and (one.rt, one.rw) == (other.rt, other.rw):
            yield "same_rt_rw"


def _mothers(one: str, other: str) -> str:
    reason = similar(one, other).reason
    if reason in ("same_name", "name_twin_spelling"):
        return "same_mother"
    return "mother_close" if reason else "mother_differs"


def _birth_dates(first: date, second: date) -> str:
    """Say how two dates, the earlier first, are alike; a slip of a key leaves most of a date."""
    if first == second:
        return "usual_birth_day" if _is_usual(first) else "same_birth_date"
    if first.year == second.year and (first.day, first.month) == (second.month, second.day):
        return "birth_date_turned"
    if _is_usual(first) or _is_usual(second):
        near = second.year - first.year <= _YEARS_WRITTEN_FOR
        return "birth_date_written_for" if near else "birth_date_differs"
    if (first.day, first.month) == (second.day, second.month):
        close = second.year - first.year in _SLIPS_OF_YEARS
    else:
        close = (second - first).days in _SLIPS_OF_DAYS or _one_digit_of_day(first, second)
    return "birth_date_close" if close else "birth_date_differs"


def _one_digit_of_day(first: date, second: date) -> bool:
    same_month = (first.year, first.month) == (second.year, second.month)
    return same_month and len(_places_apart(f"{first.day:02d}", f"{second.day:02d}")) == 1


def _is_usual(day: date) -> bool:
    return (day.day, day.month) in _USUAL_BIRTHDAYS


def _nik_difference(one: str, other: str) -> str:
    if len(one) != len(other):
        return "nik_differs"
    if sum(map(ne, one, other)) > 2:
        return "nik_differs"
    apart = _places_apart(one, other)
    if len(apart) == 1:
        return "nik_serial_digit" if apart[0] >= _SERIAL_FROM else "nik_one_digit"
    first, second = apart
    swapped = second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return "nik_two_swapped" if swapped else "nik_two_digits"


def _places_apart(one: str, other: str) -> list[int]:
    return [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
