"""What was just done, or is about to be done and can be undone."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import Banner, Button, ButtonSize, Pane, current_theme, empty_layout, row
from enumerator_app.ui.workers.state import WorkersState


class SaidPane(Pane):
    """One banner above the list, or nothing."""

    undo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "")

    def show_said(self, state: WorkersState) -> None:
        if (state.said, state.leaving) == self._shown:
            return
        self._shown = (state.said, state.leaving)
        empty_layout(self.box)
        banner = self._leaving(state.leaving) if state.leaving else None
        if banner is None and state.said:
            banner = Banner("note", state.said)
        if banner is not None:
            side = current_theme().space(24)
            self.add(row(banner, margins=(side, 0, side, 8)))

    def _leaving(self, name: str) -> Banner:
        button = Button(
            text("people.undo"), size=ButtonSize.ROW, key="Alt+Z", on_click=self.undo_asked.emit
        )
        button.setObjectName("people.undo")
        return Banner("note", text("people.leaving", name=name), button=button)
