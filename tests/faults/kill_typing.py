"""Kill the window at random moments of typing, and see what comes back in the next one.

    python -m tests.faults.kill_typing [--kills 200] [--control]

Each run is a window process of its own on the same encrypted home. It shows what the run before
left, types on from there with a key every 70 to 160 ms (a fast typist), saves each person
that is complete, and is ended by SIGKILL after a random time. The next window must show the same
field with the cursor behind the same text, with at most the last key missing; a person whose save
was answered must be there once. What the form has to hold after each key is worked out here from
the keys alone. `--control`: nothing is kept while typing; then keys must be lost.
"""

import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.keeping import DraftKeeper
from enumerator_app.ui.registration.presenter import RegistrationPresenter
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.session.run import application
from enumerator_app.ui.shell import MainWindow
from tests.benchmarks.bench_typing import until, wait
from tests.faults.reporting import campaign_options, concluded
from tests.ui.open_laptops import new_laptop, opened_again
from tests.ui.table import of_the_group

LONGEST_S: Final = 1.2
PAUSE_MS: Final = (70, 160)
READY, KEY, SAVED = b"R", b".", b"S"
SINGLE: Final = {
    "sex": {"sex": "P", "birth_date": "12-03-1974"},
    "works_now": {"works_now": "working"},
    "heir.0.relation": {"heir.0.relation": "spouse"},
    "heir.1.relation": {"heir.1.relation": "child"},
    "consent": {"consent": "yes"},
}


@dataclass(frozen=True)
class Step:
    """What is true once a key was taken: the values (signs and case left out), and the field."""

    key: str
    values: dict[str, str]
    place: str


def steps_of(person: int) -> list[Step]:
    """Return the keys of one person, each with what the form must hold after it."""
    steps, values = [], {}
    script = script_of(person)
    for number, (place, keys) in enumerate(script):
        after = script[min(number + 1, len(script) - 1)][0]
        for count, key in enumerate(keys, start=1):
            values = values | _typed(place, keys[:count])
            steps.append(Step(key, values, after if count == len(keys) else place))
    return steps


def script_of(person: int) -> list[tuple[str, str]]:
    letter = "abcdefghijklmnopqrstuvwxyz"[person % 26]  # no place used before begins like it
    return [
        ("nik", f"321613520374{person:04d}"), ("nik_again", f"{person:04d}"),
        ("name", "siti maemunah\r"), ("sex", "y"), ("birth_place", f"{letter}orong\r"),
        ("mother_name", "ruminah\r"), ("address", "kp pulo asem\r"), ("rt_rw", "3/1\r"),
        ("phone", "081234567890\r"), ("works_now", "b"), ("works_since", "2001"),
        ("heir.0.relation", "i"), ("heir.0.name", "karta\r"), ("heir.0.born", "49+"),
        ("heir.1.relation", "a"), ("heir.1.name", "endah\r"), ("heir.1.born", "12\r"),
        ("photo", "\r"), ("consent", "y"),
    ]  # fmt: skip


def _typed(place: str, keys: str) -> dict[str, str]:
    if place == "photo":
        return {}
    if place in SINGLE:
        return SINGLE[place]
    if place == "rt_rw" and keys.endswith("\r"):
        return {place: "003/001"}
    return {place: keys.rstrip("\r+")}


def bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def keys_in(form: Form, steps: list[Step]) -> int | None:
    """Return after how many keys the form looks like this; None if after no number of them."""
    shown = _compared(_values(form))
    place = form.place.removeprefix("form.")
    for count in range(len(steps), 0, -1):
        step = steps[count - 1]
        if _compared(step.values) == shown and place == step.place:
            return count
    return 0 if not shown else None


def _compared(values: dict[str, str]) -> dict[str, str]:
    """Return what counts: RT and RW are two numbers, whether or not their noughts were put in."""
    found = {name: bare(value) for name, value in values.items() if bare(value)}
    if "rt_rw" in found:
        found["rt_rw"] = found["rt_rw"].replace("0", "")
    return found


def _values(form: Form) -> dict[str, str]:
    names = {place for place, _ in script_of(0) if "." not in place} | {"birth_date"}
    found = {name: form.value(name) for name in names}
    for number, heir in enumerate(form.heirs):
        for part in ("relation", "name", "born"):
            found[f"heir.{number}.{part}"] = getattr(heir, part)
    return found


def cursor_is_behind_the_text() -> bool:
    line = QApplication.focusWidget()
    if line is None or not hasattr(line, "cursorPosition"):
        return True
    return line.cursorPosition() == len(line.text()) and not line.hasSelectedText()


def same_place(place: str) -> bool:
    """Is the cursor itself there, and not only in what was kept?"""
    return place_of_cursor() == f"form.{place}"


def place_of_cursor() -> str:
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


# --- the window that will be killed


