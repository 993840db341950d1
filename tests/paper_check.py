"""What is wrong with a printed page, found in the PDF alone: nothing here knows our layout.

pdfium says where each line of text lies, how large it is and in which colour; what is really under
it comes from the rendered page. Lengths are millimetres from the top left corner of a face.
"""

import ctypes
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw as c

MM = 25.4 / 72
SLACK = 0.05
DPI = 150
QUIET = 4 / 57  # four of the modules of a large code
SIDE_MARGIN, TOP_MARGIN = 2.9, 1.4
LEAST_CONTRAST = 4.5
LEAST_ON_A_COPY = 4.5
BODY, PHONE, ACT_ON, LABEL = 9.0, 13.5, 8.25, 7.0
NAME, LONG_NAME, BROKEN_NAME = 8.0, 7.0, 5.5
KTP_LETTERS, LONGEST_WORD = 60, 25


@dataclass(frozen=True)
class Line:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    points: float
    ink: tuple[int, int, int]


@dataclass(frozen=True)
class Rules:
    """Which lines may be small, by what they say; `least` finds the least size of any line."""

    labels: tuple[str, ...]  # regular expressions
    bodies: tuple[str, ...]
    name: str = ""
    is_card: bool = True

    def least(self, line: Line) -> float:
        if re.search(r"\d{3,4}-\d{4}-\d{3,4}", line.text):
            return PHONE
        if any(re.search(pattern, line.text) for pattern in self.labels):
            return LABEL
        if _letters(line.text) and _letters(line.text) in _letters(self.name.upper()):
            return self._least_name()
        if any(_letters(line.text) in _letters(body) for body in self.bodies):
            return BODY
        return ACT_ON

    def _least_name(self) -> float:
        if max(map(len, self.name.split())) > LONGEST_WORD:
            return BROKEN_NAME
        return NAME if len(self.name) <= KTP_LETTERS else LONG_NAME


