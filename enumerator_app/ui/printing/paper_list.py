"""The list of people with a tick box each."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from enumerator_app.texts import text
from enumerator_app.ui.kit import Role, RowContent, paint_portrait, role_font, text_width
from enumerator_app.ui.printing.state import PaperRow
from enumerator_app.ui.workers.people_list import PeopleDelegate, PeopleList

_BOX_PX = 20


@dataclass(frozen=True, kw_only=True)
class PaperContent(RowContent):
    """A row with a box; without one where the list only asks for one answer."""

    is_ticked: bool = False
    has_box: bool = True

    @property
    def spoken(self) -> str:
        said = (self.title, self.subtitle, self.aside)
        ticked = text("printing.ticked" if self.is_ticked else "printing.unticked")
        return ", ".join((*said, ticked) if self.has_box else said)


def paper_content(row: PaperRow, *, is_ticked: bool, has_box: bool = True) -> PaperContent:
    return PaperContent(
        key=str(row.subject),
        title=row.name,
        subtitle=row.number,
        aside=row.paper,
        photo_hash=row.photo,
        is_ticked=is_ticked,
        has_box=has_box,
    )


class PaperDelegate(PeopleDelegate):
    """Box, face, name over number, and at the right which paper."""

    def paint_content(
        self, painter: QPainter, rect: QRectF, content: RowContent, *, selected: bool
    ) -> None:
        assert isinstance(content, PaperContent)
        space, px = self.theme.space, self.theme.px
        left, right = rect.left() + space(24), rect.right() - space(24)
        if content.has_box:
            side = px(_BOX_PX)
            box = QRectF(left, round(rect.center().y() - side / 2), side, side)
            self._paint_tick(painter, box, ticked=content.is_ticked)
        face = QRectF(left + px(_BOX_PX) + space(12), rect.top() + space(8), 0, 0)
        face.setSize(self._size.toSizeF())
        picture = self._portraits.pixmap(content.photo_hash, b"") if content.photo_hash else None
        paint_portrait(painter, face, picture, self.theme.tokens)
        start, middle = rect.left() + self.text_left(), rect.center().y()
        aside = text_width(role_font(Role.BODY, self.theme), content.aside)
        whole = QRectF(start, rect.top(), right - start, rect.height())
        first = QRectF(start, middle - px(21), right - start, px(21))
        if self.theme.has_rail:
            self._draw(painter, whole, content.aside, Role.BODY, soft=True, right=True)
            first.setRight(right - aside - space(12))
            said = content.subtitle
        else:
            said = f"{content.subtitle} · {content.aside}"
        self._draw(painter, first, content.title, Role.STRONG)
        second = QRectF(start, middle + px(1), first.width(), px(20))
        self._draw(painter, second, said, Role.CAPTION, soft=True)

    def row_px(self) -> int:
        return self._size.height() + self.theme.space(16)

    def text_left(self) -> float:
        return super().text_left() + self.theme.px(_BOX_PX) + self.theme.space(12)


class PaperList(PeopleList):
    """Space or a click ticks; the cursor moves with the arrows."""

    toggled = Signal(str)

    def __init__(self) -> None:
        super().__init__(name=text("printing.list"))
        self._pointed = ("", -1)
        self.setItemDelegate(PaperDelegate(self))
        self.clicked.connect(self._on_clicked)
        self.setObjectName("printing.list")

    def point_at(self, key: str) -> None:
        """Put the cursor on this person, once for each place that the row takes."""
        place = self.rows.position_of(key)
        if place >= 0 and (key, place) != self._pointed:
            self._pointed = (key, place)
            self.select(key)
            self.scrollTo(self.rows.index(place))

    def row_px(self) -> int:
        delegate = self.itemDelegate()
        assert isinstance(delegate, PaperDelegate)
        return delegate.row_px()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self.current_key()
        if event.key() == Qt.Key.Key_Space and key:
            self.toggled.emit(key)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.toggled.emit(self.rows.content(index).key)
