"""Dates and ages as people write them; python's calendar is the second source."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.dates import (
    age_on,
    reaches_age_on,
    read_birth,
    read_date,
    read_instant,
    read_rt_rw,
    read_year,
)
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.typed import NotUnderstood

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
]  # fmt: skip


@given(DAYS)
def test_a_day_is_read_in_all_its_written_forms(day):
    month = MONTHS[day.month - 1]
    forms = [
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day:%d %m %Y}",
        f"{day:%d%m%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y-%m-%d} 00:00:00",
        f"{day:%Y-%m-%d}T00:00:00",
        f"{day.day} {month} {day.year}",
        f"{day.day}-{month[:3].upper()}-{day.year}",
    ]
    assert {read_date(form) for form in forms} == {day}


@pytest.mark.parametrize(
    "typed", ["31-02-1974", "29/2/1900", "31 April 1980", "03/25/1974", "00-01-1974"]
)
def test_a_day_that_no_calendar_has_is_called_so(typed):
    with pytest.raises(NotUnderstood, match="date_impossible"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["12/3/74", "12 Maret 74", "1-1-974"])
def test_a_century_is_never_guessed(typed):
    with pytest.raises(NotUnderstood, match="date_year_short"):
        read_date(typed)


@pytest.mark.parametrize(
    "typed", ["x", "1974", "12 Foo 1974", "27105", "1974-03-12 08:30", "", "\uff11\uff12-03-1974"]
)
def test_other_texts_are_no_date(typed):
    with pytest.raises(NotUnderstood, match="date_unreadable"):
        read_date(typed)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(typed):
    with suppress(NotUnderstood):
        assert isinstance(read_date(typed), date)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)))  # noqa: DTZ001 - Hypothesis wants bounds without a zone
def test_an_instant_is_read_back_to_the_millisecond(instant):
    read = read_instant(instant_to_text(instant))
    assert abs(read - instant) < timedelta(milliseconds=1)
    assert read.microsecond % 1000 == 0


def test_a_typed_day_begins_at_midnight_in_west_java():
    assert read_instant("22-11-2026") == datetime(2026, 11, 21, 17, tzinfo=UTC)
    assert read_instant("2026-11-22T08:00:00+07:00") == datetime(
        2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=7))
    )


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("12", (None, 2014)),
        ("12 th", (None, 2014)),
        ("7 tahun", (None, 2019)),
        ("2010", (None, 2010)),
        ("17-08-2010", (date(2010, 8, 17), None)),
    ],
)
def test_a_birth_is_a_date_a_year_or_an_age(typed, born):
    assert read_birth(typed, today=date(2026, 11, 22)) == born


def test_a_year_has_four_digits():
    assert read_year(" 2015 ") == 2015
    for typed in ("15", "0015", "1700", "dulu"):
        with pytest.raises(NotUnderstood, match="year_unreadable"):
            read_year(typed)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("3/1", ("003", "001")),
        ("003/001", ("003", "001")),
        ("RT 3 RW 1", ("003", "001")),
        ("rt.03/rw.01", ("003", "001")),
        ("RT03/RW01", ("003", "001")),
        ("3 1", ("003", "001")),
        ("5", ("005", "")),
        ("RT 5", ("005", "")),
        ("sawah", ("sawah", "")),
        ("", ("", "")),
        ("1234", ("1234", "")),
    ],
)
def test_rt_and_rw_are_read_from_one_text(typed, parts):
    assert read_rt_rw(typed) == parts


@given(DAYS, DAYS)
def test_an_age_is_the_number_of_birthdays(born, day):
    birthdays = sum(reaches_age_on(born, age) <= day for age in range(1, 201))
    assert (age_on(born, day) if day >= born else 0) == birthdays


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1961, 11, 22), date(2026, 11, 21), 64),
        (date(1961, 11, 22), date(2026, 11, 22), 65),
        (date(2000, 2, 29), date(2026, 2, 27), 25),
        (date(2000, 2, 29), date(2026, 2, 28), 26),
        (date(2027, 1, 1), date(2026, 11, 22), -1),
    ],
)
def test_ages_counted_by_hand(born, day, age):
    assert age_on(born, day) == age


def test_65_is_reached_on_the_birthday():
    assert reaches_age_on(date(1961, 11, 22), 65) == date(2026, 11, 22)
    assert reaches_age_on(date(1960, 2, 29), 65) == date(2025, 2, 28)
