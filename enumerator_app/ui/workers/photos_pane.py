"""The review of a folder of pictures: the new one beside the one that is there."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    BAR_PAGE_PX,
    STRETCH,
    Banner,
    Bar,
    Button,
    ButtonKind,
    EmptyState,
    Pane,
    Role,
    RowContent,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    paint_portrait,
    row,
)
from enumerator_app.ui.kit.rows import Index
from enumerator_app.ui.workers.people_list import AwaitedPortraits, PeopleDelegate, PeopleList
from enumerator_app.ui.workers.photo_state import Match, PhotosState

_FACE = QSize(60, 80)
_BOX_PX = 20


@dataclass(frozen=True, kw_only=True)
class MatchContent(RowContent):
    match: Match
    is_ticked: bool

    @property
    def spoken(self) -> str:
        ticked = text("printing.ticked" if self.is_ticked else "printing.unticked")
        said = (self.title, self.subtitle, self.match.file)
        return ", ".join((*said, ticked) if self.match.can_be_saved else said)


class MatchDelegate(PeopleDelegate):
    """Box, new picture, old picture, whose they are, and the slip or the reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = QSize(self.theme.px(_FACE.width()), self.theme.px(_FACE.height()))
        ratio = parent.devicePixelRatioF() if parent else 1.0
        self.portraits = AwaitedPortraits(self._size, ratio)
        self._portraits = self.portraits

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._size.height() + self.theme.space(16))

    def text_left(self) -> float:
        space, faces = self.theme.space, 2 * self._size.width()
        return space(24) + self.theme.px(_BOX_PX) + space(12) + faces + space(8) + space(16)

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        assert isinstance(content, MatchContent)
        space, px, match = self.theme.space, self.theme.px, content.match
        left, middle = rect.left() + space(24), rect.center().y()
        if match.can_be_saved:
            side = px(_BOX_PX)
            box = QRectF(left, middle - side / 2, side, side)
            self._paint_tick(painter, box, ticked=content.is_ticked)
        face = QRectF(left + px(_BOX_PX) + space(12), rect.top() + space(8), 0, 0)
        face.setSize(self._size.toSizeF())
        for key, jpeg in ((f"new {hash(match.fresh)}", match.fresh), (match.old_hash, match.old)):
            picture = self._portraits.pixmap(key, jpeg) if jpeg else None
            paint_portrait(painter, face, picture, self.theme.tokens)
            face.translate(self._size.width() + space(8), 0)
        start, right = rect.left() + self.text_left(), rect.right() - space(24)
        first = QRectF(start, middle - px(21), right - start, px(21))
        second = QRectF(start, middle + px(1), right - start, px(20))
        self._draw(painter, first, content.title, Role.STRONG)
        self._draw(painter, second, content.subtitle, Role.CAPTION, soft=True)


class MatchList(PeopleList):
    """Space or a click on a row ticks it."""

    toggled = Signal(int)

    def __init__(self) -> None:
        super().__init__(name=text("photos.list"))
        self.setItemDelegate(MatchDelegate(self))
        self.setObjectName("photos.list")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.current_key():
            self.toggled.emit(int(self.current_key()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.toggled.emit(int(self.current_key()))


class PhotosPane(Pane):
    """Stands in the place of the one person while a folder is read and reviewed."""

    toggled = Signal(int)
    save_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        self._side = theme.space(24 if theme.has_drawer else 40)
        super().__init__(ground="ground", margins=(0, theme.space(24), 0, theme.space(20)))
        self._shown = PhotosState()
        self._title = Text(text("photos.title"), Role.TITLE, wrap=True)
        self._lead = Text("", Role.BODY, Tone.SOFT, wrap=True)
        self._said = Pane(margins=(self._side, 0, self._side, 0))
        self.list = MatchList()
        self.list.toggled.connect(self.toggled)
        self._bar = Bar(name=text("photos.title"), height=BAR_PAGE_PX)
        self._bar_place = row(self._bar, margins=(self._side, theme.space(12), self._side, 0))
        head = column(
            self._title, theme.space(4), self._lead, theme.space(12),
            margins=(self._side, 0, self._side, 0),
        )  # fmt: skip
        self.add(head, self._said, self._bar_place, (self.list, 1), self._made_foot())

    def _made_foot(self) -> QWidget:
        theme = current_theme()
        self._save = Button(
            "", kind=ButtonKind.PRIMARY, key="Ctrl+Return", on_click=self.save_asked.emit
        )
        self._save.setObjectName("photos.save")
        self._leave = Button("", kind=ButtonKind.QUIET, key="Esc", on_click=self.left.emit)
        self._leave.setObjectName("photos.leave")
        return row(
            self._leave, STRETCH, self._save,
            margins=(self._side, theme.space(12), self._side, 0), gap=theme.space(8),
        )  # fmt: skip

    def show_photos(self, state: PhotosState) -> None:
        """Show where the folder stands."""
        if state == self._shown:
            return
        before, self._shown = self._shown, state
        runs = state.phase in ("reading", "saving")
        self._lead.setText(_lead(state))
        self._bar_place.setVisible(runs)
        self._bar.set_amounts(total=state.total, solid=0, hatched=state.done)
        if (state.matches, state.ticked) != (before.matches, before.ticked):
            self.list.set_rows([_content(match, state) for match in state.matches])
        self.list.setVisible(bool(state.matches))
        self._save.set_words(text("photos.save", n=len(state.ticked)))
        self._save.setVisible(state.phase == "review")
        self._save.setEnabled(bool(state.ticked))
        self._leave.set_words(text("photos.stop" if runs else "photos.close"))
        self._leave.setEnabled(not state.is_stopping)
        self._show_said(state)
        if state.phase == "review" and before.phase != "review":
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.setCurrentIndex(self.list.rows.index(0))

    def _show_said(self, state: PhotosState) -> None:
        empty_layout(self._said.box)
        gap = current_theme().space(8)
        if state.problem:
            self._said.add(Banner("stop", state.problem), gap)
        elif state.said:
            self._said.add(Banner("note", state.said), gap)
        elif state.phase == "review" and not state.matches:
            self._said.add(EmptyState(text("photos.none"), text("photos.none_advice")), gap)


def _lead(state: PhotosState) -> str:
    if state.is_stopping:
        return text("photos.stopping")
    if state.phase in ("reading", "saving"):
        done, total = thousands(state.done), thousands(state.total)
        return text(f"photos.{state.phase}", done=done, total=total)
    return text("photos.review", n=len(state.matches), left=state.left)


def _content(match: Match, state: PhotosState) -> MatchContent:
    return MatchContent(
        key=str(match.number),
        title=match.name or match.file,
        subtitle=match.words,
        match=match,
        is_ticked=match.number in state.ticked,
    )
