"""Eight writers into one feed, for a moment: nothing behind the cursor; a bare sequence skips."""

import pytest

from tests.faults.campaigns import ran

pytestmark = pytest.mark.postgres


@pytest.mark.slow  # in small it is one of `make faults-ci`
def test_no_notice_appears_behind_the_cursor():
    report = ran("cursor_race", duration=3, seed=1)
    assert report["skipped"] == 0
    assert report["as_expected"]


@pytest.mark.slow  # one of `make controls`
def test_numbers_from_a_bare_sequence_are_noticed():
    assert ran("cursor_race", "--control", duration=4, seed=1)["skipped"] > 0
