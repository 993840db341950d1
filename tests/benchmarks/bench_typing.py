"""How long the window is deaf while somebody types, saves and searches.

    python -m tests.benchmarks.bench_typing [--workers 100000] [--people 10] [--pause-ms 25]

The real window stands on a real encrypted file. A heartbeat of the event loop notes each gap
between two beats: a stall is a gap in which neither a key nor a repaint could be served. The gate
looks at `own`: the gap without the time in which the kernel had given the processor to somebody
else (`/proc/thread-self/schedstat`; without it, the whole gap). Waiting for a lock, for the
interpreter or for the disk is our own fault and stays in. `busy` is the processor time of the
window's thread. Keys come faster than anybody types, so that the work of one key meets the next.
Meanwhile frames of 1280 x 720 come into the camera's sink thirty times a second, as from a device.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.session.run import application
from enumerator_app.ui.shell import MainWindow
from tests.benchmarks.bench_search import AT_ONCE, insert_all
from tests.benchmarks.waiting import waited_s
from tests.storage.laptops import new_laptop, person

GATE = {
    "typing_own_ms": 50.0,
    "saving_own_ms": 50.0,
    "searching_own_ms": 50.0,
    "preview_own_ms": 50.0,
}
VILLAGE = "3216132001"
PATIENCE_S = 20
_PRINTED = "UPDATE registration SET printed_at = registered_at, printed_kind = 'provisional'"


@dataclass
class Beats:
    """The gaps between beats of the event loop, and the time each key took, in ms."""

    gaps: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)

    def add(self, other: "Beats") -> None:
        self.gaps += other.gaps
        self.own += other.own
        self.busy += other.busy

    def figures(self, name: str) -> dict[str, float]:
        cuts = statistics.quantiles(self.gaps, n=1000)
        return {
            f"{name}_stall_ms": round(max(self.gaps), 1),
            f"{name}_p999_ms": round(cuts[-1], 1),
            f"{name}_own_ms": round(max(self.own), 1),
            f"{name}_busy_ms": round(max(self.busy), 1),
            f"{name}_key_ms": round(max(self.keys, default=0.0), 1),
            f"{name}_key_p50_ms": round(statistics.median(self.keys or [0.0]), 2),
        }


class Heart(QObject):
    """Beats each millisecond while somebody listens."""

    def __init__(self) -> None:
        super().__init__()
        self._last = self._worked = self._waited = 0.0
        self._beats: Beats | None = None
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def listened(self) -> Iterator[Beats]:
        self._beats, self._last = Beats(), time.perf_counter()
        self._worked, self._waited = time.thread_time(), waited_s()
        self._timer.start()
        yield self._beats
        self._timer.stop()

    def _beat(self) -> None:
        now, worked, waited = time.perf_counter(), time.thread_time(), waited_s()
        if self._beats is not None:
            gap, others = now - self._last, waited - self._waited
            self._beats.gaps.append(gap * 1000)
            self._beats.own.append((gap - others) * 1000)
            self._beats.busy.append((worked - self._worked) * 1000)
        self._last, self._worked, self._waited = now, worked, waited


def wait(ms: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(ms), loop.quit)
    loop.exec()


def until(claim: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError
        wait(5)


class Film(QObject):
    """Frames into the sink that a camera feeds, thirty a second; no two are alike."""

    def __init__(self, sink: QVideoSink) -> None:
        super().__init__()
        self._sink, self.count = sink, 0
        self._image = QImage(1280, 720, QImage.Format.Format_RGB32)
        self._timer = QTimer(self, interval=33, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        self.count += 1
        self._image.fill(QColor.fromHsv(self.count % 360, 90, 150))
        self._sink.setVideoFrame(QVideoFrame(self._image))

    def stop(self) -> None:
        self._timer.stop()


class Hands:
    """Types into whatever has the focus, with a pause after each key."""

    def __init__(self, pause_ms: float) -> None:
        self._pause_ms = pause_ms
        self.beats = Beats()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        target = QApplication.focusWidget()
        started = time.perf_counter()
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)
        self._note(started)

    def type(self, words: str) -> None:
        for letter in words:
            target = QApplication.focusWidget()
            started = time.perf_counter()
            QTest.keyClicks(target, letter)
            self._note(started)

    def line(self, words: str) -> None:
        self.type(words)
        self.key(Qt.Key.Key_Return)

    def _note(self, started: float) -> None:
        self.beats.keys.append((time.perf_counter() - started) * 1000)
        wait(self._pause_ms)


def stocked(folder: Path, workers: int) -> Laptop:
    store = new_laptop(folder / "home")
    for start in range(0, workers, AT_ONCE):
        people = [(i, person(i)) for i in range(start, min(start + AT_ONCE, workers))]
        store._file.write(lambda c, people=people: insert_all(c, people))
    store._file.write(lambda c: c.execute(_PRINTED).fetchall())
    laptop = Laptop(store)
    shared = {"village_code": VILLAGE, "programmes": "JKK+JKM", "consent_method": "group"}
    laptop.set_setting("form.shared", json.dumps(shared))
    return laptop


def type_person(hands: Hands, number: int) -> None:
    nik = f"3216135203{number + 740_001:06d}"
    hands.type(nik + nik[-4:])
    hands.line(f"siti nomor {'abcdefghij'[number % 10]} maemunah")
    hands.type("y")
    for words in ("bekasi", "ruminah", "Kp. Pulo Asem", "3/1", f"0812345678{number:02d}"):
        hands.line(words)
    hands.type("b2001a")
    hands.line("endah")
    hands.line("12")
    hands.key(Qt.Key.Key_Return)  # no photo
    hands.type("y")


def measure(
    pages: LaptopPages, window: MainWindow, options: argparse.Namespace
) -> dict[str, float]:
    heart, hands = Heart(), Hands(options.pause_ms)
    figures: dict[str, float] = {}
    window.open_page("registration")
    mind = pages.registration.presenter
    until(lambda: mind.state.form.value("village_code"))
    film = Film(pages.registration._camera.sink)
    until(lambda: pages.registration._camera.is_there)
    saves = Beats()
    typing = Beats()
    for number in range(options.people):
        with heart.listened() as beats:
            hands.beats = typing
            type_person(hands, number)
        typing.add(beats)
        before = mind.state.saved
        with heart.listened() as beats:
            hands.beats = saves
            hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            until(lambda before=before: mind.state.saved not in (None, before))
            wait(300)
        saves.add(beats)
    film.stop()
    figures |= typing.figures("typing") | saves.figures("saving")
    figures |= {"memory_mb": memory_mb(), "frames": film.count}
    window.open_page("workers")
    found = pages.workers.presenter
    until(lambda: found.state.phase == "ready")
    names = [person(i).name for i in random.Random(7).sample(range(options.workers), 10)]
    with heart.listened() as beats:
        hands.beats = beats
        for name in names:
            hands.type(name[:9])
            wait(150)
            for _ in range(9):
                hands.key(Qt.Key.Key_Backspace)
    figures |= beats.figures("searching")
    return figures | previewing(pages, window, heart)


def previewing(pages: LaptopPages, window: MainWindow, heart: Heart) -> dict[str, float]:
    """Open the printing page for those who were typed, then untick and tick them one by one."""
    page = pages.printing.presenter
    with heart.listened() as beats:
        window.open_page("printing")
        until(lambda: page.state.phase == "ready" and page.state.preview.image is not None)
        for row in page.state.rows * 2:
            shown = page.state.preview.image
            page.toggle(row.subject)
            until(partial(lambda old: page.state.preview.image is not old, shown))
    return beats.figures("preview")


def memory_mb() -> float:
    """Return the memory of this process, the stocked file's making included."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kept = next((line.split()[1] for line in lines if line.startswith("VmRSS")), "0")
    return round(int(kept) / 1024, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--workers", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--pause-ms", type=float, default=25)
    options = parser.parse_args()
    running = application()
    with tempfile.TemporaryDirectory() as folder:
        with closing(stocked(Path(folder), options.workers)) as laptop:
            window = MainWindow(Preferences(), motion=False)
            owner = QObject()
            pages = LaptopPages(laptop, window, lambda: None, parent=owner)
            window.show()
            window.activateWindow()
            pages.show()
            until(window.isActiveWindow)
            figures = measure(pages, window, options)
            pages.stop()
            finish_jobs(pages)
            window.close()
        running.processEvents()
    passed = all(figures[name] <= limit for name, limit in GATE.items())
    answer = {"workers": options.workers, "people": options.people, **figures}
    sys.stdout.write(json.dumps({**answer, "gate": GATE, "passed": passed}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
