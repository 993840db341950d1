"""Whether two records may be one person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.duplicates import (
    LIKELY,
    blocking_keys,
    likeness,
    may_be_likely,
    same_nik,
)
from enumerator_app.domain.name_likeness import similar
from enumerator_app.domain.registration import Registration
from enumerator_app.texts import catalogue

SITI = {
    "nik": "3216015203740001",
    "name": "SITI MAEMUNAH",
    "birth_date": date(1974, 3, 12),
    "sex": "P",
    "village_code": "3216012001",
    "mother_name": "ENCUM",
    "registered_at": "2026-11-22T02:00:00.000Z",
}


def person(**changes):
    return Registration.model_validate(SITI | changes)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("SITI MAEMUNAH", "HJ. SITI MA'EMUNAH", "same_name"),
        ("MOH. YUSUP", "MUHAMMAD YUSUF", "name_twin_spelling"),
        ("MUHAMAD YUSUP", "MUHAMAD YUSUP BIN KARTA", "name_twin_spelling"),
        ("MUHAMAD YUSUP", "JUSUF MOCH", "name_turned"),
        ("MUHAMAD YUSUP", "MUHAMAD YUSUP HIDAYAT", "name_contained"),
        ("KOMARUDIN HIDAYAT", "UDIN HIDAYAT", "name_home"),
        ("DJAJA", "JAYA", "name_twin_spelling"),
        ("ROCHMAN", "RAHMAN", "name_twin_spelling"),
        ("SURJANA", "SURIANA", "name_twin_spelling"),
        ("M. SOPIAN", "MUHAMMAD SOFYAN", "name_twin_spelling"),
        ("SITI MAEMUNAH", "SITI MAEMUNHA", "name_close"),
        ("SITI MAEMUNAH", "SITI MAEMUN", "name_close"),
        ("SITI MAEMUNAH", "KARTA SARMAN", ""),
        ("SITI", "SITI MAEMUNAH", ""),
        ("", "SITI", ""),
    ],
)
def test_why_two_names_are_alike(one, other, reason):
    assert similar(one, other).reason == similar(other, one).reason == reason


NAMES = st.lists(
    st.sampled_from(["SITI", "MOH", "MUHAMMAD", "YUSUF", "YUSUP", "BIN", "KARTA", "H", "NUR"]),
    max_size=4,
).map(" ".join) | st.text("ABCSTI '", max_size=12)


@given(NAMES, NAMES)
def test_likeness_of_names_has_no_order(one, other):
    assert similar(one, other) == similar(other, one)
    assert 0 <= similar(one, other).score <= 100


@given(NAMES)
def test_a_name_is_like_itself(name):
    likeness_of_itself = similar(name, name)
    assert likeness_of_itself.reason in ("same_name", "")
    assert (likeness_of_itself.score == 100) == any(c.isalnum() for c in name)


def test_the_same_nik_is_always_looked_at_whatever_the_name():
    answer = likeness(person(), person(name="KARTA", birth_date=None, village_code="3216072005"))
    assert answer.score == 100
    assert answer.reasons[0] == "same_nik"
    assert same_nik(person(), person())
    assert not same_nik(person(nik=""), person(nik=""))


@pytest.mark.parametrize(
    ("changes", "likely"),
    [
        ({"nik": ""}, True),
        ({"nik": "", "name": "SITI MAIMUNA"}, True),
        ({"nik": "3216015203740002"}, True),
        ({"nik": "3216015203740010", "name": "SITI MAEMUNHA"}, True),
        ({"nik": "3216015203749999"}, True),
        ({"nik": "3216075203749999", "name": "KARTA SARMAN", "mother_name": "ROHANI"}, False),
        ({"nik": "", "birth_date": date(1980, 5, 5), "mother_name": "ROHANI"}, False),
        ({"nik": "", "village_code": "3216072005", "birth_date": None}, False),
    ],
)
def test_which_second_records_become_a_case(changes, likely):
    assert likeness(person(), person(**changes)).is_likely is likely


def test_a_usual_birthday_is_no_proof():
    usual = {"birth_date": date(1974, 7, 1), "mother_name": ""}
    answer = likeness(person(**usual), person(**usual, nik=""))
    assert "usual_birth_day" in answer.reasons
    assert answer.score < LIKELY


def test_a_shared_phone_of_the_village_is_no_sign():
    shared = {"phone": "081234567890", "phone_owner": "village"}
    own = {"phone": "081234567890", "phone_owner": "self"}
    assert "same_phone" not in likeness(person(**shared), person(**shared)).reasons
    assert "same_phone" in likeness(person(**own, nik=""), person(**own)).reasons


@pytest.mark.parametrize(
    ("nik", "reason"),
    [
        ("3216015203740002", "nik_serial_digit"),
        ("3216075203740001", "nik_one_digit"),
        ("3216075303740001", "nik_two_digits"),
        ("3216015203740010", "nik_two_swapped"),
        ("3216015203749999", "nik_differs"),
        ("321601520374", "nik_differs"),
    ],
)
def test_how_two_niks_differ(nik, reason):
    assert reason in likeness(person(), person(nik=nik)).reasons


PEOPLE = st.builds(
    person,
    nik=st.sampled_from(["", "3216015203740001", "3216015203740002", "3216072001800003"]),
    name=NAMES,
    birth_date=st.sampled_from([None, date(1974, 3, 12), date(1974, 7, 1)]),
    sex=st.sampled_from(["", "L", "P"]),
    village_code=st.sampled_from(["3216012001", "3216072005"]),
    mother_name=st.sampled_from(["", "ENCUM", "ENTJUM"]),
    phone=st.sampled_from(["", "081234567890"]),
    phone_owner=st.sampled_from(["self", "village"]),
)


@given(PEOPLE, PEOPLE)
def test_likeness_has_no_order_and_every_reason_has_words(one, other):
    answer = likeness(one, other)
    assert (answer.score, set(answer.reasons)) == (
        likeness(other, one).score,
        set(likeness(other, one).reasons),
    )
    assert all(f"findings.reasons.{reason}" in catalogue() for reason in answer.reasons)


@given(PEOPLE, PEOPLE)
def test_likely_people_of_one_village_share_a_key(one, other):
    if likeness(one, other).is_likely and one.village_code == other.village_code:
        assert blocking_keys(one) & blocking_keys(other)


@given(PEOPLE, PEOPLE)
def test_nobody_likely_is_passed_over_by_the_quick_look(one, other):
    assert may_be_likely(one, other) or not likeness(one, other).is_likely


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_key_is_one_word_whatever_was_typed(name, phone):
    keys = blocking_keys(person().model_copy(update={"name": name, "phone": phone, "nik": phone}))
    assert keys
    assert all(key.isalnum() or not key.isascii() for key in keys)
    assert not any(c.isspace() for key in keys for c in key)


def test_father_and_son_of_one_name_and_neighbours_of_one_name_stay_two():
    father = person(birth_date=date(1950, 4, 4), mother_name="ROHANI", nik="3216014404500001")
    neighbour = person(mother_name="ROHANI", birth_date=date(1974, 7, 1), nik="3216014107740003")
    assert not likeness(person(), father).is_likely
    assert not likeness(person(birth_date=date(1974, 7, 1)), neighbour).is_likely


def test_a_person_found_by_a_mistyped_nik_shares_a_key_with_the_right_one():
    assert blocking_keys(person()) & blocking_keys(
        person(nik="3216015203740002", village_code="3216072005")
    )


HOUSE = {"rt": "003", "rw": "001", "nik": ""}


@pytest.mark.parametrize(
    ("one", "other"), [("YENI JUBAEDAH", "YENI NURJANAH"), ("SRI HASANAH", "WATI NURHAYATI")]
)
def test_twins_of_one_house_are_no_case_though_neither_has_a_nik(one, other):
    found = likeness(person(name=one, **HOUSE), person(name=other, **HOUSE))
    assert "name_differs" in found.reasons
    assert not found.is_likely


@pytest.mark.parametrize(
    ("one", "other"), [("ACIH", "ACUH"), ("NAIN", "NAYN"), ("ADE", "ADE OTIH")]
)
def test_a_slip_or_a_part_of_a_short_name_is_no_other_name(one, other):
    found = likeness(person(name=one, **HOUSE), person(name=other, **HOUSE))
    assert "name_differs" not in found.reasons
    assert found.is_likely
