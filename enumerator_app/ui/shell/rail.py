"""The rail on the left: where one can go, and how much waits there."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import Breadth, Pane, Role, current_theme, paint_icon, sized_font
from enumerator_app.ui.kit.boxes import STRETCH
from enumerator_app.ui.kit.chips import BADGE_PX, badge_width, paint_badge
from enumerator_app.ui.kit.fonts import role_font, text_width
from enumerator_app.ui.kit.keycaps import key_words
from enumerator_app.ui.kit.painting import (
    MIDDLE,
    MIDDLE_LEFT,
    ROW_RADIUS,
    paint_box,
    smooth_painter,
)
from enumerator_app.ui.shell.pages import Page

NARROW_PX = 80  # not 72: "Data pekerja" at 13/600 is 70 px wide
WIDE_PX = 200
_ICON_PX = 20


class RailItem(QPushButton):
    """One place: icon with its word, and a count beside the icon, never over it."""

    def __init__(self, page: Page, *, wide: bool) -> None:
        super().__init__()
        self._theme = current_theme()
        self._page, self._wide = page, wide
        self._words = text(page.title_key)
        self._count = 0
        self.ring_radius = ROW_RADIUS
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the form
        if page.shortcut:
            self.setToolTip(f"{self._words}  {key_words(page.shortcut)}")
        size = self.sizeHint()
        self.setFixedSize(size)
        self._name_it()

    @property
    def page_key(self) -> str:
        return self._page.key

    def set_count(self, count: int) -> None:
        self._count = count
        self._name_it()
        self.update()

    def nextCheckState(self) -> None:
        """The window says which place is open, not the click."""

    def sizeHint(self) -> QSize:
        px = self._theme.px
        if self._wide:
            return QSize(px(WIDE_PX) - 16, px(48))
        return QSize(rail_width(), px(68) if not self._theme.compact else px(64))

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which the word is whole."""
        words = text_width(role_font(Role.LABEL, self._theme), self._words)
        return QSize(words + (self._theme.px(44) if self._wide else 2), self.height())

    def _name_it(self) -> None:
        spoken = self._words
        if self._count:
            spoken = text("shell.badge_spoken", page=self._words, n=self._count)
        self.setAccessibleName(spoken)
        self.setText(spoken.replace("&", "&&"))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        chosen = self.isChecked()
        box = QRectF(self.rect()).adjusted(4, 2, -4, -2)
        if self._wide:
            box = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        ink = tokens.accent if chosen else tokens.ink
        with smooth_painter(self) as painter:
            if chosen:
                edge = tokens.accent if tokens.is_sun else ""
                paint_box(
                    painter, box, fill=tokens.selected, edge=edge, edge_px=2, radius=ROW_RADIUS
                )
            elif self.underMouse():
                paint_box(painter, box, fill=tokens.tint, radius=ROW_RADIUS)
            if self._wide:
                self._paint_beside(painter, ink)
            else:
                self._paint_below(painter, ink)

    def _paint_below(self, painter: QPainter, ink: str) -> None:
        px, side = self._theme.px, self._theme.px(_ICON_PX)
        left, top = round((self.width() - side) / 2), px(11)
        self._paint_icon(painter, QRectF(left, top, side, side), ink)
        painter.setFont(role_font(Role.LABEL, self._theme))
        painter.setPen(ink)
        painter.drawText(QRectF(0, px(36), self.width(), px(20)), MIDDLE, self._words)
        if self._count:
            self._paint_count(painter, left + side + px(1), px(5))

    def _paint_beside(self, painter: QPainter, ink: str) -> None:
        px, side = self._theme.px, self._theme.px(_ICON_PX)
        top = round((self.height() - side) / 2)
        self._paint_icon(painter, QRectF(px(12), top, side, side), ink)
        painter.setFont(sized_font(15, 700 if self.isChecked() else 400, self._theme))
        painter.setPen(ink)
        room = QRectF(px(44), 0, self.width() - px(44), self.height() - 1)
        painter.drawText(room, MIDDLE_LEFT, self._words)
        if self._count:
            width = badge_width(self._count, self._theme)
            self._paint_count(painter, self.width() - width - px(16), top + 1)

    def _paint_icon(self, painter: QPainter, square: QRectF, ink: str) -> None:
        if self.isChecked():
            paint_icon(painter, self._page.icon, square, ink, cut="fill")
        else:
            paint_icon(painter, self._page.icon, square, ink)

    def _paint_count(self, painter: QPainter, left: float, top: float) -> None:
        width = badge_width(self._count, self._theme)
        left = min(left, self.width() - width - 2)
        height = self._theme.px(BADGE_PX)
        paint_badge(painter, QRectF(left, top, width, height), self._count, self._theme)


def rail_width() -> int:
    """Return the rail's width in px for the theme just now."""
    theme = current_theme()
    if theme.breadth is Breadth.WIDE:
        return theme.px(WIDE_PX)
    return NARROW_PX if theme.text_percent == 100 else theme.px(77)


class Rail(Pane):
    """All places; at 200 % text it is not there, F10 opens them as a menu."""

    page_chosen = Signal(str)

    def __init__(self, pages: Sequence[Page], *, parent: QWidget | None = None) -> None:
        theme = current_theme()
        wide = theme.breadth is Breadth.WIDE
        self._items = [RailItem(page, wide=wide) for page in pages if page.on_rail]
        above = [item for item, page in self._pairs(pages) if not page.at_bottom]
        below = [item for item, page in self._pairs(pages) if page.at_bottom]
        side = 8 if wide else 0
        super().__init__(
            *above, STRETCH, *below,
            ground="rail", sides=("right",), gap=4 if wide else 0,
            margins=(side, 8, side, 8), parent=parent,
        )  # fmt: skip
        self.setFixedWidth(rail_width())
        self.setAccessibleName(text("shell.rail"))
        for item in self._items:
            item.clicked.connect(lambda _checked, key=item.page_key: self.page_chosen.emit(key))

    def _pairs(self, pages: Sequence[Page]) -> list[tuple[RailItem, Page]]:
        return list(zip(self._items, (page for page in pages if page.on_rail), strict=True))

    def show_open(self, key: str) -> None:
        for item in self._items:
            item.setChecked(item.page_key == key)

    def show_badges(self, badges: Mapping[str, int]) -> None:
        for item in self._items:
            item.set_count(badges.get(item.page_key, 0))
