"""The flash drive beside the network, as its equal: what it holds, and three things to do."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Button,
    ButtonSize,
    Mark,
    MarkKind,
    Role,
    Text,
    TickBox,
    Tone,
    announce,
    current_theme,
    fill_box,
    row,
)
from enumerator_app.ui.sending.stick_state import StickState, mark_of, standing_words


class StickPart(QWidget):
    """Shows a state; reports what was asked for."""

    write_asked = Signal()
    read_asked = Signal()
    keep_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._mark = Mark(MarkKind.EMPTY)
        self._standing = Text("", Role.BODY, wrap=True)
        self._said = Text("", Role.BODY, wrap=True)
        self._keep = TickBox(text("stick.keep"))
        self._keep.setObjectName("stick.keep")
        self._keep.toggled.connect(self.keep_asked)
        wide = not theme.has_drawer
        self._write = Button(
            text("stick.write"), size=ButtonSize.ROW, key="Ctrl+U", wide=wide,
            on_click=self.write_asked.emit,
        )  # fmt: skip
        self._read = Button(
            text("stick.read"), size=ButtonSize.ROW, key="Ctrl+Shift+U", wide=wide,
            on_click=self.read_asked.emit,
        )  # fmt: skip
        self._write.setObjectName("stick.write")
        self._read.setObjectName("stick.read")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(8))
        fill_box(
            box,
            Text(text("stick.title"), Role.SECTION),
            Text(text("stick.as_good"), Role.BODY, Tone.SOFT, wrap=True),
            row(self._mark, (self._standing, 1), gap=theme.space(8)),
            self._keep,
            self._said,
            self._write,
            self._read,
        )

    def show_stick(self, state: StickState) -> None:
        """Show the state, whole."""
        said = state.trouble or state.keeping_trouble or state.said
        if said and said != self._said.text():
            announce(self, said)
        self._mark.set_kind(MarkKind(mark_of(state)))
        self._standing.setText(standing_words(state))
        self._said.setText(said)
        self._said.setVisible(bool(said))
        with QSignalBlocker(self._keep):
            self._keep.setChecked(state.standing.folder is not None)
        may = not state.is_practice
        self._keep.setEnabled(may)
        for button, work in ((self._write, "writing"), (self._read, "reading")):
            button.set_busy(text(f"stick.{work}") if state.work == work else "")
            button.setEnabled(may and state.work in {"", work})
