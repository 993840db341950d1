"""From exec to the first painted page, against a bare Qt form, in one run.

    python -m tests.benchmarks.bench_start [--runs 7]

Both are fresh processes that draw into memory; in turn, so that other load hits both alike. The
page is the unlock page of a set-up laptop. Memory is the resident set at that moment.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from enumerator_app.bootstrap.laptops import practice_laptop
from enumerator_app.storage.passphrases import KdfCost

_PAINTED = """
import sys, time, resource
from PySide6.QtCore import QEvent, QObject, QTimer
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            app.removeEventFilter(self)
            QTimer.singleShot(0, self.say)
        return False
    def say(self):
        pages = int(open("/proc/self/statm").read().split()[1])
        print(time.monotonic(), pages * resource.getpagesize(), flush=True)
        app.exit(0)
"""
_OURS = """
from pathlib import Path
from enumerator_app.bootstrap.window import doors_of
from enumerator_app.ui.session.run import application
from enumerator_app.ui.session.session import WindowSession
app = application()
eye = Eye()
app.installEventFilter(eye)
session = WindowSession(doors_of(Path(sys.argv[1])))
session.window.show()
app.exec()
"""
_BARE = """
from PySide6.QtWidgets import *
app = QApplication([])
eye = Eye()
app.installEventFilter(eye)
window = QMainWindow()
tabs = QTabWidget()
for name in ("a", "b"):
    page = QWidget()
    form = QFormLayout(page)
    for n in range(12 if name == "a" else 13):
        form.addRow(str(n), QLineEdit())
    tabs.addTab(page, name)
window.setCentralWidget(tabs)
window.addToolBar("t").addAction("x")
window.resize(1366, 768)
window.show()
app.exec()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        practice_laptop(
            home, operator_name="Nining", passphrase="lima kata yang panjang sekali",
            cost=KdfCost(8, 1, 1),
        ).close()  # fmt: skip
        pairs = [(_run(_OURS, home), _run(_BARE, home)) for _ in range(runs + 1)][1:]
    ours, bare = ([pair[side] for pair in pairs] for side in (0, 1))
    seconds = [statistics.median(run[0] for run in side) for side in (ours, bare)]
    memory = [statistics.median(run[1] for run in side) for side in (ours, bare)]
    report = {
        "bench": "start",
        "runs": runs,
        "first_paint_s": round(seconds[0], 3),
        "bare_form_s": round(seconds[1], 3),
        "first_paint_to_bare": round(statistics.median(o[0] / b[0] for o, b in pairs), 2),
        "locked_mb": round(memory[0] / 1e6),
        "bare_form_mb": round(memory[1] / 1e6),
        "locked_to_bare": round(memory[0] / memory[1], 2),
    }
    print(json.dumps(report, indent=1))


def _run(script: str, home: Path) -> tuple[float, int]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("DISPLAY", None)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _PAINTED + script, str(home)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    painted, memory = done.stdout.split()[-2:]
    return float(painted) - started, int(memory)


if __name__ == "__main__":
    main()
