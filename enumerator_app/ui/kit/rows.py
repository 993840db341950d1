"""Lists: what a row shows, its model, the delegate that draws it, and the view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from enumerator_app.ui.kit.fonts import Role, role_font, text_width
from enumerator_app.ui.kit.marks import MARK_PX, MarkKind, paint_mark
from enumerator_app.ui.kit.painting import MIDDLE_LEFT, MIDDLE_RIGHT, ROW_RADIUS, paint_box
from enumerator_app.ui.kit.portraits import PortraitCache, paint_portrait
from enumerator_app.ui.kit.theme import current_theme

Index = QModelIndex | QPersistentModelIndex

CONTENT_ROLE: Final = Qt.ItemDataRole.UserRole
PORTRAIT_SIZE: Final = QSize(38, 48)


@dataclass(frozen=True, kw_only=True)
class RowContent:
    """What one row shows. `key` is what the page calls it; everything else is drawn."""

    key: str
    title: str
    lead: str = ""  # a ticket number before the title
    subtitle: str = ""
    mark: MarkKind | None = None
    word: str = ""  # of the mark; a lone mark in the queue still has it for the screen reader
    shows_word: bool = True
    aside: str = ""  # a time or a date, under the word
    photo_hash: str | None = None
    thumbnail: bytes = b""
    is_faint: bool = False  # "belum ada nama"

    @property
    def spoken(self) -> str:
        parts = (self.lead, self.title, self.subtitle, self.word, self.aside)
        return ", ".join(part for part in parts if part)


class RowModel(QAbstractListModel):
    """The rows of one list, replaced as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RowContent, ...] = ()

    def set_rows(self, rows: Sequence[RowContent]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def contents(self) -> tuple[RowContent, ...]:
        return self._rows

    def content(self, index: Index) -> RowContent:
        return self._rows[index.row()]

    def position_of(self, key: str) -> int:
        """Return the row with that key, or -1."""
        return next((n for n, content in enumerate(self._rows) if content.key == key), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        content = self._rows[index.row()]
        if role == CONTENT_ROLE:
            return content
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return content.spoken
        if role == Qt.ItemDataRole.ToolTipRole and content.mark and not content.shows_word:
            return content.word
        return None


class RowDelegate(QStyledItemDelegate):
    """Draws the ground of a row (fill, hairline, focus) and leaves its content to a subclass."""

    height_px = 64
    has_hairline = True
    inset_px = 8  # of the fill, from the list's edges

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = current_theme()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.theme.px(self.height_px))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, rect, state, selected=selected)
        self.paint_content(painter, rect, index.data(CONTENT_ROLE), selected=selected)
        painter.restore()

    def text_left(self) -> float:
        """Return where the text starts, and with it the hairline, in px from the row's left."""
        return self.theme.space(24)

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        raise NotImplementedError

    def _paint_ground(
        self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, *, selected: bool
    ) -> None:
        tokens = self.theme.tokens
        inset = rect.adjusted(self.inset_px, 1, -self.inset_px, -1)
        if selected:
            has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
            edge = tokens.accent if has_focus or tokens.is_sun else ""
            width = tokens.ring_px if has_focus else 2
            paint_box(
                painter, inset, fill=tokens.selected, edge=edge, edge_px=width, radius=ROW_RADIUS
            )
            return
        if state & QStyle.StateFlag.State_MouseOver:
            paint_box(painter, inset, fill=tokens.tint, radius=ROW_RADIUS)
        if not self.has_hairline:
            return
        left = rect.left() + self.text_left()
        room = rect.right() - self.theme.space(24) - left
        painter.fillRect(QRectF(left, rect.bottom() - 1, room, 1), QColor(tokens.line))

    def _paint_state(self, painter: QPainter, line: QRectF, content: RowContent) -> float:
        """Draw mark and word at the right end; return the room they took."""
        if content.mark is None:
            return 0
        width = text_width(role_font(Role.LABEL, self.theme), content.word)
        self._draw(painter, line, content.word, Role.LABEL, right=True)
        side, gap = self.theme.px(MARK_PX), self.theme.px(6)
        left = line.right() - width - gap - side
        top = line.center().y() - side / 2
        paint_mark(painter, content.mark, QRectF(left, top, side, side), self.theme.tokens)
        return width + gap + side + self.theme.space(12)

    def _draw(
        self, painter: QPainter, rect: QRectF, words: str, role: Role, *, soft: bool = False,
        right: bool = False,
    ) -> None:  # fmt: skip
        font = role_font(role, self.theme)
        painter.setFont(font)
        painter.setPen(self.theme.tokens.ink_soft if soft else self.theme.tokens.ink)
        room = int(rect.width())
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect, MIDDLE_RIGHT if right else MIDDLE_LEFT, shown)


