"""What every campaign says in the end: one JSON object with its commit, and an exit code."""

import argparse
import json
import math
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import structlog


class Sums:
    """Of dataclasses of counts: what one part of a campaign saw is added to what others saw."""

    def add(self, other: Self) -> None:
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


def campaign_options(page: str, *, timed: bool = False, **sizes: int) -> argparse.ArgumentParser:
    """Return the options that every campaign has; `sizes` are its own numbers and defaults.

    A `timed` one can end sooner.
    """
    parser = argparse.ArgumentParser(description=page.split("\n", maxsplit=1)[0])
    for name, size in sizes.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=size)
    parser.add_argument("--seed", type=int, default=1)
    if timed:
        parser.add_argument(
            "--most-minutes", type=float, default=math.inf,
            help="end sooner, and say how far it came",
        )  # fmt: skip
    parser.add_argument("--control", action="store_true", help="without the protection")
    parser.add_argument("--save", type=Path, help="also write the report to this JSON file")
    return parser


def commit() -> str:
    line = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()


def concluded(options: argparse.Namespace, campaign: Callable[[], dict[str, Any]]) -> int:
    """Run the campaign, print its report, and return 0 if all came out as it should."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # the report alone
    at, began = commit(), time.monotonic()
    found = campaign()
    seconds = round(time.monotonic() - began, 1)
    report = {"commit": at, "seed": options.seed, **found, "seconds": seconds}
    text = json.dumps(report, indent=1)
    print(text, flush=True)
    if options.save:
        options.save.write_text(text + "\n", encoding="utf-8")
    return 0 if report["as_expected"] else 1
