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
class Dots:
    """One page: rows of `stride` bytes, four bytes (blue, green, red, unused) a dot."""

    width: int
    height: int
    stride: int
    pixels: bytes
    points: tuple[float, float]


def dots_of(pdf: bytes, dpi: float) -> Iterator[Dots]:
    """Yield the pages of a PDF, one in memory at a time."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for number in range(count):
            with PDFIUM:
                drawn = _drawn(document[number], dpi)
            yield drawn
    finally:
        with PDFIUM:
            document.close()


def _drawn(page: pypdfium2.PdfPage, dpi: float) -> Dots:
    points = page.get_size()
    width, height = (round(side * dpi / _INCH_POINTS) for side in points)
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect(_WHITE, 0, 0, width, height)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_PRINTING)
        return Dots(width, height, bitmap.stride, bytes(bitmap.buffer), points)
    finally:
        bitmap.close()
        page.close()