class PersonDelegate(RowDelegate):
    """Two lines with a portrait: name and state above, place and number and day below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ratio = parent.devicePixelRatioF() if parent else 1.0
        size = QSize(self.theme.px(PORTRAIT_SIZE.width()), self.theme.px(PORTRAIT_SIZE.height()))
        self._portraits = PortraitCache(size, ratio)
        self._size = size

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._size.height() + self.theme.space(16))

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        space, px = self.theme.space, self.theme.px
        face = QRectF(rect.left() + space(24), rect.top() + space(8), 0, 0)
        face.setSize(self._size.toSizeF())
        picture = None
        if content.photo_hash:
            picture = self._portraits.pixmap(content.photo_hash, content.thumbnail)
        paint_portrait(painter, face, picture, self.theme.tokens)
        left, right = rect.left() + self.text_left(), rect.right() - space(24)
        middle = rect.center().y()
        first = QRectF(left, middle - px(21), right - left, px(21))
        second = QRectF(left, middle + px(1), right - left, px(20))
        taken = self._paint_state(painter, first, content)
        self._draw(painter, first.adjusted(0, 0, -taken, 0), content.title, Role.STRONG)
        aside = text_width(role_font(Role.CAPTION, self.theme), content.aside)
        self._draw(painter, second, content.aside, Role.CAPTION, soft=True, right=True)
        room = second.adjusted(0, 0, -aside - space(12), 0)
        self._draw(painter, room, content.subtitle, Role.CAPTION, soft=True)

    def text_left(self) -> float:
        return self.theme.space(24) + self._size.width() + self.theme.space(14)


class QueueDelegate(RowDelegate):
    """One line of the queue: ticket number, name, and its mark alone."""

    height_px = 44
    has_hairline = False

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        left, right = rect.left() + self.theme.space(20), rect.right() - self.theme.space(20)
        line = QRectF(left, rect.top(), right - left, rect.height() - 1)
        if content.lead:
            self._draw(painter, line, content.lead, Role.SECTION)
            number = text_width(role_font(Role.SECTION, self.theme), content.lead)
            line.setLeft(left + max(number, self.theme.px(32)) + self.theme.space(10))
        if content.mark is not None:
            side = self.theme.px(MARK_PX)
            top = rect.center().y() - side / 2
            square = QRectF(right - side, top, side, side)
            paint_mark(painter, content.mark, square, self.theme.tokens)
            line.setRight(right - side - self.theme.space(8))
        role = Role.STRONG if selected else Role.BODY
        self._draw(painter, line, content.title, role, soft=content.is_faint)


class RowList(QListView):
    """A list of rows: arrows move, Enter opens, letters stay with the search box."""

    opened = Signal(str)  # key of the row: Enter or double click
    selected = Signal(str)  # key of the row the cursor is on
    left_upwards = Signal()  # Up on the first row

    def __init__(
        self, delegate_type: type[RowDelegate], *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.paints_own_focus = True
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(delegate_type(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.content(index).key))
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def set_rows(self, rows: Sequence[RowContent]) -> None:
        """Show these rows; the one that was selected stays selected if it is still there."""
        key = self.current_key()
        self.rows.set_rows(rows)
        self.select(key)

    def shown_rows(self) -> tuple[RowContent, ...]:
        return self.rows.contents()

    def current_key(self) -> str:
        index = self.currentIndex()
        return self.rows.content(index).key if index.isValid() else ""

    def select(self, key: str) -> None:
        """Put the cursor on the row with that key; reports nothing. Unknown keys clear it."""
        position = self.rows.position_of(key)
        model = self.selectionModel()
        was_blocked = model.blockSignals(True)
        self.setCurrentIndex(self.rows.index(position))
        model.blockSignals(was_blocked)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.opened.emit(self.rows.content(index).key)
        elif event.key() == Qt.Key.Key_Up and index.row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters belong to the search box above the list."""

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self.rows.content(current).key)
