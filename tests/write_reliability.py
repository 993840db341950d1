"""Write docs/reliability.md from the reports in docs/figures: what was done to the program.

    python -m tests.write_reliability

docs/figures/reliability.toml says for each report what was asked of it and what it leaves open; the
figures, sizes, seeds, commits and durations are those that the commands printed. The list of
protections is the report of `tests.faults.controls` and those of the other controls.
"""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.faults.protocol_controls import CONTROLS
from tests.protocol.test_stranger import NAMED
from tests.write_figures import FIGURES, ROOT

HOLES = ROOT / "docs" / "protocol_holes.md"
PAGE = ROOT / "docs" / "reliability.md"
HEAD = """# What was done to it, and what was lost

Three sentences decide: nothing an enumerator was told is saved may ever be lost or doubled; the
person at the table must not wait; screen and card never claim more than is true. This page is the
proof of the first. It is written by `python -m tests.write_reliability` from the reports that the
commands printed: no figure is typed. A figure counts only beside its control, which takes the
protection away and must fail.

`make faults` runs everything at full size, `make faults-ci` the same in small, and `make controls`
takes each protection away in turn.
"""
Report = dict[str, Any]


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    claims = _toml("reliability")
    commands = _toml("reports")
    parts = [HEAD, *_summary(claims)]
    for name, claim in claims.items():
        parts += _section(name, claim, commands.get(name, {}), commands)
    parts += [*_stranger(), *_protections()]
    return "\n".join(parts) + "\n"


def _toml(name: str) -> Report:
    return tomllib.loads((FIGURES / f"{name}.toml").read_text(encoding="utf-8"))


def report_of(name: str | None) -> Report | None:
    path = FIGURES / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if name and path.exists() else None


def _summary(claims: Report) -> Iterator[str]:
    yield from ("| | size | lost or broken | control fails | |", "|---|---|---|---|---|")
    for name, claim in claims.items():
        report, control = report_of(name), report_of(claim.get("control"))
        if report is None:
            yield f"| {claim['claim']} | not run at full size yet | | | |"
            continue
        size = _first(report, claim["size"][:1])
        bad = _first(report, claim["found"][:1])
        fails = "in its own test" if control is None else _yes(control.get("as_expected", True))
        reached = _reached(report, claim.get("goals", {}))
        yield f"| {claim['claim']} | {size} | {bad} | {fails} | {reached} |"


def _first(report: Report, names: list[str]) -> str:
    return ", ".join(f"{_number(value)} {_words(name)}" for name, value in _picked(report, names))


def _reached(report: Report, goals: Report) -> str:
    missed = [
        f"{_number(report.get(name, 0))} of {_number(goal)} {_words(name)}"
        for name, goal in goals.items()
        if report.get(name, 0) < goal
    ]
    if missed:
        return f"short of its size: {'; '.join(missed)}"
    return "as it should" if report.get("as_expected", True) else "**NOT as it should**"


def _section(name: str, claim: Report, told: Report, commands: Report) -> Iterator[str]:
    yield from ("", f"## {claim['claim']}", "", told.get("about", ""), "")
    report = report_of(name)
    yield from ("| | |", "|---|---|")
    if report is None:
        yield "| not run at full size yet | |"
    else:
        yield f"| command | `{told.get('command', f'python -m tests.faults.{name}')}` |"
        yield f"| size | {_first(report, claim['size'])} |"
        yield f"| came out | {_first(report, claim['found'])} |"
        yield f"| run | {_run(report)} |"
    yield from _control(claim, commands)
    yield f"| not covered | {claim['not_covered']} |"


def _control(claim: Report, commands: Report) -> Iterator[str]:
    name = claim.get("control")
    control = report_of(name)
    if name is None:
        return
    if control is None:
        yield "| control | not run yet |"
        return
    away = control.get("control")
    what = f"{away}: " if isinstance(away, str) else ""
    yield f"| control | {what}{_first(control, claim['shows']) or 'fails'} ({_run(control)}) |"
    if command := commands.get(name, {}).get("command"):
        yield f"| its command | `{command}` |"


def _run(report: Report) -> str:
    known = [
        ("seed", report.get("seed")), ("commit", report.get("commit")),
        ("seconds", report.get("seconds")),
    ]  # fmt: skip
    return ", ".join(f"{name} {value}" for name, value in known if value is not None)


def _stranger() -> Iterator[str]:
    """The tests of a second client: no campaign, so they have no report; the list is their own."""
    yield from ("", "## A second maker's laptop, and one lie at a time", "")
    yield (
        "A laptop written from docs/protocol.md alone, which imports nothing of the program, "
        "enrols, registers, sends and agrees with this office. Then it sends one thing wrong at a "
        "time; each has one answer, and the office's `verify` finds nothing afterwards."
    )
    yield from ("", "| | |", "|---|---|")
    yield "| command | `python -m pytest tests/protocol` |"
    yield f"| size | {len(NAMED)} mutations |"
    yield (
        "| not covered | It does not open answers on a drive, and it seals no cards. "
        "Changes of many things at once are the mutated requests. |"
    )
    yield from ("", "| mutation | answer |", "|---|---|")
    for mutation, answer in NAMED.items():
        yield f"| {mutation.__name__.replace('_', ' ')} | `{answer}` |"


def _protections() -> Iterator[str]:
    yield from ("", "## Each protection taken away", "")
    yield "Written from the runs themselves: what is taken away, who notices, what it shows then."
    yield from ("", "| protection | taken away | noticed by | shows |", "|---|---|---|---|")
    for row in (report_of("controls") or {}).get("rows", []):
        shows = row["shows"] or "fails as it must"
        shows = shows if row["as_expected"] else f"**not noticed** {row['shows']}"
        yield (f"| {row['protection']} | {row['taken_away']} | `{row['noticed_by']}` | {shows} |")
    for taken_away, shows in (report_of("real_model_control") or {}).items():
        if isinstance(shows, str) and " " in taken_away:
            yield f"| a rule of the protocol | {taken_away} | `tests.faults.real_model` | {shows} |"
    said = (report_of("protocol_controls") or {}).get("by_hole", {})
    would = _what_would_happen()
    for name, control in CONTROLS.items():
        away, test = "`, `".join(control.off), control.test.split("::")[-1].split("[")[0]
        protection = f"Hole {name}: {would.get(name.split()[0], '')}"
        yield f"| {protection} | `{away}` | `{test}` | {said.get(name, 'not run yet')} |"


def _what_would_happen() -> dict[str, str]:
    """The holes of the protocol, each by its number."""
    rows = (line.split(" | ") for line in HOLES.read_text(encoding="utf-8").splitlines())
    return {row[0].strip("| "): row[1] for row in rows if len(row) == 4}


def _picked(report: Report, names: list[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        value: Any = report.get(name)
        if value is None:
            value = report
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            yield name, value


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ": ")


def _number(value: Any) -> str:
    if isinstance(value, bool):
        return _yes(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _yes(value: object) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    main()
