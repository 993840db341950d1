"""Grouping while typing helps to read and never loses a sign."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.ui.kit import typing_formats
from enumerator_app.ui.kit.typing_formats import (
    cursor_after,
    dashed_date,
    grouped_nik,
    grouped_phone,
    padded_rt_rw,
    shown_date,
    typed_date,
    ungrouped,
)

SIGNS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=24)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("3216", "3216"),
        ("321613", "321613"),
        ("3216135", "321613 5"),
        ("3216135203740003", "321613 520374 0003"),
        ("32161352037400039", "321613 520374 00039"),
        ("321613 52037", "321613 52037"),
        ("32161352O374", "321613 52O374"),
    ],
)
def test_a_nik_is_read_in_groups_of_six_six_and_four(typed, shown):
    assert grouped_nik(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("081234567890", "0812 3456 7890"),
        ("0812-3456-789", "0812 3456 789"),
        ("+6281234567890", "+62 8123 4567 890"),
        ("", ""),
    ],
)
def test_a_phone_number_is_read_in_fours(typed, shown):
    assert grouped_phone(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2", "2"),
        ("21", "21"),
        ("210", "21-0"),
        ("21031974", "21-03-1974"),
        ("3/", "03-"),
        ("3/4/1974", "03-04-1974"),
        ("21.3.1974", "21-03-1974"),
        ("tidak tahu", "tidak tahu"),
    ],
)
def test_a_date_gets_its_dashes_by_itself(typed, shown):
    assert dashed_date(typed) == shown


@given(SIGNS)
def test_no_format_loses_or_adds_a_sign_that_counts(text):
    assert ungrouped(grouped_nik(text)) == ungrouped(text)


@given(SIGNS)
def test_a_shaped_nik_and_date_stay_as_they_are_when_shaped_again(text):
    assert grouped_nik(grouped_nik(text)) == grouped_nik(text)
    assert dashed_date(dashed_date(text)) == dashed_date(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_typed_digit_by_digit_is_that_date(day):
    shown = ""
    for digit in f"{day.day:02}{day.month:02}{day.year:04}":
        shown = dashed_date(shown + digit)
    assert shown == shown_date(day)
    assert typed_date(shown) == day


@pytest.mark.parametrize("words", ["31-02-1974", "21-3-1974", "", "21-03-74"])
def test_what_is_no_day_of_the_calendar_is_no_date(words):
    assert typed_date(words) is None


@pytest.mark.parametrize(
    ("typed", "shown"), [("3/1", "003 / 001"), ("003 001", "003 / 001"), ("3", "3"), ("a/b", "a/b")]
)
def test_rt_and_rw_are_filled_up_to_three_digits(typed, shown):
    assert padded_rt_rw(typed) == shown


def test_the_cursor_stays_behind_the_digit_that_was_typed():
    before, after = "3216135 20374", grouped_nik("3216135 20374")
    assert cursor_after(typing_formats.NIK, before, 7, after) == after.index("5") + 1
