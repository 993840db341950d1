"""The unlock page: names on the left, the passphrase on the right."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.front import FrontPage
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    fill_box,
    marked_words,
    row,
)
from enumerator_app.ui.unlock.damaged_panel import DamagedPanel
from enumerator_app.ui.unlock.help_panels import ForgottenPanel
from enumerator_app.ui.unlock.operators import OperatorList
from enumerator_app.ui.unlock.panels import DigitsPanel, ExplanationPanel, PassphrasePanel
from enumerator_app.ui.unlock.state import Mode, Surroundings, UnlockState

if TYPE_CHECKING:
    from enumerator_app.ui.unlock.new_passphrase import NewPassphrasePanel

_LIST_PX: Final = 344
_FORM_PX: Final = 440
_GAP_PX: Final = 88
_MOST_SHOWN: Final = 5


class UnlockView(QWidget):
    """Shows an `UnlockState`; reports what was typed and chosen."""

    operator_chosen = Signal(int)
    submitted = Signal(str)
    digits_submitted = Signal(str)
    new_digits_submitted = Signal(str)
    digits_skipped = Signal()
    mode_wanted = Signal(object)  # Mode
    letter_typed = Signal(str, bool)
    help_wanted = Signal()
    answer_wanted = Signal()
    passphrase_chosen = Signal(str, str)
    rescue_wanted = Signal()
    go_on_wanted = Signal()
    begin_anew_wanted = Signal()

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        self._state = UnlockState()
        self.operators = OperatorList(text("unlock.who"))
        self.passphrase = PassphrasePanel()
        self.digits = DigitsPanel(chooses=False)
        self.new_digits = DigitsPanel(chooses=True)
        self.explanation = ExplanationPanel(Mode.NEW_OPERATOR)
        self.forgotten = ForgottenPanel(surroundings)
        self.damaged = DamagedPanel()
        self.helped = Pane()  # filled when it is needed: few laptops ever show it
        self.new_passphrase: NewPassphrasePanel | None = None
        self._panels: dict[Mode, QWidget] = {
            Mode.PASSPHRASE: self.passphrase,
            Mode.DIGITS: self.digits,
            Mode.NEW_DIGITS: self.new_digits,
            Mode.NEW_OPERATOR: self.explanation,
            Mode.FORGOTTEN: self.forgotten,
            Mode.HELPED: self.helped,
            Mode.DAMAGED: self.damaged,
        }
        page = FrontPage(surroundings.office_name, self._content(), _footer(surroundings))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, page)
        self._connect()

    def _content(self) -> QWidget:
        theme = current_theme()
        self._new = Button(
            text("unlock.new_operator"),
            kind=ButtonKind.QUIET,
            key="Ctrl+N",
            icon="user-plus",
            on_click=lambda: self.mode_wanted.emit(Mode.NEW_OPERATOR),
        )
        who = Text(text("unlock.who"), Role.LABEL, Tone.SOFT)
        names = column(who, theme.space(8), self.operators, theme.space(8), row(self._new, STRETCH))
        form = column(*self._panels.values(), STRETCH)
        if theme.text_percent >= 200:
            return column(form, theme.space(32), names)
        names.setFixedWidth(theme.px(_LIST_PX))
        form.setMinimumWidth(theme.px(_FORM_PX))
        gap = theme.space(_GAP_PX) if theme.text_percent == 100 else theme.space(40)
        top = Qt.AlignmentFlag.AlignTop
        return row((names, top), gap, (form, 1))

    def _connect(self) -> None:
        self.operators.selected.connect(lambda key: self.operator_chosen.emit(int(key)))
        self.passphrase.submitted.connect(self.submitted)
        self.passphrase.forgotten_wanted.connect(lambda: self.mode_wanted.emit(Mode.FORGOTTEN))
        self.digits.submitted.connect(self.digits_submitted)
        self.digits.other_wanted.connect(lambda: self.mode_wanted.emit(Mode.PASSPHRASE))
        self.new_digits.submitted.connect(self.new_digits_submitted)
        self.new_digits.other_wanted.connect(self.digits_skipped)
        self.damaged.rescue_wanted.connect(self.rescue_wanted)
        self.damaged.go_on_wanted.connect(self.go_on_wanted)
        self.damaged.begin_anew_wanted.connect(self.begin_anew_wanted)
        for panel in (self.explanation, self.forgotten, self.damaged):
            panel.back_wanted.connect(lambda: self.mode_wanted.emit(Mode.PASSPHRASE))
        self.forgotten.ask_wanted.connect(self.help_wanted)
        self.forgotten.answer_wanted.connect(self.answer_wanted)
        self.passphrase.secret.line.typed.connect(self.letter_typed)
        for secret_panel in (self.passphrase, self.digits):
            secret_panel.secret.line.installEventFilter(self)

    def render(self, state: UnlockState) -> None:  # type: ignore[override] # QWidget.render paints
        before, self._state = self._state, state
        self.operators.show_operators(state.operators, state.selected)
        shown = max(1, min(_MOST_SHOWN, len(state.operators)))
        self.operators.setFixedHeight(shown * self.operators.sizeHintForRow(0) + 2)
        is_choosing = state.mode not in (Mode.NEW_DIGITS, Mode.DAMAGED)
        self.operators.setEnabled(is_choosing and not state.is_busy)
        self._new.setVisible(is_choosing)
        if state.selected != before.selected or state.mode is not before.mode:
            self._empty()
        self.passphrase.show_state(state)
        self.digits.show_state(state)
        self.new_digits.show_state(state)
        self.forgotten.show_state(state)
        self.damaged.show_state(state)
        self._show_helped(state)
        for mode, panel in self._panels.items():
            panel.setVisible(mode is state.mode)
        self.setFocusProxy(self._focused_control(state.mode))
        has_turned = state.mode is not before.mode or state.damage is not before.damage
        if has_turned and self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_helped(self, state: UnlockState) -> None:
        if self.new_passphrase is None and state.mode is Mode.HELPED:
            from enumerator_app.ui.unlock.new_passphrase import (  # noqa: PLC0415 - as said above
                NewPassphrasePanel,
            )

            panel = self.new_passphrase = NewPassphrasePanel()
            panel.back_wanted.connect(lambda: self.mode_wanted.emit(Mode.PASSPHRASE))
            panel.chosen.connect(self.passphrase_chosen)
            self.helped.add(panel)
            self.helped.setFocusProxy(panel)
        if self.new_passphrase is not None:
            self.new_passphrase.show_state(state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _step(self, step: int) -> None:
        index = self._state.selected + step
        if 0 <= index < len(self._state.operators):
            self.operator_chosen.emit(index)

    def _empty(self) -> None:
        for panel in (self.passphrase, self.digits, self.new_digits):
            panel.secret.set_text("")

    def _focused_control(self, mode: Mode) -> QWidget:
        controls: dict[Mode, QWidget] = {
            Mode.PASSPHRASE: self.passphrase.secret.line,
            Mode.DIGITS: self.digits.secret.line,
            Mode.NEW_DIGITS: self.new_digits.secret.line,
        }
        others: dict[Mode, QWidget] = {
            Mode.NEW_OPERATOR: self.explanation.back,
            Mode.FORGOTTEN: self.forgotten.ask,
            Mode.HELPED: self.helped,
            Mode.DAMAGED: self.damaged,
        }
        return (controls | others)[mode]


def _footer(surroundings: Surroundings) -> QWidget:
    theme = current_theme()
    counts: list[QWidget] = []
    if surroundings.not_sent is not None:
        kind = MarkKind.SAVED if surroundings.not_sent else MarkKind.RECEIVED
        counts.append(marked_words(kind, text("unlock.not_sent", n=surroundings.not_sent)))
    if surroundings.received is not None:
        words = text("unlock.received", n=surroundings.received)
        counts.append(marked_words(MarkKind.RECEIVED, words))
    parts = [text("unlock.locked")]
    if surroundings.version:
        parts.insert(0, text("unlock.version", version=surroundings.version))
    if surroundings.device_code:
        parts.insert(0, text("unlock.device", code=surroundings.device_code))
    about = Text(" · ".join(parts), Role.CAPTION, Tone.SOFT, wrap=theme.text_percent >= 200)
    if theme.text_percent >= 200:
        return column(*counts, about, gap=theme.space(8))
    return row(*counts, STRETCH, about, gap=theme.space(24))
