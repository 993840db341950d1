"""The visit page: shows a state, and reports what was asked for."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.domain.places import Places
from enumerator_app.ui.kit import empty_layout
from enumerator_app.ui.visit.asks import VisitAsks
from enumerator_app.ui.visit.closing_pane import ClosedPane, ClosingPane
from enumerator_app.ui.visit.opening_pane import OpeningPane
from enumerator_app.ui.visit.parts import VisitPane
from enumerator_app.ui.visit.running_pane import RunningPane
from enumerator_app.ui.visit.state import VisitState


class VisitView(QWidget):
    """One pane for each step of a visit; the pane is built anew only when the step changes."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.asks = VisitAsks(self)
        self._places = places
        self._kind = ""
        self._pane: VisitPane | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def render_state(self, state: VisitState) -> None:
        if state.kind != self._kind:
            self._build(state)
        if self._pane is not None:
            self._pane.show_state(state)

    def _build(self, state: VisitState) -> None:
        had_focus = self.isVisible() and self.isActiveWindow()
        self._kind = state.kind
        empty_layout(self._box)
        self._pane = self._made_pane(state)
        if self._pane is not None:
            self._box.addWidget(self._pane)
            if had_focus:
                self._pane.show_state(state)
                self._pane.focus_first()

    def _made_pane(self, state: VisitState) -> VisitPane | None:
        if state.kind == "opening":
            return OpeningPane(self.asks, self._places)
        if state.kind == "running":
            return RunningPane(self.asks)
        if state.kind == "closing":
            return ClosingPane(self.asks)
        return ClosedPane(self.asks) if state.kind == "closed" else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._pane is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._pane.focus_first()
