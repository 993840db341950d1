"""Both ends killed in syncs: nothing is lost or doubled, "arrived" is true; the control lies."""

import pytest

from tests.faults.campaigns import ran


def test_kills_of_laptops_and_server_lose_and_double_nothing():
    report = ran("kill_syncs", kills=14, seed=20261128)
    assert report["faults"] == {}
    assert report["server_killed"] > 0
    assert report["told_to_have_arrived"] > 0
    assert report["entries_at_office"] == report["answers_at_office"]
    assert report["as_expected"]


@pytest.mark.slow  # in small it is one of `make faults-ci`
@pytest.mark.postgres
def test_kills_of_postgresql_itself_lose_and_double_nothing():
    report = ran("kill_syncs", kills=8, postgres=3, seed=5)
    assert report["faults"] == {}
    assert report["postgresql_killed"] == 3
    assert report["as_expected"]


@pytest.mark.slow  # one of `make controls`
def test_a_receipt_that_leaves_before_its_commit_is_noticed():
    # Where a kill falls is for the machine to say: a busy one may kill thirty times too early.
    reports = (ran("kill_syncs", "--control", kills=30, seed=seed) for seed in (4, 5, 6, 7))
    assert any(report["arrived_and_not_there"] for report in reports)
