"""What an emptying battery ends: at 10 % the calling of people, at 7 % the visit.

At 20 % printing ends; the printing page sees to that by itself.
"""

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.ui.battery import Battery, read_battery

FINISH_PERCENT: Final = 10
CLOSE_PERCENT: Final = 7
LOOK_MS: Final = 15_000

Level = Literal["", "finish", "close"]


def level_of(battery: Battery | None) -> Level:
    """Return what holds at this charge; with a cable, or without a battery, nothing does."""
    if battery is None or battery.is_plugged:
        return ""
    if battery.percent <= CLOSE_PERCENT:
        return "close"
    return "finish" if battery.percent <= FINISH_PERCENT else ""


class BatteryWatch(QObject):
    """Looks now and then; reports a level once, when it is reached or left."""

    reached = Signal(str, int)  # Level, percent

    def __init__(
        self, read: Callable[[], Battery | None] = read_battery, *, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._level: Level = ""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        battery = self._read()
        level = level_of(battery)
        if level != self._level:
            self._level = level
            self.reached.emit(level, battery.percent if battery else 0)

    def stop(self) -> None:
        self._timer.stop()
