"""Cetak: who waits for a paper, how it is printed, and the sheet as it will come out."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Breadth,
    Button,
    ButtonKind,
    ButtonSize,
    LineEdit,
    Pane,
    Role,
    ScrollPane,
    Text,
    TickBox,
    Tone,
    column,
    current_theme,
    fill_box,
    row,
)
from enumerator_app.ui.printing.actions_bar import ActionsBar
from enumerator_app.ui.printing.notices import InsteadPane, SaidPane
from enumerator_app.ui.printing.options_pane import OptionsPane
from enumerator_app.ui.printing.paper_list import PaperList, paper_content
from enumerator_app.ui.printing.preview_pane import PreviewPane
from enumerator_app.ui.printing.state import PrintingState, Settling

_INTO_LIST: Final = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEAST_ROWS: Final = 2.5
_WIDTHS: Final = {Breadth.NARROW: 600, Breadth.NORMAL: 646, Breadth.WIDE: 760}


class PrintingView(QWidget):
    """Shows a state; reports what was chosen and asked for."""

    toggled = Signal(str)  # subject
    all_toggled = Signal()
    again_asked = Signal()
    typed = Signal(str)
    reason_chosen = Signal(str)
    sheet_chosen = Signal(str)
    first_chosen = Signal(int)
    turned = Signal(int)
    room_changed = Signal(QSize)
    faces_wanted = Signal(tuple)
    print_asked = Signal()
    save_asked = Signal()
    cancel_asked = Signal()
    all_out = Signal()
    stopped_said = Signal()
    stopped_unsaid = Signal()
    last_said = Signal(str)  # subject; "" for none
    workers_asked = Signal()
    others_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.paints_own_focus = True  # it only holds the focus until the list is there
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state = PrintingState()
        self._title = Text("", Role.TITLE)
        self._advice = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._everybody = TickBox(text("printing.everybody"))
        self._search = LineEdit(placeholder=text("printing.search"))
        self._search.setAccessibleName(text("printing.search"))
        self._search.setObjectName("printing.search")
        self._others = _others_button()
        self._said, self._instead = SaidPane(), InsteadPane()
        self._people = PaperList()
        self.options = OptionsPane()
        self._preview = PreviewPane()
        self._bar = ActionsBar()
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = current_theme()
        pad, space = theme.space(40 if theme.has_rail else 24), theme.space
        above = space(16 if theme.compact else 28)
        heading = _heading(self._title, self._others, self._bar.again, self._everybody)
        top = column(
            heading,
            self._advice,
            self._search,
            self._said,
            self._instead,
            gap=space(8),
            margins=(pad, above, pad, space(8)),
        )
        inset = pad - space(24)
        people = row((self._people, 1), margins=(inset, 0, inset, 0))
        options = row((self.options, 1), margins=(pad, space(12), pad, space(12)))
        left: QWidget = Pane(top, (people, 1), options, ground="ground")
        if theme.has_drawer:
            self._people.setMinimumHeight(round(_LEAST_ROWS * self._people.row_px()))
            left = ScrollPane(left)
        self._left = left
        across = QHBoxLayout()
        across.setSpacing(0)
        if theme.has_rail:
            left.setFixedWidth(space(_WIDTHS[theme.breadth]))
            fill_box(across, left, (self._preview, 1))
        else:
            fill_box(across, (left, 1), (self._preview, 1))
            self._preview.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(self._bar)

    def _connect(self) -> None:
        self._people.toggled.connect(self._on_row)
        self._others.clicked.connect(self.others_asked)
        self._instead.workers_asked.connect(self.workers_asked)
        self._people.thumbnails_wanted.connect(self.faces_wanted)
        self._people.left_upwards.connect(self._on_left_upwards)
        self._everybody.clicked.connect(self.all_toggled)
        self._search.textEdited.connect(self.typed)
        self._search.installEventFilter(self)
        self.options.sheet_chosen.connect(self.sheet_chosen)
        self.options.first_chosen.connect(self.first_chosen)
        self.options.reason_chosen.connect(self.reason_chosen)
        self._preview.turned.connect(self.turned)
        self._preview.room_changed.connect(self.room_changed)
        bar = self._bar
        bar.print_asked.connect(self.print_asked)
        bar.save_asked.connect(self.save_asked)
        bar.again_asked.connect(self.again_asked)
        bar.cancel_asked.connect(self.cancel_asked)
        bar.all_out.connect(self.all_out)
        bar.stopped_said.connect(self.stopped_said)
        bar.stopped_unsaid.connect(self.stopped_unsaid)
        bar.none_good.connect(lambda: self.last_said.emit(""))
        bar.last_good.connect(lambda: self.last_said.emit(self._people.current_key()))
        bar.preview_asked.connect(self._turn_over)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if not is_key or event.key() not in _INTO_LIST:  # type: ignore[attr-defined]
            return False
        self._people.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _on_row(self, key: str) -> None:
        if self._state.settling is None:
            self.toggled.emit(key)

    def _on_left_upwards(self) -> None:
        above = self._search if self._state.mode == "again" else self._everybody
        above.setFocus(Qt.FocusReason.BacktabFocusReason)

    def _turn_over(self) -> None:
        """Show the sheet in the list's place, or the list again: for text twice as large."""
        shows_list = self._preview.isVisible()
        self._left.setVisible(shows_list)
        self._preview.setVisible(not shows_list)

    # --- the state

    def render_state(self, state: PrintingState) -> None:
        """Show the state, whole."""
        before, self._state = self._state, state
        self._show_heading(state)
        self._said.show_state(state)
        self._show_rows(state)
        self._instead.show_state(state)
        self.options.show_state(state)
        self.options.setVisible(bool(state.rows) and state.settling is None)
        self._preview.show_state(state)
        self._bar.show_state(state)
        self._place_focus(before, state)

    def show_faces(self, found: dict[str, bytes]) -> None:
        self._people.show_faces(found)

    def _show_heading(self, state: PrintingState) -> None:
        settling = state.settling
        key = "printing.title_new" if state.mode == "new" else "printing.title_again"
        advice = "printing.by_itself" if state.by_itself and state.mode == "new" else ""
        if settling is not None:
            key = "printing.title_last" if settling.asks_last else "printing.title_out"
            advice = "printing.advice_last" if settling.asks_last else "printing.advice_out"
        self._title.setText(text(key, n=len(settling.rows) if settling else 0))
        self._advice.setText(text(advice) if advice else "")
        self._advice.setVisible(bool(advice))
        self._everybody.setVisible(settling is None and len(state.rows) > 1)
        self._everybody.setChecked(len(state.chosen) == len(state.rows))
        self._search.setVisible(state.mode == "again" and settling is None)
        if self._search.text() != state.typed:
            self._search.setText(state.typed)

    def _show_rows(self, state: PrintingState) -> None:
        settling = state.settling
        if settling is not None:
            self._show_settling(settling)
            return
        rows = [paper_content(row, is_ticked=row.subject in state.ticked) for row in state.rows]
        if tuple(rows) != self._people.shown_rows():
            place = self._people.verticalScrollBar().value()
            self._people.set_rows(rows)
            self._people.verticalScrollBar().setValue(place)
        if rows and not self._people.current_key():
            self._people.select(rows[0].key)
        self._people.setVisible(bool(rows))
        if state.pointed is not None:
            self._people.point_at(str(state.pointed))

    def _show_settling(self, settling: Settling) -> None:
        rows = [paper_content(row, is_ticked=False, has_box=False) for row in settling.rows]
        if tuple(rows) != self._people.shown_rows():
            self._people.set_rows(rows)
            self._people.select(rows[0].key)
        self._people.show()

    def _place_focus(self, before: PrintingState, state: PrintingState) -> None:
        """Put the cursor where the page goes on, if it was on this page."""
        target = self._focus_target(state)
        self.setFocusProxy(target)  # type: ignore[arg-type] # None takes the proxy away
        focused = QApplication.focusWidget()
        is_here = focused is not None and (focused is self or self.isAncestorOf(focused))
        has_moved = state.mode != before.mode or state.settling != before.settling
        if is_here and target is not None and (has_moved or focused is self):
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_target(self, state: PrintingState) -> QWidget | None:
        """Return what to type into; None while there is nothing, and the page waits itself."""
        if state.settling is not None and not state.settling.asks_last:
            return self._bar.primary()
        if state.mode == "again" and state.settling is None:
            return self._search
        return self._people if state.rows else None


def _others_button() -> Button:
    """Return the way to the sheets that are no cards."""
    words, size = text("other_papers.open"), ButtonSize.ROW
    button = Button(words, kind=ButtonKind.QUIET, size=size, key="Ctrl+O")
    button.setObjectName("printing.others")
    return button


def _heading(title: QWidget, others: QWidget, again: QWidget, everybody: QWidget) -> QWidget:
    """Return title and what stands beside it; the bar below has no room for `again` then."""
    theme = current_theme()
    if theme.has_rail:
        return row(title, STRETCH, others, everybody, gap=theme.space(16))
    more = row(others, again, STRETCH, everybody, gap=theme.space(16))
    return column(title, more, gap=theme.space(4))
