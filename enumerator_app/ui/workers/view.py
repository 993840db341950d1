"""Data pekerja: search while typing, the list, and one person beside it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Breadth,
    Button,
    ButtonSize,
    EmptyState,
    LineEdit,
    LoadingRows,
    MarkKind,
    Pane,
    RowContent,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.workers.filter_bar import FilterBar
from enumerator_app.ui.workers.folder_choice import FolderDrop
from enumerator_app.ui.workers.list_foot import ListFoot
from enumerator_app.ui.workers.people_list import PickingList
from enumerator_app.ui.workers.right_side import RightSide
from enumerator_app.ui.workers.said_pane import SaidPane
from enumerator_app.ui.workers.state import PersonRow, WorkersState

_WIDTHS: Final = {Breadth.NARROW: 520, Breadth.NORMAL: 560, Breadth.WIDE: 640}
_PAGE_KEYS: Final = (Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_P)


class WorkersView(QWidget):
    """Shows the list and one person; reports what was typed and chosen."""

    typed = Signal(str)
    chip_chosen = Signal(str)
    village_chosen = Signal(str)
    day_chosen = Signal(object)
    state_chosen = Signal(str)
    custody_chosen = Signal(str)
    cleared = Signal()
    end_neared = Signal()
    thumbnails_wanted = Signal(tuple)
    person_chosen = Signal(str)  # subject
    correct_asked = Signal()
    print_asked = Signal()
    why_asked = Signal()
    withdrawn = Signal(str)
    undo_asked = Signal()
    folder_chosen = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        self._state = WorkersState()
        self._rows_shown: tuple[PersonRow, ...] | None = None
        self._is_used = False
        self.search = LineEdit(placeholder=text("people.search"))
        self.search.setObjectName("people.search")
        self.search.setAccessibleName(text("people.search"))
        self.people = PickingList(name=text("people.list"))
        self.people.setObjectName("people.list")
        self.right = RightSide()
        self.detail, self.picked = self.right.detail, self.right.picked
        self.filters = FilterBar()
        self.foot = ListFoot()
        self._said = SaidPane()
        self._instead = Pane(margins=(24, 16, 24, 16))
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.search)

    def _lay_out(self) -> None:
        theme = current_theme()
        space = theme.space
        side = space(24)
        left = Pane(ground="ground", sides=("right",), margins=(0, space(24), 0, 0))
        left.add(row(self.search, margins=(side, 0, side, space(12))))
        left.add(self.filters, self._said, self._instead, (self.people, 1), self.foot)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        if theme.has_rail:
            left.setFixedWidth(space(_WIDTHS[theme.breadth]))
            across.addWidget(left)
            across.addWidget(self.right, 1)
        else:
            across.addLayout(self._stacked(left), 1)

    def _stacked(self, left: QWidget) -> QVBoxLayout:
        """Return list and person in one place, for text twice as large: Enter opens, Esc leaves."""
        self._left = left
        space = current_theme().space
        back = Button(text("people.back"), size=ButtonSize.ROW, key="Esc", on_click=self._show_list)
        self._back = row(back, STRETCH, margins=(space(24), space(12), space(24), 0))
        self._back.setFocusProxy(back)
        stacked = QVBoxLayout()
        stacked.setSpacing(0)
        stacked.addWidget(left, 1)
        stacked.addWidget(self._back)
        stacked.addWidget(self.right, 1)
        self._show_list()
        return stacked

    def _show_list(self) -> None:
        self._left.show()
        self._back.hide()
        self.right.hide()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.search.textEdited.connect(self.typed)
        self.search.enter_pressed.connect(self._open_first)
        self.search.installEventFilter(self)
        self.people.selected.connect(self.person_chosen)
        self.people.opened.connect(self._on_opened)
        self.people.left_upwards.connect(self.search.setFocus)
        FolderDrop(self).dropped.connect(self.folder_chosen)
        self.foot.folder_chosen.connect(self.folder_chosen)
        self.foot.picked_opened.connect(self._show_person)
        self.people.end_neared.connect(self.end_neared)
        self.people.thumbnails_wanted.connect(self.thumbnails_wanted)
        self.detail.correct_asked.connect(self.correct_asked)
        self.detail.print_asked.connect(self.print_asked)
        self.detail.why_asked.connect(self.why_asked)
        self.detail.withdrawn.connect(self.withdrawn)
        self._said.undo_asked.connect(self.undo_asked)
        for what in ("chip", "state", "custody", "village", "day"):
            getattr(self.filters, f"{what}_chosen").connect(getattr(self, f"{what}_chosen"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Ctrl+E would move to the end of the line on X11: here it is the page's key.
            event.ignore()
            return event.modifiers() == Qt.KeyboardModifier.ControlModifier and (
                event.key() in _PAGE_KEYS
            )
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.people.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self._state.query.is_narrowed:
                self.cleared.emit()
                return True
        return False

    def _open_first(self) -> None:
        key = self.people.current_key()
        if key:
            self._on_opened(key)

    def _on_opened(self, key: str) -> None:
        self.person_chosen.emit(key)
        if not current_theme().has_rail:
            self._show_person()

    def _show_person(self) -> None:
        self._left.hide()
        self._back.show()
        self.right.show()
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: WorkersState) -> None:
        """Show the state, whole."""
        was_pinned, self._state = self._state.is_pinned, state
        if state.is_pinned and not was_pinned and not current_theme().has_rail:
            self._show_person()
        if self.search.text() != state.query.typed:
            self.search.setText(state.query.typed)
        self.filters.show_filters(state)
        self._show_rows(state)
        self._said.show_said(state)
        self.foot.show_foot(state)
        self._show_right(state)
        if not current_theme().has_rail:  # its Esc would be the second one
            is_free = (
                not state.asks_why
                and state.export.phase in ("", "done")
                and not state.photos.is_open
            )
            self._back.setVisible(not self.right.isHidden() and is_free)

    def _show_right(self, state: WorkersState) -> None:
        self.people.show_picked(frozenset(map(str, state.picked)))
        self.right.show_state(state)
        if not current_theme().has_rail:
            was_used, self._is_used = self._is_used, bool(state.picked) or state.photos.is_open
            if state.photos.is_open:
                self._show_person()
            elif was_used and not self._is_used:
                self._show_list()

    def add_rows(self, rows: tuple[PersonRow, ...]) -> None:
        """Show one more page at the end of the list."""
        self.people.add_rows([_content(row) for row in rows])

    def show_thumbnails(self, found: dict[str, bytes]) -> None:
        self.people.show_faces(found)

    def _show_rows(self, state: WorkersState) -> None:
        if state.rows != self._rows_shown:
            self._rows_shown = state.rows
            self.people.set_rows([_content(row) for row in state.rows])
        if state.selected is not None:
            self.people.select(str(state.selected))
        self._show_instead(state)

    def _show_instead(self, state: WorkersState) -> None:
        """Show why there are no rows, where there are none."""
        empty_layout(self._instead.box)
        self.people.setVisible(bool(state.rows))
        self._instead.setVisible(not state.rows or state.phase == "failed")
        if state.phase == "failed":
            self._instead.add(Banner("stop", state.problem))
        elif state.phase == "loading":
            self._instead.add(LoadingRows(5, name=text("people.loading")), STRETCH)
        elif state.is_empty_laptop:
            self._instead.add(EmptyState(text("people.nobody"), text("people.nobody_advice")))
        elif not state.rows:
            clear = Button(
                text("people.clear"),
                size=ButtonSize.ROW,
                key="" if state.picked else "Esc",  # which takes the ticks away first
                on_click=self.cleared.emit,
            )
            self._instead.add(
                EmptyState(text("people.no_match"), text("people.no_match_advice"), button=clear)
            )


def _content(person: PersonRow) -> RowContent:
    return RowContent(
        key=str(person.subject),
        title=person.name,
        subtitle=person.where,
        mark=MarkKind(person.state.mark),
        word=person.state.words,
        aside=person.when,
        photo_hash=person.photo,
    )
