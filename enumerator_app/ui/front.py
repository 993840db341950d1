"""The ground of the pages before the lock: emblem, office and clock above, one line below."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.kit import (
    STRETCH,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    column,
    current_theme,
    fill_box,
    row,
)
from enumerator_app.ui.kit.emblem import Emblem

WIB: Final = timezone(timedelta(hours=7))
_CLOCK_MS: Final = 5000
WIDEST_PX: Final = 1014


def clock_words(now: datetime) -> tuple[str, str]:
    """Return the time and the day as people here write them: "07.24", "Minggu, 22-11-2026"."""
    local = now.astimezone(WIB)
    weekday = text("front.weekdays").split()[local.weekday()]
    return local.strftime("%H.%M"), f"{weekday}, {local:%d-%m-%Y}"


def battery_words(battery: Battery | None) -> str:
    if battery is None:
        return ""
    key = "front.battery_plugged" if battery.is_plugged else "front.battery_alone"
    return text(key, n=battery.percent)


class Clock(Pane):
    """Time, day and battery; they are what a person checks before going."""

    def __init__(self, battery: Callable[[], Battery | None] = read_battery) -> None:
        theme = current_theme()
        self._battery = battery
        self._time = Text("", Role.TITLE)
        self._day = Text("", Role.LABEL)
        self._power = Text("", Role.CAPTION, Tone.SOFT)
        words = column(STRETCH, self._day, self._power, STRETCH)
        super().__init__(self._time, words, direction="across", gap=theme.space(12))
        self._timer = QTimer(self, interval=_CLOCK_MS)
        self._timer.timeout.connect(self._show_now)
        self._timer.start()
        self._show_now()

    def _show_now(self) -> None:
        time, day = clock_words(datetime.now(WIB))
        power = battery_words(self._battery())
        self._time.setText(time)
        self._day.setText(day)
        self._power.setText(power)
        self._power.setVisible(bool(power))


class FrontPage(Pane):
    """Header, content in the middle, footer; scrolls when the text is large."""

    def __init__(self, office_name: str, content: QWidget, footer: QWidget) -> None:
        super().__init__(ground="ground")
        theme = current_theme()
        side, above = theme.space(24), theme.space(24 if theme.compact else 48)
        name = Text(text("shell.product"), Role.SECTION)
        office = Text(office_name, Role.CAPTION, Tone.SOFT)
        office.setVisible(bool(office_name))
        header = row(
            Emblem(), column(STRETCH, name, office, STRETCH), STRETCH, Clock(), gap=theme.space(16)
        )
        gap = theme.space(16)
        inner = column(header, gap, STRETCH, content, STRETCH, gap, footer)
        inner.setMaximumWidth(theme.px(WIDEST_PX))
        body = row((inner, 1), margins=(side, above, side, theme.space(24)))
        fill_box(_box_of(self), ScrollPane(body))


def _box_of(pane: Pane) -> QVBoxLayout:
    assert isinstance(pane.box, QVBoxLayout)
    return pane.box
