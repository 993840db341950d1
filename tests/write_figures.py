"""Write docs/measurements.md from the reports in docs/figures: no figure is typed by hand.

    python -m tests.write_figures

Each report is the JSON object that one command printed; docs/figures/reports.toml says what the
page tells about it, and which figures have a goal.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
PAGE = ROOT / "docs" / "measurements.md"
HEAD = """# Measurements

Written by `python -m tests.write_figures` from the reports in `docs/figures`. All on one machine
with two shared cores and other work on it: read the ratios, each taken within one run, rather than
the absolute times.
"""


def main() -> None:
    reports = tomllib.loads((FIGURES / "reports.toml").read_text(encoding="utf-8"))
    sections = ("\n".join(_section(name, report)) for name, report in reports.items())
    PAGE.write_text("\n".join((HEAD, *sections)) + "\n", encoding="utf-8")


def _section(name: str, report: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {report['title']}", "", f"`{report['command']}`", "", report["about"], "")
    path = FIGURES / f"{name}.json"
    if path.exists():
        yield from ("| figure | value | goal |", "|---|---|---|")
        gates, goals = report.get("gates", {}), report.get("goals", {})
        for figure, value in _flat(json.loads(path.read_text(encoding="utf-8"))):
            verdict = _verdict(value, goals.get(figure))
            if figure in gates:
                verdict = f"gate {_verdict(value, gates[figure])}; goal {verdict}"
            yield f"| {figure} | {value} | {verdict} |"
    else:
        yield "Not measured yet."
    yield ""


def _flat(found: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif value is not None:
            yield f"{before}{name}", value


def _verdict(value: Any, goal: list[Any] | None) -> str:
    if goal is None:
        return ""
    bound, way = goal
    reached = value >= bound if way == "at least" else value <= bound
    return f"{'reached' if reached else 'missed'} ({way} {bound:g})"


if __name__ == "__main__":
    main()
