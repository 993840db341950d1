"""Races for one folder in small: one opens, the others are told; without the lock two open."""

from tests.faults.starts import run_campaign, run_control


def test_never_two_have_one_folder():
    report = run_campaign(60, with_holds=False)
    assert report["two_at_once"] == 0
    assert report["each_start_was_answered"]


def test_without_the_lock_two_open_at_once():
    assert run_control(40)["two_at_once"] > 0
