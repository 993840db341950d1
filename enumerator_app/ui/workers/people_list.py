"""A list of any length: pages are added at its end, faces arrive when they are needed."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from enumerator_app.ui.kit import PersonDelegate, PortraitCache, RowContent, RowList
from enumerator_app.ui.kit.painting import NO_BRUSH, paint_box, round_pen
from enumerator_app.ui.kit.rows import RowModel

_ASK_MS: Final = 30
_NEAR_END_ROWS: Final = 20
_MOST_ASKED: Final = 60
_TICK_PX: Final = 20
_ARROWS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class PagedRows(RowModel):
    """Rows that grow at the end without a reset: the place in the list stays."""

    def add_rows(self, rows: Sequence[RowContent]) -> None:
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows = (*self._rows, *rows)
        self.endInsertRows()


class AwaitedPortraits(PortraitCache):
    """Faces by hash; one that is not here yet is asked for, once, and drawn when it comes."""

    def __init__(self, size: QSize, pixel_ratio: float) -> None:
        super().__init__(size, pixel_ratio)
        self.wanted: OrderedDict[str, None] = OrderedDict()

    def pixmap(self, photo_hash: str, jpeg: bytes) -> QPixmap:
        """Return the face, or a null pixmap while it is on its way."""
        if jpeg or photo_hash in self._kept:
            return super().pixmap(photo_hash, jpeg)
        self.wanted[photo_hash] = None
        return QPixmap()

    def receive(self, photo_hash: str, jpeg: bytes) -> None:
        """Take a face that was asked for; an empty one means that there is none."""
        super().pixmap(photo_hash, jpeg)


class PeopleDelegate(PersonDelegate):
    """A person's row whose face may still be on its way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ratio = parent.devicePixelRatioF() if parent else 1.0
        self.portraits = AwaitedPortraits(self._size, ratio)
        self._portraits = self.portraits
        self.picked: frozenset[str] = frozenset()

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        super().paint_content(painter, rect, content, selected=selected)
        if content.key in self.picked:
            side = self.theme.px(_TICK_PX)
            left = rect.left() + self.theme.space(24) + self._size.width() - side * 2 / 3
            tick = QRectF(left, rect.center().y() + self._size.height() / 2 - side, side, side)
            self._paint_tick(painter, tick, ticked=True)

    def _paint_tick(self, painter: QPainter, box: QRectF, *, ticked: bool) -> None:
        """Draw a box, square because the disc with a check means that the office has it."""
        tokens = self.theme.tokens
        fill = tokens.accent if ticked else tokens.ground
        edge = tokens.accent if ticked else tokens.edge
        paint_box(painter, box, fill=fill, edge=edge, edge_px=tokens.edge_px, radius=4)
        if not ticked:
            return
        unit = box.width() / 20
        painter.setPen(round_pen(tokens.on_accent, 2.2 * unit))
        painter.setBrush(NO_BRUSH)
        points = ((5.5, 10.4), (8.6, 13.4), (14.5, 6.8))
        corner = box.topLeft()
        painter.drawPolyline(QPolygonF([corner + QPointF(x, y) * unit for x, y in points]))


class PeopleList(RowList):
    """A list of people with their faces."""

    end_neared = Signal()
    thumbnails_wanted = Signal(tuple)  # photo hashes

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(PeopleDelegate, name=name, parent=parent)
        self.rows = PagedRows(self)
        self.setModel(self.rows)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._asking = QTimer(self, singleShot=True, interval=_ASK_MS)
        self._asking.timeout.connect(self._ask_for_faces)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def add_rows(self, rows: Sequence[RowContent]) -> None:
        if rows:
            self.rows.add_rows(rows)  # type: ignore[attr-defined]

    def show_faces(self, found: dict[str, bytes]) -> None:
        for photo_hash, jpeg in found.items():
            self._portraits().receive(photo_hash, jpeg)
        self.viewport().update()

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if self._portraits().wanted and not self._asking.isActive():
            self._asking.start()

    def _portraits(self) -> AwaitedPortraits:
        delegate = self.itemDelegate()
        assert isinstance(delegate, PeopleDelegate)
        return delegate.portraits

    def _ask_for_faces(self) -> None:
        """Ask for the faces that were missing last: what was scrolled past may wait."""
        wanted = self._portraits().wanted
        newest = tuple(wanted)[-_MOST_ASKED:]
        wanted.clear()
        if newest:
            self.thumbnails_wanted.emit(newest)

    def _on_scrolled(self, place: int) -> None:
        bar = self.verticalScrollBar()
        row_px = max(1, self.sizeHintForRow(0))
        if bar.maximum() - place < _NEAR_END_ROWS * row_px:
            self.end_neared.emit()


class PickingList(PeopleList):
    """The same with rows that can be ticked."""

    toggled = Signal(tuple)  # keys of rows
    all_toggled = Signal()

    def show_picked(self, picked: frozenset[str]) -> None:
        """Draw a tick at these rows."""
        delegate = self.itemDelegate()
        assert isinstance(delegate, PeopleDelegate)
        if picked != delegate.picked:
            delegate.picked = picked
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Shift and an arrow ticks on the way, Ctrl+A ticks everybody found."""
        modifiers, key = event.modifiers(), event.key()
        if key == Qt.Key.Key_Space and not modifiers:
            self._toggle(self.current_key())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_toggled.emit()
        elif key in _ARROWS and modifiers == Qt.KeyboardModifier.ShiftModifier:
            before = self.current_key()
            place = self.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= place < self.rows.rowCount():
                self.setCurrentIndex(self.rows.index(place))
                self._tick(before, self.current_key())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._toggle(self.current_key())

    def _toggle(self, *keys: str) -> None:
        named = tuple(key for key in keys if key)
        if named:
            self.toggled.emit(named)

    def _tick(self, *keys: str) -> None:
        delegate = self.itemDelegate()
        assert isinstance(delegate, PeopleDelegate)
        self._toggle(*(key for key in keys if key not in delegate.picked))
