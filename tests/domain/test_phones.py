"""Phone numbers: lokal-id is the second opinion on mobile numbers."""

import lokal
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.phones import (
    is_mobile,
    is_phone,
    read_phone,
    says_no_phone,
    shown_phone,
    tidy_phone,
)
from enumerator_app.domain.typed import NotUnderstood

MOBILE = st.from_regex(r"08[1-9][0-9]{7,10}", fullmatch=True)


@pytest.mark.parametrize(
    "typed",
    [
        "0812 3456 7890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "+62 (0)812 3456 7890",
        "62812.3456.7890",
        "0062 812 3456 7890",
        "81234567890",
        "'081234567890",
    ],
)
def test_all_ways_to_write_a_number_become_one(typed):
    assert read_phone(typed) == "081234567890"


@given(MOBILE, st.sampled_from(["0", "+62", "62", "+62 ", "0062"]))
def test_a_mobile_number_is_that_of_the_second_source(number, prefix):
    ours = read_phone(prefix + number[1:])
    assert ours == number
    assert lokal.normalize_phone(ours) == "+62" + number[1:]
    assert is_mobile(ours)


@given(st.text("0123456789+-. ()", max_size=18))
def test_a_mobile_number_that_we_read_is_one_for_the_second_source(typed):
    try:
        number = read_phone(typed)
    except NotUnderstood:
        return
    assert is_phone(number)
    if is_mobile(number):
        assert lokal.parse_phone(number).e164 == "+62" + number[1:]


def test_a_landline_of_bekasi_is_a_phone_but_no_mobile():
    assert read_phone("(021) 8900 1234") == "02189001234"
    assert not is_mobile("02189001234")


@pytest.mark.parametrize(
    "typed", ["123", "0812345", "08123456789012", "telepon desa", "0012345678"]
)
def test_other_texts_are_odd_and_stay_as_typed(typed):
    with pytest.raises(NotUnderstood, match="phone_odd"):
        read_phone(typed)
    assert tidy_phone(typed) == typed


@given(st.text(max_size=20))
def test_tidying_twice_changes_nothing(typed):
    assert tidy_phone(tidy_phone(typed)) == tidy_phone(typed)


@pytest.mark.parametrize("typed", ["-", "tidak ada", "Tidak punya", "--", "0"])
def test_saying_that_there_is_none_is_understood(typed):
    assert says_no_phone(typed)


@pytest.mark.parametrize("typed", ["", "  ", "0812 3456 7890"])
def test_an_empty_field_says_nothing(typed):
    assert not says_no_phone(typed)


def test_a_number_is_shown_in_groups_of_four():
    assert shown_phone("081234567890") == "0812 3456 7890"
    assert shown_phone("123") == "123"
