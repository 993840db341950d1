"""Small readers of typed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.typed import (
    NotUnderstood,
    WordList,
    one_line,
    read_choice,
    read_integer,
    read_rupiah,
    shortened,
)

SEXES = WordList.from_table({"L": ["laki-laki", "pria"], "P": ["perempuan"]})


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("1000000", 1_000_000),
        ("1.000.000", 1_000_000),
        ("Rp1.000.000", 1_000_000),
        ("Rp. 1.000.000,00", 1_000_000),
        ("rp 1,000,000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("1.000.000,-", 1_000_000),
        ("1000000.00", 1_000_000),
        ("0", 0),
        ("1.100", 1_100),
    ],
)
def test_rupiah_are_read_as_people_write_them(typed, rupiah):
    assert read_rupiah(typed) == rupiah


@pytest.mark.parametrize("typed", ["-1", "1,5", "sejuta", "1.00.000", "1e6", "", "\uff11000"])
def test_what_is_no_whole_amount_is_refused(typed):
    with pytest.raises(NotUnderstood, match="number_unreadable"):
        read_rupiah(typed)


@given(st.integers(0, 10**14))
def test_grouped_thousands_come_back(amount):
    assert read_rupiah(f"{amount:,}".replace(",", ".")) == amount


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_whole_numbers_come_back(number):
    assert read_integer(str(number)) == number


@pytest.mark.parametrize("typed", [str(2**53), "1.5", "x", "--1"])
def test_what_is_no_whole_number_of_the_journal_is_refused(typed):
    with pytest.raises(NotUnderstood):
        read_integer(typed)


@pytest.mark.parametrize("typed", ["L", "l", "Laki-Laki", "laki laki", "PRIA"])
def test_words_stand_for_codes_in_any_case(typed):
    assert read_choice(typed, SEXES) == "L"


def test_an_unknown_word_is_answered_with_the_choice():
    with pytest.raises(NotUnderstood) as problem:
        read_choice("x", SEXES)
    assert problem.value.parameters == {"value": "x", "choices": "laki-laki, perempuan"}


@given(st.text())
def test_a_quoted_value_is_short_and_on_one_line(typed):
    assert len(shortened(typed)) <= 40
    assert "\n" not in one_line(typed)
