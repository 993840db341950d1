"""Works one part of a visit by keys in a real window, says so, and waits to be killed.

    python -m tests.ui.visit_steps HOME PART

What was typed last is left as it stands: the kill comes without a word.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from enumerator_app.bootstrap.laptops import laptop_of
from enumerator_app.ui.garbage import keep_garbage_here
from tests.ui.open_laptops import OPERATOR, PASSPHRASE
from tests.ui.visit_day import ALT, CTRL, Day

LONGEST_S = 30.0


class Waits:
    """What a day asks of pytest-qt, without pytest."""

    def waitUntil(self, claim: Callable[[], bool], *, timeout: int) -> None:  # noqa: N802 - its name there
        end = time.monotonic() + max(timeout / 1000, LONGEST_S)
        while not claim():
            if time.monotonic() > end:
                raise TimeoutError
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def nik(serial: int) -> str:
    return f"321613520374{serial:04d}"


def begin(day: Day) -> None:
    day.key(Qt.Key.Key_G, CTRL)
    day.until(lambda: day.visit.kind == "opening")
    day.type("karangharja")
    day.until(lambda: day.visit.draft.village_code)
    for words in ("Balai Desa", "5", "Poktan Sri Mukti", "Odih", "Buruh tani"):
        day.type(words)
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: day.visit.kind == "running")


def first(day: Day) -> None:
    """Record ticket 1, note 2 as not there, begin 3."""
    day.table()
    day.fill(nik(1), "enah")
    day.save()
    day.key(Qt.Key.Key_N, ALT)
    day.until(lambda: day.laptop.visits.book.current().queue.no_show == (2,))
    day.type(nik(3), enter=False)
    day.until(lambda: nik(3) in str(day.laptop.drafts()).replace(" ", ""))


def third(day: Day) -> None:
    """Go on with 3 as it was left, then somebody who is here already under 4; then rest."""
    day.key(Qt.Key.Key_F2)
    day.until(lambda: day.form.form.value("nik").replace(" ", "") == nik(3))
    sys.stdout.write(f"{day.ticket()}\n")
    day.key(Qt.Key.Key_F8)  # not she: she waits
    day.until(lambda: day.ticket() == "004")
    day.type(nik(1), enter=False)
    day.until(lambda: day.form.same)
    day.key(Qt.Key.Key_L, ALT)
    day.open("visit")
    day.until(lambda: day.visit.kind == "running")
    day.key(Qt.Key.Key_I, CTRL)
    day.until(lambda: day.locks == 1)


def close(day: Day) -> None:
    """It rests still; go on and close."""
    day.until(lambda: day.window.open_key == "visit" and day.visit.kind == "running")
    day.until(lambda: QApplication.focusWidget().objectName() == "visit.resume")
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: day.laptop.visits.book.current().paused_at is None)
    day.until(lambda: day.visit.standing.paused_at is None and not day.visit.is_busy)
    day.key(Qt.Key.Key_W, CTRL)
    day.until(lambda: day.visit.kind == "closing")
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: day.visit.kind == "closed")


PARTS = {part.__name__: part for part in (begin, first, third, close)}


def main() -> None:
    application = QApplication([])
    keep_garbage_here(application)
    laptop = laptop_of(Path(sys.argv[1]), PASSPHRASE, operator_name=OPERATOR)
    day = Day(Waits(), laptop)
    PARTS[sys.argv[2]](day)
    sys.stdout.write("done\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
