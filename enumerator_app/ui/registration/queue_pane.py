"""The left column: the number just given, who is being registered, set aside, finished."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Breadth,
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
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.state import QueueRow, RegistrationState, SavedCard

_WIDTHS = {Breadth.NARROW: 208, Breadth.NORMAL: 248, Breadth.WIDE: 280}
_ROW_PX = 44


class QueuePane(Pane):
    """Shows the day; reports which row was opened."""

    undone = Signal()
    folded = Signal()
    aside_opened = Signal(str)
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
        heading = Text(text("form.queue.title"), Role.SECTION)
        self.add(
            row(heading, STRETCH, self._count, margins=(side, 0, side, 0)),
            space(12),
            row(self.block, margins=(space(8), 0, space(8), space(8))),
            _title("form.queue.now"),
            space(4),
            self._now,
            space(12),
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
        self._aside.opened.connect(self.aside_opened)
        self._done.opened.connect(self.worker_opened)
        self._tray.opened.connect(self.tray_opened)

    def show_queue(self, state: RegistrationState) -> None:
        name = called(state.form.value("name"))
        now = RowContent(key="now", title=name or text("form.no_name_yet"), is_faint=not name)
        if self._now.shown_rows() != (now,):
            self._now.set_rows([now])
            self._now.select("now")
        self._count.setText(text("form.queue.count", n=state.done_count))
        self._show_rows(self._aside, state.aside)
        self._aside.setFixedHeight(current_theme().px(_ROW_PX) * min(3, len(state.aside)))
        self._aside_title.setVisible(bool(state.aside))
        self._aside.setVisible(bool(state.aside))
        self._show_rows(self._done, state.done)
        self._done_title.setVisible(bool(state.done))
        self._empty.setVisible(not state.done)
        self._tray.show_count(state.waiting_print)
        self._show_card(state.saved)

    def _show_rows(self, rows: RowList, wanted: tuple[QueueRow, ...]) -> None:
        contents = tuple(
            RowContent(
                key=one.key,
                lead=one.lead,
                title=one.name,
                mark=MarkKind(one.mark) if one.mark else None,
                word=one.word,
                shows_word=False,
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

    def show_count(self, count: int) -> None:
        theme = current_theme()
        is_narrow = theme.compact or theme.has_drawer
        key = "form.queue.tray_short" if is_narrow else "form.queue.tray"
        self._words.setText(text(key, n=count))
        self.setAccessibleName(text("form.queue.tray", n=count))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()


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
