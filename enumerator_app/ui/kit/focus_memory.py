"""Where the cursor stood, so that it stands there again in a page that was built anew."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget


@dataclass(frozen=True)
class FocusMemory:
    """The focused control by its object name, and the place of the cursor in it."""

    name: str = ""
    cursor: int = -1

    @classmethod
    def of(cls, view: QWidget | None) -> "FocusMemory":
        focused = QApplication.focusWidget()
        if view is None or focused is None or not view.isAncestorOf(focused):
            return cls()
        cursor = focused.cursorPosition() if isinstance(focused, QLineEdit) else -1
        return cls(focused.objectName(), cursor)

    def restore(self, view: QWidget | None) -> None:
        """Put the focus back; without a name or a control of that name nothing happens."""
        if view is None or not self.name:
            return
        control = view.findChild(QWidget, self.name)
        if control is None:
            return
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(control, QLineEdit) and self.cursor >= 0:
            control.deselect()
            control.setCursorPosition(self.cursor)
