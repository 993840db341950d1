"""The strip above a form that is typed from paper: its number and its day (Ctrl+T)."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Button,
    ButtonKind,
    ButtonSize,
    Field,
    FieldState,
    Pane,
    Role,
    Text,
    column,
    current_theme,
    row,
    typing_formats,
)
from enumerator_app.ui.registration.form_fields import show_value
from enumerator_app.ui.registration.from_paper import (
    PAPER_DATE,
    PAPER_NUMBER,
    is_day,
    is_from_paper,
)
from enumerator_app.ui.registration.state import RegistrationState

_STATES = {"error": FieldState.ERROR, "warning": FieldState.WARN}


class PaperPanel(Pane):
    """Shown only while somebody types from paper; in amber, so that nobody forgets it is on."""

    edited = Signal(str, str)
    left = Signal(str)
    finished = Signal()  # number and day are there: on to the NIK
    ended = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(16)
        super().__init__(
            ground="amber_tint", margins=(side, theme.space(10), side, theme.space(12)), radius=8
        )
        self.number = Field(text("form.label.paper_number"), typing=typing_formats.CAPITALS)
        self.day = Field(
            text("form.label.paper_date"),
            typing=typing_formats.DATE,
            placeholder=text("form.example.birth_date"),
        )
        self.fields = {PAPER_NUMBER: self.number, PAPER_DATE: self.day}
        end = Button(
            text("form.paper.end"), kind=ButtonKind.QUIET, size=ButtonSize.ROW, key="Ctrl+T",
            key_elsewhere=True, on_click=self.ended.emit,
        )  # fmt: skip
        title = row((Text(text("form.paper.title"), Role.STRONG, wrap=True), 1), end)
        gap = theme.space(16)
        fields = row((self.number, 1), (self.day, 1), gap=gap)
        self.add(column(title, theme.space(6), fields))
        for name, field in self.fields.items():
            field.line.setObjectName(f"form.{name}")
            field.edited.connect(partial(self._on_edited, name))
            field.line.installEventFilter(self)
        self.number.entered.connect(partial(self.day.setFocus, Qt.FocusReason.TabFocusReason))
        self.day.entered.connect(self.finished)
        self.hide()

    def show_panel(self, state: RegistrationState) -> None:
        self.setVisible(is_from_paper(state.form.values))
        for name, field in self.fields.items():
            show_value(field, state.form.value(name))
            field.line.set_state(_STATES.get(state.checks.marks.get(name, ""), FieldState.PLAIN))

    def focus_first(self) -> None:
        """Put the cursor where the next paper begins."""
        self.number.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit(watched.objectName().removeprefix("form."))
        return False

    def _on_edited(self, name: str, typed: str) -> None:
        self.edited.emit(name, typed)
        if name == PAPER_DATE and is_day(typed) and len(typed) == len("22-11-2026"):
            self.finished.emit()
