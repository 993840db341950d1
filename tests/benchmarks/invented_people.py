"""Invented people of one corner of a regency, some recorded twice: what the matcher is judged on.

Made from the facts about names, NIKs and village halls, and fixed before the matcher was first run
on it; it does not change when a figure does. Weights are tuned on `TUNE_SEEDS` only, and figures
are reported for `HELD_OUT_SEEDS`.

Hard to tell apart on purpose: twins, father and son of one name, sisters, people of one common name
in one village who were all given 1 July, and NIKs of neighbours that differ in the last digit.
"""

import random
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.name_slips import other_spelling

TUNE_SEEDS = (11, 12, 13)
HELD_OUT_SEEDS = (101, 102, 103)
PEOPLE = 5_000
RECORDED_TWICE = 0.12

VILLAGES = tuple(f"321613{n}" for n in range(2001, 2014))  # Pebayuran has thirteen
AREAS = ("321613",) * 14 + ("321612", "321611", "321617", "321602", "321514", "327501")
DEFAULT_DAYS = ((1, 7), (31, 12))
THIS_YEAR = 2026
WORDS = tomllib.loads((Path(__file__).parent / "invented_names.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record. `who` is the truth: two records of one `who` are one person."""

    who: int
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


@dataclass(slots=True)
class Place:
    """What people of one house share."""

    village: str
    rt: str
    rw: str
    phone: str


@dataclass(slots=True)
class Maker:
    """One seeded run: its chance, the serials given out, and the people so far."""

    chance: random.Random
    serials: Counter[str] = field(default_factory=Counter)
    people: list[Recorded] = field(default_factory=list)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share


def invented(seed: int, people: int = PEOPLE) -> list[Recorded]:
    """Return the records of a seed, those of one person not beside each other."""
    maker = Maker(random.Random(f"people {seed}"))
    while len(maker.people) < people:
        _house(maker)
    del maker.people[people:]
    again = [
        _recorded_again(maker, person) for person in maker.people for _ in range(_times_more(maker))
    ]
    records = [*maker.people, *again]
    maker.chance.shuffle(records)
    return records


def _times_more(maker: Maker) -> int:
    if not maker.happens(RECORDED_TWICE):
        return 0
    return 2 if maker.happens(0.05) else 1


# --- people


def _house(maker: Maker) -> None:
    chance = maker.chance
    place = Place(
        chance.choice(VILLAGES), f"{chance.randint(1, 6):03d}", f"{chance.randint(1, 5):03d}",
        _new_phone(maker),
    )  # fmt: skip
    father = _person(maker, place, "L", chance.randint(1958, 2002))
    mother = _person(maker, place, "P", father.birth_date.year + chance.randint(-4, 9))
    _keep(maker, father, 0.85)
    _keep(maker, mother, 0.65)
    if father.birth_date.year <= 1986:
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            _child(maker, place, father, mother)
    if maker.happens(0.02):
        _namesake(maker, father if maker.happens(0.5) else mother)


def _keep(maker: Maker, person: Recorded, share: float) -> None:
    if maker.happens(share):
        maker.people.append(person)


def _child(maker: Maker, place: Place, father: Recorded, mother: Recorded) -> None:
    born = maker.chance.randint(father.birth_date.year + 21, min(father.birth_date.year + 40, 2008))
    child = _person(maker, place, maker.chance.choice("LP"), born, mother.name)
    if child.sex == "L" and maker.happens(0.04):
        child = replace(child, name=father.name)
    maker.people.append(child)
    if maker.happens(0.02):
        maker.people.append(_twin(maker, child))


def _twin(maker: Maker, one: Recorded) -> Recorded:
    """Return a brother or sister of the same day: same mother and house, the next serial."""
    other = _full_name(maker, one.sex, one.birth_date.year)
    words, theirs = one.name.split(), other.split()
    if len(words) > 1 and maker.happens(0.6):
        other = f"{words[0]} {theirs[-1]}"
    elif maker.happens(0.3):
        other = {"HASAN": "HUSEN"}.get(one.name, other)
    nik = _new_nik(maker, one.nik[:6], one.birth_date, one.sex) if one.nik else ""
    return replace(one, who=_new_who(maker), name=other, nik=nik)


def _namesake(maker: Maker, one: Recorded) -> None:
    """A neighbour with the same name and about the same age, sometimes the same written day."""
    born = one.birth_date.year + maker.chance.randint(-3, 3)
    place = Place(one.village_code, one.rt, f"{maker.chance.randint(1, 5):03d}", _new_phone(maker))
    other = _person(maker, place, one.sex, born)
    day = one.birth_date if maker.happens(0.3) and _is_default(one.birth_date) else other.birth_date
    maker.people.append(
        replace(
            other,
            name=one.name,
            birth_date=day,
            nik=_new_nik(maker, one.nik[:6] or "321613", day, one.sex),
        )
    )


def _person(maker: Maker, place: Place, sex: str, year: int, mother: str = "") -> Recorded:
    chance = maker.chance
    born = _birthday(maker, year)
    owner = chance.choices(("self", "family", "neighbour", "village", "none"), (38, 14, 4, 4, 40))[
        0
    ]
    phone = {"self": _new_phone(maker), "none": "", "village": "081290000001"}
    has_nik = maker.happens(0.99 if year > 1970 else 0.94)
    return Recorded(
        who=_new_who(maker),
        nik=_new_nik(maker, chance.choice(AREAS), _on_nik(maker, born), sex) if has_nik else "",
        name=_full_name(maker, sex, year),
        birth_date=born,
        sex=sex,
        mother_name=mother or _full_name(maker, "P", year - chance.randint(17, 38)),
        village_code=place.village,
        rt=place.rt,
        rw=place.rw,
        phone=phone.get(owner, place.phone),
        phone_owner=owner,
    )


def _new_who(maker: Maker) -> int:
    return maker.chance.getrandbits(63)


def _birthday(maker: Maker, year: int) -> date:
    """Return a day of `year`; the older, the oftener the one that is written when none is known."""
    unknown = 0.34 if year < 1968 else 0.2 if year < 1980 else 0.05
    if maker.happens(unknown):
        day, month = maker.chance.choice(DEFAULT_DAYS)
        return date(year, month, day)
    return date(year, 1, 1) + timedelta(days=maker.chance.randrange(365))


def _is_default(day: date) -> bool:
    return (day.day, day.month) in DEFAULT_DAYS


def _on_nik(maker: Maker, born: date) -> date:
    """Return the date that the NIK carries: in few cases not the one on the KTP."""
    return _birthday(maker, born.year) if maker.happens(0.02) else born


def _new_nik(maker: Maker, area: str, born: date, sex: str) -> str:
    day = born.day + (40 if sex == "P" else 0)
    head = f"{area}{day:02d}{born:%m%y}"
    maker.serials[head] += maker.chance.choice((1, 1, 1, 2, 3))
    return f"{head}{maker.serials[head]:04d}"


def _new_phone(maker: Maker) -> str:
    start = maker.chance.choice(("0812", "0813", "0857", "0877", "0838", "0895"))
    return f"{start}{maker.chance.randrange(10**8):08d}"


def _full_name(maker: Maker, sex: str, year: int) -> str:
    words = WORDS["men" if sex == "L" else "women"]
    alone = 0.5 if year < 1966 else 0.28 if year < 1982 else 0.08
    if maker.happens(alone):
        return _common_first(maker, words["single"])
    parts = [_common_first(maker, words["first"]), _common_first(maker, words["second"])]
    if maker.happens(0.12):
        parts.append(_common_first(maker, words["second"]))
    return " ".join(dict.fromkeys(parts))


def _common_first(maker: Maker, words: list[str]) -> str:
    """Return a word: the second is half as common as the first, and so on, but less steeply."""
    weights = [1 / (place + 4) for place in range(len(words))]
    return maker.chance.choices(words, weights)[0]


# --- the same person at another table


def _recorded_again(maker: Maker, person: Recorded) -> Recorded:
    return replace(
        person,
        nik=_nik_again(maker, person),
        name=other_spelling(maker.chance, person.name, _full_name(maker, "L", 1955)),
        birth_date=_birthday_again(maker, person.birth_date),
        sex=_other_sex(person.sex) if maker.happens(0.008) else person.sex,
        mother_name=_mother_again(maker, person.mother_name),
        village_code=_village_again(maker, person),
        rt=person.rt if maker.happens(0.85) else f"{maker.chance.randint(1, 6):03d}",
        **_phone_again(maker, person),
    )


def _other_sex(sex: str) -> str:
    return "L" if sex == "P" else "P"


def _nik_again(maker: Maker, person: Recorded) -> str:
    """Return the NIK as it came out the second time: the card is not always in the pocket."""
    if not person.nik:
        return (
            "" if maker.happens(0.7) else _new_nik(maker, "321613", person.birth_date, person.sex)
        )
    kind = maker.chance.choices(
        ("same", "one digit", "swapped", "two digits", "missing", "old"), (56, 13, 8, 2, 18, 3)
    )[0]
    if kind == "missing":
        return ""
    if kind == "old":
        return _new_nik(maker, maker.chance.choice(AREAS), person.birth_date, person.sex)
    digits = list(person.nik)
    if kind == "swapped":
        _swap(maker, digits)
    for _ in range({"one digit": 1, "two digits": 2}.get(kind, 0)):
        place = maker.chance.randrange(16)
        digits[place] = maker.chance.choice([d for d in "0123456789" if d != digits[place]])
    return "".join(digits)


def _swap(maker: Maker, digits: list[str]) -> None:
    places = [n for n in range(15) if digits[n] != digits[n + 1]]
    place = maker.chance.choice(places)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]


def _birthday_again(maker: Maker, born: date) -> date | None:
    kind = maker.chance.choices(
        ("same", "default", "day and month", "year", "day", "missing"), (84, 6, 3, 3, 2, 2)
    )[0]
    if kind == "missing":
        return None
    if kind == "default":
        day, month = maker.chance.choice(DEFAULT_DAYS)
        return date(born.year + maker.chance.randint(-3, 3), month, day)
    if kind == "day and month" and born.day <= 12:
        return date(born.year, born.day, born.month)
    if kind == "year":
        return _another_year(born, maker.chance.choice((-10, -2, -1, 1, 2, 10)))
    if kind == "day":
        return born + timedelta(days=maker.chance.choice((-10, -1, 1, 10)))
    return born


def _another_year(born: date, more: int) -> date:
    year = min(born.year + more, THIS_YEAR - 17)
    return date(year, born.month, min(born.day, 28) if born.month == 2 else born.day)


def _mother_again(maker: Maker, mother: str) -> str:
    if maker.happens(0.14):
        return ""
    return other_spelling(maker.chance, mother, "") if maker.happens(0.6) else mother


def _village_again(maker: Maker, person: Recorded) -> str:
    moved = 0.13 if person.sex == "P" else 0.06
    return maker.chance.choice(VILLAGES) if maker.happens(moved) else person.village_code


def _phone_again(maker: Maker, person: Recorded) -> dict[str, str]:
    if person.phone and maker.happens(0.62):
        return {"phone": person.phone, "phone_owner": person.phone_owner}
    if maker.happens(0.5):
        return {"phone": "", "phone_owner": "none"}
    return {"phone": _new_phone(maker), "phone_owner": maker.chance.choice(("self", "family"))}
