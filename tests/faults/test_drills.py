"""The drills of a restored office and a cloned laptop in small; without its protection each fails.

The river drill and the recovery key are in tests/bundles and tests/custody, the laptop set back in
tests/sync_client.
"""

import pytest

from tests.faults.drills import run_control, run_drill


@pytest.mark.parametrize("name", ["restored_told", "restored_untold", "cloned"])
def test_nobody_is_lost_or_doubled(name):
    found = run_drill(name, 8, seed=1)
    assert (found["lost"], found["doubled"], found["numbers_twice"]) == (0, 0, 0)
    assert found["as_it_must"]


@pytest.mark.slow  # one of `make controls`
@pytest.mark.parametrize(
    ("name", "claim"),
    [("restored_told", "decisions_kept"), ("restored_untold", "new_epoch"),
     ("cloned", "copy_noticed")],
)  # fmt: skip
def test_without_its_protection_a_drill_fails(name, claim):
    assert claim in run_control(name, 12, seed=1)
