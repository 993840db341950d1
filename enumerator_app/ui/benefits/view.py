"""The pages with their three buttons. No rail, no line of numbers, nobody's name."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.benefits.sheet import BenefitSheet, spoken
from enumerator_app.ui.benefits.state import BenefitsState
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Pane,
    Role,
    Text,
    Tone,
    announce,
    bind_key,
    current_theme,
    row,
)


class BenefitsView(Pane):
    """Shows a state; reports the turning of pages."""

    next_asked = Signal()
    previous_asked = Signal()
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__(ground="ground")
        self._at = -1
        self._sheet = BenefitSheet()
        self._source = Text("", Role.CAPTION, Tone.SOFT)
        self._close = self._button("close", ButtonKind.QUIET, "Esc", self.close_asked)
        self._previous = self._button("previous", ButtonKind.SECONDARY, "Left", self.previous_asked)
        self._next = self._button("next", ButtonKind.PRIMARY, "Right", self.next_asked)
        theme = current_theme()
        edge, room = theme.space(80), theme.space(12)
        if theme.has_drawer:
            edge = theme.space(24)
            self._source.hide()
        buttons = row(
            self._close,
            self._source,
            STRETCH,
            self._previous,
            self._next,
            gap=theme.space(12),
            margins=(edge, room, edge, room),
        )
        self.add((self._sheet, 1), buttons)
        for keys, signal in (("PgDown", self.next_asked), ("PgUp", self.previous_asked)):
            bind_key(keys, self, signal.emit)
        self.setFocusProxy(self._next)

    def _button(self, name: str, kind: ButtonKind, key: str, asked: object) -> Button:
        button = Button(text(f"benefits.{name}"), kind=kind, size=ButtonSize.PAGE, key=key)
        button.clicked.connect(asked)
        button.setObjectName(f"benefits.{name}")
        return button

    def render_state(self, state: BenefitsState) -> None:
        self._sheet.show_page(state)
        self._source.setText(state.source)
        if self._previous.hasFocus() and state.is_first:
            self._next.setFocus()
        self._previous.setEnabled(not state.is_first)
        self._next.set_words(text("benefits.finish" if state.is_last else "benefits.next"))
        if state.at != self._at:
            self._at = state.at
            announce(self, spoken(state))
