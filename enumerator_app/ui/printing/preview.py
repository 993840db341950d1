"""The sheet as it will come out: one side drawn at a time, and only for the people on it."""

from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSize

from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.printing.paper_run import Order, PrintingLaptop, draw_side
from enumerator_app.ui.printing.pdf_pages import PageImage
from enumerator_app.ui.printing.state import (
    Preview,
    PrintingState,
    capacity_of,
    on_sheet,
    sides_of,
)


class ShowsSides(Protocol):
    """What the preview needs of the page's mind, which is also its parent object."""

    @property
    def state(self) -> PrintingState: ...
    def update(self, **changes: Any) -> None: ...


class SidePreview(QObject):
    """Draws beside the window; a newer wish makes the older ones stale."""

    def __init__(self, laptop: PrintingLaptop, owner: Any) -> None:
        super().__init__(owner)
        self._laptop = laptop
        self._owner: ShowsSides = owner
        self._room = QSize()
        self.drawing = Latest(self)

    def take_room(self, room: QSize) -> bool:
        """Remember how large the preview may be; True if that is new."""
        is_new = room != self._room
        self._room = room
        return is_new

    def redraw(self, at: int | None, *, is_allowed: bool) -> None:
        state = self._owner.state
        wanted = state.preview.at if at is None else at
        side = max(0, min(wanted, state.side_count - 1))
        if not state.chosen or self._room.isEmpty() or not is_allowed:
            self.drawing.forget()
            self._owner.update(preview=Preview(at=max(0, side)))
            return
        number, face = divmod(side, sides_of(state.sheet))
        rows = on_sheet(state.chosen, state.first, capacity_of(state.sheet), number)
        first = state.first if number == 0 else 0
        order = Order(tuple(row.subject for row in rows), state.sheet, first)
        room = QSize(self._room)
        self._owner.update(preview=replace(state.preview, drawing="drawing", at=side))
        self.drawing.ask(
            lambda: draw_side(self._laptop, order, face, room), self._on_drawn, self._on_not_drawn
        )

    def _on_drawn(self, page: PageImage) -> None:
        at = self._owner.state.preview.at
        shown = Preview("ready", at, page.image, page.width_mm, page.height_mm)
        self._owner.update(preview=shown)

    def _on_not_drawn(self, error: Exception) -> None:
        at = self._owner.state.preview.at
        self._owner.update(preview=Preview("failed", at), trouble=describe(error))
