"""One task: the office's words, the value as it is, and the field for the new one."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.corrections.state import CHOICES, CorrectionsState, InputKind, Task
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Button,
    Field,
    FieldState,
    Hairline,
    Icon,
    Mark,
    MarkKind,
    Option,
    Pane,
    Portrait,
    Role,
    SegmentsField,
    Text,
    Tone,
    column,
    current_theme,
    empty_layout,
    row,
    typing_formats,
)
from enumerator_app.ui.kit.typing_formats import TypingFormat
from enumerator_app.ui.registration.checks import CheckLine
from enumerator_app.ui.registration.checks_pane import MARKS

if TYPE_CHECKING:
    from enumerator_app.ui.kit.boxes import Item

WIDE_PX: Final = 520
_FORMATS: Final[dict[InputKind, TypingFormat]] = {
    "capitals": typing_formats.CAPITALS,
    "date": typing_formats.DATE,
    "nik": typing_formats.NIK,
    "phone": typing_formats.PHONE,
}
_STATES: Final = {"error": FieldState.ERROR, "warning": FieldState.WARN}


class TaskPane(Pane):
    """Made anew for each task; while typing only marks and sentences change."""

    edited = Signal(str)
    typed_again = Signal(str)
    entered = Signal()
    form_asked = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(24 if theme.has_drawer else 48)
        super().__init__(margins=(side, theme.space(32), side, theme.space(16)))
        self._task: Task | None = None
        self._field: Field | SegmentsField | None = None
        self._again: Field | None = None
        self._way_out: Button | None = None
        self._lines_box = QVBoxLayout()
        self._lines: tuple[CheckLine, ...] = ()
        self._problem = ""

    def show_task(self, state: CorrectionsState) -> None:
        if state.task is not self._task:
            self._task = state.task
            self._lines, self._problem = (), ""
            empty_layout(self.box)
            self._field = self._again = self._way_out = None
            if state.task is not None:
                self._build(state.task)
        if state.task is not None:
            self._show_typed(state)
            self._show_lines(state)

    def focus_field(self) -> None:
        if self._field is not None:
            self._field.setFocus(Qt.FocusReason.TabFocusReason)
        elif self._way_out is not None:
            self._way_out.setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self, task: Task) -> None:
        theme = current_theme()
        space = theme.space
        self._lines_box = QVBoxLayout()
        self._lines_box.setContentsMargins(0, 0, 0, 0)
        lines = QWidget()
        lines.setLayout(self._lines_box)
        lines.setMaximumWidth(theme.px(WIDE_PX))
        self.add(
            _head(task),
            space(24 if theme.compact else 32),
            _office(task),
            space(20 if theme.compact else 32),
            Hairline(),
            space(20 if theme.compact else 28),
            Text(task.label, Role.SECTION, wrap=True),
            space(16),
            self._answer(task),
            space(16),
            lines,
            STRETCH,
        )

    def _answer(self, task: Task) -> QWidget:
        if task.kind == "form":
            return self._whole_form(task)
        theme = current_theme()
        new = self._made_field(task)
        old = Text(task.old_value or text("fixing.empty"), Role.TITLE, Tone.SOFT, wrap=True)
        old_part = column(
            Text(text("fixing.now"), Role.LABEL, Tone.SOFT), theme.space(12), old, STRETCH
        )
        parts: list[QWidget] = [new]
        if task.field == "nik":
            parts.append(self._made_again())
        new_part = column(*parts, gap=theme.space(8))
        new_part.setMinimumWidth(theme.px(248))
        if theme.has_drawer or task.kind in ("capitals", "text", "nik"):
            stacked = column(old_part, theme.space(12), new_part)
            stacked.setMaximumWidth(theme.px(WIDE_PX))
            return stacked
        arrow = column(theme.space(40), Icon("arrow-right", colour=theme.tokens.ink_soft))
        top = Qt.AlignmentFlag.AlignTop
        return row((old_part, top), (arrow, top), (new_part, top), STRETCH, gap=theme.space(32))

    def _whole_form(self, task: Task) -> QWidget:
        space = current_theme().space
        button = Button(text("fixing.whole_form"), key="Ctrl+E", on_click=self.form_asked.emit)
        button.setObjectName("fixing.whole_form")
        self._way_out = button
        if task.is_refused:
            words = Text(text("fixing.refused_why"), Role.BODY, wrap=True)
            return column(words, space(12), row(button, STRETCH))
        old = Text(task.old_value or text("fixing.empty"), Role.SECTION, Tone.SOFT, wrap=True)
        now = Text(text("fixing.now"), Role.LABEL, Tone.SOFT)
        words = Text(text("fixing.whole_form_why"), Role.BODY, wrap=True)
        return column(now, space(4), old, space(16), words, space(12), row(button, STRETCH))

    def _made_field(self, task: Task) -> Field | SegmentsField:
        if task.kind == "choice":
            options = [
                Option(value, *text(f"form.option.{task.field}.{value}").split("|"))
                for value in CHOICES[task.field]
            ]
            chosen = SegmentsField(text("fixing.should_be"), options)
            chosen.chosen.connect(self.edited)
            chosen.entered.connect(self.entered)
            chosen.segments.setObjectName("fixing.value")
            self._field = chosen
            return chosen
        typing = _FORMATS.get(task.kind, typing_formats.PLAIN)
        field = Field(text("fixing.should_be"), typing=typing, role=Role.TITLE, max_length=120)
        field.line.setObjectName("fixing.value")
        field.edited.connect(self.edited)
        field.entered.connect(self._on_entered)
        self._field = field
        return field

    def _made_again(self) -> Field:
        again = Field(text("form.label.nik_again"), role=Role.SECTION, max_length=4)
        again.line.setObjectName("fixing.again")
        again.edited.connect(self.typed_again)
        again.entered.connect(self.entered)
        self._again = again
        return again

    def _on_entered(self) -> None:
        if self._again is not None:
            self._again.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()

    def _show_typed(self, state: CorrectionsState) -> None:
        field = self._field
        if isinstance(field, SegmentsField):
            if (field.value() or "") != state.typed:
                field.set_value(state.typed or None)
        elif field is not None:
            if field.text() != state.typed:
                field.set_text(state.typed)
            worst = next((line.severity for line in state.lines if line.severity != "note"), "")
            field.line.set_state(_STATES.get(worst, FieldState.PLAIN))
            field.line.setAccessibleDescription(" ".join(line.sentence for line in state.lines))
        if self._again is not None and self._again.text() != state.again:
            self._again.set_text(state.again)

    def _show_lines(self, state: CorrectionsState) -> None:
        if state.lines == self._lines and state.problem == self._problem:
            return
        self._lines, self._problem = state.lines, state.problem
        empty_layout(self._lines_box)
        if state.problem:
            self._lines_box.addWidget(Banner("stop", state.problem))
        for line in state.lines:
            self._lines_box.addWidget(_sentence(line))
            self._lines_box.addSpacing(current_theme().space(8))


def _sentence(line: CheckLine) -> QWidget:
    theme = current_theme()
    words: list[QWidget | int] = [Text(line.sentence, Role.STRONG, wrap=True)]
    if line.advice:
        words.append(Text(line.advice, Role.BODY, Tone.SOFT, wrap=True))
    mark = column(theme.px(2), Mark(MARKS[line.severity]))
    return row((mark, Qt.AlignmentFlag.AlignTop), (column(*words, gap=2), 1), gap=theme.space(10))


def _head(task: Task) -> QWidget:
    theme = current_theme()
    face = Portrait(64, 82)
    face.show_photo(task.photo)
    known = "refused" if task.is_refused else "returned"
    state = row(
        Mark(MarkKind.CHECK), Text(text(f"people.state.{known}"), Role.STRONG), STRETCH,
        gap=theme.space(6),
    )  # fmt: skip
    who = column(
        Text(task.name, Role.TITLE, wrap=True),
        theme.space(4),
        Text(task.where, Role.BODY, Tone.SOFT, wrap=True),
        theme.space(6),
        state,
        STRETCH,
    )
    return row((face, Qt.AlignmentFlag.AlignTop), (who, 1), gap=theme.space(20))


def _office(task: Task) -> QWidget:
    theme = current_theme()
    said: list[Item] = [
        Text(text(f"fixing.{'insurer' if task.is_refused else 'office'}"), Role.LABEL, Tone.SOFT),
        theme.space(6),
        Text(f"“{task.office_words}”", Role.LEAD, wrap=True),
    ]
    if task.office_sign:
        said += [theme.space(4), Text(task.office_sign, Role.CAPTION, Tone.SOFT, wrap=True)]
    return column(*said)
