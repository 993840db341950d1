"""Refused and killed system calls in small; the control speaks before the commit and is caught."""

import shutil

import pytest

from tests.faults.system_calls import run_campaign, run_control

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


@pytest.mark.slow  # in small it is one of `make faults-ci`
def test_a_refused_call_is_told_and_loses_nothing():
    report = run_campaign(("changing_keys",), 1)
    assert report["problems"] == {}
    assert report["refused_in_words"] > 0
    assert report["killed"] > 0


@pytest.mark.slow
def test_who_speaks_before_the_commit_is_caught():
    assert run_control(6)["lost"] > 0
