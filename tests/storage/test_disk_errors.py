"""Every write and flush of a save made to fail: told, or saved after all; never lost, never twice.

`STORAGE_FAULTS` sets how many places each call is made to fail at.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.laptops import new_laptop, reopened

ROOT = Path(__file__).parents[2]
PLACES = int(os.environ.get("STORAGE_FAULTS", "2"))
SAVES = 6
STEP = 4  # the places are spread over opening, first save and later saves

_SAVING = """
import sys
from pathlib import Path
from enumerator_app.domain.errors import KnownError
from tests.storage.laptops import person, portrait, reopened
try:
    store = reopened(Path(sys.argv[1]))
except KnownError as error:
    print("closed", error.code, flush=True)
    sys.exit(0)
for i in range(int(sys.argv[2])):
    for attempt in range(3):
        try:
            photo = portrait(i, 9_000) if i % 2 else None
            saved = store.register(person(i), photo=photo)
        except KnownError as error:
            print("refused", error.code, flush=True)
        else:
            print("saved", saved.entry_hash, saved.number, flush=True)
            break
"""

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


def injected(home, call, error, place):
    """Run the saving process with one call failing from the `place`-th on, twice in a row."""
    line = [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
        "-e", f"inject={call}:error={error}:when={place}..{place + 1}",
        sys.executable, "-c", _SAVING, str(home), str(SAVES),
    ]  # fmt: skip
    run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in run.stderr, run.stderr
    return [said.split() for said in run.stdout.splitlines()]


@pytest.mark.parametrize("place", range(1, 1 + PLACES * STEP, STEP))
@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("fsync", "EIO"),
        ("pwrite64", "ENOSPC"),
        pytest.param("fsync", "ENOSPC", marks=pytest.mark.slow),
        pytest.param("pwrite64", "EIO", marks=pytest.mark.slow),
    ],
)
def test_a_failing_disk_is_told_and_loses_nothing(tmp_path, call, error, place):
    new_laptop(tmp_path).close()
    said = injected(tmp_path, call, error, place)
    saved = [words[1] for words in said if words[0] == "saved"]
    assert said
    with reopened(tmp_path) as store:
        assert [entry for entry in saved if not store.holds(entry)] == []
        assert store.counts().registrations == len(saved)
        assert store.doctor() == []
