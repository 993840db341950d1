"""Putting things beside and below one another: columns, rows, panes, hairlines, scrolling."""

from enum import Enum
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from enumerator_app.ui.kit.painting import paint_box, smooth_painter
from enumerator_app.ui.kit.theme import current_theme


class Stretch(Enum):
    """What takes the room that is left."""

    STRETCH = 1


STRETCH: Final = Stretch.STRETCH
Item = QWidget | int | Stretch | tuple[QWidget, int] | tuple[QWidget, Qt.AlignmentFlag]
Margins = tuple[int, int, int, int]  # left, top, right, bottom
Side = Literal["left", "top", "right", "bottom"]
Ground = Literal["ground", "pane", "rail", "amber_tint", "amber", ""]

NO_MARGINS: Final = (0, 0, 0, 0)


def fill_box(box: QBoxLayout, *items: Item) -> None:
    """Add items in order: a widget, px, STRETCH, or (widget, stretch or alignment)."""
    for item in items:
        if isinstance(item, Stretch):
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item[1], Qt.AlignmentFlag):
            box.addWidget(item[0], 0, item[1])
        else:
            box.addWidget(item[0], item[1])


def column(*items: Item, gap: int = 0, margins: Margins = NO_MARGINS) -> QWidget:
    """Return the items below one another."""
    widget = QWidget()
    fill_box(_plain(QVBoxLayout(widget), gap, margins), *items)
    return widget


def row(*items: Item, gap: int = 0, margins: Margins = NO_MARGINS) -> QWidget:
    """Return the items beside one another, each at the middle of the height."""
    widget = QWidget()
    fill_box(_plain(QHBoxLayout(widget), gap, margins), *items)
    return widget


def equal_columns(*widgets: QWidget, gap: int) -> QWidget:
    """Return the widgets beside one another, all of the same width whatever they hold."""
    widget = QWidget()
    box = _plain(QHBoxLayout(widget), gap, NO_MARGINS)
    for part in widgets:
        part.setSizePolicy(QSizePolicy.Policy.Ignored, part.sizePolicy().verticalPolicy())
        box.addWidget(part, 1)
    return widget


def _plain(box: QBoxLayout, gap: int, margins: Margins) -> QBoxLayout:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    return box


def empty_layout(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


class Pane(QWidget):
    """A ground without a frame; hairlines only on the named sides.

    In the sun there are no tinted grounds: the hairlines divide alone.
    """

    def __init__(
        self,
        *items: Item,
        ground: Ground = "",
        sides: tuple[Side, ...] = (),
        direction: Literal["down", "across"] = "down",
        gap: int = 0,
        margins: Margins = NO_MARGINS,
        radius: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tokens = current_theme().tokens
        self._ground = ground
        self._sides, self._radius = sides, radius
        box: QBoxLayout = QVBoxLayout(self) if direction == "down" else QHBoxLayout(self)
        self.box = _plain(box, gap, margins)
        self.add(*items)

    def add(self, *items: Item) -> None:
        fill_box(self.box, *items)

    def set_ground(self, ground: Ground) -> None:
        self._ground = ground
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = getattr(self._tokens, self._ground) if self._ground else ""
        with smooth_painter(self) as painter:
            if colour and self._radius:
                paint_box(painter, QRectF(self.rect()), fill=colour, radius=self._radius)
            elif colour:
                painter.fillRect(self.rect(), QColor(colour))
            self._paint_sides(painter)

    def _paint_sides(self, painter: QPainter) -> None:
        width, height = self.width(), self.height()
        lines = {
            "left": (0, 0, 1, height),
            "right": (width - 1, 0, 1, height),
            "top": (0, 0, width, 1),
            "bottom": (0, height - 1, width, 1),
        }
        for side in self._sides:
            painter.fillRect(*lines[side], QColor(self._tokens.line))


class Hairline(QWidget):
    """A line of one px between two parts of a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor(current_theme().tokens.line)
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._colour)


_CHANGES_PLACES: Final = frozenset({QEvent.Type.Resize, QEvent.Type.LayoutRequest})
_LABEL_AND_AIR_PX: Final = 36  # the words above a field stay in sight with it


class ScrollPane(QScrollArea):
    """A page part that scrolls down when it has no room; the focused control stays in sight."""

    def __init__(self, content: QWidget, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # What was just built has no sizes yet: look once more whenever they are known anew.
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._keep_in_sight)
        self.setWidget(content)
        content.installEventFilter(self)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._clear_px = current_theme().px(_LABEL_AND_AIR_PX)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() in _CHANGES_PLACES:
            self._settled.start()
        return super().eventFilter(watched, event)

    def _on_focus_changed(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._keep_in_sight()
        self._settled.start()

    def _keep_in_sight(self) -> None:
        content, focused = self.widget(), QApplication.focusWidget()
        if focused is not None and content is not None and content.isAncestorOf(focused):
            top = focused.mapTo(content, QPoint(0, 0)).y()
            self._show_span(top - self._clear_px, top + focused.height() + self._clear_px)

    def _show_span(self, top: int, bottom: int) -> None:
        """Scroll no further than this asks for; what fits without scrolling is shown so.

        Qt's own way leaves a field alone that is in sight while the words above it are cut.
        """
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if bottom <= height:
            bar.setValue(0)
        elif top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + height:
            bar.setValue(min(top, bottom - height))


class BottomBar(Pane):
    """The bar under a page: what is so on the left, the one primary button on the right."""

    def __init__(self, *items: Item, margins: Margins | None = None) -> None:
        theme = current_theme()
        side = theme.space(24)
        super().__init__(
            *items,
            ground="ground",
            sides=("top",),
            direction="across",
            gap=theme.space(12),
            margins=margins or (theme.space(32), 0, side, 0),
        )
        self.setFixedHeight(max(64, theme.control_height + theme.space(24)))
