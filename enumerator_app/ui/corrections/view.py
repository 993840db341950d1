"""Perbaikan: the list of tasks, one card, and the rest of that person's answers."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.corrections.context_pane import ContextPane
from enumerator_app.ui.corrections.state import CorrectionsState, TaskRow
from enumerator_app.ui.corrections.task_pane import TaskPane
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    BottomBar,
    Breadth,
    Button,
    ButtonKind,
    EmptyState,
    Keycap,
    LoadingRows,
    Pane,
    PersonDelegate,
    Role,
    RowContent,
    RowList,
    ScrollPane,
    Text,
    Tone,
    bind_key,
    column,
    current_theme,
    empty_layout,
    row,
)

if TYPE_CHECKING:
    from enumerator_app.ui.kit.boxes import Item

_LIST_WIDTHS: Final = {Breadth.NARROW: 304, Breadth.NORMAL: 344, Breadth.WIDE: 400}


class CorrectionsView(QWidget):
    """Shows the tasks; reports the new value and what was decided."""

    chosen = Signal(str)  # subject
    edited = Signal(str)
    typed_again = Signal(str)
    save_asked = Signal()
    confirmed = Signal()
    skipped = Signal()
    form_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown_rows: object = None
        self._faces: dict[str, bytes] = {}
        self._focus = 0
        self.tasks = RowList(PersonDelegate, name=text("shell.corrections"))
        self.tasks.setObjectName("fixing.tasks")
        self.card = TaskPane()
        self._count = Text("", Role.CAPTION, Tone.SOFT)
        self._position = Text("", Role.BODY, Tone.SOFT)
        self._instead = Pane(margins=(48, 32, 48, 16))
        self._said = Pane()
        self._context = ContextPane()
        self._make_buttons()
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        self.skip = Button(
            text("fixing.skip"), kind=ButtonKind.QUIET, key="Alt+T", on_click=self.skipped.emit
        )
        self.confirm = Button(text("fixing.confirm"), key="Alt+B", on_click=self.confirmed.emit)
        self.save = Button(
            text("fixing.save"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+Return",
            on_click=self.save_asked.emit,
        )

    def _lay_out(self) -> None:
        theme = current_theme()
        middle = column(self._said, self._instead, self.card, STRETCH)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(ScrollPane(middle), 1)
        if not theme.has_drawer:
            across.addWidget(self._context)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(across, 1)
        right.addWidget(self._made_bottom())
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if theme.has_rail:
            whole.addWidget(self._made_list())
        whole.addLayout(right, 1)

    def _made_bottom(self) -> QWidget:
        theme = current_theme()
        side = theme.space(24 if theme.has_drawer else 48)
        items: list[Item] = [self._position, STRETCH, self.skip, self.confirm, self.save]
        if not theme.has_rail:
            items = [self.skip, STRETCH, self.confirm, self.save]
        return BottomBar(*items, margins=(side, 0, theme.space(24), 0))

    def _made_list(self) -> QWidget:
        theme = current_theme()
        side = theme.space(24)
        heading = Text(text("shell.corrections"), Role.SECTION)
        keys = row(
            Keycap("Up"), Keycap("Down"), Text(text("fixing.move"), Role.CAPTION, Tone.SOFT),
            STRETCH, gap=theme.space(6), margins=(side, 0, side, 0),
        )  # fmt: skip
        pane = Pane(
            row(heading, STRETCH, self._count, margins=(side, 0, side, 0)),
            theme.space(12),
            (self.tasks, 1),
            theme.space(12),
            keys,
            ground="pane",
            sides=("right",),
            margins=(0, theme.space(24), 0, theme.space(24)),
        )
        pane.setFixedWidth(theme.space(_LIST_WIDTHS[theme.breadth]))
        return pane

    def _connect(self) -> None:
        self.tasks.selected.connect(self.chosen)
        self.tasks.opened.connect(self._on_opened)
        self.card.edited.connect(self.edited)
        self.card.typed_again.connect(self.typed_again)
        self.card.entered.connect(self.save_asked)
        self.card.form_asked.connect(self.form_asked)
        bind_key("Ctrl+Up", self, lambda: self._move(-1))
        bind_key("Ctrl+Down", self, lambda: self._move(1))

    def _on_opened(self, key: str) -> None:
        self.chosen.emit(key)
        self.card.focus_field()

    def _move(self, step: int) -> None:
        """Go to the task above or below while the cursor stays in the field."""
        rows = self.tasks.shown_rows()
        keys = [content.key for content in rows]
        here = self.tasks.current_key()
        if here in keys:
            place = keys.index(here) + step
            if 0 <= place < len(keys):
                self.chosen.emit(keys[place])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.card.focus_field()

    def show_thumbnails(self, found: dict[str, bytes]) -> None:
        self._faces = found
        self._shown_rows = None

    def render_state(self, state: CorrectionsState) -> None:
        """Show the state, whole."""
        self._show_rows(state)
        self._show_instead(state)
        self._show_said(state)
        self.card.show_task(state)
        self._context.show_context(state.task)
        self._show_bottom(state)
        if state.focus != self._focus:
            self._focus = state.focus
            if self.isVisible():
                self.card.focus_field()

    def _show_rows(self, state: CorrectionsState) -> None:
        if state.rows != self._shown_rows:
            self._shown_rows = state.rows
            self.tasks.set_rows([self._content(row) for row in state.rows])
        self.tasks.select(str(state.chosen) if state.chosen else "")
        self._count.setText(text("fixing.count", n=len(state.rows)) if state.rows else "")

    def _content(self, row: TaskRow) -> RowContent:
        return RowContent(
            key=str(row.subject),
            title=row.name,
            subtitle=row.field,
            aside=row.since,
            photo_hash=row.photo,
            thumbnail=self._faces.get(row.photo or "", b""),
        )

    def _show_instead(self, state: CorrectionsState) -> None:
        empty_layout(self._instead.box)
        nothing = state.phase == "ready" and not state.rows
        self._instead.setVisible(nothing or state.phase != "ready")
        if state.phase == "failed":
            self._instead.add(Banner("stop", state.problem))
        elif state.phase == "loading":
            self._instead.add(LoadingRows(3, name=text("fixing.loading")))
        elif nothing:
            self._instead.add(EmptyState(text("fixing.none"), text("fixing.none_advice")))

    def _show_said(self, state: CorrectionsState) -> None:
        empty_layout(self._said.box)
        if state.said:
            side = current_theme().space(24 if current_theme().has_drawer else 48)
            banner = Banner("note", state.said, text("fixing.not_sent"))
            self._said.add(row(banner, margins=(side, current_theme().space(20), side, 0)))

    def _show_bottom(self, state: CorrectionsState) -> None:
        has_task = state.task is not None
        simple = has_task and state.task is not None and state.task.kind != "form"
        place = text("fixing.position", n=state.position, total=len(state.rows))
        self._position.setText(place if state.rows else "")
        for button in (self.skip, self.confirm, self.save):
            button.setVisible(has_task)
        self.skip.setEnabled(len(state.rows) > 1)
        self.confirm.setEnabled(has_task and not state.is_busy)
        self.save.setVisible(simple)
        self.save.setEnabled(state.is_changed or state.is_busy)
        self.save.set_busy(text("form.saving") if state.is_busy else "")
        short = current_theme().has_drawer
        last = len(state.rows) <= 1
        key = "fixing.save_short" if short else "fixing.save_last" if last else "fixing.save"
        self.save.set_words(text(key))
        self.confirm.set_words(text("fixing.confirm_short" if short else "fixing.confirm"))
