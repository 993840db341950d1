"""Pages as dots for a printer, drawn without keeping the rest of the program waiting.

Each call into pdfium lets go of the interpreter, so a window in another thread goes on. pdfium
itself does one thing at a time: PDFIUM guards it, here and where codes are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final

import pypdfium2
from pypdfium2 import raw as pdfium

PDFIUM: Final = Lock()
_INCH_POINTS: Final = 72.0
_WHITE: Final = (255, 255, 255, 255)


@dataclass(frozen=True, slots=True)
class Band:
    """Some rows of a page: four bytes (blue, green, red, unused) a dot, `stride` bytes a row."""

    top: int
    height: int
    stride: int
    pixels: bytes


class PageDots:
    """One page as dots; it is drawn band by band, in little memory, while it is asked for."""

    def __init__(self, page: pypdfium2.PdfPage, dpi: float) -> None:
        self._page = page
        self.points: tuple[float, float] = page.get_size()
        self.width, self.height = (round(side * dpi / _INCH_POINTS) for side in self.points)

    def bands(self, rows: int) -> Iterator[Band]:
        """Yield bands of so many rows, from the top."""
        for top in range(0, self.height, rows):
            with PDFIUM:
                band = self._band(top, min(rows, self.height - top))
            yield band

    def _band(self, top: int, height: int) -> Band:
        size, kind = (self.width, height), pdfium.FPDFBitmap_BGRx
        bitmap = pypdfium2.PdfBitmap.new_native(*size, kind)
        try:
            bitmap.fill_rect(_WHITE, 0, 0, *size)
            whole = (0, -top, self.width, self.height)
            pdfium.FPDF_RenderPageBitmap(bitmap, self._page, *whole, 0, pdfium.FPDF_PRINTING)
            return Band(top, height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            bitmap.close()


def dots_of(pdf: bytes, dpi: float) -> Iterator[PageDots]:
    """Yield the pages of a PDF; each is open until the next is asked for."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for number in range(count):
            with PDFIUM:
                page = document[number]
            yield PageDots(page, dpi)
            with PDFIUM:
                page.close()
    finally:
        with PDFIUM:
            document.close()
