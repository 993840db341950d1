"""Chips (filters above a list), badges (counts on the rail) and the tick box."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QWidget

from enumerator_app.texts import thousands
from enumerator_app.ui.kit.fonts import Role, role_font, sized_font, text_width
from enumerator_app.ui.kit.icons import paint_icon
from enumerator_app.ui.kit.marks import MARK_PX, MarkKind, paint_mark
from enumerator_app.ui.kit.painting import (
    MIDDLE,
    MIDDLE_LEFT,
    NO_BRUSH,
    paint_box,
    round_pen,
    smooth_painter,
)
from enumerator_app.ui.kit.theme import Theme, current_theme

_CHIP_PX: Final = 36  # drawn 32 high; the rest is the room of the pointer and the ring
_CHIP_DRAWN_PX: Final = 32
_PAD_PX: Final = 10
BADGE_PX: Final = 18


class Chip(QPushButton):
    """A filter: chosen by tint, heavy edge and semibold, never by colour alone.

    `tail` is "x" where a click takes it away, "caret-down" where it opens a menu.
    """

    def __init__(
        self,
        words: str,
        *,
        mark: MarkKind | None = None,
        count: int | None = None,
        tail: str = "",
        checkable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._words, self._mark, self._count, self._tail = words, mark, count, tail
        self._font = role_font(Role.LABEL, self._theme)
        self.ring_radius = self._theme.px(_CHIP_PX) / 2
        self.setCheckable(checkable and not tail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._refresh()

    def set_words(self, words: str) -> None:
        self._words = words
        self._refresh()

    def set_count(self, count: int | None) -> None:
        self._count = count
        self._refresh()

    def sizeHint(self) -> QSize:
        return self.size()

    def _refresh(self) -> None:
        spoken = self._words if self._count is None else f"{self._words} {self._count}"
        self.setText(spoken.replace("&", "&&"))
        self.setAccessibleName(spoken)
        self.setFixedSize(self._natural_width(), self._theme.px(_CHIP_PX))
        self.update()

    def _count_words(self) -> str:
        return "" if self._count is None else thousands(self._count)

    def _natural_width(self) -> int:
        px = self._theme.px
        width = text_width(self._font, self._words) + 2 * px(_PAD_PX)
        if self._mark:
            width += px(MARK_PX + 6)
        if self._count is not None:
            width += text_width(self._font, self._count_words()) + px(8)
        return width + (px(20) if self._tail else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, px = self._theme.tokens, self._theme.px
        chosen = self.isChecked()
        drawn = px(_CHIP_DRAWN_PX)
        box = QRectF(0, (self.height() - drawn) / 2, self.width(), drawn)
        with smooth_painter(self) as painter:
            paint_box(
                painter,
                box,
                fill=tokens.tint if chosen or self.underMouse() else tokens.ground,
                edge=tokens.accent if chosen else tokens.edge,
                edge_px=2 if chosen else tokens.edge_px,
                radius=drawn / 2,
            )
            self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        tokens, px = self._theme.tokens, self._theme.px
        left, height = px(_PAD_PX), self.height()
        if self._mark:
            side = px(MARK_PX)
            paint_mark(painter, self._mark, QRectF(left, (height - side) / 2, side, side), tokens)
            left += px(MARK_PX + 6)
        painter.setFont(self._font)
        painter.setPen(tokens.ink)
        painter.drawText(QRectF(left, 0, self.width(), height - 1), MIDDLE_LEFT, self._words)
        left += text_width(self._font, self._words) + px(8)
        if self._count is not None:
            painter.setPen(tokens.ink_soft)
            counted = self._count_words()
            painter.drawText(QRectF(left, 0, self.width(), height - 1), MIDDLE_LEFT, counted)
            left += text_width(self._font, counted) + px(6)
        if self._tail:
            side = px(14)
            square = QRectF(left, round((height - side) / 2), side, side)
            paint_icon(painter, self._tail, square, tokens.ink)


def badge_width(count: int, theme: Theme) -> int:
    """Return the width of the badge in px."""
    return max(theme.px(20), text_width(sized_font(13, 700, theme), str(count)) + theme.px(10))


def paint_badge(painter: QPainter, rect: QRectF, count: int, theme: Theme) -> None:
    """Draw a count: amber with ink, beside an icon and never over it."""
    tokens = theme.tokens
    edge = tokens.ink if tokens.is_sun else ""
    paint_box(painter, rect, fill=tokens.amber, edge=edge, radius=rect.height() / 2)
    painter.setFont(sized_font(13, 700, theme))
    painter.setPen(tokens.ink)
    painter.drawText(rect.adjusted(0, -1, 0, 0), MIDDLE, str(count))


class Badge(QWidget):
    """A count as a widget; invisible at nought."""

    def __init__(self, count: int = 0, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.set_count(count)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(str(count))
        self.setFixedSize(badge_width(count, self._theme), self._theme.px(BADGE_PX))
        self.setVisible(count > 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth_painter(self) as painter:
            paint_badge(painter, QRectF(self.rect()), self._count, self._theme)


class TickBox(QCheckBox):
    """A yes or no with its words."""

    def __init__(self, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._words = words
        self._font = role_font(Role.BODY, self._theme)
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.setMinimumHeight(max(36, self._theme.px(36 if self._theme.scale == 1 else 28)))

    def sizeHint(self) -> QSize:
        width = self._theme.px(20) + self._theme.space(12) + text_width(self._font, self._words) + 8
        return QSize(width, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, side = self._theme.tokens, self._theme.px(20)
        box = QRectF(2, round((self.height() - side) / 2), side, side)
        with smooth_painter(self) as painter:
            ticked = self.isChecked()
            fill = tokens.accent if ticked else tokens.ground
            if not self.isEnabled():
                fill = tokens.off_ink if ticked else tokens.off_ground
            edge = fill if ticked else tokens.edge
            paint_box(painter, box, fill=fill, edge=edge, edge_px=tokens.edge_px, radius=4)
            if ticked:
                self._paint_tick(painter, box)
            painter.setFont(self._font)
            painter.setPen(tokens.ink if self.isEnabled() else tokens.off_ink)
            left = box.right() + self._theme.space(12)
            painter.drawText(
                QRectF(left, 0, self.width(), self.height() - 1), MIDDLE_LEFT, self._words
            )

    def _paint_tick(self, painter: QPainter, box: QRectF) -> None:
        unit = box.width() / 20
        painter.setPen(round_pen(self._theme.tokens.on_accent, 2.2 * unit))
        painter.setBrush(NO_BRUSH)
        points = ((5.5, 10.4), (8.6, 13.4), (14.5, 6.8))
        corner = box.topLeft()
        painter.drawPolyline(QPolygonF([corner + QPointF(x, y) * unit for x, y in points]))
