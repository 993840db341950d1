"""A list of any length: pages are added at its end, faces arrive when they are needed."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from enumerator_app.ui.kit import PersonDelegate, PortraitCache, RowContent, RowList
from enumerator_app.ui.kit.rows import RowModel

_ASK_MS: Final = 30
_NEAR_END_ROWS: Final = 20
_MOST_ASKED: Final = 60


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


class PeopleList(RowList):
    """The list of "Data pekerja"."""

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
