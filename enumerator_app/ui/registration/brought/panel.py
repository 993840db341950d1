"""The village's list in place (Ctrl+D): find somebody, begin the form, or say what came of them."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from enumerator_app.domain.worklist import OPEN, REGISTERED
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonSize,
    Field,
    MarkKind,
    Pane,
    Role,
    RowContent,
    RowList,
    Text,
    Tone,
    announce,
    current_theme,
    row,
)
from enumerator_app.ui.registration.brought.delegate import ListedDelegate
from enumerator_app.ui.registration.brought.state import ListedPage, ListedRow

ANSWER_KEYS: Final[Mapping[str, str]] = {
    "not_found": "T", "moved": "P", "died": "M", "not_willing": "S", "open": "B",
}  # fmt: skip
"""One letter an answer, while the list has the cursor."""

_ROWS: Final = 5
_ROWS_LARGE: Final = 3  # where text is twice as large
_ROW_PX: Final = 56


class ListedPanel(Pane):
    """A search field and the lines that match; Enter begins the form from the first."""

    searched = Signal(str)
    chosen = Signal(str)  # code
    answered = Signal(str, str)  # code, answer
    closed = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(16)
        super().__init__(
            ground="pane", margins=(side, theme.space(12), side, side), radius=8, gap=theme.space(8)
        )
        self.field = Field(text("listed.label"), placeholder=text("listed.example"))
        self.field.line.setObjectName("form.listed")
        self._progress = Text("", Role.CAPTION, Tone.SOFT)
        self._rows = RowList(ListedDelegate, name=text("listed.label"))
        self._rows.setObjectName("form.listed.rows")
        self._none = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._said = Text("", Role.CAPTION, wrap=True)
        self._buttons = {answer: self._button(answer) for answer in ANSWER_KEYS}
        self.add(
            self.field, self._none, self._rows,
            *self._button_rows(),
            row((self._said, 1), self._progress, gap=theme.space(12)),
        )  # fmt: skip
        self._connect()
        self.hide()

    def _button_rows(self) -> list[QWidget]:
        """Return the answers in two lines: one would be wider than the form."""
        every = list(self._buttons.values())
        gap = current_theme().space(8)
        parts = (
            (every[:3], every[3:])
            if current_theme().has_rail
            else (every[:2], every[2:4], every[4:])
        )
        return [row(*some, STRETCH, gap=gap) for some in parts]

    def _connect(self) -> None:
        self.field.edited.connect(self.searched)
        self.field.entered.connect(self._choose_current)
        self._rows.opened.connect(self.chosen)
        self._rows.left_upwards.connect(self.field.setFocus)
        self.field.line.installEventFilter(self)
        self._rows.installEventFilter(self)

    def _button(self, answer: str) -> Button:
        button = Button(
            text(f"listed.answer.{answer}"), key=ANSWER_KEYS[answer], key_elsewhere=True,
            size=ButtonSize.ROW, on_click=partial(self._answer, answer),
        )  # fmt: skip
        button.setObjectName(f"form.listed.{answer}")
        return button

    def show_panel(self, page: ListedPage, *, is_open: bool) -> None:
        """Fold or unfold; unfolding begins a new search with the cursor in it."""
        if is_open and self.isHidden():
            self.show()
            self.field.set_text("")
            self.searched.emit("")
            self.field.setFocus(Qt.FocusReason.TabFocusReason)
        elif not is_open:
            self.hide()
        if is_open:
            self._show_page(page)

    def _show_page(self, page: ListedPage) -> None:
        contents = [_content(one) for one in page.rows]
        if tuple(contents) != self._rows.shown_rows():
            self._rows.set_rows(contents)
        if contents and not self._rows.current_key():
            self._rows.select(contents[0].key)
        self._none.setText(text("listed.nobody" if page.has_list else "listed.no_list"))
        self._none.setVisible(not contents)
        self._rows.setVisible(bool(contents))
        most = _ROWS if current_theme().has_rail else _ROWS_LARGE
        self._rows.setFixedHeight(current_theme().px(_ROW_PX) * min(most, max(1, len(contents))))
        for button in self._buttons.values():
            button.setVisible(bool(contents))
        self._progress.setText(page.progress)
        if page.said and page.said != self._said.text():
            announce(self, page.said)
        self._said.setText(page.said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return True
        if watched is self._rows:
            return self._answer_by_letter(event)
        if event.key() == Qt.Key.Key_Down and self._rows.isVisible():
            self._rows.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False

    def _answer_by_letter(self, event: QKeyEvent) -> bool:
        letter = event.text().upper()
        answer = next((a for a, key in ANSWER_KEYS.items() if key == letter), "")
        if answer:
            self._answer(answer)
        return bool(answer)

    def _answer(self, answer: str) -> None:
        if code := self._rows.current_key():
            self.answered.emit(code, answer)

    def _choose_current(self) -> None:
        if code := self._rows.current_key():
            self.chosen.emit(code)


def _below(one: ListedRow) -> str:
    return " · ".join(part for part in (one.detail, one.marks) if part)


def _content(one: ListedRow) -> RowContent:
    mark = {OPEN: None, REGISTERED: MarkKind.OK}.get(one.state, MarkKind.ENDED)
    return RowContent(key=one.code, title=one.name, subtitle=_below(one), mark=mark, word=one.word)
