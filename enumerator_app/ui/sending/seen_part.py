"""What the office's answer holds, before it is read in: lines of numbers, and two ways on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import Button, ButtonSize, Role, Text, Tone, current_theme, fill_box
from enumerator_app.ui.sending.parts import Steps
from enumerator_app.ui.sending.stick_state import (
    StickState,
    seen_steps,
    stopping_words,
    work_words,
)

_LINE_PX = 30


class SeenPart(QWidget):
    """Shows what was seen in a file; reports whether it is to be read in."""

    take_asked = Signal()
    later_asked = Signal()
    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        wide = not theme.has_drawer
        self._file = Text("", Role.STRONG, wrap=True)
        self._lines = Steps(is_strong=True, line_px=_LINE_PX)
        self.take = Button(
            text("stick.take"), size=ButtonSize.ROW, key="Ctrl+Return", wide=wide,
            on_click=self.take_asked.emit,
        )  # fmt: skip
        self.later = Button(
            text("stick.later"), size=ButtonSize.ROW, key="Alt+K", wide=wide,
            on_click=self._on_later,
        )  # fmt: skip
        self.take.setObjectName("stick.take")
        self.later.setObjectName("stick.later")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(8))
        fill_box(
            box,
            self._file,
            Text(text("stick.seen_first"), Role.BODY, Tone.SOFT, wrap=True),
            self._lines,
            self.take,
            self.later,
        )

    def show_seen(self, state: StickState) -> None:
        """Show the state; without an answer that waits to be read there is nothing."""
        if state.seen is not None and state.answer is not None:
            self._file.setText(state.answer.name)
            self._lines.set_steps(seen_steps(state.seen))
        is_reading = state.work == "reading"
        self.take.set_busy(work_words(state) if is_reading else "")
        self.later.set_words(text("stick.stop" if is_reading else "stick.later"))
        self.later.set_busy(stopping_words(state))  # and keeps the focus

    def _on_later(self) -> None:
        (self.stop_asked if self.take.is_busy() else self.later_asked).emit()
