"""Killed at any moment: what was said is there, once, whole; the control loses something.

`STORAGE_KILLS` sets the number of kills (a campaign has 10,000).
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.storage.laptops import new_laptop, reopened

KILLS = int(os.environ.get("STORAGE_KILLS", "15"))
MOST_ROWS = 12
ROOT = Path(__file__).parents[2]


def one_killed_run(home, first, dice, *options):
    """Kill a saving process after some acknowledgements and a moment; return what it said."""
    line = [sys.executable, "-m", "tests.storage.saving_loop", str(home), str(first), *options]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        said = [process.stdout.readline() for _ in range(1 + dice.randint(1, MOST_ROWS))]
        time.sleep(dice.uniform(0, 0.01))  # the random moment itself, not a wait for something
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    assert said[0] == "ready\n"
    return [line.split() for line in said[1:] if line.endswith("\n")]


def campaign(home, kills, *options, stop_at_loss=False):
    """Return all that was acknowledged, and what of it is not in the file afterwards."""
    dice, acknowledged, lost = random.Random(20261122), [], []
    for kill in range(kills):
        acknowledged += one_killed_run(home, 1000 * kill, dice, *options)
        with reopened(home) as store:
            lost = [number for _, number, entry in acknowledged if not store.holds(entry)]
            if lost and stop_at_loss:
                break
    return acknowledged, lost


def test_killed_saves_lose_and_double_nothing(tmp_path):
    new_laptop(tmp_path).close()
    acknowledged, lost = campaign(tmp_path, KILLS)
    assert len(acknowledged) >= KILLS, "the kills hit nothing"
    assert lost == []
    with reopened(tmp_path) as store:
        found = {i: store.record(number) for i, number, _ in acknowledged}
        assert all(record.revision == entry for (_, _, entry), record in
                   zip(acknowledged, found.values(), strict=True))  # fmt: skip
        numbers = [number for _, number, _ in acknowledged]
        assert len(set(numbers)) == len(numbers)
        assert store.counts().registrations - len(numbers) <= KILLS  # at most the one in hand
        assert all(
            store.photo(record.registration.photo) is not None
            for i, record in found.items()
            if int(i) % 3 == 0
        )
        assert store.doctor() == []


@pytest.mark.timeout(600)
def test_the_control_which_speaks_before_the_commit_is_caught(tmp_path):
    new_laptop(tmp_path).close()
    _, lost = campaign(tmp_path, 40, "--early", stop_at_loss=True)
    assert lost
