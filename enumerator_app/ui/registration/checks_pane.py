"""The right column: what to check and why, and people who may be the same."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from enumerator_app.domain.findings import Severity
from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Breadth,
    Button,
    ButtonSize,
    Hairline,
    Icon,
    Mark,
    MarkKind,
    Pane,
    Role,
    ScrollPane,
    Text,
    Tone,
    bind_key,
    column,
    current_theme,
    empty_layout,
    row,
)
from enumerator_app.ui.registration.brought.pane import BroughtPane
from enumerator_app.ui.registration.checks import CheckLine, Checks
from enumerator_app.ui.registration.same_pane import SameAnswers, bind_answers, same_parts
from enumerator_app.ui.registration.state import Answer, RegistrationState, SameCard

_WIDTHS: Final = {Breadth.NARROW: 304, Breadth.NORMAL: 328, Breadth.WIDE: 400}
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
MARKS: Final = {
    "error": MarkKind.STOP,
    "warning": MarkKind.CHECK,
    "note": MarkKind.NOTE,
}


class ChecksPane(Pane):
    """Sentences with the way to each field; rebuilt only when one of them changes."""

    jumped = Signal(int)
    same_answered = Signal(str, str)  # key of the card, Answer

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(16 if theme.compact else 24)
        super().__init__(
            ground="pane", sides=("left",), margins=(side, theme.space(20), side, theme.space(16))
        )
        self.setFixedWidth(theme.space(_WIDTHS[theme.breadth]))
        self._count = Text("", Role.CAPTION, Tone.SOFT)
        self._list = Pane()
        self._tip = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self._shown: object = None
        self._same: tuple[SameCard, ...] = ()
        tip = row(
            (Icon("hand-pointing", colour=theme.tokens.ink_soft), Qt.AlignmentFlag.AlignTop),
            (self._tip, 1),
            gap=theme.space(10),
        )
        heading = row(Text(text("form.checks.title"), Role.SECTION), STRETCH, self._count)
        self._tip_row = tip
        self.brought = BroughtPane()
        below = (theme.space(12), self.brought, tip)
        self.add(heading, theme.space(16), (ScrollPane(self._list), 1), *below)
        bind_answers(self, self._answer)
        bind_key("Alt+D", self, self.brought.chosen.emit)
        bind_key("Ctrl+D", self, self.brought.list_asked.emit)

    def show_checks(self, state: RegistrationState) -> None:
        self.brought.show_brought(state.brought, is_correcting=state.is_correcting)
        wanted = (state.form.is_empty, state.checks.lines, state.same)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._same = state.same
        self._count.setText(_count_words(state.checks))
        empty_layout(self._list.box)
        if state.form.is_empty:
            self._show_nothing("form.checks.empty", "form.checks.empty_advice")
        elif not state.checks.lines and not state.same:
            self._show_nothing("form.checks.fine", "form.checks.fine_advice")
        lines = state.checks.lines
        self._show_lines(tuple(line for line in lines if line.severity != "note"))
        if state.same:
            self._show_same(state.same)
        self._show_lines(tuple(line for line in lines if line.severity == "note"))
        self._list.add(STRETCH)
        self._tip_row.setVisible(not state.same)

    def show_tip(self, words: str) -> None:
        """Show what helps in the field that the cursor is in."""
        if words != self._tip.text():
            self._tip.setText(words)

    def _show_nothing(self, sentence: str, advice: str) -> None:
        self._list.add(
            Text(text(sentence), Role.BODY, Tone.SOFT, wrap=True),
            current_theme().space(4),
            Text(text(advice), Role.BODY, Tone.SOFT, wrap=True),
        )

    def _show_lines(self, lines: tuple[CheckLine, ...]) -> None:
        space = current_theme().space
        for line in lines:
            self._list.add(check_line(line, self.jumped.emit))
            self._list.add(space(12 if current_theme().compact else 20))

    def _show_same(self, same: tuple[SameCard, ...]) -> None:
        space = current_theme().space
        self._list.add(Text(text("form.same.title"), Role.SECTION, wrap=True), space(10))
        for part in same_parts(same):
            self._list.add(part, space(8))
        answers = SameAnswers(short=False)
        answers.answered.connect(self._answer)
        self._list.add(space(8), answers, space(16), Hairline(), space(16))

    def _answer(self, answer: Answer) -> None:
        if self._same:
            self.same_answered.emit(self._same[0].key, answer)


def check_line(line: CheckLine, jump: Callable[[int], object]) -> QWidget:
    """Return one sentence with its mark, its advice and the way to its field."""
    theme = current_theme()
    words: list[QWidget | int] = [Text(line.sentence, Role.STRONG, wrap=True)]
    if line.advice:
        words.append(Text(line.advice, Role.BODY, Tone.SOFT, wrap=True))
    if line.key and not theme.compact:
        button = Button(
            text(f"form.look_at.{line.place.split('.')[0]}"),
            key=f"Alt+{line.key}",
            key_elsewhere=True,
            size=ButtonSize.ROW,
            on_click=lambda: jump(line.key),
        )
        words += [theme.space(8), row(button, STRETCH)]
    mark = column(theme.px(2), Mark(MARKS[line.severity]))
    return row((mark, Qt.AlignmentFlag.AlignTop), (column(*words, gap=2), 1), gap=theme.space(10))


def _count_words(checks: Checks) -> str:
    """Count what the save does not go through with apart from what is only to be looked at."""
    errors, warnings, notes = map(checks.count, SEVERITIES)
    if errors:
        parts = [("blocking", errors), ("more", warnings + notes)]
    else:
        parts = [("to_check", warnings), ("notes", notes)]
    return " · ".join(text(f"form.checks.{key}", n=number) for key, number in parts if number)
