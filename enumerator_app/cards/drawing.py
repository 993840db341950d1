"""Items in millimetres onto a reportlab canvas. Text stays text, photos stay JPEG."""

import hashlib
import struct
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfdoc, pdfutils
from reportlab.pdfgen.canvas import Canvas

from enumerator_app.cards.fonts import font
from enumerator_app.cards.items import (
    BLACK,
    Area,
    Box,
    Code,
    Colour,
    Curve,
    Frame,
    Hatch,
    Item,
    Logo,
    Photo,
    Words,
)
from enumerator_app.cards.qr import dark_path, qr_modules
from enumerator_app.cards.streaming import document_of
from enumerator_app.domain.errors import PhotoUnreadable

MM: Final = 72 / 25.4
_JPEG_QUALITY: Final = 88
_JPEG_HEAD: Final = (
    b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 "
    b"/ColorSpace /DeviceRGB /Filter /DCTDecode /Length %d >>\nstream\n"
)
_OCTAL: Final = {
    byte: f"\\{byte:03o}" for byte in range(256) if not 32 <= byte < 127 or byte in b"()\\"
}
_ROUND: Final = 0.5523  # control points of a quarter circle


class Painter:
    """Draws faces on the pages of one canvas; a fixed face is stored once and shown many times."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas: Any = canvas  # the stubs take its lengths for whole numbers
        self._document = document_of(canvas)
        self._page_height = 0.0
        self._known: dict[Hashable, str] = {}
        self._photos: dict[str, tuple[int, int]] = {}
        self._later: dict[str, Any] = {}

    def start_page(self, width: float, height: float) -> None:
        """Begin a page of that size in millimetres."""
        self._canvas.setPageSize((width * MM, height * MM))
        self._page_height = height

    def stamp(
        self, key: Hashable, make: Callable[[], Iterable[Item]], x: float, y: float, size: Box
    ) -> None:
        """Show the face `key` with its corner at (x, y) of the page; `make` is asked once.

        `size` is the box that all of it lies in, seen from that corner.
        """
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = f"face{len(self._known)}"
            self._define(name, make(), size)
        self._show(name, x, y)

    def show_later(self, name: str, x: float, y: float) -> None:
        """Show words at (x, y) of the page that `say_later` says when all pages are drawn."""
        if name not in self._later:
            form = self._later[name] = pdfdoc.PDFFormXObject(0, 0, 0, 0)
            self._document.addForm(name, form)
        self._show(name, x, y)

    def say_later(self, name: str, words: Words) -> None:
        """Give the words, set from (0, 0), that pages have shown already."""
        em = words.size * MM
        form = self._later[name]
        form.lowery, form.upperx, form.uppery = -em, words.width * MM + em, em
        form.setStreamList([self._words(words)])

    def _show(self, name: str, x: float, y: float) -> None:
        top = (self._page_height - y) * MM
        self._canvas.addLiteral(f"q 1 0 0 1 {x * MM:.3f} {top:.3f} cm")
        self._canvas.doForm(name)
        self._canvas.addLiteral("Q")

    def paint(self, items: Iterable[Item], x: float, y: float) -> None:
        """Draw `items` with their corner at (x, y) of the page."""
        top = (self._page_height - y) * MM
        self._canvas.addLiteral(f"q 1 0 0 1 {x * MM:.3f} {top:.3f} cm")
        for item in items:
            self._draw(item)
        self._canvas.addLiteral("Q")

    def _define(self, name: str, items: Iterable[Item], size: Box) -> None:
        left, right = size.x * MM, size.right * MM
        self._canvas.beginForm(name, left, -size.bottom * MM, right, -size.y * MM)
        for item in items:
            self._draw(item)
        self._canvas.endForm()

    def _draw(self, item: Item) -> None:
        match item:
            case Words():
                self._put(self._words(item))
            case Code():
                self._draw_code(item)
            case Photo():
                self._draw_photo(item)
            case Logo():
                self._draw_logo(item)
            case Area():
                self._put(_area(item))
            case Hatch():
                self._put(_hatch(item))
            case Frame():
                self._put(_frame(item))
            case Curve():
                self._put(_curve(item))

    def _put(self, operators: str) -> None:
        self._canvas.addLiteral(operators)

    def _words(self, words: Words) -> str:
        face = font(words.weight)
        shown = []
        for subset, chunk in face.splitString(words.text, self._document):
            name = face.getSubsetInternalName(subset, self._document)
            shown.append(f"{name} {words.size:g} Tf {_literal(chunk)} Tj")
        at = f"{words.x * MM:.3f} {-words.baseline * MM:.3f}"
        return f"BT {_fill(words.colour)} 1 0 0 1 {at} Tm {' '.join(shown)} ET"

    def _draw_code(self, code: Code) -> None:
        rows = qr_modules(code.text)
        module = code.box.width / len(rows) * MM
        at = f"{code.box.x * MM:.3f} {-code.box.y * MM:.3f}"
        to_modules = f"{module:.5f} 0 0 {-module:.5f} {at} cm"
        self._put(f"q {_fill(BLACK)} {to_modules} {dark_path(rows)} f Q")

    def _draw_photo(self, photo: Photo) -> None:
        name, (width, height) = self._photo(photo.jpeg)
        box = photo.box
        scale = max(box.width / width, box.height / height)
        shown = Box(0, 0, width * scale, height * scale)
        x = box.x - (shown.width - box.width) / 2
        y = box.y - (shown.height - box.height) / 3  # heads are in the upper part
        outline = _rounded(box, photo.radius) if photo.radius else _rectangle(box)
        self._put(f"q {outline} W n")
        self._place(name, Box(x, y, shown.width, shown.height))
        self._put("Q")

    def _draw_logo(self, logo: Logo) -> None:
        reader = ImageReader(_on_white(logo.picture))
        width, height = reader.getSize()
        scale = min(logo.box.width / width, logo.box.height / height)
        x = logo.box.x + (logo.box.width - width * scale) / 2
        bottom = logo.box.y + (logo.box.height + height * scale) / 2
        size = {"width": width * scale * MM, "height": height * scale * MM}
        self._canvas.drawImage(reader, x * MM, -bottom * MM, **size)

    def _place(self, name: str, box: Box) -> None:
        size = f"{box.width * MM:.3f} 0 0 {box.height * MM:.3f}"
        self._put(f"{size} {box.x * MM:.3f} {-box.bottom * MM:.3f} cm")
        self._canvas.doForm(name)

    def _photo(self, jpeg: bytes) -> tuple[str, tuple[int, int]]:
        name = f"photo{hashlib.sha256(jpeg).hexdigest()[:24]}"
        size = self._photos.get(name)
        if size is None:
            picture = _image(jpeg)
            self._document.addForm(name, picture)
            size = self._photos[name] = (picture.width, picture.height)
        return name, size


class _Jpeg(pdfdoc.PDFObject):
    """An RGB JPEG as an object of the file; reportlab's own copies it several times."""

    __RefOnly__ = 1

    def __init__(self, jpeg: bytes, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._jpeg = jpeg

    def format(self, _document: object) -> bytes:
        said = _JPEG_HEAD % (self.width, self.height, len(self._jpeg))
        return b"".join((said, self._jpeg, b"endstream\n"))


def _image(photo: bytes) -> _Jpeg:
    """Return the photo as a PDF image; an RGB JPEG stays byte for byte what it is."""
    picture = _plain_jpeg(photo)
    if picture is None:
        picture = _plain_jpeg(_as_rgb_jpeg(photo))
    if picture is None:
        raise PhotoUnreadable
    return picture


def _plain_jpeg(photo: bytes) -> _Jpeg | None:
    read: Any = pdfutils.readJPEGInfo  # its stub says None
    try:
        width, height, colours, _ = read(BytesIO(photo))
    except (pdfdoc.PDFError, struct.error, IndexError):
        return None
    return _Jpeg(photo, width, height) if colours == len("RGB") else None


def _as_rgb_jpeg(photo: bytes) -> bytes:
    try:
        with Image.open(BytesIO(photo)) as picture:
            rewritten = BytesIO()
            picture.convert("RGB").save(rewritten, "JPEG", quality=_JPEG_QUALITY)
            return rewritten.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnreadable from error


def _on_white(picture: bytes) -> Image.Image:
    """Return the picture in plain RGB: PDF/A has no CMYK here, and old printers no transparency."""
    with Image.open(BytesIO(picture)) as given:
        if given.mode == "CMYK":
            return given.convert("RGB")
        shown = given.convert("RGBA")
    white = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(white, shown).convert("RGB")


@lru_cache(maxsize=64)
def _fill(colour: Colour) -> str:
    return "{:.3f} {:.3f} {:.3f} rg".format(*colour)


def _stroke(colour: Colour, width: float) -> str:
    return "{:.3f} {:.3f} {:.3f} RG {:.3f} w".format(*colour, width * MM)


def _literal(chunk: bytes) -> str:
    """Return bytes of a font subset as a PDF string; anything unusual is written in octal."""
    return f"({chunk.decode('latin-1').translate(_OCTAL)})"


@lru_cache(maxsize=256)  # the same on every card
def _rectangle(box: Box) -> str:
    size = f"{box.width * MM:.3f} {box.height * MM:.3f}"
    return f"{box.x * MM:.3f} {-box.bottom * MM:.3f} {size} re"


def _area(area: Area) -> str:
    if area.radius:
        return f"{_fill(area.colour)} {_rounded(area.box, area.radius)} f"
    return f"{_fill(area.colour)} {_rectangle(area.box)} f"


def _hatch(hatch: Hatch) -> str:
    box = hatch.box
    steps = []
    x = box.x - box.height
    while x < box.right:
        low, high = -(box.bottom) * MM, -box.y * MM
        steps.append(f"{x * MM:.3f} {low:.3f} m {(x + box.height) * MM:.3f} {high:.3f} l")
        x += hatch.pitch
    lines = f"{_stroke(hatch.colour, hatch.line)} {' '.join(steps)} S"
    return f"q {_rectangle(box)} W n {lines} Q"


@lru_cache(maxsize=256)  # the same on every card
def _frame(frame: Frame) -> str:
    inset = frame.line / 2
    inner = Box(
        frame.box.x + inset,
        frame.box.y + inset,
        frame.box.width - frame.line,
        frame.box.height - frame.line,
    )
    outline = _rounded(inner, frame.radius - inset) if frame.radius else _rectangle(inner)
    return f"{_stroke(frame.colour, frame.line)} {outline} S"


@lru_cache(maxsize=256)  # the same on every card
def _rounded(box: Box, radius: float) -> str:
    left, right, top, bottom = box.x, box.right, box.y, box.bottom
    r, k = radius, radius * (1 - _ROUND)
    corners = (
        ("M", left + r, top),
        ("L", right - r, top),
        ("C", right - k, top, right, top + k, right, top + r),
        ("L", right, bottom - r),
        ("C", right, bottom - k, right - k, bottom, right - r, bottom),
        ("L", left + r, bottom),
        ("C", left + k, bottom, left, bottom - k, left, bottom - r),
        ("L", left, top + r),
        ("C", left, top + k, left + k, top, left + r, top),
    )
    return f"{_path(corners)} h"


def _curve(curve: Curve) -> str:
    if curve.line:
        return f"1 J {_stroke(curve.colour, curve.line)} {_path(curve.steps)} S 0 J"
    return f"{_fill(curve.colour)} {_path(curve.steps)} f"


def _path(steps: tuple[tuple[str | float, ...], ...]) -> str:
    operators = {"M": "m", "L": "l", "C": "c"}
    written = []
    for operator, *numbers in steps:
        signed = (float(n) * (-MM if i % 2 else MM) for i, n in enumerate(numbers))
        written += [f"{n:.3f}" for n in signed]
        written.append(operators[str(operator)])
    return " ".join(written)
