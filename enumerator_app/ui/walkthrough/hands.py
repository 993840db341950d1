"""Hands and eyes: presses keys where the cursor stands, waits for what it sees, takes pictures."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from enumerator_app.domain.errors import KnownError
from enumerator_app.ui.shell import MainWindow

LONGEST_WAIT_S: Final = 60.0
_TURN_MS: Final = 20


class NothingHappened(KnownError):
    """The window did not come to what was waited for; `what` names it."""

    code = "demo_window_stuck"


class Hands:
    """One person at one window."""

    def __init__(self, window: MainWindow, pictures: Path | None = None) -> None:
        self._window, self._pictures = window, pictures
        self.taken: list[Path] = []
        self.keys = 0

    def wait(self, what: str, is_there: Callable[[], object]) -> None:
        """Let the window work until `is_there` is true.

        Raises:
            NothingHappened: it was not, within a minute.
        """
        end = time.monotonic() + LONGEST_WAIT_S
        while not is_there():
            if time.monotonic() > end:
                raise NothingHappened(what=what)
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)

    def place(self, name: str) -> QWidget | None:
        """Return the visible control of this object name."""
        for found in self._window.findChildren(QWidget, name):
            if found.isVisible():
                return found
        return None

    def go_to(self, name: str) -> QWidget:
        """Wait for a control and put the cursor there."""
        self.wait(name, lambda: self.place(name))
        found = self.place(name)
        assert found is not None
        self._wake()
        found.setFocus(Qt.FocusReason.TabFocusReason)
        self.wait(name, found.hasFocus)
        return found

    def type_in(self, name: str, words: str) -> None:
        """Type into the control of this name, as it stands."""
        target = self.go_to(name)
        QTest.keyClicks(target, words)
        self.keys += len(words)

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key wherever the cursor is."""
        self._wake()
        QTest.keyClick(QApplication.focusWidget() or self._window, key, modifiers)
        self.keys += 1

    def _wake(self) -> None:
        """Make the window the active one: where there is no desktop nobody else does."""
        if not self._window.isActiveWindow():
            self._window.activateWindow()
            self.wait("an active window", self._window.isActiveWindow)

    def settle(self) -> None:
        """Let what was asked of other threads arrive before a picture is taken."""
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)

    def picture(self, name: str) -> None:
        """Keep what the window shows now as `name`.png, if pictures were asked for."""
        if self._pictures is None:
            return
        self.settle()
        path = self._pictures / f"{name}.png"
        self._window.grab().save(str(path))
        self.taken.append(path)
