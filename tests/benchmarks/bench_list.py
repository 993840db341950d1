"""The list of 100,000 people: first show, scrolling, and how soon a search is shown.

    python -m tests.benchmarks.bench_list [--workers 100000]

The real window on a real encrypted file; keys and scroll steps go through Qt. `shown` is the time
from the last key to the rows on the screen, the presenter's wait for more letters included. Stalls
are read as in `bench_typing`: `own` leaves out what other programs took.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.session.run import application
from enumerator_app.ui.shell import MainWindow
from tests.benchmarks.bench_typing import Beats, Heart, stocked, until, wait
from tests.storage.laptops import person

GATE = {"stall_own_ms": 50.0, "first_show_ms": 400.0, "search_shown_p95_ms": 250.0}
SEARCHES = 60
SCROLLS = 400


def measure(pages: LaptopPages, window: MainWindow, workers: int) -> dict[str, float]:
    heart, found = Heart(), pages.workers.presenter
    beats = Beats()
    started = time.perf_counter()
    with heart.listened() as heard:
        window.open_page("workers")
        until(lambda: found.state.phase == "ready" and found.state.rows)
        first = time.perf_counter() - started
        wait(300)
    beats.add(heard)
    with heart.listened() as heard:
        rows = scrolled(pages)
    beats.add(heard)
    with heart.listened() as heard:
        shown = [searched(pages, typed) for typed in texts(workers)]
    beats.add(heard)
    cuts = statistics.quantiles(shown, n=100)
    return {
        "first_show_ms": round(first * 1000, 1),
        "rows_scrolled": rows,
        "search_shown_p50_ms": round(cuts[49] * 1000, 1),
        "search_shown_p95_ms": round(cuts[94] * 1000, 1),
        "stall_ms": round(max(beats.gaps), 1),
        "stall_own_ms": round(max(beats.own), 1),
        "stall_busy_ms": round(max(beats.busy), 1),
    }


def scrolled(pages: LaptopPages) -> int:
    """Scroll by three rows at a time, as a wheel does; return how many rows were read."""
    found = pages.workers.presenter
    view = found._view
    bar = view.people.verticalScrollBar()
    for _ in range(SCROLLS):
        bar.setValue(bar.value() + 3 * 64)
        wait(5)
    return len(found.state.rows)


def texts(workers: int) -> list[str]:
    """Return parts of names and last digits, as people type them."""
    people = [person(i) for i in random.Random(3).sample(range(workers), SEARCHES)]
    parts = [one.name.split()[1][:6].lower() for one in people[::2]]
    return parts + [one.nik[-4:] for one in people[1::2]]


def searched(pages: LaptopPages, typed: str) -> float:
    found = pages.workers.presenter
    search = found._view.search
    search.setFocus()
    search.clear()
    for letter in typed:
        before = found.state.rows
        QTest.keyClicks(search, letter)
    started = time.perf_counter()
    until(lambda: found.state.rows is not before and found.state.query.typed == typed)
    took = time.perf_counter() - started
    QTest.keyClick(search, Qt.Key.Key_Escape)
    wait(30)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--workers", type=int, default=100_000)
    options = parser.parse_args()
    running = application()
    with tempfile.TemporaryDirectory() as folder:
        with closing(stocked(Path(folder), options.workers)) as laptop:
            window = MainWindow(Preferences(), motion=False)
            owner = QObject()
            pages = LaptopPages(laptop, window, lambda: None, parent=owner)
            window.show()
            pages.show()
            wait(500)
            figures = measure(pages, window, options.workers)
            pages.stop()
            finish_jobs(pages)
            window.close()
        running.processEvents()
    passed = all(figures[name] <= limit for name, limit in GATE.items())
    answer = {"bench": "list", "workers": options.workers, **figures}
    sys.stdout.write(json.dumps({**answer, "gate": GATE, "passed": passed}, indent=1) + "\n")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
