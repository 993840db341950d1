"""Below the list: how many there are, the keys of the list, and the way to those who are ticked."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonSize,
    Keycap,
    Pane,
    Role,
    Text,
    Tone,
    current_theme,
)
from enumerator_app.ui.workers.folder_choice import ask_folder
from enumerator_app.ui.workers.state import WorkersState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from enumerator_app.ui.kit.boxes import Item


class ListFoot(Pane):
    """With large text a button leads to those who are ticked: there is no room beside the list."""

    picked_opened = Signal()
    folder_chosen = Signal(object)  # Path

    def __init__(self) -> None:
        theme = current_theme()
        self._count = Text("", Role.CAPTION, Tone.SOFT)
        keys: list[Item] = [] if theme.has_drawer else [
            Keycap("Return"), Text(text("people.open"), Role.CAPTION, Tone.SOFT), 8,
            Keycap("Space"), Text(text("people.pick"), Role.CAPTION, Tone.SOFT), 8,
        ]  # fmt: skip
        self.ask_folder: Callable[[QWidget], Path | None] = ask_folder
        self._photos = Button(text("photos.open"), size=ButtonSize.ROW, key="Ctrl+O")
        self._photos.setObjectName("photos.open")
        self._picked = Button("", size=ButtonSize.ROW)
        self._picked.setObjectName("people.open_picked")
        self._picked.hide()
        side = theme.space(24)
        super().__init__(
            self._count,
            STRETCH,
            *keys,
            self._picked,
            self._photos,
            sides=("top",),
            direction="across",
            gap=theme.space(6),
            margins=(side, theme.space(10), side, theme.space(10)),
        )
        self._photos.clicked.connect(self._choose_folder)
        self._picked.clicked.connect(lambda _checked: self.picked_opened.emit())

    def _choose_folder(self) -> None:
        folder = self.ask_folder(self)
        if folder is not None:
            self.folder_chosen.emit(folder)

    def show_foot(self, state: WorkersState) -> None:
        self._count.setText(_count_words(state))
        self._picked.set_words(text("people.picked", n=thousands(len(state.picked))))
        self._picked.setVisible(bool(state.picked) and not current_theme().has_rail)


def _count_words(state: WorkersState) -> str:
    if state.phase != "ready":
        return ""
    if not state.query.is_narrowed:
        return text("people.count_all", n=thousands(state.total))
    if state.has_more:
        return text("people.count_many", n=thousands(len(state.rows)))
    return text("people.count", n=thousands(len(state.rows)))
