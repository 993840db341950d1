"""The campaign over bad lines, short: and its control, which it must notice."""

from tests.faults.cut_syncs import run_campaign


def test_nothing_is_lost_or_doubled_by_cuts():
    report = run_campaign(30, seed=2026)
    assert report["faults"] == {}
    assert report["cuts_in_answers"] > 0
    assert report["as_expected"]


def test_an_office_that_takes_entries_twice_is_noticed():
    report = run_campaign(20, seed=7, control=True)
    assert report["doubled"] > 0
