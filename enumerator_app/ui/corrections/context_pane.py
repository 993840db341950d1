"""The other answers of the person whose record is being corrected."""

from typing import Final

from enumerator_app.texts import text
from enumerator_app.ui.corrections.state import Task
from enumerator_app.ui.kit import (
    STRETCH,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
)

_WIDTH_PX: Final = 288


class ContextPane(Pane):
    """Labels and values, to recognise the person by; nothing can be changed here."""

    def __init__(self) -> None:
        space = current_theme().space
        super().__init__(sides=("left",), margins=(space(32), space(32), space(24), 0))
        self.setFixedWidth(space(_WIDTH_PX))
        self._shown: Task | None = None

    def show_context(self, task: Task | None) -> None:
        if task is self._shown:
            return
        self._shown = task
        empty_layout(self.box)
        if task is None:
            return
        space = current_theme().space
        self.add(Text(text("fixing.others"), Role.SECTION, wrap=True), space(16))
        for label, value in task.context:
            told = Text(value, Role.BODY, wrap=True)
            self.add(column(Text(label, Role.LABEL, Tone.SOFT, wrap=True), 2, told), space(16))
        self.add(STRETCH)
