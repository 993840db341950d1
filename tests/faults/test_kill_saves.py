"""Killed in saves: what was said is there, once, here and at the office; the control loses some."""

import pytest

from tests.faults.campaigns import ran


def test_kills_in_saves_lose_and_double_nothing():
    report = ran("kill_saves", kills=16, seed=20261128)
    assert report["kills"] == 16
    assert report["said_to_be_saved"] >= 50
    assert report["faults"] == {}
    assert report["entries_at_office"] >= report["said_to_be_saved"]
    assert report["as_expected"]


@pytest.mark.slow  # one of `make controls`
def test_a_save_that_is_said_before_its_commit_is_noticed():
    report = ran("kill_saves", "--control", kills=15, seed=7)
    assert report["lost"] > 0
    assert set(report["faults"]) == {"lost"}
