"""Instants: UTC with milliseconds inside, WIB for people."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.instants import (
    day_in_wib,
    instant_from_text,
    instant_to_text,
    shown_date,
    shown_time,
)

INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone itself
    max_value=datetime(2099, 12, 31),  # noqa: DTZ001 - Hypothesis adds the zone itself
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-5))]),
)


def test_an_instant_is_written_in_utc_with_milliseconds():
    local = datetime(2026, 11, 22, 8, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=7)))
    assert instant_to_text(local) == "2026-11-22T01:02:03.456Z"


@given(INSTANTS)
def test_an_instant_is_read_back_to_the_millisecond(instant):
    difference = instant - instant_from_text(instant_to_text(instant))
    assert timedelta(0) <= difference < timedelta(milliseconds=1)


@pytest.mark.parametrize("written", ["2026-11-22T01:02:03", "2026-11-22", "now", ""])
def test_an_instant_without_its_zone_is_refused(written):
    with pytest.raises(ValueError, match=r"zone|isoformat"):
        instant_from_text(written)


def test_a_day_begins_seven_hours_before_that_of_utc():
    assert day_in_wib(datetime(2026, 11, 21, 16, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert day_in_wib(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_people_read_days_and_times_as_they_write_them():
    assert shown_date(date(2026, 3, 2)) == "02-03-2026"
    assert shown_time(datetime(2026, 11, 22, 2, 4, tzinfo=UTC)) == "09.04"
