"""Python's cycles are collected in the window's thread alone.

A view and the calls connected to it hold one another. When such a circle is collected by whichever
thread happens to allocate, its widgets are destroyed there, and Qt ends the program (seen: a search
thread that took a closed page with it). So the automatic collection is off, and a timer of the
window does the same work by the same thresholds.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS: Final = 1000


class WindowGarbage(QObject):
    """Collects as CPython would, but only from the event loop. One for an application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def settle(self) -> None:
        """Count what is loaded by now as permanent: later collections need not look at it."""
        gc.collect()
        gc.freeze()

    def collect_due(self) -> None:
        """Collect the oldest generation whose count is over its threshold, as CPython does."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return


def keep_garbage_here(application: QObject) -> WindowGarbage:
    """Start collecting in this thread, if it was not started for this application before."""
    found = application.findChild(WindowGarbage)
    return found if isinstance(found, WindowGarbage) else WindowGarbage(application)
