"""The first start's page."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.first_start.state import FirstStartState, Step
from enumerator_app.ui.first_start.steps import (
    DevicesStep,
    OfficeStep,
    PassphraseStep,
    ProblemBanner,
    StepLine,
)
from enumerator_app.ui.front import FrontPage
from enumerator_app.ui.kit import Role, Text, Tone, column, current_theme, fill_box, row

_FORM_PX: Final = 620


class FirstStartView(QWidget):
    """Shows a `FirstStartState`; reports what was filled in."""

    connection_edited = Signal(object)  # Connection
    connect_wanted = Signal()
    practice_wanted = Signal()
    passphrase_chosen = Signal(str)
    back_wanted = Signal()
    look_again_wanted = Signal()
    finish_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        self._shown: Step | None = None
        self._line = StepLine()
        self._problem = ProblemBanner()
        self.office, self.passphrase, self.devices = OfficeStep(), PassphraseStep(), DevicesStep()
        self._steps: dict[Step, QWidget] = {
            Step.OFFICE: self.office,
            Step.PASSPHRASE: self.passphrase,
            Step.DEVICES: self.devices,
        }
        form = column(
            self._line, theme.space(20), self._problem, theme.space(8), *self._steps.values()
        )
        form.setMaximumWidth(theme.px(_FORM_PX))
        note = Text(text("first_start.note"), Role.CAPTION, Tone.SOFT, wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, FrontPage("", row((form, 1)), note))
        self._connect()

    def _connect(self) -> None:
        self.office.edited.connect(self.connection_edited)
        self.office.connect_wanted.connect(self.connect_wanted)
        self.office.practice_wanted.connect(self.practice_wanted)
        self.passphrase.chosen.connect(self.passphrase_chosen)
        self.passphrase.back_wanted.connect(self.back_wanted)
        self.devices.look_again_wanted.connect(self.look_again_wanted)
        self.devices.finish_wanted.connect(self.finish_wanted)

    def render(self, state: FirstStartState) -> None:  # type: ignore[override] # QWidget.render paints
        self._line.show_step(state.step)
        self._problem.show_problem(state.problem)
        self.office.show_state(state)
        self.passphrase.show_state(state)
        self.devices.show_state(state)
        for step, part in self._steps.items():
            part.setVisible(step is state.step)
        self.setFocusProxy(self._steps[state.step].focusProxy() or self._steps[state.step])
        if self._shown is not state.step:
            self._shown = state.step
            if state.step is Step.DEVICES:
                self.passphrase.form.clear()  # it has done its work
            if self.isVisible():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
