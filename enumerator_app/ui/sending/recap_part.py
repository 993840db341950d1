"""The day in one line, and what is done with it: copied, or the sheet of handing over printed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonSize,
    Role,
    Text,
    Tone,
    announce,
    column,
    current_theme,
    fill_box,
    row,
)


class RecapPart(QWidget):
    """Shows the recap; reports that the sheet of handing over is wanted."""

    handover_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._recap = Text("", Role.BODY, wrap=True)
        wide, size = not theme.has_drawer, ButtonSize.ROW
        words, key = text("sending.copy"), "Ctrl+Shift+C"
        self._copy = Button(words, size=size, key=key, wide=wide, on_click=self._on_copy)
        self._copy.setObjectName("sending.copy")
        hand_over = Button(text("sending.handover"), size=size, key="Ctrl+P", wide=wide)
        hand_over.clicked.connect(self.handover_asked)
        hand_over.setObjectName("sending.handover")
        buttons = column(self._copy, hand_over, gap=theme.space(8))
        if theme.has_drawer:
            buttons = row(self._copy, hand_over, STRETCH, gap=theme.space(12))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        fill_box(
            box,
            Text(text("sending.recap_title"), Role.SECTION),
            theme.space(8),
            self._recap,
            theme.space(4),
            Text(text("sending.recap_detail"), Role.CAPTION, Tone.SOFT, wrap=True),
            theme.space(12),
            buttons,
        )

    def show_recap(self, words: str) -> None:
        if words != self._recap.text():
            self._recap.setText(words)
            self._copy.set_words(text("sending.copy"))

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._recap.text())
        self._copy.set_words(text("sending.copied"))
        announce(self, text("sending.copied"))
