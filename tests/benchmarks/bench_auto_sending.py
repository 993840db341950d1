"""How long the window waits while a sync runs by itself: gaps between its turns, in milliseconds.

`python -m tests.benchmarks.bench_auto_sending [--people 500]`. A real laptop sends to a real office
in a process of its own, by the presenter that the window uses; a timer asks for a turn every two
milliseconds. The same is measured before, with nothing to send: on a busy machine the gaps of both
grow, and only what the sync adds is its own.
"""

import argparse
import json
import tempfile
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.sending.presenter import SendingPresenter
from tests.storage.laptops import person
from tests.sync_client.real_office import enrolled_laptop, founded

VILLAGE = "3216132001"
LOOK_MS = 2
LONG_MS = 50.0


class Turns:
    """Notes when the window's loop comes round."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(lambda: self.at.append(time.perf_counter()))
        self._timer.start()

    def taken(self) -> list[float]:
        """Return the gaps since the last call, in milliseconds, shortest first."""
        at, self.at = self.at, []
        return sorted((after - before) * 1000 for before, after in pairwise(at))


def told(gaps: list[float]) -> dict[str, float]:
    return {
        "turns": len(gaps),
        "p99_ms": round(gaps[int(len(gaps) * 0.99)], 1),
        "longest_ms": round(gaps[-1], 1),
        "over_50_ms": sum(gap > LONG_MS for gap in gaps),
    }


def measure(people: int) -> dict[str, object]:
    application = QCoreApplication([])
    owner, turns = QObject(), Turns()
    with tempfile.TemporaryDirectory() as folder:
        office = founded(Path(folder))
        office.start()
        try:
            with closing(Laptop(enrolled_laptop(office, Path(folder) / "laptop"))) as laptop:
                for n in range(people):
                    laptop.store.register(person(n, village_code=VILLAGE, photo=None))
                turns.taken()
                waiting = QEventLoop()
                QTimer.singleShot(3000, waiting.quit)
                waiting.exec()
                before = told(turns.taken())
                sending = SendingPresenter(laptop, parent=owner)  # type: ignore[arg-type] # by shape
                sending.changed.connect(waiting.quit)
                began = time.monotonic()
                sending.send("alone")
                waiting.exec()
                during, seconds = told(turns.taken()), round(time.monotonic() - began, 2)
                arrived = sending.state.may_close
                finish_jobs(owner)
        finally:
            office.stop()
    application.quit()
    return {
        "people": people, "all_arrived": arrived, "seconds": seconds,
        "with_nothing_to_send": before, "while_sending": during,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=500)
    print(json.dumps(measure(parser.parse_args().people), indent=1))


if __name__ == "__main__":
    main()
