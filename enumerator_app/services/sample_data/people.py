"""Sample workers of Kabupaten Bekasi: put together from word lists, the same for one seed.

Nobody in them exists. Serials of their NIKs begin with 9, which no registry office has reached in
one district and day, and phone numbers with 0812-0000.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from enumerator_app.domain.places import Village
from enumerator_app.domain.reference import load_consent_texts, load_places
from enumerator_app.resource_files import read_toml

SAMPLE_DAY: Final = date(2026, 11, 22)
_YEAR_DAYS: Final = 365.25
_WOMEN_ADD_TO_DAY: Final = 40
_VILLAGE_SHARE: Final = 12  # workers of one village, about

Row = dict[str, Any]


@dataclass(slots=True)
class Makers:
    """One seeded run: its chance, its words, and the NIKs that are taken."""

    chance: random.Random
    words: dict[str, Any]
    villages: tuple[Village, ...]
    consent_version: str
    niks: set[str] = field(default_factory=set)

    def one_of(self, *path: str) -> Any:
        """Return one of the words at a path of the word lists."""
        found: Any = self.words
        for name in path:
            found = found[name]
        return self.chance.choice(found)


def makers(seed: int, workers: int) -> Makers:
    """Return what a run of this seed draws from; a sample has a village for every dozen."""
    chance = random.Random(f"sample {seed}")  # noqa: S311 - a sample must repeat, not be secret
    words = read_toml("samples", "people.toml")
    villages = _chosen_villages(chance, words, max(2, min(60, workers // _VILLAGE_SHARE)))
    return Makers(chance, words, villages, load_consent_texts()[-1].version)


def _chosen_villages(
    chance: random.Random, words: dict[str, Any], count: int
) -> tuple[Village, ...]:
    weights = words["places"]["districts"]
    places = load_places()
    weighted = [
        village
        for code, weight in weights.items()
        for village in places.villages_of(code)
        for _ in range(weight)
    ]
    chosen: dict[str, Village] = {}
    while len(chosen) < count:
        village = chance.choice(weighted)
        chosen[village.code] = village
    return tuple(chosen.values())


def ordinary_people(run: Makers) -> Iterator[Row]:
    """Yield workers without end, none of whom gives cause for a warning."""
    number = 0
    while True:
        number += 1
        yield _person(run, number)


def _person(run: Makers, number: int) -> Row:
    sex = "P" if run.chance.random() < 0.46 else "L"
    born = born_at_age(run.chance.triangular(18.5, 64.4, 44))
    village = run.chance.choice(run.villages)
    row: Row = {
        "nik": new_nik(run, village.district_code, born, sex),
        "document_seen": "KTP",
        "name": full_name(run, sex),
        "birth_place": run.one_of("places", "births").upper(),
        "birth_date": born.isoformat(),
        "date_source": "confirmed",
        "sex": sex,
        "mother_name": full_name(run, "P"),
        **_address(run, village),
        **_phone(run, number),
        **_work(run, born),
        "programmes": ["JKK", "JKM"],
        "heirs": _heirs(run, sex, born),
        **_consent(run, number),
    }
    if run.chance.random() < 0.25:
        row["kk_number"] = _kk_number(run, village)
    return row


def born_at_age(age: float) -> date:
    """Return a birth date; never 1 July or 31 December, the days of those who do not know."""
    born = SAMPLE_DAY - timedelta(days=int(age * _YEAR_DAYS))
    while (born.month, born.day) in {(7, 1), (12, 31), (1, 1)}:
        born -= timedelta(days=1)
    return born


def new_nik(run: Makers, area: str, born: date, sex: str) -> str:
    """Return a NIK that is well formed and that nobody has."""
    day = born.day + (_WOMEN_ADD_TO_DAY if sex == "P" else 0)
    head = f"{area}{day:02d}{born:%m%y}"
    while True:
        nik = f"{head}9{run.chance.randrange(1000):03d}"
        if nik not in run.niks:
            run.niks.add(nik)
            return nik


def full_name(run: Makers, sex: str) -> str:
    """Return a name of two or three parts, in capitals as a KTP has it."""
    parts = [run.one_of("given", sex, "first"), run.one_of("given", sex, "second")]
    if run.chance.random() < 0.12:
        parts.append(run.one_of("given", sex, "second"))
    return " ".join(dict.fromkeys(parts)).upper()


def _address(run: Makers, village: Village) -> Row:
    return {
        "address": f"KP. {run.one_of('places', 'kampungs').upper()}",
        "rt": f"{run.chance.randint(1, 9):03d}",
        "rw": f"{run.chance.randint(1, 6):03d}",
        "village_code": village.code,
    }


def _phone(run: Makers, number: int) -> Row:
    owner = run.chance.choices(["self", "family", "none"], [55, 15, 30])[0]
    phone = f"08120000{run.chance.randrange(10)}{number % 1000:03d}" if owner != "none" else ""
    return {"phone": phone, "phone_owner": owner}


def _work(run: Makers, born: date) -> Row:
    first = born.year + 15
    return {
        "occupation": run.one_of("work", "jobs"),
        "workplace": run.one_of("places", "fields"),
        "works_now": "working",
        "works_since": run.chance.randint(min(first + 2, SAMPLE_DAY.year), SAMPLE_DAY.year),
        "monthly_income": run.one_of("work", "incomes"),
    }


def _heirs(run: Makers, sex: str, born: date) -> list[Row]:
    heirs = []
    age = SAMPLE_DAY.year - born.year
    if age > 22 and run.chance.random() < 0.8:
        partner = "L" if sex == "P" else "P"
        years = run.chance.randint(-6, 6)
        heirs.append(_heir(run, partner, "spouse", born.year + years))
    for _ in range(run.chance.choice([0, 1, 1, 2]) if age > 24 else 0):
        child = run.chance.randint(born.year + 20, min(born.year + 38, SAMPLE_DAY.year - 1))
        heirs.append(_heir(run, run.chance.choice("LP"), "child", child))
    if not heirs:
        heirs.append(_heir(run, "P", "parent", born.year - run.chance.randint(19, 30)))
    return heirs


def _heir(run: Makers, sex: str, relation: str, born_in: int) -> Row:
    at_school = relation == "child" and 6 <= SAMPLE_DAY.year - born_in <= 22
    heir = {"name": full_name(run, sex), "relation": relation, "born": str(born_in)}
    return heir | ({"scholarship": "yes"} if at_school else {})


def _consent(run: Makers, number: int) -> Row:
    return {
        "consent_method": run.chance.choices(["group", "signature", "thumbprint"], [70, 22, 8])[0],
        "consent_witness": full_name(run, "L"),
        "witness_role": run.one_of("work", "witness_roles"),
        "consent_text_version": run.consent_version,
        "ticket": f"{number:04d}",
    }


def _kk_number(run: Makers, village: Village) -> str:
    recorded = SAMPLE_DAY - timedelta(days=run.chance.randint(60, 5000))
    return f"{village.district_code}{recorded:%d%m%y}9{run.chance.randrange(1000):03d}"
