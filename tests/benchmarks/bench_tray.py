"""How long the window is deaf while the tray prints and somebody goes on typing.

    python -m tests.benchmarks.bench_tray [--sheets 3]

Slips with portraits go to a printer (a PDF) in the background, five a sheet, while keys go into the
registration form. Gaps between beats of the event loop are noted as in `bench_typing`: `own` is the
gap without the time in which the kernel had given the processor to somebody else. Gate: 50 ms, as
for typing alone, which is measured first. The control hands each page to the printer in one piece
and must miss it.
"""

import argparse
import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.printing import pdf_pages
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.session.run import application
from enumerator_app.ui.shell import MainWindow
from tests.benchmarks.bench_preview import fill
from tests.benchmarks.bench_typing import Hands, Heart, until
from tests.ui.open_laptops import new_laptop
from tests.ui.test_printing_tray import PRINTER, Printers

GATE_MS = 50.0
WORDS = "siti maemunah binti sarkim "
ROUNDS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sheets", type=int, default=3)
    options = parser.parse_args()
    running = application()
    report: dict[str, Any] = {"sheets": options.sheets}
    report |= measure(running, options.sheets, "typing_alone_", prints=False)
    report |= measure(running, options.sheets, "")
    whole, pdf_pages._BAND_PX = pdf_pages._BAND_PX, 10_000
    report |= measure(running, options.sheets, "control_")
    pdf_pages._BAND_PX = whole
    report["passed"] = report["own_max_ms"] <= GATE_MS < report["control_own_max_ms"]
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


def measure(
    running: QApplication, sheets: int, prefix: str, *, prints: bool = True
) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        with closing(new_laptop(Path(folder))) as laptop:
            fill(laptop, 5 * sheets)
            laptop.printing.printers.choose(PRINTER)
            window, owner = MainWindow(Preferences(), motion=False), QObject()
            pages = LaptopPages(laptop, window, lambda: None, parent=owner)
            tray = pages.printing.tray
            tray._dialogs = Printers(Path(folder))
            window.show()
            window.activateWindow()
            pages.show("registration")
            until(window.isActiveWindow)
            heart, hands = Heart(), Hands(25)
            with heart.listened() as beats:
                hands.beats = beats
                if prints:
                    tray.press()
                for _ in range(ROUNDS):
                    hands.type(WORDS)
                    if prints and tray.state.on_the_way == 5 * sheets:
                        break
            figures = {
                f"{prefix}max_ms": round(max(beats.gaps), 1),
                f"{prefix}own_max_ms": round(max(beats.own), 1),
            }
            pages.stop()
            finish_jobs(pages)
            window.close()
        running.processEvents()
    return figures


if __name__ == "__main__":
    sys.exit(main())
