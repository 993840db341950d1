"""Runs a campaign as the command that it is, in a process of its own, and returns its report."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def ran(name: str, *options: str, **sizes: int) -> dict[str, Any]:
    """Return the report; whether it came out as it should stands in it."""
    line = [sys.executable, "-m", f"tests.faults.{name}", *options]
    for size, number in sizes.items():
        line += [f"--{size.replace('_', '-')}", str(number)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report
