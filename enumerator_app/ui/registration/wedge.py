"""A scanner that types: the code of a queue slip is taken whole, whatever has the focus.

Such a scanner is a keyboard that types fast and ends with Enter. Keys that may be the beginning
of a slip's code are held; as soon as they are none, or nothing follows, they go on their way.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

PREFIX: Final = "TK1:"
LONGEST: Final = 24
GAP_MS: Final = 60
"""Nobody's fingers are this fast over four keys; every scanner is faster."""

_ENDS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_ALONE: Final = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr)
_HELD: Final = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)


class Wedge(QObject):
    """Listens while `owner` is in sight; `is_code` says whether a scanned text is a slip's."""

    scanned = Signal(str)

    def __init__(self, owner: QWidget, is_code: Callable[[str], bool]) -> None:
        super().__init__(owner)
        self._owner, self._is_code = owner, is_code
        self._held: list[QKeyEvent] = []
        self._typed = ""
        self._is_giving = False
        self._gap = QTimer(self, singleShot=True, interval=GAP_MS)
        self._gap.timeout.connect(self._give)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_giving or event.type() not in _HELD or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or not self._listens(watched):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return self._is_ours(event)
        return self._press(event)

    def _listens(self, watched: QWidget) -> bool:
        return self._owner.isVisible() and self._owner.isAncestorOf(watched)

    def _is_ours(self, event: QKeyEvent) -> bool:
        """Releases of held keys, and shortcuts while a code is being typed, reach nobody."""
        if event.type() == QEvent.Type.ShortcutOverride:
            if self._typed:
                event.accept()
            return bool(self._typed)
        return bool(self._typed)

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _ALONE:
            return False
        if self._typed and event.key() in _ENDS:
            return self._end(event)
        typed = self._typed + event.text().upper()
        if not event.text() or not _may_become_code(typed):
            self._give()
            return False
        self._held.append(event.clone())
        self._typed = typed
        self._gap.start()
        return True

    def _end(self, event: QKeyEvent) -> bool:
        typed = self._typed
        if not self._is_code(typed):
            self._give()
            return False
        self._forget()
        self.scanned.emit(typed)
        return True

    def _give(self) -> None:
        """Nobody scanned: let the keys do what they were typed for."""
        held = self._held
        self._forget()
        self._is_giving = True
        for event in held:
            target = QApplication.focusWidget()
            if target is not None:
                QApplication.sendEvent(target, event)
        self._is_giving = False

    def _forget(self) -> None:
        self._gap.stop()
        self._held, self._typed = [], ""


def _may_become_code(typed: str) -> bool:
    if len(typed) > LONGEST:
        return False
    return PREFIX.startswith(typed) or typed.startswith(PREFIX)
