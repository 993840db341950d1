"""A short run of the campaign, and its control: windows killed while somebody types."""

import json
import subprocess
import sys

import pytest


def campaign(*options: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.faults.kill_typing", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow  # in small it is one of `make faults-ci`
def test_a_killed_window_loses_the_last_key_at_most_and_comes_back_to_its_letter(qapp):
    found = campaign("--kills", "2")
    assert found["as_expected"], found
    assert found["most_lost"] in (0, 1)
    assert found["keys"] > 0


@pytest.mark.slow  # one of `make controls`
def test_without_keeping_what_is_typed_the_same_kills_lose_keys(qapp):
    found = campaign("--kills", "2", "--seed", "5", "--control")
    if found["keys"] < 5:
        pytest.skip("the kills came before anything was typed")
    assert found["lost_more"]
