"""The flash drive beside the network, as its equal: what it holds, and three things to do.

An answer that was looked at stands in their place until it is read in or left.
"""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

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
from enumerator_app.ui.sending.seen_part import SeenPart
from enumerator_app.ui.sending.stick_state import (
    StickState,
    mark_of,
    seen_words,
    standing_words,
    stopping_words,
    work_words,
)

_ONWARD: Final = Qt.FocusReason.OtherFocusReason


class StickPart(QWidget):
    """Shows a state; reports what was asked for."""

    write_asked = Signal()
    read_asked = Signal()
    take_asked = Signal()
    later_asked = Signal()
    stop_asked = Signal()
    keep_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._mark = Mark(MarkKind.EMPTY)
        self._standing = Text("", Role.BODY, wrap=True)
        self._said = Text("", Role.BODY, wrap=True)
        self._trouble = Mark(MarkKind.CHECK)
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
        self._stop = Button(
            text("stick.stop"), size=ButtonSize.ROW, key="Alt+B", wide=wide,
            on_click=self.stop_asked.emit,
        )  # fmt: skip
        self._stop.setObjectName("stick.stop")
        self._write.setObjectName("stick.write")
        self._read.setObjectName("stick.read")
        self._is_seen, self._announced = False, ""
        self._seen = SeenPart()
        self._seen.take_asked.connect(self.take_asked)
        self._seen.later_asked.connect(self.later_asked)
        self._seen.stop_asked.connect(self.stop_asked)
        standing = row(self._mark, (self._standing, 1), gap=theme.space(8))
        self._as_good = Text(text("stick.as_good"), Role.BODY, Tone.SOFT, wrap=True)
        self._usual = (standing, self._keep)
        top = Qt.AlignmentFlag.AlignTop
        self._saying = row((self._trouble, top), (self._said, 1), gap=theme.space(8))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.space(8))
        title = Text(text("stick.title"), Role.SECTION)
        buttons = self._write, self._read, self._stop
        fill_box(box, title, self._as_good, *self._usual, self._saying, *buttons, self._seen)
        self._seen.hide()

    def show_stick(self, state: StickState) -> None:
        """Show the state, whole."""
        said = state.trouble or state.keeping_trouble or state.said
        self._announce(seen_words(state) or said)
        self._mark.set_kind(MarkKind(mark_of(state)))
        self._standing.setText(standing_words(state))
        self._said.setText(said)
        self._trouble.setVisible(bool(state.trouble or state.keeping_trouble))
        with QSignalBlocker(self._keep):
            self._keep.setChecked(state.standing.folder is not None)
        may = not state.is_practice
        self._keep.setEnabled(may)
        self._seen.show_seen(state)
        if state.seen is None:  # the new buttons are there before the old ones go
            self._show_buttons(state, may=may)
        self._show_parts(is_seen=state.seen is not None, is_said=bool(said))
        if state.seen is not None:
            self._show_buttons(state, may=may)

    def _show_buttons(self, state: StickState, *, may: bool) -> None:
        """Show what can be done; while one works, a way to stop it stands in the other's place."""
        is_seen, owner = state.seen is not None, self._read
        for button, work in ((self._write, "writing"), (self._read, "looking")):
            is_working = state.work == work
            owner = button if button.is_busy() else owner
            button.set_busy(work_words(state) if is_working else "")
            button.setEnabled(may)
            button.setVisible(not is_seen and (is_working or not state.work))
        if self._stop.hasFocus() and not state.work and not is_seen:
            owner.setFocus(_ONWARD)
        self._stop.setVisible(not is_seen and bool(state.work))
        self._stop.set_busy(stopping_words(state))

    def _announce(self, said: str) -> None:
        if said and said != self._announced:
            announce(self, said)
        self._announced = said

    def _show_parts(self, *, is_seen: bool, is_said: bool) -> None:
        """Show what can be done now; the focus goes along from the old buttons to the new."""
        focused = QApplication.focusWidget()
        is_here = focused is not None and self.isAncestorOf(focused)
        is_other = self._is_seen != is_seen
        self._is_seen = is_seen
        self._seen.setVisible(is_seen)
        for part in self._usual:
            part.setVisible(not is_seen)
        self._saying.setVisible(is_said and not is_seen)
        self._as_good.setVisible(not is_said and not is_seen)  # what was done has its room
        if is_other and is_here:
            (self._seen.take if is_seen else self._read).setFocus(_ONWARD)
