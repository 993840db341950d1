"""How it is printed: sheet, first place, and for copies the reason."""

from typing import Final

from PySide6.QtCore import Signal

from enumerator_app.domain.reprints import REASONS
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Field,
    FieldState,
    Option,
    Pane,
    Role,
    SegmentsField,
    Text,
    Tone,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.printing.state import SHEETS, PrintingState, capacity_of

_NOTED: Final = {"a4-5-fold": "printing.note_fold", "a4-10": "printing.note_ten"}


class OptionsPane(Pane):
    """Shows the choices; reports what was chosen."""

    sheet_chosen = Signal(str)
    first_chosen = Signal(int)
    reason_chosen = Signal(str)
    pages_typed = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=current_theme().row_gap)
        sheets = [Option(name, text(f"printing.sheet.{name}")) for name in SHEETS]
        reasons = [Option(name, text(f"printing.reason.{name}")) for name in REASONS]
        tight = not current_theme().has_rail
        self._sheet = SegmentsField(text("printing.sheet_label"), sheets, tight=tight)
        self._reason = SegmentsField(text("printing.reason_label"), reasons, tight=True)
        self._sheet.segments.setObjectName("printing.sheet")
        self._reason.segments.setObjectName("printing.reason")
        self._places = Pane()
        self._places_for = ""
        self._place: SegmentsField | None = None
        self._note = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._pages = Field(text("printing.pages_label"), max_length=11)
        self._pages.line.setPlaceholderText(text("printing.pages_all"))
        self._pages.line.setObjectName("printing.pages")
        self._pages.edited.connect(self.pages_typed)
        which = row((self._places, 1), self._pages, gap=current_theme().space(16))
        self._pages.setMaximumWidth(current_theme().px(150))
        self.add(self._reason, self._sheet, which, self._note)
        self._sheet.chosen.connect(self.sheet_chosen)
        self._reason.chosen.connect(self.reason_chosen)

    def show_state(self, state: PrintingState) -> None:
        self._reason.setVisible(state.mode == "again")
        self._reason.set_value(state.reason or None)
        self._sheet.set_value(state.sheet)
        self._show_places(state)
        self._pages.setVisible(state.sheet_count > 1)
        if self._pages.text() != state.pages:
            self._pages.set_text(state.pages)
        self._pages.set_state(FieldState.PLAIN if state.wanted else FieldState.WARN)
        for field in (self._sheet, self._reason):
            field.setEnabled(not state.is_busy)
        self._note.setText(_note_words(state))
        self._note.setVisible(bool(self._note.text()) and not current_theme().compact)

    def _show_places(self, state: PrintingState) -> None:
        if self._places_for != state.sheet:
            self._places_for = state.sheet
            self._make_places(capacity_of(state.sheet))
        if self._place is not None:
            self._place.set_value(str(state.first))
            self._place.setEnabled(not state.is_busy)

    def _make_places(self, capacity: int) -> None:
        empty_layout(self._places.box)
        self._place = None
        self._places.setVisible(capacity > 1)
        if capacity == 1:
            return
        options = [Option(str(place), str(place + 1)) for place in range(capacity)]
        self._place = SegmentsField(text("printing.first_label"), options, tight=True)
        self._place.segments.setObjectName("printing.first")
        self._place.chosen.connect(lambda place: self.first_chosen.emit(int(place)))
        self._places.add(self._place)


def _note_words(state: PrintingState) -> str:
    """Return what to know about this sheet; a started one comes first."""
    if state.free and not state.first:
        return text("printing.started", n=state.free + 1)
    return text(_NOTED[state.sheet]) if state.sheet in _NOTED else ""
