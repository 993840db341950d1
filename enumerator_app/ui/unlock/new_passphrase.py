"""After the office's answer: whose laptop it is from now on, and with which passphrase."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Field,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    current_theme,
    row,
)
from enumerator_app.ui.passphrase.form import PassphraseForm
from enumerator_app.ui.unlock.marked_line import MarkedLine
from enumerator_app.ui.unlock.state import Mode, UnlockState


class NewPassphrasePanel(Pane):
    """Whose laptop it is from now on, and the passphrase that opens it."""

    chosen = Signal(str, str)  # name, passphrase
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self.name = Field(text("unlock.whose"))
        self.name.line.setObjectName("unlock_helped_name")
        self.form = PassphraseForm()
        self.go = Button(
            text("unlock.open"),
            kind=ButtonKind.PRIMARY,
            size=ButtonSize.PAGE,
            key="Return",
            on_click=self._on_go,
        )
        self._back = Button(
            text("unlock.back"), kind=ButtonKind.QUIET, key="Esc", on_click=self.back_wanted.emit
        )
        self._problem = MarkedLine(MarkKind.CHECK)
        self.form.changed.connect(self._on_edited)
        self.name.edited.connect(self._on_edited)
        advice = Text(text("unlock.helped_advice"), Role.BODY, Tone.SOFT, wrap=True)
        self.add(
            Text(text("unlock.helped_title"), Role.TITLE, wrap=True), theme.space(4), advice,
            theme.space(16), self.name, theme.space(12), self.form, theme.space(8), self._problem,
            theme.space(16), row(self._back, STRETCH, self.go),
        )  # fmt: skip
        self.setFocusProxy(self.form.first.line)
        self._on_edited(None)

    def show_state(self, state: UnlockState) -> None:
        is_open = state.mode is Mode.HELPED
        if is_open and not self.name.text():
            self.name.set_text(state.operator)
        self._problem.show_words(state.problem if is_open else "")
        self.go.set_busy(text("unlock.opening") if state.is_busy else "")

    def _on_edited(self, _typed: object) -> None:
        self.go.setEnabled(bool(self.name.text().strip() and self.form.chosen().passphrase))

    def _on_go(self) -> None:
        self.chosen.emit(self.name.text().strip(), self.form.chosen().passphrase)
