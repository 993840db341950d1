"""Wrong clocks in small: nobody is refused, the last change stands, wrong times are marked."""

from glob import glob

import pytest

from tests.faults.clocks import LIBRARY, SCENARIOS, run_campaign, run_control

pytestmark = pytest.mark.skipif(not glob(LIBRARY), reason="needs faketime")  # noqa: PTH207 - the name of a library, not a path of ours


def test_there_are_forty_of_them():
    assert len({scenario.name for scenario in SCENARIOS}) == 40


@pytest.mark.slow  # `make faults-ci` lives them
def test_a_wrong_clock_refuses_nobody_and_reorders_nothing():
    report = run_campaign(3)
    bad = ("refused_saves", "lost", "reordered_revisions", "unmarked_or_wrongly_marked", "doctor")
    assert [report[name] for name in bad] == [0] * 5
    assert report["marked_uncertain"] > 0


@pytest.mark.slow
def test_times_that_are_not_marked_are_caught():
    assert run_control(2)["unmarked_or_wrongly_marked"] > 0
