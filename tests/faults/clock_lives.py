"""Lives under a clock that is wrong: run by tests.faults.clocks, inside libfaketime.

    python -m tests.faults.clock_lives FOLDER CLOCK COUNT [--unmarked]

CLOCK is the file that the false clock is read from. Prints a line of JSON for each scenario.
"""

import json
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.journal import from_line
from enumerator_app.storage.open_file import OpenFile
from tests.faults.clocks import Scenario, chosen
from tests.storage.laptops import new_laptop, person, reopened

PEOPLE = 3


def main() -> None:
    folder, clock = Path(sys.argv[1]), Path(sys.argv[2])
    if "--unmarked" in sys.argv:
        OpenFile.clock_mark = lambda *_: "ok"  # type: ignore[method-assign]
    for scenario in chosen(int(sys.argv[3])):
        clock.write_text("+0d\n")
        print(json.dumps(one(folder / scenario.name, clock, scenario)), flush=True)


def one(home: Path, clock: Path, scenario: Scenario) -> dict[str, Any]:
    """Enrol by a right clock, then work by wrong ones, and start anew by the last of them."""
    new_laptop(home).close()
    clock.write_text(scenario.clocks[0] + "\n")
    ending, told, refused = Event(), [], []
    turning = Thread(target=_turn, args=(clock, scenario.clocks, ending))
    if scenario.within_saves:
        turning.start()
    try:
        with reopened(home) as store:
            for i in range(PEOPLE):
                if not scenario.within_saves:
                    clock.write_text(scenario.clocks[i % len(scenario.clocks)] + "\n")
                _work(store, i, told, refused)
    finally:
        ending.set()
        if scenario.within_saves:
            turning.join()
    clock.write_text(scenario.clocks[-1] + "\n")
    return {"name": scenario.name, "refused": refused, "said": len(told), **_seen(home, told)}


def _work(store: Any, i: int, told: list[tuple[str, str, str]], refused: list[str]) -> None:
    try:
        saved = store.register(person(i))
        told.append((saved.entry_hash, str(saved.number), person(i).phone))
        for change in range(1):
            phone = f"0813{i:04d}{change:04d}"
            changed = store.registration(saved.subject).model_copy(update={"phone": phone})
            told.append((store.correct(saved.subject, changed).entry_hash, saved.number, phone))
    except KnownError as error:
        refused.append(error.code)


def _turn(clock: Path, clocks: tuple[str, ...], ending: Event) -> None:
    turn = 0
    while not ending.is_set():
        turn += 1
        beside = clock.with_suffix(".new")
        beside.write_text(clocks[turn % len(clocks)] + "\n")
        beside.replace(clock)
        ending.wait(0.001)


def _seen(home: Path, told: list[tuple[str, str, str]]) -> dict[str, Any]:
    """What the journal says of it afterwards, and what is shown."""
    with reopened(home) as store:
        lines = store.lines_after(None, max_bytes=2**30, max_entries=10_000)
        headers = [from_line(line).fields for line in lines]
        last = {number: phone for _, number, phone in told}
        shown = {number: store.record(number).registration.phone for number in last}
        hashes = [entry for entry, _, _ in told]
        ours = [h for h in headers if h["kind"] in ("register", "correct")]
        return {
            "lost": sum(not store.holds(entry) for entry in hashes),
            "reordered": shown != last or _seqs(ours) != sorted(_seqs(ours)),
            "times": [h["claimed_time"] for h in ours],
            "marks": [h["clock"] for h in ours],
            "doctor": [problem.code for problem in store.doctor()],
            "went_back": store.went_back,
        }


def _seqs(headers: list[dict[str, Any]]) -> list[int]:
    return [int(header["seq"]) for header in headers]


if __name__ == "__main__":
    main()
