"""How long the full content of a record stays on this laptop."""

from typing import Final

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    Option,
    Pane,
    Role,
    SegmentsField,
    Text,
    Tone,
    current_theme,
)
from enumerator_app.ui.settings.sections import section
from enumerator_app.ui.settings.state import KeepingFacts

_LETTERS: Final = ("S", "1", "2", "3", "4")


class KeepingSection(Pane):
    """Four choices; what has left and what is about to is said below them."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._choices: tuple[int, ...] = ()
        self.days: SegmentsField | None = None
        self._place = Pane()
        self._said = Text("", Role.BODY, wrap=True)
        advice = Text(text("keeping.advice"), Role.CAPTION, Tone.SOFT, wrap=True)
        gap = theme.space(8)
        self.add(section("keeping.title", self._place, gap, self._said, gap, advice))

    def show_keeping(self, facts: KeepingFacts) -> None:
        if facts.choices != self._choices:
            self._choices = facts.choices
            self._make(facts.choices)
        if self.days is not None:
            self.days.set_value(str(facts.days))
        self._said.setText(" ".join(facts.said))
        self._said.setVisible(bool(facts.said))

    def _make(self, choices: tuple[int, ...]) -> None:
        options = [
            Option(str(days), text("keeping.for_days", n=days) if days else text("keeping.always"),
                   letter)
            for days, letter in zip(choices, _LETTERS, strict=False)
        ]  # fmt: skip
        self.days = SegmentsField(text("keeping.question"), options, tight=True)
        self.days.segments.setObjectName("settings_keeping")
        self.days.chosen.connect(lambda value: self.chosen.emit(int(value)))
        self._place.add(self.days)
