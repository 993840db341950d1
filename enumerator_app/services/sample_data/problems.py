"""What an enumerator meets among ordinary people: each case changes one row, none is an error."""

from collections.abc import Callable
from datetime import date
from typing import Final

from enumerator_app.services.sample_data.people import (
    SAMPLE_DAY,
    Makers,
    Row,
    born_at_age,
    full_name,
    new_nik,
)

Case = Callable[[Makers, Row, list[Row]], Row]


def mononym(run: Makers, row: Row, _: list[Row]) -> Row:
    return row | {"name": run.one_of("odd", f"one_word_{row['sex']}").upper()}


def apostrophe(run: Makers, row: Row, _: list[Row]) -> Row:
    first = run.one_of("odd", f"apostrophe_{row['sex']}")
    return row | {"name": f"{first} {run.one_of('given', row['sex'], 'second')}".upper()}


def very_long_name(run: Makers, row: Row, _: list[Row]) -> Row:
    """A name of more than the 60 characters that a new KTP allows."""
    words = list(run.words["odd"]["long"])
    run.chance.shuffle(words)
    name = f"{run.one_of('odd', 'titles')}{' '.join(words)}"
    return row | {"name": name.upper()}


def first_of_july(run: Makers, row: Row, _: list[Row]) -> Row:
    return _born(run, row, date(run.chance.randint(1964, 1990), 7, 1))


def last_of_december(run: Makers, row: Row, _: list[Row]) -> Row:
    return _born(run, row, date(run.chance.randint(1963, 1985), 12, 31))


def nik_from_elsewhere(run: Makers, row: Row, _: list[Row]) -> Row:
    area = run.one_of("places", "elsewhere", "known")
    return row | {"nik": new_nik(run, area, _birth(row), row["sex"])}


def nik_of_an_old_district(run: Makers, row: Row, _: list[Row]) -> Row:
    area = run.one_of("places", "elsewhere", "old")
    return row | {"nik": new_nik(run, area, _birth(row), row["sex"])}


def nik_with_another_date(run: Makers, row: Row, _: list[Row]) -> Row:
    """The KTP was corrected once, the NIK never is."""
    other = _birth(row).replace(day=1 + _birth(row).day % 28)
    return row | {"nik": new_nik(run, row["village_code"][:6], other, row["sex"])}


def serial_0000(run: Makers, row: Row, _: list[Row]) -> Row:
    nik = f"{row['nik'][:12]}0000"
    if nik in run.niks:
        return row
    run.niks.add(nik)
    return row | {"nik": nik}


def no_nik_but_a_letter(_: Makers, row: Row, __: list[Row]) -> Row:
    return row | {"nik": "", "document_seen": "suket", "date_source": "family"}


def no_document_at_all(_: Makers, row: Row, __: list[Row]) -> Row:
    return row | {"nik": "", "document_seen": "none", "date_source": "family"}


def no_phone(_: Makers, row: Row, __: list[Row]) -> Row:
    return row | {"phone": "", "phone_owner": "none"}


def shared_phone(_: Makers, row: Row, earlier: list[Row]) -> Row:
    shared = next((r["phone"] for r in reversed(earlier) if r["phone"]), "081200000000")
    return row | {"phone": shared, "phone_owner": "neighbour"}


def over_65(run: Makers, row: Row, _: list[Row]) -> Row:
    return _born(run, row, born_at_age(run.chance.uniform(65.3, 78)))


def under_age(run: Makers, row: Row, _: list[Row]) -> Row:
    born = born_at_age(run.chance.uniform(15.2, 16.9))
    parent = {
        "name": full_name(run, "P"),
        "relation": "parent",
        "born": str(born.year - run.chance.randint(19, 30)),
    }
    return _born(run, row, born) | {"works_since": SAMPLE_DAY.year, "heirs": [parent]}


def ill(_: Makers, row: Row, __: list[Row]) -> Row:
    return row | {"works_now": "ill"}


def stopped(_: Makers, row: Row, __: list[Row]) -> Row:
    return row | {"works_now": "stopped"}


def no_picture(run: Makers, row: Row, _: list[Row]) -> Row:
    reasons = ["refused", "no_camera", "face_covered", "later"]
    return row | {"no_photo_reason": run.chance.choice(reasons)}


def same_person_again(run: Makers, row: Row, earlier: list[Row]) -> Row:
    """Somebody who stood in another queue as well: one NIK, another ticket and phone."""
    known = [r for r in earlier if r["nik"]]
    if not known:
        return row
    twin = run.chance.choice(known)
    kept = ("nik", "name", "birth_place", "birth_date", "sex", "mother_name", "village_code")
    return row | {name: twin[name] for name in kept}


def spelling_twin(run: Makers, row: Row, earlier: list[Row]) -> Row:
    """Probably the same person: the name in another spelling, the same birth and place."""
    pairs = [(r, name) for r in earlier if (name := other_spelling(run, r["name"]))]
    if not pairs:
        spellings = run.words["twins"][0]["spellings"]
        return row | {"name": f"{spellings[1]} {run.one_of('given', 'L', 'second')}".upper()}
    twin, name = run.chance.choice(pairs)
    kept = ("birth_place", "birth_date", "sex", "mother_name", "village_code", "address")
    same = {field: twin[field] for field in kept}
    nik = new_nik(run, twin["village_code"][:6], _birth(twin), twin["sex"])
    return row | same | {"name": name, "nik": nik, "heirs": twin["heirs"]}


def old_spelling_of_ktp(_: Makers, row: Row, __: list[Row]) -> Row:
    """An abbreviation that stands so on the KTP and stays so."""
    return row | {"name": f"ABD. {row['name']}" if row["sex"] == "L" else f"ST. {row['name']}"}


CASES: Final[tuple[Case, ...]] = (
    mononym, nik_from_elsewhere, no_phone, first_of_july, over_65, no_nik_but_a_letter, ill,
    same_person_again, apostrophe, no_picture, shared_phone, under_age, spelling_twin, serial_0000,
    nik_of_an_old_district, very_long_name, stopped, last_of_december, nik_with_another_date,
    no_document_at_all, old_spelling_of_ktp,
)  # fmt: skip


def other_spelling(run: Makers, name: str) -> str | None:
    """Return a name with one of its words in another spelling, if it has such a word."""
    words = name.split()
    for group in run.words["twins"]:
        spellings = [spelling.upper() for spelling in group["spellings"]]
        for place, word in enumerate(words):
            if word in spellings:
                others = [spelling for spelling in spellings if spelling != word]
                words[place] = run.chance.choice(others)
                return " ".join(words)
    return None


def _born(run: Makers, row: Row, born: date) -> Row:
    """Return the row with another birth date, its NIK and the start of its work with it."""
    area = row["nik"][:6] or row["village_code"][:6]
    since = max(row["works_since"], born.year + 15)
    return row | {
        "birth_date": born.isoformat(),
        "nik": new_nik(run, area, born, row["sex"]),
        "works_since": min(since, SAMPLE_DAY.year),
    }


def _birth(row: Row) -> date:
    return date.fromisoformat(row["birth_date"])
