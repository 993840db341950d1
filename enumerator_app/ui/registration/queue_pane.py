"""The left column: the number just given, who is being registered, who is next, who is done."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    STRETCH,
    Breadth,
    Button,
    ButtonKind,
    ButtonSize,
    Icon,
    Keycap,
    MarkKind,
    Pane,
    QueueDelegate,
    Role,
    RowContent,
    RowList,
    SavedBlock,
    Text,
    Tone,
    bind_key,
    current_theme,
    fill_box,
    row,
)
from enumerator_app.ui.registration.queue import TICKET, called, later_rows, next_rows
from enumerator_app.ui.registration.state import QueueRow, RegistrationState, SavedCard

_WIDTHS = {Breadth.NARROW: 208, Breadth.NORMAL: 248, Breadth.WIDE: 280}
_ROW_PX = 44
_MOST_ROWS = 3


class QueuePane(Pane):
    """Shows the day; reports which row was opened."""

    undone = Signal()
    folded = Signal()
    aside_opened = Signal(str)
    ticket_called = Signal(int)
    ticket_answered = Signal(str)
    worker_opened = Signal(str)
    tray_opened = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        super().__init__(ground="pane", sides=("right",), margins=(0, theme.space(20), 0, 0))
        self.setFixedWidth(theme.space(_WIDTHS[theme.breadth]))
        self._count = Text("", Role.CAPTION, Tone.SOFT)
        self.block = SavedBlock()
        self._shown_card: SavedCard | None = None
        self._now = _short_list("form.queue.now")
        self._answers = _Answers(self.ticket_answered.emit)
        self._next_title = _title("form.queue.next")
        self._next = _short_list("form.queue.next")
        self._aside_title = _title("form.queue.aside")
        self._aside = _short_list("form.queue.aside")
        self._done_title = _title("form.queue.done")
        self._done = RowList(QueueDelegate, name=text("form.queue.done"))
        self._done.setObjectName("form.done")
        self._empty = Text(text("form.queue.empty"), Role.CAPTION, Tone.SOFT, wrap=True)
        self._tray = _Tray()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        space = current_theme().space
        side = space(20)
        heading = self._heading = Text(text("form.queue.title"), Role.SECTION)
        self.add(
            row(heading, STRETCH, self._count, margins=(side, 0, side, 0)),
            space(12),
            row(self.block, margins=(space(8), 0, space(8), space(8))),
            _title("form.queue.now"),
            space(4),
            self._now,
            self._answers,
            space(12),
            self._next_title,
            self._next,
            self._aside_title,
            self._aside,
            space(4),
            self._done_title,
            space(2),
            row(self._empty, margins=(side, 0, side, 0)),
            (self._done, 1),
            self._tray,
        )

    def _connect(self) -> None:
        self.block.undone.connect(self.undone)
        self.block.folded.connect(self.folded)
        self._aside.opened.connect(self._on_opened)
        self._next.opened.connect(self._on_opened)
        self._done.opened.connect(self.worker_opened)
        self._tray.opened.connect(self.tray_opened)

    def show_queue(self, state: RegistrationState) -> None:
        name = called(state.form.value("name"))
        ticket = state.visit.ticket if state.visit else ""
        title = name or text("form.no_name_yet")
        now = RowContent(key="now", lead=ticket, title=title, is_faint=not name)
        if self._now.shown_rows() != (now,):
            self._now.set_rows([now])
            self._now.select("now")
        has_tickets = state.visit is not None and state.visit.tickets > 0
        self._heading.setText(text("form.queue.tickets" if has_tickets else "form.queue.title"))
        self._count.setText(_count_words(state))
        self._answers.setVisible(bool(ticket) and state.form.is_empty)
        most = 1 if state.saved is not None else _MOST_ROWS  # the number needs the room
        self._show_part(self._next_title, self._next, next_rows(state.visit)[:most])
        waiting = (*state.aside, *later_rows(state.visit))
        self._show_part(self._aside_title, self._aside, waiting)
        self._show_rows(self._done, state.done)
        self._done_title.setVisible(bool(state.done))
        self._empty.setVisible(not state.done)
        self._tray.show_count(state.waiting_print, state.tray_words)
        self._show_card(state.saved)

    def _show_part(self, title: QWidget, rows: RowList, wanted: tuple[QueueRow, ...]) -> None:
        """Show a part of the column that takes no room while it is empty."""
        self._show_rows(rows, wanted)
        rows.setFixedHeight(current_theme().px(_ROW_PX) * min(_MOST_ROWS, len(wanted)))
        for part in (title, rows):
            part.setVisible(bool(wanted))

    def _on_opened(self, key: str) -> None:
        if key.startswith(TICKET):
            self.ticket_called.emit(int(key.removeprefix(TICKET)))
        else:
            self.aside_opened.emit(key)

    def _show_rows(self, rows: RowList, wanted: tuple[QueueRow, ...]) -> None:
        contents = tuple(
            RowContent(
                key=one.key,
                lead=one.lead,
                title=one.name,
                mark=MarkKind(one.mark) if one.mark else None,
                word=one.word,
                shows_word=False,
                is_faint=one.key.startswith(TICKET),
            )
            for one in wanted
        )
        if contents != rows.shown_rows():
            rows.set_rows(contents)

    def _show_card(self, card: SavedCard | None) -> None:
        if card == self._shown_card:
            return
        self._shown_card = card
        if card is None:
            self.block.hide()
        elif current_theme().has_rail:  # else the column is not shown, and a line says it
            self.block.show_saved(card.number, card.name)


class _Answers(QWidget):
    """What became of the ticket that was called, while nothing is typed of its person."""

    def __init__(self, answer: Callable[[str], object]) -> None:
        super().__init__()
        theme = current_theme()
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.space(8), 0, theme.space(8), 0)
        box.setSpacing(0)
        for name, key in (("no_show", "Alt+N"), ("later", "Alt+K")):
            button = Button(
                text(f"form.queue.{name}"),
                kind=ButtonKind.QUIET,
                size=ButtonSize.ROW,
                key=key,
                key_elsewhere=True,  # the page listens: large text has no column
                on_click=partial(answer, name),
            )
            button.setObjectName(f"form.queue.{name}")
            fill_box(box, row(button, STRETCH))
        self.hide()


class _Tray(QWidget):
    """How many papers wait to be printed, and the way there."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._words = Text("", Role.BODY)
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.space(20), 0, theme.space(16), 0)
        across.setSpacing(0)
        parts = (Icon("printer"), theme.space(8), self._words, STRETCH, Keycap("Ctrl+P"))
        fill_box(across, *parts)
        self.setFixedHeight(max(52, theme.px(40)))
        bind_key("Ctrl+P", self, self.opened.emit)

    def show_count(self, count: int, instead: str = "") -> None:
        theme = current_theme()
        is_narrow = theme.compact or theme.has_drawer
        key = "form.queue.tray_short" if is_narrow else "form.queue.tray"
        self._words.setText(instead or text(key, n=count))
        self.setAccessibleName(instead or text("form.queue.tray", n=count))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()


def _count_words(state: RegistrationState) -> str:
    visit = state.visit
    if visit is None or not visit.tickets:
        return text("form.queue.count", n=state.done_count)
    served, total = thousands(visit.served), thousands(visit.tickets)
    return text("form.queue.count_of", n=served, total=total)


def _title(key: str) -> QWidget:
    side = current_theme().space(20)
    return row(Text(text(key), Role.LABEL, Tone.SOFT), STRETCH, margins=(side, 0, side, 0))


def _short_list(key: str) -> RowList:
    rows = RowList(QueueDelegate, name=text(key))
    rows.setFixedHeight(current_theme().px(_ROW_PX))
    rows.setObjectName(key)
    if key.endswith("now"):
        rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return rows
