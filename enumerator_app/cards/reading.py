"""Codes back out of pictures and PDFs, within limits that no file can make us exceed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

from enumerator_app.cards.raster import PDFIUM
from enumerator_app.domain.errors import FileUnreadable

MAX_PIXELS: Final = 40_000_000  # an A4 page at 600 dpi has 35 million
MAX_PAGES: Final = 2_000
_INCH_POINTS: Final = 72
_QR_ONLY: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def read_codes_from_pdf(path: Path, dpi: int = 200) -> list[str]:
    """Return the text of each QR code on each page, in reading order.

    Raises:
        FileUnreadable: it is no PDF, is damaged, encrypted, or has a page beyond the limits.
    """
    with PDFIUM:
        return _codes_of_all(path, dpi)


def _codes_of_all(path: Path, dpi: int) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(path)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise FileUnreadable(name=path.name) from error
    try:
        return [code for page in _pages(document, path) for code in _codes_of(page, dpi, path)]
    finally:
        document.close()


def read_codes_from_image(path: Path) -> list[str]:
    """Return the text of each QR code in a picture.

    Raises:
        FileUnreadable: it is no picture, is damaged, or has more than MAX_PIXELS.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FileUnreadable(name=path.name)
            return _codes_in(ImageOps.exif_transpose(picture).convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileUnreadable(name=path.name) from error


def read_codes_from_points(grey: bytes, width: int, height: int) -> list[str]:
    """Return the text of each QR code in a camera's picture: one byte a point, row by row."""
    return _codes_in(Image.frombytes("L", (width, height), grey))


def _pages(document: Any, path: Path) -> Iterator[Any]:
    if len(document) > MAX_PAGES:
        raise FileUnreadable(name=path.name)
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise FileUnreadable(name=path.name) from error
        try:
            yield page
        finally:
            page.close()


def _codes_of(page: Any, dpi: int, path: Path) -> list[str]:
    width, height = page.get_size()
    scale = dpi / _INCH_POINTS
    if width * height * scale * scale > MAX_PIXELS:
        raise FileUnreadable(name=path.name)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return _codes_in(bitmap.to_pil())
    finally:
        bitmap.close()


def _codes_in(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=_QR_ONLY)
    found = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [code.text for code in found]
