"""The program's own sign: an ear of rice on green. No coat of arms, no insurer's mark."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from enumerator_app.ui.kit.painting import NO_PEN, brush, paint_box, round_pen, smooth_painter
from enumerator_app.ui.kit.theme import current_theme


class Emblem(QWidget):
    def __init__(self, px: int = 40) -> None:
        super().__init__()
        theme = current_theme()
        self._tokens, self._side = theme.tokens, theme.px(px)
        self.setFixedSize(self._side, self._side)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        with smooth_painter(self) as painter:
            painter.scale(self._side / 40, self._side / 40)
            paint_box(painter, QRectF(0, 0, 40, 40), fill=tokens.accent, radius=8)
            painter.setPen(round_pen(tokens.on_accent, 2.4))
            painter.drawLine(QPointF(20, 33), QPointF(20, 12))
            painter.setPen(NO_PEN)
            for top in (13, 19, 25):
                painter.setBrush(brush(tokens.amber if top == 13 else tokens.on_accent))
                for side in (-1, 1):
                    _paint_grain(painter, top, side)


def _paint_grain(painter: QPainter, top: float, side: int) -> None:
    grain = QPainterPath(QPointF(20, top + 5))
    grain.cubicTo(20 + side * 2, top + 1, 20 + side * 6, top, 20 + side * 8, top - 4)
    grain.cubicTo(20 + side * 9, top + 2, 20 + side * 6, top + 6, 20, top + 5)
    painter.drawPath(grain)
