"""How many slips in a NIK are noticed at the table, and by which check.

    python -m tests.benchmarks.mistyped_niks [--people 1000]

For each invented person every one of the sixteen digits is changed to another digit drawn at
random, and every pair of neighbours that differ is swapped. The NIK goes through the form's own
values and rules, one by one as at the table. The enumerator is modelled so:

- what has to be typed twice is copied from the KTP a second time, without the slip;
- birth and sex are read from the KTP when the question stands on the screen; a question that says
  something else is noticed in 95 of 100 cases (`HEARD`), a wrong one otherwise confirmed;
- where the digits make no date there is no question: the date is typed, and the warning seen;
- where the KTP itself differs from the NIK (2 of 100 people), a warning is expected and believed:
  it counts as not noticed;
- a note that a NIK is from elsewhere, or from an unknown place, makes nobody look again.

`heard_needed` is how often such a question would have to be heard for the gate to hold. Of the
people 75 % have a NIK of the district they live in, 17 % of another in the regency, 8 % of
elsewhere: an assumption.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import check_draft
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.ui.registration.checks import checks_of
from enumerator_app.ui.registration.form import (
    Form,
    draft_of,
    is_typed_again,
    new_form,
    with_value,
)
from enumerator_app.ui.registration.leading import leads_on
from enumerator_app.ui.registration.spoken import spoken

TODAY: Final = date(2026, 11, 22)
HEARD: Final = 0.95
GATE: Final = 0.95
LOCAL, REGENCY = 0.75, 0.17
KTP_DIFFERS: Final = 0.02
ALOUD: Final = "said aloud"
NOTHING, OVERHEARD, BELIEVED = "nothing spoke", "not heard", "believed"
MISSED: Final = (NOTHING, OVERHEARD, BELIEVED)
ELSEWHERE: Final = ("321505", "320112", "330205", "360301", "331012", "327305")


@dataclass(frozen=True)
class Person:
    """Somebody with a KTP; `born` and `sex` as printed there."""

    nik: str
    born: date
    sex: str
    village: str


def people(count: int, chance: random.Random) -> Iterator[Person]:
    places = load_places()
    districts = [f"3216{n:02d}" for n in range(1, 24)]
    for _ in range(count):
        home = chance.choice(districts)
        village = chance.choice(places.villages_of(home)).code
        drawn = chance.random()
        area = home if drawn < LOCAL else chance.choice(districts)
        if drawn >= LOCAL + REGENCY:
            area = chance.choice(ELSEWHERE)
        born = date(1962, 1, 1) + timedelta(days=chance.randrange(365 * 44))
        sex = chance.choice("LP")
        day = born.day + (40 if sex == "P" else 0)
        serial = chance.randrange(1, 60)
        nik = f"{area}{day:02d}{born:%m%y}{serial:04d}"
        printed = born
        if chance.random() < KTP_DIFFERS:
            printed = born + timedelta(days=chance.choice((-365, -31, 31, 365)))
        yield Person(nik, printed, sex, village)


def slips(nik: str, chance: random.Random) -> Iterator[tuple[str, int, str]]:
    """Yield (kind, place, mistyped NIK)."""
    for place, digit in enumerate(nik):
        other = chance.choice([d for d in "0123456789" if d != digit])
        yield "digit", place, nik[:place] + other + nik[place + 1 :]
    for place in range(15):
        one, two = nik[place : place + 2]
        if one != two:
            yield "swap", place, nik[:place] + two + one + nik[place + 2 :]


def noticed_by(person: Person, typed: str, chance: random.Random) -> str:
    """Return the check that made somebody look again, or one of `MISSED`."""
    form = with_value(new_form({"village_code": person.village}), "nik", typed)
    if not leads_on(form, "nik"):
        return "length"
    form = with_value(form, "nik_again", _copied_again(form, person))
    if not is_typed_again(form):
        assert _blocks(form, "nik_again")
        return "typed twice"
    return _said(form, person, chance) if spoken(form, TODAY) else _typed_date(form, person)


def _said(form: Form, person: Person, chance: random.Random) -> str:
    """Return what comes of the question that stands on the screen."""
    question = spoken(form, TODAY)
    assert question is not None
    if (question.born, question.sex) == (person.born, person.sex):
        return NOTHING
    if _is_odd(person):
        return BELIEVED
    return ALOUD if chance.random() < HEARD else OVERHEARD


def _typed_date(form: Form, person: Person) -> str:
    """Return what comes of birth and sex typed from the KTP."""
    form = with_value(with_value(form, "birth_date", shown_date(person.born)), "sex", person.sex)
    if not _warns(form):
        return NOTHING
    return BELIEVED if _is_odd(person) else "date typed"


def _copied_again(form: Form, person: Person) -> str:
    """Return what is asked for once more, as the KTP has it."""
    nik = form.value("nik")
    is_local = nik[:6] == person.village[:6]
    return person.nik[12:] if is_local else person.nik[:6] + person.nik[12:]


def _is_odd(person: Person) -> bool:
    """Does the KTP say another date than the digits, so that a difference is believed?"""
    nik = person.nik
    day = int(nik[6:8]) - (40 if person.sex == "P" else 0)
    return (day, int(nik[8:10]), int(nik[10:12])) != (
        person.born.day,
        person.born.month,
        person.born.year % 100,
    )


def _blocks(form: Form, place: str) -> bool:
    return any(line.place == place for line in checks_of(form, _findings(form)).blocking)


def _warns(form: Form) -> bool:
    found = {finding.code for finding in _findings(form)}
    return bool(found & {"nik_date", "nik_sex", "nik_no_date", "nik_placeholder"})


def _findings(form: Form) -> tuple:
    context = CheckContext(TODAY, True, load_rulebook(), load_places())
    return check_draft(draft_of(form), context).findings


def campaign(count: int, seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    by_check: Counter[str] = Counter()
    by_kind: Counter[tuple[str, bool]] = Counter()
    by_part: Counter[tuple[str, bool]] = Counter()
    for person in people(count, chance):
        for kind, place, typed in slips(person.nik, chance):
            check = noticed_by(person, typed, chance)
            is_noticed = check not in MISSED
            by_check[check] += 1
            by_kind[kind, is_noticed] += 1
            by_part[part_of(place, kind), is_noticed] += 1
    total = sum(by_check.values())
    share = 1 - sum(by_check[name] for name in MISSED) / total
    return {
        "bench": "mistyped_niks",
        "people": count,
        "slips": total,
        "noticed": round(share, 4),
        "noticed_digits": _share(by_kind, "digit"),
        "noticed_swaps": _share(by_kind, "swap"),
        "some_check_spoke": round(1 - by_check[NOTHING] / total, 4),
        "by_check": {name: round(n / total, 4) for name, n in by_check.most_common()},
        "noticed_in": {part: _share(by_part, part) for part in ("area", "date", "serial")},
        "heard": HEARD,
        "heard_needed": _heard_needed(by_check, total),
        "gate": GATE,
        "passes": share >= GATE,
    }


def _heard_needed(by_check: Counter[str], total: int) -> float:
    """Return how often a wrong question would have to be heard for the gate to hold."""
    room = (1 - GATE) * total - by_check[NOTHING] - by_check[BELIEVED]
    return round(1 - room / (by_check[ALOUD] + by_check[OVERHEARD]), 2)


def part_of(place: int, kind: str) -> str:
    last = place + (kind == "swap")
    return "area" if last < 6 else "date" if last < 12 else "serial"


def _share(counted: Counter[tuple[str, bool]], name: str) -> float:
    return round(counted[name, True] / (counted[name, True] + counted[name, False]), 4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = campaign(options.people, options.seed)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0 if found["passes"] else 1


if __name__ == "__main__":
    sys.exit(main())
