"""Keys typed while a save runs: held, and given to the next form."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)


class KeyHold(QObject):
    """A save takes some ms, on a tired disk some hundred: no digit may be lost in them."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._held: list[QKeyEvent] = []
        self._is_holding = False

    def hold(self) -> None:
        """Keep every key for the page's fields from now on."""
        if not self._is_holding:
            self._is_holding = True
            self._held.clear()
            _application().installEventFilter(self)

    def release(self, *, give: bool) -> None:
        """Let keys through again; `give` types the held ones where the cursor is now."""
        if not self._is_holding:
            return
        self._is_holding = False
        _application().removeEventFilter(self)
        held, self._held = self._held, []
        if give:
            for event in held:
                target = QApplication.focusWidget()
                if target is not None:
                    QApplication.sendEvent(target, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEYS or not isinstance(watched, QWidget):
            return False
        if not self._owner.isAncestorOf(watched) or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif not event.modifiers() and event.text():
            self._held.append(event.clone())
        return True


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
