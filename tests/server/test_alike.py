"""People recorded twice under different NIKs become cases, once, with their reasons."""

from sync.server.alike import ALIKE, find_alike
from sync.server.cases import list_cases
from tests.server.laptops import nik

SITI = {
    "name": "SITI MAEMUNAH",
    "birth_date": "1974-03-12",
    "mother_name": "RUMINAH",
    "rt": "003",
    "rw": "001",
}


def recorded(new_laptop, **fields):
    laptop = new_laptop()
    entry = laptop.register(**{**SITI, **fields})
    laptop.push(laptop.journal)
    return str(entry.fields["subject"])


def test_another_spelling_without_a_nik_is_a_case_with_reasons(office, new_laptop):
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none", name="St. Maimunah")
    recorded(new_laptop, nik=nik(3), name="KARTA", birth_date="1960-01-02", mother_name="ENCUM")
    assert find_alike(office) == 1
    (case,) = list_cases(office, ALIKE)
    assert case["score"] >= 70
    assert {"same_birth_date", "same_mother", "name_twin_spelling"} <= set(case["reasons"])


def test_looking_again_finds_nothing_new_and_equal_niks_are_left_to_their_own_case(
    office, new_laptop
):
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none")
    assert find_alike(office) == 2
    assert find_alike(office) == 0
    assert len(list_cases(office, ALIKE)) == 2
    assert len(list_cases(office, "same_nik")) == 1


def test_what_the_enumerator_said_is_one_of_the_reasons(office, new_laptop):
    first = recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none", other_than=[first])
    find_alike(office)
    (case,) = list_cases(office, ALIKE)
    assert "said_other_person" in case["reasons"]
