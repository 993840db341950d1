"""Shapes that several controls draw: the hatch, boxes, keycaps."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPaintDevice, QPainter, QPainterPath, QPen

from enumerator_app.ui.kit.fonts import Role, role_font, text_width
from enumerator_app.ui.kit.theme import Theme
from enumerator_app.ui.kit.tokens import Tokens

NO_BRUSH = Qt.BrushStyle.NoBrush
NO_PEN = Qt.PenStyle.NoPen
MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignCenter

KEYCAP_RADIUS = 4
CONTROL_RADIUS = 6
ROW_RADIUS = 8


def smooth_painter(device: QPaintDevice) -> QPainter:
    """Return a painter with soft edges; the caller ends it, or uses it as a context manager."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def round_pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def brush(colour: str) -> QBrush:
    """Return a solid brush; none for an empty string."""
    return QBrush(QColor(colour)) if colour else QBrush(NO_BRUSH)


def paint_box(
    painter: QPainter,
    rect: QRectF,
    *,
    fill: str = "",
    edge: str = "",
    edge_px: float = 1,
    radius: float = CONTROL_RADIUS,
    dashed: bool = False,
) -> None:
    """Draw a rounded box whose edge lies inside `rect`."""
    inset = edge_px / 2 if edge else 0
    pen = QPen(NO_PEN)
    if edge:
        pen = QPen(QColor(edge), edge_px)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(brush(fill))
    box = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(box, radius - inset, radius - inset)


def rounded_path(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def paint_hatch(
    painter: QPainter,
    rect: QRectF,
    tokens: Tokens,
    *,
    step: float = 8,
    width: float = 2,
    radius: float = 0,
) -> None:
    """Fill `rect` with the pattern that means: done here, not certain yet.

    The only place where it is drawn, so that it keeps its one meaning.
    """
    painter.save()
    painter.setClipPath(rounded_path(rect, radius), Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, QColor(tokens.amber))
    painter.setPen(QPen(QColor(tokens.ink), width))
    x = rect.left() - rect.height()
    while x < rect.right() + rect.height():
        foot = QPointF(x, rect.bottom() + 1)
        painter.drawLine(foot, QPointF(x + rect.height() + 2, rect.top() - 1))
        x += step
    painter.restore()


def keycap_width(words: str, theme: Theme) -> int:
    """Return the width of the keycap for `words`, in px."""
    return text_width(role_font(Role.LABEL, theme), words) + theme.px(12)


def paint_keycap(
    painter: QPainter,
    rect: QRectF,
    words: str,
    theme: Theme,
    *,
    ink: str,
    edge: str,
    fill: str = "",
) -> None:
    paint_box(painter, rect, fill=fill, edge=edge, radius=KEYCAP_RADIUS)
    painter.setPen(QColor(ink))
    painter.setFont(role_font(Role.LABEL, theme))
    painter.drawText(rect.adjusted(0, -0.5, 0, -0.5), MIDDLE, words)