class Page:
    """One page of a PDF: its lines of text, its solid pictures, and its pixels."""

    def __init__(self, page: pdfium.PdfPage, *, dpi: int = DPI) -> None:
        self.width, self.height = (side * MM for side in page.get_size())
        self._dpi = dpi
        self._tall = page.get_height()
        self._grounds: dict[Line, tuple[int, int, int]] = {}
        self.lines = list(self._lines(page.get_textpage()))
        self.solids = list(self._solids(page))
        bitmap = page.render(scale=dpi / 72)
        self.pixels = np.asarray(bitmap.to_pil().convert("RGB"))

    def _lines(self, text: pdfium.PdfTextPage) -> Iterator[Line]:
        count = c.FPDFText_CountRects(text, 0, -1)
        sides = [ctypes.c_double() for _ in range(4)]
        for number in range(count):
            c.FPDFText_GetRect(text, number, *map(ctypes.byref, sides))
            left, top, right, bottom = (side.value for side in sides)
            said = text.get_text_bounded(left, bottom, right, top).strip()
            if said:
                index = c.FPDFText_GetCharIndexAtPos(
                    text, left + 0.5, (top + bottom) / 2, 3.0, (top - bottom)
                )
                yield Line(said, left * MM, (self._tall - top) * MM, right * MM,
                           (self._tall - bottom) * MM, *_look(text, index))  # fmt: skip

    def _solids(self, page: pdfium.PdfPage) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Yield pictures and large square paths: portraits and codes."""
        for item in page.get_objects(max_depth=3):
            left, bottom, right, top = item.get_bounds()
            box = (left * MM, (self._tall - top) * MM, right * MM, (self._tall - bottom) * MM)
            wide, tall = box[2] - box[0], box[3] - box[1]
            if item.type == c.FPDF_PAGEOBJ_PATH and wide > 20 and abs(wide - tall) < 0.1:
                quiet = wide * QUIET
                yield "code", (box[0] - quiet, box[1] - quiet, box[2] + quiet, box[3] + quiet)
            elif item.type == c.FPDF_PAGEOBJ_IMAGE and tall > 15:
                yield "portrait", box

    def ground(self, line: Line) -> tuple[int, int, int]:
        """Return the colour that is most common behind and right around a line."""
        known = self._grounds.get(line)
        if known is None:
            known = self._grounds[line] = self._ground(line)
        return known

    def _ground(self, line: Line) -> tuple[int, int, int]:
        unit = self._dpi / 25.4
        top, bottom = int((line.top - 0.3) * unit), int((line.bottom + 0.3) * unit) + 1
        left, right = int((line.left - 0.3) * unit), int((line.right + 0.3) * unit) + 1
        crop = self.pixels[max(0, top) : bottom, max(0, left) : right].reshape(-1, 3).astype(int)
        away = np.abs(crop - line.ink).sum(axis=1) > 60  # not the ink itself
        packed = (crop[away] if away.any() else crop) @ (65536, 256, 1)
        values, counts = np.unique(packed, return_counts=True)
        common = int(values[counts.argmax()])
        return common >> 16, common >> 8 & 255, common & 255


def _look(text: pdfium.PdfTextPage, index: int) -> tuple[float, tuple[int, int, int]]:
    parts = [ctypes.c_uint() for _ in range(4)]
    c.FPDFText_GetFillColor(text, index, *map(ctypes.byref, parts))
    red, green, blue, _ = (part.value for part in parts)
    return round(c.FPDFText_GetFontSize(text, index), 3), (red, green, blue)


def pages_of(raw: bytes) -> list[Page]:
    with pdfium.PdfDocument(io.BytesIO(raw)) as document:
        return [Page(page) for page in document]


def face_problems(page: Page, rules: Rules) -> Iterator[str]:
    """Yield what is wrong with one face of a card, or one receipt."""
    boxes = [(repr(li.text), (li.left, li.top, li.right, li.bottom)) for li in page.lines]
    for (one, a), (other, b) in combinations([*boxes, *page.solids], 2):
        if _overlap(a, b) > SLACK:
            yield f"{one} lies on {other}"
    for line in page.lines:
        yield from _line_problems(page, line, rules)


def _line_problems(page: Page, line: Line, rules: Rules) -> Iterator[str]:
    if line.left < SIDE_MARGIN - SLACK or line.right > page.width - SIDE_MARGIN + SLACK:
        yield f"{line.text!r} leaves the sides"
    if line.top < TOP_MARGIN - SLACK or line.bottom > page.height - TOP_MARGIN + SLACK:
        yield f"{line.text!r} leaves top or bottom"
    if line.points < rules.least(line) - 0.01:
        yield f"{line.text!r} has {line.points:g} points, not {rules.least(line):g}"
    ground = page.ground(line)
    if contrast(line.ink, ground) < LEAST_CONTRAST:
        yield f"{line.text!r} has a contrast of {contrast(line.ink, ground):.1f}"
    if contrast(_grey(line.ink), _grey(ground)) < LEAST_ON_A_COPY:
        yield f"{line.text!r} fades on a grey copy"


def sheet_problems(page: Page, places: list[tuple[float, float, float, float]]) -> Iterator[str]:
    """Yield lines that belong to no card and reach into one, or leave the paper."""
    for line in page.lines:
        box = (line.left, line.top, line.right, line.bottom)
        inside = [place for place in places if _overlap(box, place) > SLACK]
        if len(inside) > 1 or (inside and not _within(box, inside[0])):
            yield f"{line.text!r} crosses the edge of a card"
        if not _within(box, (0, 0, page.width, page.height)):
            yield f"{line.text!r} leaves the paper"


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _grey(colour: tuple[int, ...]) -> tuple[int, int, int]:
    value = round(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])
    return (value, value, value)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


def _within(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return (
        a[0] >= b[0] - SLACK and a[1] >= b[1] - SLACK
        and a[2] <= b[2] + SLACK and a[3] <= b[3] + SLACK
    )  # fmt: skip


def _letters(said: str) -> str:
    return re.sub(r"[\s\-]+", "", said)
