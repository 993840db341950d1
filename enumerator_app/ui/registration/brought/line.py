"""The same in one line of the bar below the form, for large text: the first thing that matters."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    Mark,
    MarkKind,
    Role,
    Text,
    Tone,
    column,
    fill_box,
)
from enumerator_app.ui.registration.brought.state import BroughtView


class BroughtLine(QWidget):
    """Fills the bar with a hit, or with the standings in one sentence."""

    chosen = Signal()
    list_asked = Signal()
    let_go = Signal()

    def fill(self, box: QBoxLayout, view: BroughtView) -> bool:
        """Put the first thing that matters into the bar; False if there is nothing."""
        if view.hits:
            hit = view.hits[0]
            words = column(
                STRETCH, Text(f"{text('listed.hit')}: {hit.name}", Role.STRONG, wrap=True),
                Text(hit.detail, Role.CAPTION, Tone.SOFT, wrap=True), STRETCH,
            )  # fmt: skip
            use = Button(
                text("listed.use_short"), key="Alt+D", key_elsewhere=True,
                on_click=self.chosen.emit,
            )  # fmt: skip
            fill_box(box, Mark(MarkKind.NOTE), (words, 1), use)
            return True
        every = ([view.chosen] if view.chosen else []) + list(view.standings)
        said = [standing for standing in every if standing.warns] or every[:2]
        if not said:
            return False
        sentence = " ".join(one.sentence.rstrip(".") + "." for one in said)
        kind = MarkKind.CHECK if said[0].warns else MarkKind.NOTE
        fill_box(box, Mark(kind), (Text(sentence, Role.BODY, Tone.SOFT, wrap=True), 1))
        if view.list_ is not None:
            open_ = Button(
                text("listed.open"), key="Ctrl+D", key_elsewhere=True,
                on_click=self.list_asked.emit,
            )  # fmt: skip
            fill_box(box, open_)
        return True
