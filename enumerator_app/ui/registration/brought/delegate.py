"""Draws a line of the village's list: name and what came of it above, who it is below."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from enumerator_app.ui.kit import Role, RowContent, RowDelegate


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
