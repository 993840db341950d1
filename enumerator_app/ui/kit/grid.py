"""The form's grid: twelve columns whose edges line up down the whole form."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from enumerator_app.ui.kit.theme import current_theme

COLUMNS = 12
Cell = tuple[QWidget | None, int]  # a widget or a hole, and how many columns it takes


class Grid12(QWidget):
    """Rows of cells on shared column edges.

    `QGridLayout` gives unequal columns as soon as contents have minimum widths; this does not look
    at widths at all. A row is as high as its highest cell.
    """

    def __init__(
        self, *, gap: int = 16, row_gap: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._gap = theme.space(gap)
        self._row_gap = theme.row_gap if row_gap is None else row_gap
        self._rows: list[tuple[Cell, ...]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_row(self, *cells: Cell) -> None:
        """Add a row; the spans of its cells add up to at most 12."""
        for widget, _ in cells:
            if widget is not None:
                widget.setParent(self)
                widget.show()
        self._rows.append(cells)
        self._arrange()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [self._row_height(cells, width) for cells in self._rows if _is_shown(cells)]
        return sum(heights) + self._row_gap * max(0, len(heights) - 1)

    def sizeHint(self) -> QSize:
        width = self.width() if self._has_room() else self._least_width()
        return QSize(self._least_width(), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _has_room(self) -> bool:
        return self.width() >= self._least_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
            self.updateGeometry()
        return super().event(event)

    def _least_width(self) -> int:
        """Return the narrowest width at which no cell is cut."""
        least = 0
        for cells in self._rows:
            for widget, span in cells:
                if widget is not None:
                    needed = widget.minimumSizeHint().width() + self._gap
                    least = max(least, -(-needed * COLUMNS // span) - self._gap)
        return least

    def _edges(self, start: int, span: int, width: int) -> tuple[int, int]:
        unit = (width + self._gap) / COLUMNS
        return round(start * unit), round((start + span) * unit) - self._gap

    def _row_height(self, cells: tuple[Cell, ...], width: int) -> int:
        start = highest = 0
        for widget, span in cells:
            if widget is not None and not widget.isHidden():
                left, right = self._edges(start, span, width)
                highest = max(highest, _height_of(widget, right - left))
            start += span
        return highest

    def _arrange(self) -> None:
        top = 0
        for cells in self._rows:
            start = 0
            for widget, span in cells:
                if widget is not None:
                    left, right = self._edges(start, span, self.width())
                    height = _height_of(widget, right - left)
                    widget.setGeometry(left, top, right - left, height)
                start += span
            if _is_shown(cells):
                top += self._row_height(cells, self.width()) + self._row_gap


def _is_shown(cells: tuple[Cell, ...]) -> bool:
    """Is anything of the row there? One that is hidden whole takes no room, nor a gap."""
    return any(widget is not None and not widget.isHidden() for widget, _ in cells)


def _height_of(widget: QWidget, width: int) -> int:
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    if widget.hasHeightForWidth():
        return widget.heightForWidth(width)
    return widget.sizeHint().height()
