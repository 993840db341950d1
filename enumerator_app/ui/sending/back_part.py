"""Where a fresh code is typed, for an office that was put back and does not know this laptop."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import STRETCH, Button, Field, current_theme, fill_box, row
from enumerator_app.ui.sending.state import SendingState

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BackPart(QWidget):
    """A field for the code and its button; there only while the office does not know the laptop."""

    code_given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self.code = Field(text("sending.back_code"), placeholder=text("first_start.code_hint"))
        self.code.entered.connect(self._on_given)
        self.code.line.installEventFilter(self)
        give = Button(text("sending.back_do"), on_click=self._on_given)
        give.setObjectName("sending.back")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, theme.space(24))
        box.setSpacing(theme.space(12))
        fill_box(box, self.code, row(give, STRETCH))
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the field is the field's own, whatever else of the page listens to it."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def show_back(self, state: SendingState) -> None:
        is_asked = state.is_unknown and state.phase != "sending"
        if is_asked and self.isHidden():
            self.show()
            self.code.line.clear()
            self.code.setFocus()
        self.setVisible(is_asked)

    def _on_given(self) -> None:
        self.code_given.emit(self.code.line.text())
