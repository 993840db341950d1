"""Full disks in small: nothing is said to be done that is not; who speaks first is caught."""

from tests.faults.full_disk import run_campaign, run_control


def test_nothing_is_said_to_be_done_that_is_not():
    report = run_campaign(3)
    assert report["problems"] == {}
    assert report["told_saved"] > 30
    assert report["refused_disk_full"] > 0


def test_who_speaks_before_the_commit_is_caught():
    assert run_control(3)["false_saved"] > 0
