"""Places: the shipped tables against the package they come from, and the ways people name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal import wilayah

from enumerator_app.domain.places import looks_like_bps, place_key
from enumerator_app.domain.reference import load_places
from enumerator_app.resource_files import resource_path

PLACES = load_places()


def test_the_regency_has_23_districts_187_villages_and_8_kelurahan():
    assert len(PLACES.districts) == 23
    assert len(PLACES.villages) == 187
    assert sum(village.kind == "kelurahan" for village in PLACES.villages) == 8


def test_every_village_is_that_of_the_second_source():
    expected = {
        village.code.replace(".", ""): (village.name, village.type, district.name)
        for district in wilayah.list_wilayah("32.16")
        for village in wilayah.list_wilayah(district.code)
    }
    ours = {v.code: (v.name, v.kind, v.district_name) for v in PLACES.villages}
    assert ours == expected


def test_every_regency_is_that_of_the_second_source():
    expected = {
        regency.code.replace(".", ""): regency.name
        for province in wilayah.list_wilayah()
        for regency in wilayah.list_wilayah(province.code)
    }
    assert {r.code: r.name for r in PLACES.regencies} == expected
    assert len(expected) == 514


def test_the_notice_of_the_data_travels_with_it():
    notice = resource_path("places", "LICENSE").read_text(encoding="utf-8")
    assert "Cahya DSN" in notice
    assert "Lokal contributors" in notice


@pytest.mark.parametrize(
    "typed", ["3216012001", "32.16.01.2001", " 3216 01 2001 ", "'3216012001", "32-16-01-2001"]
)
def test_a_code_is_read_in_all_its_written_forms(typed):
    assert PLACES.read_village(typed) == "3216012001"


@pytest.mark.parametrize("typed", ["Sagara Makmur", "sagaramakmur", "SAGARA-MAKMUR"])
def test_a_name_is_as_good_as_a_code(typed):
    assert PLACES.read_village(typed) == "3216012001"


def test_every_village_is_found_first_by_its_own_name_without_blanks():
    for village in PLACES.villages:
        assert PLACES.search(village.name.replace(" ", "").upper())[0] == village


def test_names_that_begin_so_come_before_names_that_hold_it():
    names = [village.name for village in PLACES.search("karang", limit=50)]
    begins = [place_key(name).startswith("karang") for name in names]
    assert begins[0]
    assert {village.district_name for village in PLACES.search("bojongmangu", limit=6)} == {
        "Bojongmangu"
    }
    ranks = [PLACES.search("serang", limit=50)[0].name, PLACES.search("serang")[0].district_name]
    assert ranks == ["Serang", "Cikarang Selatan"]


def test_a_village_is_found_by_the_beginning_of_its_code():
    assert {v.district_code for v in PLACES.search("321607", limit=50)} == {"321607"}


@given(st.text(max_size=12))
def test_searching_never_fails_and_finds_only_what_holds_the_text(typed):
    key = place_key(typed)
    for village in PLACES.search(typed):
        held = (place_key(village.name), place_key(village.district_name), village.code)
        assert any(key in text for text in held)


def test_an_unknown_code_has_no_village():
    assert PLACES.village("3216019999") is None
    assert PLACES.read_village("Desa Entah") == "Desa Entah"


@pytest.mark.parametrize("code", ["3216010", "3216010001", "3216230005"])
def test_a_code_in_the_form_of_bps_is_known_as_such(code):
    assert looks_like_bps(code)
    assert PLACES.village(code) is None


@pytest.mark.parametrize("code", ["3216012001", "321601", "Setu", "32160120011", ""])
def test_other_codes_are_not_called_bps(code):
    assert not looks_like_bps(code)


def test_no_village_of_ours_looks_like_bps():
    assert [v.code for v in PLACES.villages if looks_like_bps(v.code)] == []


@pytest.mark.parametrize(
    ("area", "known", "own"),
    [
        ("321601", True, True),
        ("321624", False, True),  # a district that the regency does not have
        ("317101", True, False),
        ("999901", False, False),
    ],
)
def test_the_area_of_a_nik_is_own_foreign_or_unknown(area, known, own):
    assert PLACES.knows_area(area) is known
    assert PLACES.is_own_area(area) is own


def test_a_code_is_shown_dotted():
    assert PLACES.village("3216012001").dotted_code == "32.16.01.2001"
    assert PLACES.regency("3216").name == "Kabupaten Bekasi"
    assert len(PLACES.villages_of("321613")) == 13
