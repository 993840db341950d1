"""The people who may open this laptop, as a list of names."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from enumerator_app.ui.kit import Role, RowContent, RowDelegate, RowList, role_font
from enumerator_app.ui.kit.painting import MIDDLE, NO_PEN, brush, round_pen
from enumerator_app.ui.kit.rows import Index
from enumerator_app.ui.unlock.state import OperatorEntry

_DISC_PX = 40
_ROW_PX = 68


class OperatorDelegate(RowDelegate):
    """A disc with initials, the name, and when that person was here last."""

    has_hairline = False
    inset_px = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.theme.px(_ROW_PX))

    def text_left(self) -> float:
        return self.theme.space(12) + self.theme.px(_DISC_PX) + self.theme.space(16)

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        side = self.theme.px(_DISC_PX)
        left = rect.left() + self.theme.space(12)
        self._paint_disc(
            painter,
            QRectF(left, rect.center().y() - side / 2, side, side),
            content.lead,
            selected=selected,
        )
        start = rect.left() + self.text_left()
        room = rect.right() - self.theme.space(16) - start
        middle = rect.center().y()
        if content.subtitle:
            name = QRectF(start, middle - self.theme.px(25), room, self.theme.px(26))
            seen = QRectF(start, middle + self.theme.px(2), room, self.theme.px(20))
            self._draw(painter, seen, content.subtitle, Role.CAPTION, soft=True)
        else:
            name = QRectF(start, rect.top(), room, rect.height() - 1)
        role = Role.SECTION if selected else Role.LEAD
        self._draw(painter, name, content.title, role)

    def _paint_disc(
        self, painter: QPainter, disc: QRectF, initials: str, *, selected: bool
    ) -> None:
        tokens = self.theme.tokens
        painter.setBrush(brush(tokens.accent if selected else tokens.ground))
        painter.setPen(NO_PEN if selected else round_pen(tokens.edge, tokens.edge_px))
        painter.drawEllipse(disc.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(tokens.on_accent if selected else tokens.ink)
        painter.setFont(role_font(Role.STRONG, self.theme))
        painter.drawText(disc, MIDDLE, initials)


class OperatorList(RowList):
    """Arrows choose a person; letters go on into the passphrase."""

    def __init__(self, name: str) -> None:
        super().__init__(OperatorDelegate, name=name)

    def show_operators(self, operators: Sequence[OperatorEntry], selected: int) -> None:
        rows = tuple(
            RowContent(
                key=str(number), lead=entry.initials, title=entry.name, subtitle=entry.last_seen
            )
            for number, entry in enumerate(operators)
        )
        if rows != self.shown_rows():
            self.set_rows(rows)
        self.select(str(selected))
