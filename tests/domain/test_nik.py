"""NIK and KK: lokal-id is the second opinion on dates, sex and areas."""

from datetime import date

import lokal
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enumerator_app.domain.nik import (
    InvalidNik,
    Nik,
    birth_date_from_nik,
    compact_digits,
    is_spoilt_by_spreadsheet,
    parse_kk,
    parse_nik,
    shown_nik,
)

TODAY = date(2026, 11, 22)
DIGITS = st.text("0123456789", min_size=16, max_size=16)
BIRTHDAYS = st.dates(date(1927, 1, 1), TODAY)


def nik_of(born, *, sex="L", area="321601", serial=1):
    day = born.day + (40 if sex == "P" else 0)
    return f"{area}{day:02d}{born:%m%y}{serial:04d}"


@given(DIGITS)
def test_date_and_sex_are_those_of_the_second_source(digits):
    other = lokal.parse_nik(digits, reference_date=TODAY)
    assume(not other.birth_date or date.fromisoformat(other.birth_date) <= TODAY)
    try:
        born = birth_date_from_nik(digits, not_after=TODAY)
    except InvalidNik:
        assert other.birth_date is None
    else:
        if other.birth_date is None:  # only a 29 February of the other century
            assert (born.day, born.month) == (29, 2)
        else:
            assert born.isoformat() == other.birth_date
            assert Nik(digits).sex == other.gender
    assert Nik(digits).area_code == other.district_code.replace(".", "")
    assert Nik(digits).serial == digits[12:]


@given(BIRTHDAYS, st.sampled_from("LP"))
def test_a_birth_date_of_the_last_hundred_years_comes_back(born, sex):
    nik = nik_of(born, sex=sex)
    assert birth_date_from_nik(nik, not_after=TODAY) == born
    assert Nik(nik).sex == sex
    assert Nik(nik).agrees_with(born)


@given(BIRTHDAYS, BIRTHDAYS)
def test_a_nik_agrees_only_with_its_own_day_month_and_year(born, other):
    same = (born.day, born.month, born.year % 100) == (other.day, other.month, other.year % 100)
    assert Nik(nik_of(born)).agrees_with(other) == same


def test_a_birth_date_never_lies_in_the_future():
    assert birth_date_from_nik("3216012311260001", not_after=TODAY) == date(1926, 11, 23)
    assert birth_date_from_nik("3216012211260001", not_after=TODAY) == TODAY


def test_a_leap_day_takes_the_century_that_has_it():
    assert birth_date_from_nik("3216012902000001", not_after=TODAY) == date(2000, 2, 29)
    with pytest.raises(InvalidNik, match="nik_no_date"):
        birth_date_from_nik("3216012902990001", not_after=TODAY)


@pytest.mark.parametrize("middle", ["320174", "001274", "721274", "311374", "310274", "400174"])
def test_six_digits_that_are_no_date_say_so(middle):
    with pytest.raises(InvalidNik, match="nik_no_date"):
        birth_date_from_nik(f"321601{middle}0001", not_after=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "3216 0152 0374 0001",
        "321601-520374-0001",
        "32.16.01.520374.0001",
        " 3216015203740001\t",
        "'3216015203740001",
        "3216\u00a00152\u20130374\u20110001",
    ],
)
def test_blanks_hyphens_and_dots_are_free(typed):
    assert parse_nik(typed).digits == "3216015203740001"


@pytest.mark.parametrize(
    "typed",
    [
        "321601520374OOO1",
        "\uff13\uff12\uff11\uff16015203740001",
        "\u0663216015203740001",
        "3216015203740001/",
        "NIK",
    ],
)
def test_anything_that_is_no_ascii_digit_is_called_a_letter(typed):
    with pytest.raises(InvalidNik, match="nik_letter"):
        parse_nik(typed)


@pytest.mark.parametrize(("typed", "count"), [("3216", 4), ("32160152037400011", 17), ("", 0)])
def test_a_wrong_length_is_counted(typed, count):
    with pytest.raises(InvalidNik, match="nik_len") as problem:
        parse_nik(typed)
    assert problem.value.parameters == {"n": count}


@given(st.text(max_size=20))
def test_no_text_but_sixteen_digits_is_a_nik(typed):
    compact = compact_digits(typed)
    if len(compact) == 16 and compact.isascii() and compact.isdigit():
        assert parse_nik(typed).digits == compact
    else:
        with pytest.raises(InvalidNik, match=r"nik_(letter|len)"):
            parse_nik(typed)


@given(st.text(max_size=30))
def test_compacting_twice_changes_nothing(typed):
    once = compact_digits(typed)
    assume(not once.startswith("'"))
    assert compact_digits(once) == once


def test_a_kk_number_knows_no_forty():
    assert parse_kk("3216 0115 0320 0001").recorded_on(not_after=TODAY) == date(2020, 3, 15)
    assert parse_kk("3216015503200001").recorded_on(not_after=TODAY) is None
    with pytest.raises(InvalidNik, match="kk_len"):
        parse_kk("3216")
    with pytest.raises(InvalidNik, match="kk_letter"):
        parse_kk("321601550320000A")


def test_a_nik_is_shown_in_groups_of_six_six_four():
    assert shown_nik("3216015203740001") == "321601 520374 0001"
    assert shown_nik("3216") == "3216"


@pytest.mark.parametrize(
    "digits", ["1111111111111111", "0000000000000000", "1234567890123456", "9876543210987654"]
)
def test_numbers_that_people_put_in_for_a_missing_nik_are_known(digits):
    assert Nik(digits).is_placeholder


def test_an_ordinary_nik_is_no_placeholder():
    assert not Nik("3216015203740001").is_placeholder


@pytest.mark.parametrize(
    "typed", ["3.21601520374E+15", "3,21602E+15", "3.2E15", "3216015203740000.0"]
)
def test_what_a_spreadsheet_makes_of_a_long_number_is_known(typed):
    assert is_spoilt_by_spreadsheet(typed)


@pytest.mark.parametrize("typed", ["3216015203740001", "32.16.01.520374.0001", "", "E"])
def test_what_people_type_is_not_taken_for_a_spreadsheet(typed):
    assert not is_spoilt_by_spreadsheet(typed)
