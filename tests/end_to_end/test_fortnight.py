"""Two weeks of a regency in small; the full size is a command of its own."""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_total_is_the_same_wherever_it_is_asked():
    line = [sys.executable, "-m", "tests.end_to_end.fortnight", "--people", "40", "--laptops", "2"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=1100)
    assert done.stdout, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert [name for name, agrees in report["agree"].items() if not agrees] == []
    assert report["not_asked"] == []
    assert report["as_expected"]
