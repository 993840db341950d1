"""The right half of the unlock page: one panel a mode."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QRegularExpressionValidator

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Item,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    current_theme,
    row,
)
from enumerator_app.ui.kit.secret_line import SecretField
from enumerator_app.ui.unlock.marked_line import MarkedLine
from enumerator_app.ui.unlock.state import Mode, UnlockState

_SIX_DIGITS: Final = r"[0-9]{0,6}"


class PassphrasePanel(Pane):
    """The operator's name, the passphrase, what is wrong with it, and what to do if forgotten."""

    submitted = Signal(str)
    forgotten_wanted = Signal()
    digits_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._title = Text("", Role.TITLE)
        self.secret = SecretField(text("unlock.passphrase"), name="unlock_passphrase")
        self._caps = MarkedLine(MarkKind.CHECK)
        self._problem = MarkedLine(MarkKind.CHECK)
        self.open_button = Button(
            text("unlock.open"),
            kind=ButtonKind.PRIMARY,
            size=ButtonSize.PAGE,
            key="Return",
            on_click=self._on_open,
        )
        forgotten = Button(
            text("unlock.forgotten"), kind=ButtonKind.QUIET, on_click=self.forgotten_wanted.emit
        )
        advice = Text(text("unlock.advice"), Role.BODY, Tone.SOFT, wrap=True)
        self.add(
            self._title, theme.space(4), advice, theme.space(20), self.secret, theme.space(12),
            self._caps, self._problem, theme.space(12),
            row(forgotten, STRETCH, self.open_button),
        )  # fmt: skip

    def show_state(self, state: UnlockState) -> None:
        self._title.setText(state.operator)
        self._caps.show_words(text("unlock.caps_lock") if state.has_caps_lock else "")
        self._problem.show_words(state.problem)
        self.open_button.setEnabled(not state.wait_s and bool(state.operators))
        self.open_button.set_busy(text("unlock.opening") if state.is_busy else "")

    def problem(self) -> str:
        return self._problem.words()

    def _on_open(self) -> None:
        self.submitted.emit(self.secret.text())


class DigitsPanel(Pane):
    """Six digits: to open again today, or to choose them right after the passphrase."""

    submitted = Signal(str)
    other_wanted = Signal()  # the passphrase instead, or no digits

    def __init__(self, *, chooses: bool) -> None:
        super().__init__()
        theme = current_theme()
        self._chooses = chooses
        self._title = Text(text("unlock.new_digits_title") if chooses else "", Role.TITLE)
        advice = Text(
            text("unlock.new_digits_advice" if chooses else "unlock.digits_advice"),
            Role.BODY,
            Tone.SOFT,
            wrap=True,
        )
        name = "unlock_new_digits" if chooses else "unlock_digits"
        self.secret = SecretField(text("unlock.digits"), name=name, role=Role.SECTION)
        self.secret.line.setValidator(QRegularExpressionValidator(_SIX_DIGITS, self.secret.line))
        self._problem = MarkedLine(MarkKind.CHECK)
        self.open_button = Button(
            text("unlock.keep_digits" if chooses else "unlock.open"),
            kind=ButtonKind.PRIMARY,
            size=ButtonSize.PAGE,
            key="Return",
            on_click=lambda: self.submitted.emit(self.secret.text()),
        )
        other = Button(
            text("unlock.skip_digits" if chooses else "unlock.use_passphrase"),
            kind=ButtonKind.QUIET,
            key="Esc",
            on_click=self.other_wanted.emit,
        )
        self.secret.edited.connect(self._on_edited)
        self.add(
            self._title, theme.space(4), advice, theme.space(20), self.secret, theme.space(12),
            self._problem, theme.space(12), row(other, STRETCH, self.open_button),
        )  # fmt: skip
        self._on_edited("")

    def show_state(self, state: UnlockState) -> None:
        if not self._chooses:
            self._title.setText(state.operator)
        self._problem.show_words(state.problem)
        self.open_button.set_busy(text("unlock.opening") if state.is_busy else "")

    def _on_edited(self, digits: str) -> None:
        self.open_button.setEnabled(len(digits) == 6)
        if len(digits) == 6 and not self._chooses:
            self.submitted.emit(digits)  # nobody should have to press Enter after the sixth


class ExplanationPanel(Pane):
    """Why something is not done here, and who does it."""

    back_wanted = Signal()

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        theme = current_theme()
        self.back = Button(text("unlock.back"), key="Esc", on_click=self.back_wanted.emit)
        items: list[Item] = [Text(text(f"unlock.{mode.value}_title"), Role.TITLE, wrap=True)]
        items += [theme.space(12), Text(text(f"unlock.{mode.value}_words"), Role.BODY, wrap=True)]
        items += [theme.space(24), row(self.back, STRETCH)]
        self.add(*items)
        self.setFocusProxy(self.back)
