"""One page drawn as large as the window allows: it is read from three metres."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.benefits.state import BenefitsState
from enumerator_app.ui.kit import Theme, current_theme, paint_icon, sized_font
from enumerator_app.ui.kit.painting import paint_hatch, smooth_painter

WIDTH: Final = 1366.0  # drawn for a window of 1366 by 768, less the row of buttons
HEIGHT: Final = 696.0
_MARGIN: Final = 96.0
_TOP: Final = 36.0
_BAND: Final = 80.0
_HATCH: Final = 8.0
_PICTURE: Final = 264.0
_NUMBER: Final = 48.0
_STEPS: Final = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Line:
    """A text in its place; `tone` is the name of a token, `flags` are Qt's."""

    room: QRectF
    words: str
    px: float
    weight: int
    tone: str
    flags: int = _WRAPPED


def laid_out(state: BenefitsState, width: float, height: float) -> tuple[Line, ...]:
    """Return every text of the page in a room of that size; long texts make all of it smaller.

    Sizes are those of the drawing (1366 by 696): the painter scales them.
    """
    room = height - _BAND - 2 * _TOP - 34
    for step in _STEPS:
        body, needed = _body(state, width, step)
        if needed <= room:
            break
    start = _TOP + 34 + _TOP / 2 + max(0.0, (room - needed) / 2)
    placed = tuple(
        Line(line.room.translated(0, start), line.words, line.px, line.weight, line.tone)
        for line in body
    )
    return (*_head(state, width), *placed, *_band(state, width, height))


def _head(state: BenefitsState, width: float) -> tuple[Line, ...]:
    row = QRectF(_MARGIN, _TOP, width - 2 * _MARGIN, 34)
    number, total = str(state.at + 1), text("benefits.of", total=len(state.pages))
    indent = _width(number, 24, 700) + 8
    right = _MIDDLE | int(Qt.AlignmentFlag.AlignRight)
    return (
        Line(row, number, 24, 700, "accent", _MIDDLE),
        Line(row.adjusted(indent, 0, 0, 0), total, 24, 400, "ink_soft", _MIDDLE),
        Line(row, text("benefits.free"), 24, 700, "ink", right),
    )


def _body(state: BenefitsState, width: float, step: float) -> tuple[list[Line], float]:
    """Return heading and points from the top, and the height that they take."""
    page, lines, top = state.page, [], 0.0
    room = width - 2 * _MARGIN - _PICTURE - _NUMBER
    indent = _NUMBER * step

    def add(words: str, px: float, weight: int, tone: str, left: float = 0.0) -> None:
        nonlocal top
        place = QRectF(_MARGIN + left, top, room - left, 10_000)
        place.setHeight(_height(words, px * step, weight, place.width()))
        lines.append(Line(place, words, px * step, weight, tone))
        top += place.height()

    add(page.heading, 56, 700, "ink")
    add(page.message, 56, 700, "accent")
    top += 4 * step
    add(page.remark, 24, 400, "ink_soft")
    for number, point in enumerate(page.points, start=1):
        top += (28 if number == 1 else 20) * step
        lines.append(
            Line(QRectF(_MARGIN, top, indent, 42 * step), str(number), 32 * step, 700, "accent")
        )
        add(point.said, 32, 700, "ink", indent)
        add(point.detail, 24, 400, "ink", indent)
    return lines, top


def _band(state: BenefitsState, width: float, height: float) -> tuple[Line, ...]:
    row = QRectF(_MARGIN, height - _BAND + _HATCH, width - 2 * _MARGIN, _BAND - _HATCH)
    right = _MIDDLE | int(Qt.AlignmentFlag.AlignRight)
    return (
        Line(row, text("benefits.today"), 32, 700, "ink", _MIDDLE),
        Line(row, state.contact, 24, 400, "ink", right),
    )


def _metrics(px: float, weight: int) -> QFontMetricsF:
    return QFontMetricsF(sized_font(px, weight, Theme()))


def _width(words: str, px: float, weight: int) -> float:
    return _metrics(px, weight).horizontalAdvance(words)


def _height(words: str, px: float, weight: int, width: float) -> float:
    return _metrics(px, weight).boundingRect(QRectF(0, 0, width, 10_000), _WRAPPED, words).height()


class BenefitSheet(QWidget):
    """Draws the open page; assistive technology hears it whole."""

    def __init__(self) -> None:
        super().__init__()
        self._tokens = current_theme().tokens
        self._state: BenefitsState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_page(self, state: BenefitsState) -> None:
        self._state = state
        self.setAccessibleName(spoken(state))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._state is None:
            return
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        width, height = self.width() / scale, self.height() / scale
        with smooth_painter(self) as painter:
            painter.scale(scale, scale)
            self._paint_grounds(painter, width, height)
            for line in laid_out(self._state, width, height):
                painter.setFont(sized_font(line.px, line.weight, Theme()))
                painter.setPen(QColor(getattr(self._tokens, line.tone)))
                painter.drawText(line.room, line.flags, line.words)

    def _paint_grounds(self, painter: QPainter, width: float, height: float) -> None:
        assert self._state is not None
        band = QRectF(0, height - _BAND, width, _BAND)
        painter.fillRect(band, QColor(self._tokens.amber))
        strip = QRectF(0, band.top(), width, _HATCH)
        paint_hatch(painter, strip, self._tokens, step=10, width=2.4)
        side = _PICTURE
        middle = (_TOP + 34 + height - _BAND) / 2
        square = QRectF(width - _MARGIN - side, middle - side / 2, side, side)
        picture = self._state.page.picture
        paint_icon(painter, picture, square, self._tokens.accent, cut="light")


def spoken(state: BenefitsState) -> str:
    """Return the page as one text."""
    page = state.page
    points = (f"{point.said} {point.detail}" for point in page.points)
    said = (page.heading, page.message, page.remark, *points, text("benefits.today"))
    return " ".join((*said, state.contact))
