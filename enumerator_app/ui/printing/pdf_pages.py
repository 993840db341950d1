"""Pages of a PDF as pictures, by QtPdf; it is loaded only when a page is first drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

PRINT_DPI: Final = 300
_POINTS_PER_INCH: Final = 72.0
_MM_PER_POINT: Final = 25.4 / _POINTS_PER_INCH


class PdfUnreadable(Exception):
    """QtPdf cannot read what the papers' code wrote: a bug."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page; `points` is its size on paper (1/72 inch)."""

    image: QImage
    points: QSizeF

    @property
    def width_mm(self) -> float:
        return self.points.width() * _MM_PER_POINT

    @property
    def height_mm(self) -> float:
        return self.points.height() * _MM_PER_POINT


class PdfPages:
    """An open PDF. It belongs to the thread that made it."""

    def __init__(self, pdf: bytes) -> None:
        """Read the PDF.

        Raises:
            PdfUnreadable: it is none.
        """
        from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415 - heavy, needed on this page only

        self._bytes = QByteArray(pdf)
        self._buffer = QBuffer(self._bytes)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        if self._document.status() is not QPdfDocument.Status.Ready:
            raise PdfUnreadable

    def __len__(self) -> int:
        return self._document.pageCount()

    def fitted(self, number: int, room: QSize) -> PageImage:
        """Return a page as large as fits into `room`, in px."""
        points = self._document.pagePointSize(number)
        size = points.scaled(QSizeF(room), Qt.AspectRatioMode.KeepAspectRatio).toSize()
        return self._drawn(number, size, points)

    def for_printer(self) -> Iterator[PageImage]:
        """Yield the pages at 300 dpi, one in memory at a time."""
        for number in range(len(self)):
            points = self._document.pagePointSize(number)
            size = (points * (PRINT_DPI / _POINTS_PER_INCH)).toSize()
            yield self._drawn(number, size, points)

    def _drawn(self, number: int, size: QSize, points: QSizeF) -> PageImage:
        page = QImage(size, QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        with QPainter(page) as painter:
            painter.drawImage(0, 0, self._document.render(number, size))
        return PageImage(page, points)
