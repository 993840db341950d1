"""The three steps' own parts."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from enumerator_app.texts import text
from enumerator_app.ui.first_start.state import Connection, FirstStartState, Step
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    Field,
    Hairline,
    Mark,
    MarkKind,
    Pane,
    Role,
    Text,
    Tone,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.kit.notices import Banner
from enumerator_app.ui.passphrase.form import Chosen, PassphraseForm


class StepLine(Pane):
    """Where one is: three words, each with its mark."""

    def __init__(self) -> None:
        theme = current_theme()
        super().__init__(direction="across", gap=theme.space(24))
        self._marks: dict[Step, tuple[Mark, Text]] = {}
        for step in Step:
            mark = Mark(MarkKind.EMPTY)
            words = Text(f"{step.value}  {text(f'first_start.step_{step.value}')}", Role.LABEL)
            self._marks[step] = (mark, words)
            self.add(row(mark, words, gap=theme.space(6)))
        self.add(STRETCH)

    def show_step(self, open_step: Step) -> None:
        """The office answers with the passphrase: until then its step is filled in, not proven."""
        proven = MarkKind.OK if open_step is Step.DEVICES else MarkKind.SAVED
        for step, (mark, words) in self._marks.items():
            kind = MarkKind.NOW if step is open_step else MarkKind.EMPTY
            mark.set_kind(proven if step.value < open_step.value else kind)
            words.set_tone(Tone.INK if step is open_step else Tone.SOFT)


class OfficeStep(Pane):
    """Server address, code, name; or practise."""

    edited = Signal(object)  # Connection
    connect_wanted = Signal()
    practice_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self.server = _field("server", "first_start.server_hint")
        self.code = _field("code", "first_start.code_hint")
        self.operator = _field("operator", "first_start.operator_hint")
        for field in (self.server, self.code, self.operator):
            field.edited.connect(self._on_edited)
        self.go = _primary("first_start.connect", self.connect_wanted.emit)
        self.practise = Button(
            text("first_start.practise"), key="Ctrl+P", on_click=self.practice_wanted.emit
        )
        gap = theme.space(12)
        self.add(
            _title("first_start.office_title"),
            theme.space(4),
            _advice("first_start.office_advice"),
            theme.space(20), self.server, gap, self.code, gap, self.operator,
            theme.space(24), row(STRETCH, self.go),
            theme.space(24), Hairline(), theme.space(16),
            Text(text("first_start.practice_title"), Role.SECTION),
            theme.space(4),
            row(
                (Text(text("first_start.practice_advice"), tone=Tone.SOFT, wrap=True), 1),
                (self.practise, Qt.AlignmentFlag.AlignTop),
                gap=theme.space(16),
            ),
        )  # fmt: skip
        self.setFocusProxy(self.server.line)

    def show_state(self, state: FirstStartState) -> None:
        asked = state.connection
        self.server.set_text(asked.server)
        self.code.set_text(asked.code)
        self.operator.set_text(asked.operator)
        self.go.setEnabled(asked.is_complete)
        self.setFocusProxy(self.code.line if state.is_code_doubted else self.server.line)

    def _on_edited(self, _typed: str) -> None:
        fields = (self.server, self.code, self.operator)
        self.edited.emit(Connection(*(field.text() for field in fields)))


class PassphraseStep(Pane):
    """Five words offered, one's own allowed, typed twice."""

    chosen = Signal(str)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self.form = PassphraseForm()
        self.go = _primary("first_start.make", self._on_go)
        self.back = Button(
            text("first_start.back"),
            kind=ButtonKind.QUIET,
            key="Esc",
            on_click=self.back_wanted.emit,
        )
        self.form.changed.connect(self._on_changed)
        self.add(
            _title("first_start.passphrase_title"), theme.space(4),
            _advice("first_start.passphrase_advice"), theme.space(16), self.form,
            theme.space(20), row(self.back, STRETCH, self.go),
        )  # fmt: skip
        self.setFocusProxy(self.form.first.line)
        self._on_changed(Chosen())

    def show_state(self, state: FirstStartState) -> None:
        self.go.set_busy(text("first_start.making") if state.is_busy else "")
        self.back.setEnabled(not state.is_busy)

    def _on_changed(self, chosen: Chosen) -> None:
        self.go.setEnabled(bool(chosen.passphrase))

    def _on_go(self) -> None:
        self.chosen.emit(self.form.chosen().passphrase)


class DevicesStep(Pane):
    """Printer and camera, each with one word and what to do; both may wait."""

    look_again_wanted = Signal()
    finish_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._printer, self._camera = _DeviceLine("printer"), _DeviceLine("camera")
        self.again = Button(
            text("first_start.look_again"), key="Ctrl+R", on_click=self.look_again_wanted.emit
        )
        self.go = _primary("first_start.finish", self.finish_wanted.emit)
        self.add(
            _title("first_start.devices_title"), theme.space(4),
            _advice("first_start.devices_advice"), theme.space(16),
            self._printer, Hairline(), self._camera, Hairline(),
            theme.space(24), row(self.again, STRETCH, self.go),
        )  # fmt: skip
        self.setFocusProxy(self.go)

    def show_state(self, state: FirstStartState) -> None:
        self._printer.show_names(state.printers)
        self._camera.show_names(state.cameras)
        self.again.setEnabled(state.printers is not None)


class _DeviceLine(Pane):
    """One device: mark, what was found, what to do without it."""

    def __init__(self, device: str) -> None:
        theme = current_theme()
        super().__init__(direction="across", gap=theme.space(12))
        self._device = device
        self._mark = Mark(MarkKind.EMPTY)
        self._words = Text("", Role.STRONG, wrap=True)
        self._advice = Text("", Role.CAPTION, Tone.SOFT, wrap=True)
        self.add(self._mark, (column(STRETCH, self._words, self._advice, STRETCH), 1))
        self.setMinimumHeight(theme.px(64))

    def show_names(self, names: tuple[str, ...] | None) -> None:
        if names is None:
            kind, words, advice = MarkKind.WAITING, "looking", ""
        elif names:
            kind, words, advice = MarkKind.OK, "found", ""
        else:
            kind, words, advice = MarkKind.NOTE, "none", f"first_start.{self._device}_advice"
        self._mark.set_kind(kind)
        found = ", ".join(names or ())
        self._words.setText(text(f"first_start.{self._device}_{words}", None, names=found))
        self._advice.setText(text(advice) if advice else "")
        self._advice.setVisible(bool(advice))


class ProblemBanner(Banner):
    """What went wrong, in a sentence; gone while nothing did."""

    def __init__(self) -> None:
        super().__init__("look", "")
        self.hide()

    def show_problem(self, sentence: str) -> None:
        self.set_words("look", sentence)
        self.setVisible(bool(sentence))


def _field(name: str, hint_key: str) -> Field:
    field = Field(text(f"first_start.{name}"), placeholder=text(hint_key))
    field.line.setObjectName(f"first_start_{name}")
    return field


def _title(key: str) -> QWidget:
    return Text(text(key), Role.TITLE, wrap=True)


def _advice(key: str) -> QWidget:
    return Text(text(key), Role.BODY, Tone.SOFT, wrap=True)


def _primary(key: str, act: Callable[[], object]) -> Button:
    return Button(
        text(key), kind=ButtonKind.PRIMARY, size=ButtonSize.PAGE, key="Return", on_click=act
    )
