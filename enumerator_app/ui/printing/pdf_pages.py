"""Pages of a PDF as pictures, by QtPdf; it is loaded only when a page is first drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from enumerator_app.cards.raster import PageDots, dots_of

PRINT_DPI: Final = 300
ROLL_DPI: Final = 203.2  # thermal heads: 8 dots a millimetre
_BAND_PX: Final = 16
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

    def _drawn(self, number: int, size: QSize, points: QSizeF) -> PageImage:
        return PageImage(_on_white(self._document.render(number, size)), points)


@dataclass(frozen=True, slots=True)
class PrinterPage:
    """One page as dots for a printer.

    It comes in bands: painting a whole page at once would keep every other thread, and so the
    window, waiting for half a second.
    """

    points: QSizeF
    dots: PageDots

    def bands(self) -> Iterator[tuple[int, QImage]]:
        for band in self.dots.bands(_BAND_PX):
            size = (self.dots.width, band.height, band.stride)
            yield band.top, QImage(band.pixels, *size, QImage.Format.Format_RGB32)


def for_printer(pdf: bytes, dpi: float = PRINT_DPI) -> Iterator[PrinterPage]:
    """Yield the pages as dots, one at a time; the window goes on meanwhile."""
    for dots in dots_of(pdf, dpi):
        yield PrinterPage(QSizeF(*dots.points), dots)


def _on_white(drawn: QImage) -> QImage:
    page = QImage(drawn.size(), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    with QPainter(page) as painter:
        painter.drawImage(0, 0, drawn)
    return page
