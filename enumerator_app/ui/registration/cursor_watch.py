"""Follows the cursor through a page, from control to control and within a text."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from enumerator_app.ui.kit.focus_memory import FocusMemory

_OF_THE_FORM = "form."


class CursorWatch(QObject):
    """Reports each place of the cursor in a control of the form, and none outside."""

    moved = Signal(str, int)  # object name, place in the text (-1 where there is none)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._line: QLineEdit | None = None
        self.last = FocusMemory()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._line is not None:
            self._line.cursorPositionChanged.disconnect(self._report)
            self._line = None
        if new is None or not self._page.isAncestorOf(new):
            return
        if isinstance(new, QLineEdit):
            self._line = new
            new.cursorPositionChanged.connect(self._report)
        self._report()

    def _report(self, *_places: int) -> None:
        there = FocusMemory.of(self._page)
        if there.name.startswith(_OF_THE_FORM):
            self.last = there
            self.moved.emit(there.name, there.cursor)
