"""Ctrl+K: a person or a command, from anywhere."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.kit import (
    LineEdit,
    Role,
    RowContent,
    RowDelegate,
    RowList,
    Text,
    Tone,
    current_theme,
    paint_icon,
    role_font,
    text_width,
)
from enumerator_app.ui.kit.keycaps import key_words
from enumerator_app.ui.kit.painting import (
    ROW_RADIUS,
    keycap_width,
    paint_box,
    paint_keycap,
    smooth_painter,
)
from enumerator_app.ui.shell.pages import Command, FindPeople

_ASK_AFTER_MS: Final = 120
_LEAST_LETTERS: Final = 2
_WIDTH_PX: Final = 640
_MOST_ROWS: Final = 8
_STAYS: Final = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_COMMAND: Final = "command:"
_PERSON: Final = "person:"


class _Delegate(RowDelegate):
    """One line: icon, words, key of a command or number of a person."""

    height_px = 44

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        theme, tokens = self.theme, self.theme.tokens
        side = theme.px(20)
        left = rect.left() + theme.space(20)
        square = QRectF(left, round(rect.center().y() - side / 2), side, side)
        paint_icon(painter, content.lead or "user", square, tokens.ink)
        line = QRectF(rect)
        line.setLeft(square.right() + theme.space(12))
        line.setRight(rect.right() - theme.space(20))
        if content.aside and content.key.startswith(_COMMAND):
            width, height = keycap_width(content.aside, theme), theme.px(20)
            cap = QRectF(line.right() - width, rect.center().y() - height / 2, width, height)
            paint_keycap(
                painter, cap, content.aside, theme,
                ink=tokens.ink_soft, edge=tokens.keycap_edge, fill=tokens.ground,
            )  # fmt: skip
        elif content.subtitle:
            self._draw(painter, line, content.subtitle, Role.CAPTION, soft=True, right=True)
        taken = text_width(role_font(Role.CAPTION, theme), content.subtitle) + theme.space(16)
        room = line.adjusted(0, 0, -taken, 0)
        self._draw(painter, room, content.title, Role.STRONG if selected else Role.BODY)

    def text_left(self) -> float:
        return self.theme.space(20) + self.theme.px(20) + self.theme.space(12)


class Palette(QFrame):
    """Lies over the page. Typing narrows, arrows move, Enter opens, Esc goes back."""

    command_chosen = Signal(str)
    person_chosen = Signal(str)
    closed = Signal()

    def __init__(
        self, commands: Sequence[Command], find_people: FindPeople, parent: QWidget
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._theme, self._commands, self._find_people = theme, tuple(commands), find_people
        self._asked = 0
        self._people: Sequence[RowContent] = ()
        self.line = LineEdit(placeholder=text("shell.palette_hint"))
        self.line.setAccessibleName(text("shell.search"))
        self.list = RowList(_Delegate, name=text("shell.palette_results"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = Text(text("shell.palette_nothing"), Role.BODY, Tone.SOFT, wrap=True)
        self._timer = QTimer(self, interval=_ASK_AFTER_MS, singleShot=True)
        self._lay_out()
        self.line.textEdited.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.list.opened.connect(self._open)
        self.list.clicked.connect(lambda _index: self._open(self.list.current_key()))
        self._timer.timeout.connect(self._ask)
        self.hide()

    def _lay_out(self) -> None:
        space = self._theme.space
        box = QVBoxLayout(self)
        box.setContentsMargins(space(16), space(16), space(16), space(12))
        box.setSpacing(space(12))
        for part in (self.line, self.list, self._nothing):
            box.addWidget(part)

    def open(self) -> None:
        self.line.clear()
        self._people = ()
        self._show_rows()
        self.place()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> None:
        """Lie at the top, in the middle of the window."""
        window = self.parentWidget()
        if window is None:
            return
        width = min(self._theme.px(_WIDTH_PX), window.width() - 2 * self._theme.space(16))
        rows = max(1, min(_MOST_ROWS, self.list.rows.rowCount()))
        self.list.setFixedHeight(rows * self._theme.px(_Delegate.height_px))
        height = min(self.sizeHint().height(), window.height() - 2 * self._theme.space(16))
        top = min(self._theme.space(72), max(0, (window.height() - height) // 2))
        self.setGeometry((window.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS:
            self.hide()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.list.current_key())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        last = self.list.rows.rowCount() - 1
        row = max(0, min(self.list.currentIndex().row() + step, last))
        self.list.setCurrentIndex(self.list.rows.index(row))

    def _open(self, key: str) -> None:
        if not key:
            return
        self._close()
        if key.startswith(_COMMAND):
            self.command_chosen.emit(key.removeprefix(_COMMAND))
        else:
            self.person_chosen.emit(key.removeprefix(_PERSON))

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _on_typed(self, _words: str) -> None:
        self._people = ()
        self._asked += 1
        self._show_rows()
        self._timer.start()

    def _ask(self) -> None:
        words, number = self.line.text().strip(), self._asked
        if len(words) < _LEAST_LETTERS:
            return
        start_job(
            self,
            lambda: self._find_people(words),
            lambda found: self._on_found(number, found),
            lambda _error: None,  # commands still work; the page of people says what is wrong
        )

    def _on_found(self, number: int, found: object) -> None:
        if number == self._asked and isinstance(found, Sequence):
            self._people = found
            self._show_rows()

    def _show_rows(self) -> None:
        words = self.line.text().strip().casefold()
        rows = [
            RowContent(
                key=_COMMAND + command.key,
                lead=command.icon,
                title=text(command.title_key),
                aside=key_words(command.shortcut) if command.shortcut else "",
            )
            for command in self._commands
            if words in text(command.title_key).casefold()
        ]
        rows += [
            RowContent(
                key=_PERSON + person.key, lead="user", title=person.title, subtitle=person.subtitle
            )
            for person in self._people
        ]
        self.list.set_rows(rows)
        self.list.setCurrentIndex(self.list.rows.index(0))
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if self.isVisible():
            self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        with smooth_painter(self) as painter:
            paint_box(
                painter,
                QRectF(self.rect()),
                fill=tokens.ground,
                edge=tokens.edge,
                edge_px=tokens.edge_px,
                radius=ROW_RADIUS,
            )
