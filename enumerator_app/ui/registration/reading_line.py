"""The strip above the form while a card is read: one offer at a time, large, with its two keys."""

from PySide6.QtCore import Signal

from enumerator_app.domain.nik import shown_nik
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Button,
    ButtonKind,
    ButtonSize,
    Mark,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    announce,
    bind_key,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.registration.card_reading import ReadingState


class ReadingLine(Pane):
    """Hidden while nothing is read."""

    taken = Signal()
    skipped = Signal()
    closed = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(16)
        super().__init__(
            ground="pane", margins=(side, theme.space(10), side, theme.space(12)), radius=8
        )
        self._mark = Mark(MarkKind.NOTE)
        self._label = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._value = Text("", Role.SECTION, wrap=True)
        self._take = Button(
            text("reading.take"), size=ButtonSize.ROW, key="Alt+U", key_elsewhere=True,
            on_click=self.taken.emit,
        )  # fmt: skip
        self._skip = Button(
            text("reading.skip"), kind=ButtonKind.QUIET, size=ButtonSize.ROW, key="Alt+X",
            key_elsewhere=True, on_click=self.skipped.emit,
        )  # fmt: skip
        self._close = Button(
            text("reading.close"), kind=ButtonKind.QUIET, size=ButtonSize.ROW,
            on_click=self.closed.emit,
        )  # fmt: skip
        for button, name in ((self._take, "take"), (self._skip, "skip"), (self._close, "close")):
            button.setObjectName(f"reading.{name}")
        buttons = row(self._take, self._skip, self._close, gap=theme.space(8))
        words = column(self._label, self._value, gap=theme.space(2))
        if theme.has_drawer:
            self.add(column(row(self._mark, (words, 1), gap=theme.space(10)), buttons))
        else:
            self.add(row(self._mark, (words, 1), buttons, gap=theme.space(10)))
        bind_key("Alt+U", self, self.taken.emit)
        bind_key("Alt+X", self, self.skipped.emit)
        self.hide()

    def show_reading(self, state: ReadingState) -> None:
        """Show the state, whole."""
        offer = state.offer
        self.setVisible(bool(state.status))
        self._mark.set_kind(MarkKind.CHECK if state.status == "failed" else MarkKind.NOTE)
        if offer is not None:
            left = text("reading.left", n=len(state.offers))
            self._label.setText(f"{text(f'reading.field.{offer.field}')} · {left}")
            self._value.setText(shown_value(offer.field, offer.value))
        else:
            self._label.setText(text("reading.title"))
            self._value.setText(state.sentence or text(f"reading.{state.status or 'title'}"))
        for button in (self._take, self._skip):
            button.setVisible(offer is not None)
        if state.status:
            announce(self, f"{self._label.text()}: {self._value.text()}")


def shown_value(field: str, value: str) -> str:
    """Return a value as it stands in the form, in groups where they help to compare."""
    if field == "nik":
        return shown_nik(value)
    if field == "sex":
        return text(f"reading.sex.{value}")
    return value
