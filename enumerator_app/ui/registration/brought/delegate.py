"""Draws a line of the village's list: name and what came of it above, who it is below."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from enumerator_app.ui.kit import Role, RowContent, RowDelegate, paint_mark, role_font, text_width
from enumerator_app.ui.kit.marks import MARK_PX


class ListedDelegate(RowDelegate):
    height_px = 56

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        space, px = self.theme.space, self.theme.px
        left, right = rect.left() + self.text_left(), rect.right() - space(24)
        middle = rect.center().y()
        first = QRectF(left, middle - px(21), right - left, px(21))
        second = QRectF(left, middle + px(1), right - left, px(20))
        taken = self._paint_state(painter, first, content)
        self._draw(painter, first.adjusted(0, 0, -taken, 0), content.title, Role.STRONG)
        self._draw(painter, second, content.subtitle, Role.CAPTION, soft=True)

    def _paint_state(self, painter: QPainter, line: QRectF, content: RowContent) -> float:
        """Draw mark and word at the right end; return the room they took."""
        if content.mark is None:
            return 0
        width = text_width(role_font(Role.LABEL, self.theme), content.word)
        self._draw(painter, line, content.word, Role.LABEL, right=True)
        side, gap = self.theme.px(MARK_PX), self.theme.px(6)
        left = line.right() - width - gap - side
        top = line.center().y() - side / 2
        paint_mark(painter, content.mark, QRectF(left, top, side, side), self.theme.tokens)
        return width + gap + side + self.theme.space(12)
