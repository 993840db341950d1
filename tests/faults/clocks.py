"""A laptop whose clock is wrong, jumps, or goes backwards in the middle of a save.

    python -m tests.faults.clocks [--scenarios 40] [--control]

Forty scenarios from 20 years behind to 20 years ahead under libfaketime. Nobody may be refused,
the last change stands whatever time it claims, and a time that cannot be right is marked so. The
control takes the mark away. That the order of times would not have done is counted as well.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path
from typing import Any

from tests.faults.reporting import campaign_options, concluded
from tests.storage.laptops import ENROLMENT

ROOT = Path(__file__).parents[2]
LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
PLAUSIBLE = timedelta(days=400)  # what a laptop may be ahead of the last time it met its office


@dataclass(frozen=True)
class Scenario:
    """Clocks that follow each other, from person to person or within one save."""

    name: str
    clocks: tuple[str, ...]
    within_saves: bool = False


def _scenarios() -> Iterator[Scenario]:
    still = (
        "-7300d", "-3650d", "-1826d", "-730d", "-365d", "-30d", "-7d", "-1d", "-1h", "+0d",
        "+1h", "+1d", "+7d", "+30d", "+365d", "+500d", "+730d", "+1826d", "+3650d", "+7300d",
    )  # fmt: skip
    for clock in still:
        yield Scenario(f"wrong{clock}", (clock,))
    jumps = (
        ("+0d", "-1h"), ("+0d", "+1h"), ("+0d", "-1d"), ("+0d", "+1d"), ("+0d", "-30d"),
        ("+0d", "-365d"), ("+0d", "+730d"), ("+0d", "-7300d"), ("+0d", "+7300d"),
        ("+7300d", "-7300d"), ("-3650d", "+0d"), ("+1d", "-1d", "+2d", "-2d"),
    )  # fmt: skip
    for clocks in jumps:
        yield Scenario(f"jumps{''.join(clocks)}", clocks)
    for clocks in (*jumps[:2], jumps[3], *jumps[5:10]):
        yield Scenario(f"within{''.join(clocks)}", clocks, within_saves=True)


SCENARIOS = tuple(_scenarios())


def chosen(count: int) -> tuple[Scenario, ...]:
    """So many of the scenarios, spread over all of them."""
    many = len(SCENARIOS)
    return tuple(SCENARIOS[i * many // count] for i in range(count)) if count < many else SCENARIOS


def run_campaign(count: int, *, marked: bool = True) -> dict[str, Any]:
    libraries = glob(LIBRARY)  # noqa: PTH207  a pattern from the root
    assert libraries, "needs the package faketime"
    with tempfile.TemporaryDirectory() as name:
        clock = Path(name) / "clock"
        clock.write_text("+0d\n")
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": libraries[0],
            "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1",
        }  # fmt: skip
        line = [sys.executable, "-m", "tests.faults.clock_lives", name, str(clock), str(count)]
        line += [] if marked else ["--unmarked"]
        run = subprocess.run(
            line,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    return _judged([json.loads(line) for line in run.stdout.splitlines()], count)


def _judged(lives: list[dict[str, Any]], count: int) -> dict[str, Any]:
    wrong_marks = sum(_wrong_marks(life) for life in lives)
    bad = {
        "refused_saves": sum(len(life["refused"]) for life in lives),
        "lost": sum(life["lost"] for life in lives),
        "reordered_revisions": sum(life["reordered"] for life in lives),
        "unmarked_or_wrongly_marked": wrong_marks,
        "new_lives_for_a_clock": sum(life["went_back"] is not None for life in lives),
        "doctor": sum(bool(life["doctor"]) for life in lives),
    }
    marks = [mark for life in lives for mark in life["marks"]]
    by_time = sum(life["times"] != sorted(life["times"]) for life in lives)
    floor = {
        "all_scenarios_were_lived": len(lives) == min(count, len(SCENARIOS)),
        "clocks_were_wrong": marks.count("uncertain") > len(lives) or wrong_marks > len(lives),
        "times_were_out_of_order": by_time >= count // 8,
    }
    return {
        "scenarios": len(lives),
        "saves": sum(life["said"] for life in lives),
        **bad,
        "marked_uncertain": marks.count("uncertain"),
        "lives_whose_times_are_out_of_order": by_time,
        **floor,
        "as_expected": not any(bad.values()) and all(floor.values()),
    }


def _wrong_marks(life: dict[str, Any]) -> int:
    """A time is certain if it lies between the office's last word and 400 days later."""
    known = datetime.fromisoformat(str(ENROLMENT.office_time))
    expected = [
        "ok" if known <= datetime.fromisoformat(at).astimezone(UTC) <= known + PLAUSIBLE
        else "uncertain"
        for at in life["times"]
    ]  # fmt: skip
    return sum(one != other for one, other in zip(expected, life["marks"], strict=True))


def run_control(count: int) -> dict[str, Any]:
    found = run_campaign(count, marked=False)
    said = "a wrong time is not marked"
    return {"control": said, **found, "as_expected": found["unmarked_or_wrongly_marked"] > 0}


def main() -> int:
    options = campaign_options(__doc__, scenarios=40).parse_args()
    if options.control:
        return concluded(options, lambda: run_control(options.scenarios))
    return concluded(options, lambda: {"control": None, **run_campaign(options.scenarios)})


if __name__ == "__main__":
    sys.exit(main())
