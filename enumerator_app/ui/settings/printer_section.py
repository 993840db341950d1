"""Printers in the settings: which one, how far it misses the middle, whether it prints alone."""

from typing import Final

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
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
from enumerator_app.ui.settings.sections import section
from enumerator_app.ui.settings.state import Offsets, PrinterFacts, shown_offset, typed_offset

_FIELDS: Final = ("right", "down", "back_right", "back_down")
_YES, _NO = "yes", "no"


class PrinterSection(Pane):
    """Each printer is remembered by its name; "" is any other."""

    edited = Signal(object)  # Offsets, of the printer that is chosen
    printer_chosen = Signal(str)
    by_itself_chosen = Signal(bool)
    test_page_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._offsets = Offsets()
        self._names: tuple[str, ...] | None = None
        self._printers = Pane()
        self.which: SegmentsField | None = None
        fields = {name: Field(text(f"settings.offset_{name}"), max_length=6) for name in _FIELDS}
        self.right, self.down, self.back_right, self.back_down = fields.values()
        self._fields = fields
        self.by_itself = SegmentsField(
            text("settings.by_itself"),
            [
                Option(_YES, text("settings.by_itself_yes")),
                Option(_NO, text("settings.by_itself_no")),
            ],
        )
        self.by_itself.segments.setObjectName("settings_by_itself")
        self.test_page = Button(text("settings.test_page"), key="Ctrl+E", icon="printer")
        self._advice = Text(text("settings.offset_advice"), Role.CAPTION, Tone.SOFT, wrap=True)
        self._by_itself_advice = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        gap = theme.space(12)
        fronts = row((self.right, 1), (self.down, 1), gap=theme.space(16))
        backs = row((self.back_right, 1), (self.back_down, 1), gap=theme.space(16))
        self.add(
            section(
                "settings.printer", self._printers, fronts, gap, backs, theme.space(8),
                self._advice, gap, row(self.test_page, STRETCH), gap, self.by_itself,
                theme.space(4), self._by_itself_advice,
            )
        )  # fmt: skip
        self._connect()

    def _connect(self) -> None:
        for name, field in self._fields.items():
            field.line.setObjectName(f"settings_offset_{name}")
            field.departed.connect(self._on_left)
            field.entered.connect(self._on_left)
        self.by_itself.chosen.connect(lambda value: self.by_itself_chosen.emit(value == _YES))
        self.test_page.clicked.connect(self.test_page_wanted)

    def show_printers(self, facts: PrinterFacts) -> None:
        """Show the printers of the system, the chosen one, and what is kept of it."""
        if facts.names != self._names:
            self._names = facts.names
            self._make_printers(facts.names)
        if self.which is not None:
            self.which.set_value(facts.chosen if facts.chosen in facts.names else "")
        self.by_itself.set_value(_YES if facts.by_itself else _NO)
        self.by_itself.setEnabled(bool(facts.chosen))
        key = "settings.by_itself_advice" if facts.chosen else "settings.by_itself_choose"
        self._by_itself_advice.setText(text(key))

    def show_offsets(self, offsets: Offsets) -> None:
        self._offsets = offsets
        for name, field in self._fields.items():
            if not field.line.hasFocus():
                field.set_text(shown_offset(getattr(offsets, f"{name}_tenths")))

    def _make_printers(self, names: tuple[str, ...]) -> None:
        empty_layout(self._printers.box)
        self.which = None
        self._printers.setVisible(bool(names))
        if not names:
            return
        options = [
            *(Option(name, name) for name in names),
            Option("", text("settings.any_printer")),
        ]
        self.which = SegmentsField(text("settings.which_printer"), options, tight=True)
        self.which.segments.setObjectName("settings_printer")
        self.which.chosen.connect(self.printer_chosen)
        self._printers.add(self.which, current_theme().space(12))

    def _on_left(self) -> None:
        read = {name: self._read(field) for name, field in self._fields.items()}
        kept = {f"{name}_tenths": tenths for name, tenths in read.items() if tenths is not None}
        if len(kept) < len(_FIELDS):
            return
        offsets = Offsets(**kept)
        if offsets != self._offsets:
            self._offsets = offsets
            self.edited.emit(offsets)

    def _read(self, field: Field) -> int | None:
        tenths = typed_offset(field.text())
        if tenths is None:
            field.set_state(FieldState.WARN, text("settings.offset_wrong"))
        else:
            field.set_state(FieldState.PLAIN)
        return tenths
