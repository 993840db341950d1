"""Many starts at once, and somebody else who holds the file: one opens, the others are told.

    python -m tests.faults.starts --starts 1000 [--control]

Processes race for the lock of one folder, in rounds; never may two have it. Then another process
holds the encrypted file for 0 to 33 seconds while people are saved and while the laptop is opened:
each call waits, then succeeds or says in words that the file is held, and nothing is lost. The
control takes the lock away: two must open at once.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlite_utils import Database

from enumerator_app.domain.errors import HomeInUse, KnownError
from enumerator_app.storage import process_lock
from enumerator_app.storage.connections import writing_connection
from enumerator_app.storage.home import Home
from tests.faults.forking import Child, speak
from tests.faults.lives import opening_key
from tests.faults.power_cuts import in_memory
from tests.faults.reporting import campaign_options, concluded
from tests.storage.laptops import new_laptop, person, reopened

ROUND = 20  # processes that start at once
HOLDS_S = (0, 0.2, 1, 3, 8, 15, 25, 33)  # the storage waits for 30


def race(folder: Path, number: int, *, control: bool) -> Counter[str]:
    """Start processes that wait for one sign, then all open the folder and hold it a moment."""
    ready, go = os.pipe()
    children = [Child(_starter(folder, ready, go, seed, control=control)) for seed in range(number)]
    os.close(ready)
    os.close(go)  # the last writer is gone: everybody begins
    seen: list[tuple[float, float]] = []
    counts = Counter[str]()
    for child in children:
        for said in child.said():
            if "opened" in said:
                seen.append((said["opened"], said["closed"]))
            counts["opened" if "opened" in said else said.get("error", "refused_in_words")] += 1
        child.ended()
        child.close()
    seen.sort()
    counts["two_at_once"] = sum(later[0] < earlier[1] for earlier, later in zip(seen, seen[1:]))  # noqa: B905, RUF007 - one less
    return counts


def _starter(
    folder: Path, ready: int, go: int, seed: int, *, control: bool
) -> Callable[[int], None]:
    def work(pipe: int) -> None:
        os.close(go)
        os.read(ready, 1)  # ends when nobody holds the other end any more
        time.sleep(random.Random(seed).uniform(0, 0.01))  # a double click is never quite at once
        if control:
            patch.object(process_lock, "_lock", lambda _: None).start()
        try:
            home = Home(folder)
        except HomeInUse:
            speak(pipe, refused=True)
            return
        opened = time.monotonic()
        time.sleep(0.003)
        closed = time.monotonic()
        home.close()
        speak(pipe, opened=opened, closed=closed)

    return work


def held(folder: Path, seconds: float, *, at_start: bool) -> Child:
    """Hold the file exclusively in another process, and save or open meanwhile."""

    def work(pipe: int) -> None:
        store = None if at_start else reopened(folder)
        holder = Child(lambda its: _hold(folder, its, seconds))
        next(holder.said(1))
        began = time.monotonic()
        code = "saved"
        try:
            store = store or reopened(folder)
            store.register(person(1))
        except KnownError as error:
            code = error.code
        waited = time.monotonic() - began
        holder.ended()
        holder.close()
        if store is None:
            store = reopened(folder)
        people = store.counts().registrations
        saved = store.register(person(2))
        kept = store.holds(saved.entry_hash)
        problems = [problem.code for problem in store.doctor()]
        store.close()
        right = people == (1 if code == "saved" else 0) and kept and not problems
        speak(pipe, code=code, waited=waited, right=right)

    return Child(work)


def _hold(folder: Path, pipe: int, seconds: float) -> None:
    path = folder / "registrations.db"
    with closing(writing_connection(path, opening_key(folder))) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        speak(pipe, held=True)
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def hold_again_and_again(folder: Path) -> dict[str, Any]:
    """All holds at the same time, each on a folder of its own: most of it is waiting."""
    children = []
    for at_start in (False, True):
        for seconds in HOLDS_S:
            home = folder / f"held-{at_start}-{seconds}"
            child = Child(lambda pipe, home=home: _prepare(home, pipe))  # type: ignore[misc]
            list(child.said())
            child.ended()
            child.close()
            children.append((seconds, held(home, seconds, at_start=at_start)))
    outcomes, wrong, longest = Counter[str](), 0, 0.0
    for seconds, child in children:
        said = next(child.said(1), {})
        child.ended()
        child.close()
        code = str(said.get("code", said.get("error", "nothing")))
        outcomes[f"{'short' if seconds < 30 else 'long'}: {code}"] += 1
        wrong += not said.get("right", False)
        longest = max(longest, float(said.get("waited", 0)))
    return {"holds": len(children), "outcomes": dict(outcomes), "lost_or_wrong": wrong,
            "longest_wait_s": round(longest, 1)}  # fmt: skip


def _prepare(home: Path, pipe: int) -> None:
    new_laptop(home).close()
    speak(pipe, done=True)


def races(starts: int, *, control: bool) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(dir=in_memory()))
    total = Counter[str]()
    try:
        done = 0
        while done < starts:
            number = min(ROUND, starts - done)
            total += race(folder / "home", number, control=control)
            done += number
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"starts": starts, "two_at_once": total["two_at_once"], **dict(total)}


def run_campaign(starts: int, *, with_holds: bool = True) -> dict[str, Any]:
    Database(memory=True)
    found = races(starts, control=False)
    holds: dict[str, Any] = {"holds": 0, "outcomes": {}, "lost_or_wrong": 0, "longest_wait_s": 0.0}
    if with_holds:
        with tempfile.TemporaryDirectory(dir=in_memory()) as name, suppress(FileNotFoundError):
            holds = hold_again_and_again(Path(name))
    said_and_open = found.get("opened", 0) + found.get("refused_in_words", 0) == starts
    short_ones_saved = all(
        key == "short: saved" or key.startswith("long") for key in holds["outcomes"]
    )
    floor = {
        "each_start_was_answered": said_and_open,
        "some_were_refused": found.get("refused_in_words", 0) >= starts // 10,
        "short_holds_are_waited_out": short_ones_saved,
    }
    is_good = not found["two_at_once"] and not holds["lost_or_wrong"] and all(floor.values())
    return {"control": None, **found, **holds, **floor, "as_expected": is_good}


def run_control(starts: int) -> dict[str, Any]:
    found = races(starts, control=True)
    return {"control": "no lock on the folder", **found, "as_expected": found["two_at_once"] > 0}


def main() -> int:
    options = campaign_options(__doc__, starts=1_000).parse_args()
    run = run_control if options.control else run_campaign
    return concluded(options, lambda: run(options.starts))


if __name__ == "__main__":
    sys.exit(main())
