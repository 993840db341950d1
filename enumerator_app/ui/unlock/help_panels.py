"""A forgotten passphrase: the request for the office, its answer, and a new passphrase."""

from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    MarkKind,
    Pane,
    Phrase,
    Role,
    Text,
    current_theme,
    row,
)
from enumerator_app.ui.unlock.marked_line import MarkedLine
from enumerator_app.ui.unlock.state import Mode, Surroundings, UnlockState

_REQUEST: Final = "help_request.json"


class HelpFiles(Protocol):
    """The system's dialogs; a test answers them without a person."""

    def ask_request(self, parent: QWidget) -> Path | None: ...
    def ask_answer(self, parent: QWidget) -> Path | None: ...


class SystemHelpFiles:
    """The dialogs that people know from every other program."""

    def ask_request(self, parent: QWidget) -> Path | None:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        proposed = str(Path(QStandardPaths.writableLocation(place)) / _REQUEST)
        title = text("unlock.ask_office")
        chosen, _ = QFileDialog.getSaveFileName(parent, title, proposed, "JSON (*.json)")
        return Path(chosen) if chosen else None

    def ask_answer(self, parent: QWidget) -> Path | None:
        title = text("unlock.read_answer")
        chosen, _ = QFileDialog.getOpenFileName(parent, title, "", "JSON (*.json)")
        return Path(chosen) if chosen else None


class ForgottenPanel(Pane):
    """What to do, whom to call, and the two files that go to the office and come back."""

    back_wanted = Signal()
    ask_wanted = Signal()
    answer_wanted = Signal()

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        theme = current_theme()
        self.ask = Button(text("unlock.ask_office"), key="Ctrl+T", on_click=self.ask_wanted.emit)
        self.answer = Button(
            text("unlock.read_answer"), key="Ctrl+J", on_click=self.answer_wanted.emit
        )
        self.back = Button(
            text("unlock.back"), kind=ButtonKind.QUIET, key="Esc", on_click=self.back_wanted.emit
        )
        self._said = MarkedLine(MarkKind.NOTE, Role.BODY)
        self._problem = MarkedLine(MarkKind.CHECK)
        phone = Phrase((text("unlock.call"), False), (" " + surroundings.office_phone, True))
        phone.setVisible(bool(surroundings.office_phone))
        self.add(
            Text(text("unlock.forgotten_title"), Role.TITLE, wrap=True),
            theme.space(12), Text(text("unlock.forgotten_words"), Role.BODY, wrap=True),
            theme.space(8), phone, theme.space(20),
            row(self.ask, STRETCH), theme.space(8), row(self.answer, STRETCH),
            theme.space(12), self._said, self._problem,
            theme.space(24), row(self.back, STRETCH),
        )  # fmt: skip
        self.setFocusProxy(self.ask)

    def show_state(self, state: UnlockState) -> None:
        is_open = state.mode is Mode.FORGOTTEN
        self._said.show_words(state.said if is_open else "")
        self._problem.show_words(state.problem if is_open else "")

    def words(self) -> str:
        return self._said.words() or self._problem.words()