def play(home: Path, told: int, person: int, seed: int, *, control: bool) -> None:
    """Open the window, say what came back, type on until the end comes."""
    if control:
        DraftKeeper.keep = lambda *_arguments: None  # type: ignore[method-assign]
    application()
    laptop = opened_again(home)
    window = MainWindow(Preferences(), motion=False)
    pages = LaptopPages(laptop, window, lambda: None, parent=QObject(window))
    window.show()
    window.activateWindow()
    pages.show("registration")
    mind = pages.registration.presenter
    until(lambda: mind.state.form.value("village_code") and window.isActiveWindow())
    until(lambda: place_of_cursor().startswith("form."))
    wait(30)
    saved = Counter(worker.nik for worker in laptop.search("", limit=1000))
    found = keys_in(mind.state.form, steps_of(person))
    if found and not same_place(steps_of(person)[found - 1].place):
        found = None
    report = {
        "restored": found,
        "cursor": cursor_is_behind_the_text(),
        "place": place_of_cursor(),
        "unmatched": str((mind.state.form.place, _values(mind.state.form)))
        if found is None
        else "",
        "saved_once": saved[steps_of(person)[-1].values["nik"]],
        "doubled": sum(count > 1 for count in saved.values()),
    }
    os.write(told, json.dumps(report).encode() + b"\n" + READY)
    hands = random.Random(seed)
    start = found or 0
    if report["saved_once"]:
        person, start = person + 1, 0
    while True:
        type_on(mind, told, steps_of(person)[start:], hands)
        save(mind, told)
        person, start = person + 1, 0


def type_on(
    mind: RegistrationPresenter, told: int, steps: list[Step], hands: random.Random
) -> None:
    for step in steps:
        press(step.key)
        os.write(told, KEY)
        wait(hands.randint(*PAUSE_MS))


def save(mind: RegistrationPresenter, told: int) -> None:
    before = mind.state.saved
    press("\r")
    until(lambda: mind.state.saved not in (None, before) and not mind.state.is_busy)
    os.write(told, SAVED)


def press(key: str) -> None:
    target = QApplication.focusWidget()
    if key == "\r":
        QTest.keyClick(target, Qt.Key.Key_Return)
    else:
        QTest.keyClicks(target, key)


# --- the one who kills


@dataclass
class Run:
    """What one window said before it was killed."""

    report: dict[str, object]
    keys: int  # pressed for the person who was being typed at the end
    people: int  # saves that were answered


def one_run(home: Path, person: int, chance: random.Random, *, control: bool) -> Run:
    read, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            play(home, told, person, chance.randrange(10**6), control=control)
        finally:
            os._exit(1)
    os.close(told)
    said = _until_ready(read)
    time.sleep(chance.uniform(0.0, LONGEST_S))
    os.kill(child, signal.SIGKILL)
    said += _rest(read)
    os.waitpid(child, 0)
    line, _, pressed = said.partition(b"\n" + READY)
    return Run(json.loads(line), len(pressed.split(SAVED)[-1]), pressed.count(SAVED))


def _until_ready(read: int) -> bytes:
    said = b""
    while b"\n" + READY not in said:
        more = os.read(read, 4096)
        if not more:
            raise RuntimeError("the window ended by itself")
        said += more
    return said


def _rest(read: int) -> bytes:
    said = b""
    while more := os.read(read, 65536):
        said += more
    os.close(read)
    return said


def campaign(kills: int, seed: int, *, control: bool = False) -> dict[str, object]:
    chance = random.Random(seed)
    lost: Counter[int] = Counter()
    found: dict[str, Any] = {
        "unmatched": "",
        "other_field_or_text": 0,
        "other_cursor": 0,
        "saves_lost": 0,
        "doubled": 0,
    }
    keys = saves = before = 0
    pending = False
    person = 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with new_laptop(home) as laptop:
            of_the_group(laptop, programmes="JKK+JKM", consent_method="group")
        for number in range(kills + 1):
            run = one_run(home, person, chance, control=control)
            if number:
                _judge(run, before, pending=pending, lost=lost, found=found)
            restored = run.report["restored"]
            if restored is None:
                found["unmatched"] = run.report["unmatched"]
                break  # what follows would be typed into the wrong place
            start = int(str(restored or 0))
            if run.report["saved_once"]:
                person, start = person + 1, 0
            person += run.people
            saves += run.people
            before = run.keys + (0 if run.people else start)
            keys += run.keys
            pending = before == len(steps_of(person))
    most = max(lost, default=0)
    passes = most <= 1 and not any(found.values())
    return {
        "control": "nothing is kept while typing" if control else None,
        "kills": sum(lost.values()) + found["other_field_or_text"],
        "keys": keys,
        "people_saved": saves,
        "lost_none": lost[0],
        "lost_last_key": lost[1],
        "lost_more": sum(count for many, count in lost.items() if many > 1),
        "most_lost": most,
        **found,
        "as_expected": passes is not control,
    }


def _judge(
    run: Run, before: int, *, pending: bool, lost: Counter[int], found: dict[str, Any]
) -> None:
    """Compare what came back with the `before` keys that the killed window had taken."""
    found["doubled"] += int(str(run.report["doubled"]))
    if run.report["saved_once"]:
        found["saves_lost"] += not pending  # a save nobody had asked for
        return
    restored = run.report["restored"]
    if restored is None:
        found["other_field_or_text"] += 1
        return
    lost[max(0, before - int(str(restored)))] += 1
    found["other_cursor"] += not run.report["cursor"]


def main() -> int:
    options = campaign_options(__doc__, kills=200).parse_args()
    return concluded(
        options, lambda: campaign(options.kills, options.seed, control=options.control)
    )


if __name__ == "__main__":
    sys.exit(main())
