"""What the printing page says above its list, and what it shows where there is none."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Banner,
    Button,
    ButtonSize,
    EmptyState,
    LoadingRows,
    Pane,
    announce,
    current_theme,
    empty_layout,
)
from enumerator_app.ui.printing.state import PrintingState


class SaidPane(Pane):
    """Trouble, and what was done; made anew only when the words differ."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "")

    def show_state(self, state: PrintingState) -> None:
        wanted = (state.trouble, state.said)
        if wanted == self._shown:
            return
        self._shown = wanted
        empty_layout(self.box)
        if state.trouble:
            self.add(Banner("stop" if state.phase == "failed" else "look", state.trouble))
        if state.said:
            self.add(Banner("note", state.said))
        self.setVisible(bool(state.trouble or state.said))
        announce(self, state.trouble or state.said)


class InsteadPane(Pane):
    """Why there are no rows, where there are none."""

    workers_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None

    def show_state(self, state: PrintingState) -> None:
        wanted = (state.phase, bool(state.rows), state.mode, bool(state.typed))
        self.setVisible(not state.rows and state.settling is None)
        if wanted == self._shown:
            return
        self._shown = wanted
        empty_layout(self.box)
        if state.rows or state.phase == "failed":
            return
        if state.phase == "loading":
            self.add(LoadingRows(3, name=text("printing.loading")))
        else:
            self.add(current_theme().space(8), self._empty(state))

    def _empty(self, state: PrintingState) -> EmptyState:
        if state.mode == "new":
            people = Button(
                text("printing.see_people"),
                size=ButtonSize.ROW,
                key="F3",
                key_elsewhere=True,
                on_click=self.workers_asked.emit,
            )
            return EmptyState(text("printing.empty"), text("printing.empty_advice"), button=people)
        if state.typed:
            return EmptyState(text("printing.no_match"), text("printing.no_match_advice"))
        return EmptyState(text("printing.none_printed"), text("printing.none_printed_advice"))
