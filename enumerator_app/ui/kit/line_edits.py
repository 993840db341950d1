"""The line a person types in: its box, its mark, and grouping while typing."""

from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from enumerator_app.ui.kit import typing_formats
from enumerator_app.ui.kit.fonts import Role, sized_font
from enumerator_app.ui.kit.marks import MARK_PX, MarkKind, paint_mark
from enumerator_app.ui.kit.painting import paint_box, smooth_painter
from enumerator_app.ui.kit.theme import current_theme
from enumerator_app.ui.kit.typing_formats import TypingFormat, cursor_after

_PAD_PX: Final = 12
_MARK_ROOM_PX: Final = 36


class FieldState(Enum):
    """What is known about the content. OK only after a real check, never for "not empty"."""

    PLAIN = "plain"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"


_MARKS: Final = {
    FieldState.OK: MarkKind.OK,
    FieldState.WARN: MarkKind.CHECK,
    FieldState.ERROR: MarkKind.STOP,
}


class LineEdit(QLineEdit):
    """A line of text in a painted box."""

    enter_pressed = Signal()
    focus_gained = Signal()
    focus_lost = Signal()
    aside_chosen = Signal()  # the aside key was pressed in the empty field

    def __init__(
        self,
        *,
        typing: TypingFormat = typing_formats.PLAIN,
        role: Role = Role.BODY,
        placeholder: str = "",
        aside_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._typing, self._aside_key = typing, aside_key
        self._state = FieldState.PLAIN
        self._reshaping = self._undoing = False
        self.ring_joined = True
        self.setFrame(False)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._apply_font(role)
        self._apply_room()
        self._apply_palette()
        self.textEdited.connect(self._on_text_edited)

    def state(self) -> FieldState:
        return self._state

    def is_reshaping(self) -> bool:
        """Is this change the format's own? What was typed is reported once, after it."""
        return self._reshaping

    def set_state(self, state: FieldState) -> None:
        if state is not self._state:
            self._state = state
            self.update()

    def set_shaped(self, words: str) -> None:
        """Show a value that was not typed here, grouped as if it had been."""
        shaped = self._typing.shape(words)
        if shaped != self.text():
            self.setText(shaped)

    def setReadOnly(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's own signature
        super().setReadOnly(read_only)
        self.update()

    def _apply_font(self, role: Role) -> None:
        tokens = self._theme.tokens
        weight = 600 if tokens.is_sun and role is Role.BODY else role.weight
        font = sized_font(role.px, weight, self._theme)
        if " " in self._typing.separators:
            font.setWordSpacing(self._theme.px(4))  # one blank that reads as a gap
        self.setFont(font)
        grown = self._theme.px(role.px - Role.BODY.px) if role.px > Role.SECTION.px else 0
        self.setFixedHeight(self._theme.control_height + grown)

    def _apply_room(self) -> None:
        left = self._theme.space(_PAD_PX) - 2  # Qt keeps 2 px of its own
        self.setTextMargins(left, 0, self._theme.px(_MARK_ROOM_PX) - 4, 1)

    def _apply_palette(self) -> None:
        tokens, palette = self._theme.tokens, self.palette()
        clear = QColor(0, 0, 0, 0)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Text, QColor(tokens.ink))
        off = QPalette.ColorGroup.Disabled
        palette.setColor(off, QPalette.ColorRole.Text, QColor(tokens.off_ink))
        palette.setColor(QPalette.ColorRole.Base, clear)
        palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(tokens.off_ink))
        palette.setColor(QPalette.ColorRole.Highlight, QColor(tokens.accent))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(tokens.on_accent))
        self.setPalette(palette)

    def _on_text_edited(self, typed: str) -> None:
        if self._reshaping or self._undoing:
            return
        shaped = self._typing.shape(typed)
        if shaped == typed:
            return
        cursor = cursor_after(self._typing, typed, self.cursorPosition(), shaped)
        self._reshaping = True
        self.selectAll()
        self.insert(shaped)  # not setText: that would empty the history behind Ctrl+Z
        self.setCursorPosition(cursor)
        self._reshaping = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.enter_pressed.emit()
        elif self._aside_key and event.text() == self._aside_key and not self.text():
            self.aside_chosen.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) or event.matches(
            QKeySequence.StandardKey.Redo
        ):
            self._undoing = True  # an undone group must not come straight back
            super().keyPressEvent(event)
            self._undoing = False
        else:
            self._step_over_separator(event)
            super().keyPressEvent(self._shaped_key(event))

    def _shaped_key(self, event: QKeyEvent) -> QKeyEvent:
        """Return the key as the format writes it."""
        shaped = self._typing.key(event.text())
        if shaped == event.text():
            return event
        return QKeyEvent(event.type(), event.key(), event.modifiers(), shaped, event.isAutoRepeat())

    def _step_over_separator(self, event: QKeyEvent) -> None:
        """Let a deletion reach the digit: a separator alone would come straight back."""
        if self.hasSelectedText() or not self._typing.separators:
            return
        words, place = self.text(), self.cursorPosition()
        backwards = event.key() == Qt.Key.Key_Backspace
        if backwards and 0 < place < len(words) and words[place - 1] in self._typing.separators:
            self.setCursorPosition(place - 1)
        forwards = event.key() == Qt.Key.Key_Delete
        if forwards and place < len(words) and words[place] in self._typing.separators:
            self.setCursorPosition(place + 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_gained.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        tidy = self._typing.tidy(self.text())
        if tidy != self.text():
            self.setText(tidy)
            self.textEdited.emit(tidy)
        self.focus_lost.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def enterEvent(self, event: object) -> None:
        super().enterEvent(event)  # type: ignore[arg-type]
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            self._paint_box_of(painter)
            kind = _MARKS.get(self._state)
            if kind is not None and self.isEnabled():
                side = self._theme.px(MARK_PX)
                left = self.width() - side - self._theme.px(10)
                square = QRectF(left, round((self.height() - side) / 2), side, side)
                paint_mark(painter, kind, square, self._theme.tokens)
        super().paintEvent(event)

    def _paint_box_of(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        box = QRectF(self.rect())
        if self.isReadOnly():
            return
        fill, edge, width, dashed = tokens.ground, tokens.edge, tokens.edge_px, False
        if not self.isEnabled():
            fill, dashed = tokens.off_ground, tokens.is_sun
            edge = tokens.edge if tokens.is_sun else tokens.line
        elif self._state is FieldState.WARN:
            fill, edge, width = tokens.amber_tint, tokens.amber_ink, 2
        elif self._state is FieldState.ERROR:
            fill, edge, width = tokens.red_tint, tokens.red, 2
        elif self.underMouse() and not self.hasFocus():
            edge = tokens.ink
        paint_box(painter, box, fill=fill, edge=edge, edge_px=width, dashed=dashed)
