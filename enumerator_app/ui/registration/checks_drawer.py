"""What the right column says, in one bar below the form, for large text."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    Mark,
    Pane,
    Role,
    Text,
    Tone,
    bind_key,
    column,
    current_theme,
    empty_layout,
    fill_box,
)
from enumerator_app.ui.registration.brought.line import BroughtLine
from enumerator_app.ui.registration.checks import CheckLine
from enumerator_app.ui.registration.checks_pane import MARKS
from enumerator_app.ui.registration.same_pane import SameAnswers, bind_answers, same_line
from enumerator_app.ui.registration.state import Answer, RegistrationState, SameCard


class ChecksDrawer(Pane):
    """The same below the form, for large text: the first thing, and how many more there are."""

    jumped = Signal(int)
    same_answered = Signal(str, str)  # key of the card, Answer

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(32)
        super().__init__(
            ground="pane",
            sides=("top",),
            direction="across",
            gap=theme.space(12),
            margins=(side, theme.space(8), theme.space(24), theme.space(8)),
        )
        self._shown: object = None
        self._same: tuple[SameCard, ...] = ()
        self.brought = BroughtLine()
        self.brought.setParent(self)
        self.setMinimumHeight(theme.space(96))
        bind_answers(self, self._answer)
        bind_key("Alt+D", self, self.brought.chosen.emit)
        bind_key("Ctrl+D", self, self.brought.list_asked.emit)

    def show_checks(self, state: RegistrationState) -> None:
        wanted = (state.form.is_empty, state.checks.lines, state.same, state.brought)
        if wanted == self._shown:
            return
        self._shown, self._same = wanted, state.same
        empty_layout(self.box)
        urgent = [line for line in state.checks.lines if line.severity != "note"]
        self.set_ground("amber_tint" if urgent or state.same else "pane")
        has_error = any(line.severity == "error" for line in urgent)
        if state.same:  # before all others: nobody is recorded twice for want of room
            self._show_same(state.same[0])
        elif state.brought.hits and not has_error:
            self.set_ground("pane")
            self.brought.fill(self.box, state.brought)
        elif urgent:
            self._show_line(urgent[0], len(state.checks.lines) - 1)
        elif not state.is_correcting and self.brought.fill(self.box, state.brought):
            pass
        else:
            key = "form.checks.empty" if state.form.is_empty else "form.checks.fine"
            self.add((Text(text(key), Role.BODY, Tone.SOFT, wrap=True), 1))

    def show_tip(self, words: str) -> None:
        """There is no room for tips here; Shift+F1 shows more of them."""

    def _show_line(self, line: CheckLine, more: int) -> None:
        words = column(STRETCH, Text(line.sentence, Role.STRONG, wrap=True), STRETCH)
        if more:
            tail = Text(text("form.checks.more", n=more), Role.CAPTION)
            fill_box(words.layout(), tail, STRETCH)  # type: ignore[arg-type]
        button = Button(
            text("form.checks.look"),
            key=f"Alt+{line.key}",
            key_elsewhere=True,
            on_click=lambda: self.jumped.emit(line.key),
        )
        self.add(Mark(MARKS[line.severity]), (words, 1), button)

    def _show_same(self, card: SameCard) -> None:
        mark, words = same_line(card)
        answers = SameAnswers(short=True)
        answers.answered.connect(self._answer)
        self.add(mark, (words, 1), answers)

    def _answer(self, answer: Answer) -> None:
        if self._same:
            self.same_answered.emit(self._same[0].key, answer)
