"""State marks: one shape for each state, always beside its word."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from enumerator_app.ui.kit.painting import (
    NO_BRUSH,
    NO_PEN,
    brush,
    paint_hatch,
    round_pen,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import current_theme
from enumerator_app.ui.kit.tokens import Tokens

MARK_PX: Final = 16


class MarkKind(Enum):
    SAVED = "saved"  # hatched square: on this laptop only
    RECEIVED = "received"  # green disc, check: the office has it
    SUBMITTED = "submitted"  # ring, arrow: with the insurer
    COVERED = "covered"  # green shield
    CHECK = "check"  # amber triangle: look here
    STOP = "stop"  # red octagon: cannot go on
    WAITING = "waiting"  # clock
    ENDED = "ended"  # square, dash
    NOTE = "note"  # ring, i
    EMPTY = "empty"  # dotted ring: not begun
    OK = "ok"  # bare check: a real check passed
    NOW = "now"  # triangle to the right: this step


def paint_mark(painter: QPainter, kind: MarkKind, rect: QRectF, tokens: Tokens) -> None:
    """Draw the mark in the square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / MARK_PX, rect.height() / MARK_PX)
    _SHAPES[kind](painter, tokens)
    painter.restore()


def _outline(painter: QPainter, colour: str, width: float) -> None:
    painter.setPen(round_pen(colour, width))
    painter.setBrush(NO_BRUSH)


def _solid(painter: QPainter, colour: str) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(brush(colour))


def _points(*pairs: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in pairs])


def _tick(painter: QPainter, colour: str, width: float = 2) -> None:
    _outline(painter, colour, width)
    painter.drawPolyline(_points((4.6, 8.3), (7, 10.7), (11.4, 5.6)))


def _saved(painter: QPainter, tokens: Tokens) -> None:
    square = QRectF(1.5, 1.5, 13, 13)
    paint_hatch(painter, square, tokens, step=4.4, width=1.5, radius=3)
    _outline(painter, tokens.ink, 1.5)
    painter.drawRoundedRect(square, 3, 3)


def _received(painter: QPainter, tokens: Tokens) -> None:
    _solid(painter, tokens.accent)
    painter.drawEllipse(QRectF(0.5, 0.5, 15, 15))
    _tick(painter, tokens.on_accent)


def _submitted(painter: QPainter, tokens: Tokens) -> None:
    _outline(painter, tokens.accent, 1.8)
    painter.drawEllipse(QRectF(1.2, 1.2, 13.6, 13.6))
    painter.drawLine(QPointF(4.8, 8), QPointF(11, 8))
    painter.drawPolyline(_points((8.4, 5.2), (11.2, 8), (8.4, 10.8)))


def _covered(painter: QPainter, tokens: Tokens) -> None:
    shield = QPainterPath(QPointF(8, 0.6))
    shield.lineTo(14.4, 2.8)
    shield.lineTo(14.4, 8)
    shield.cubicTo(14.4, 12, 11, 14.4, 8, 15.6)
    shield.cubicTo(5, 14.4, 1.6, 12, 1.6, 8)
    shield.lineTo(1.6, 2.8)
    shield.closeSubpath()
    _solid(painter, tokens.accent)
    painter.drawPath(shield)
    _tick(painter, tokens.on_accent)


def _check(painter: QPainter, tokens: Tokens) -> None:
    pen = QPen(QColor(tokens.ink), 1.5)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(brush(tokens.amber))
    painter.drawPolygon(_points((8, 1.6), (15, 14.2), (1, 14.2)))
    painter.setPen(round_pen(tokens.ink, 1.8))
    painter.drawLine(QPointF(8, 6.4), QPointF(8, 9.4))
    painter.drawPoint(QPointF(8, 11.9))


def _stop(painter: QPainter, tokens: Tokens) -> None:
    near, far, low, high = 4.7, 11.3, 0.6, 15.4
    _solid(painter, tokens.red)
    painter.drawPolygon(
        _points(
            (near, low), (far, low), (high, near), (high, far),
            (far, high), (near, high), (low, far), (low, near),
        )
    )  # fmt: skip
    _outline(painter, tokens.on_accent, 1.9)
    painter.drawLine(QPointF(5.4, 5.4), QPointF(10.6, 10.6))
    painter.drawLine(QPointF(10.6, 5.4), QPointF(5.4, 10.6))


def _waiting(painter: QPainter, tokens: Tokens) -> None:
    _outline(painter, tokens.ink, 1.6)
    painter.drawEllipse(QRectF(1.2, 1.2, 13.6, 13.6))
    painter.drawPolyline(_points((8, 4.6), (8, 8.2), (10.6, 9.8)))


def _ended(painter: QPainter, tokens: Tokens) -> None:
    _outline(painter, tokens.ink_soft, 1.6)
    painter.drawRoundedRect(QRectF(1.5, 1.5, 13, 13), 3, 3)
    _outline(painter, tokens.ink_soft, 2)
    painter.drawLine(QPointF(5, 8), QPointF(11, 8))


def _note(painter: QPainter, tokens: Tokens) -> None:
    _outline(painter, tokens.ink_soft, 1.5)
    painter.drawEllipse(QRectF(1.2, 1.2, 13.6, 13.6))
    _outline(painter, tokens.ink_soft, 1.8)
    painter.drawPoint(QPointF(8, 4.9))
    painter.drawLine(QPointF(8, 7.6), QPointF(8, 11.3))


def _empty(painter: QPainter, tokens: Tokens) -> None:
    pen = QPen(QColor(tokens.edge), 1.5)
    pen.setDashPattern([0.1, 1.9])
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(NO_BRUSH)
    painter.drawEllipse(QRectF(1.5, 1.5, 13, 13))


def _ok(painter: QPainter, tokens: Tokens) -> None:
    _tick(painter, tokens.accent, 2.4)


def _now(painter: QPainter, tokens: Tokens) -> None:
    _solid(painter, tokens.accent)
    painter.drawPolygon(_points((4, 2.4), (13, 8), (4, 13.6)))


_SHAPES: Final[dict[MarkKind, Callable[[QPainter, Tokens], None]]] = {
    MarkKind.SAVED: _saved,
    MarkKind.RECEIVED: _received,
    MarkKind.SUBMITTED: _submitted,
    MarkKind.COVERED: _covered,
    MarkKind.CHECK: _check,
    MarkKind.STOP: _stop,
    MarkKind.WAITING: _waiting,
    MarkKind.ENDED: _ended,
    MarkKind.NOTE: _note,
    MarkKind.EMPTY: _empty,
    MarkKind.OK: _ok,
    MarkKind.NOW: _now,
}


class Mark(QWidget):
    """A mark as a widget. Without a word beside it, give `word`: tooltip and accessible name."""

    def __init__(
        self, kind: MarkKind, *, px: int = MARK_PX, word: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._kind, self._tokens, self._side = kind, theme.tokens, theme.px(px)
        self.setFixedSize(self._side, self._side)
        if word:
            self.setToolTip(word)
            self.setAccessibleName(word)

    @property
    def kind(self) -> MarkKind:
        return self._kind

    def set_kind(self, kind: MarkKind) -> None:
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            paint_mark(painter, self._kind, QRectF(0, 0, self._side, self._side), self._tokens)
