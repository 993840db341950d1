"""A damaged file: what can be done about it here, by whoever sits at the table."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Button,
    ButtonKind,
    ButtonSize,
    MarkKind,
    Pane,
    Role,
    Text,
    current_theme,
    row,
)
from enumerator_app.ui.unlock.marked_line import MarkedLine
from enumerator_app.ui.unlock.state import Damage, Mode, UnlockState


class DamagedPanel(Pane):
    """Rescue what can be read; where nothing can, set it aside and enrol again."""

    rescue_wanted = Signal()
    go_on_wanted = Signal()
    begin_anew_wanted = Signal()
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = current_theme()
        primary, page = ButtonKind.PRIMARY, ButtonSize.PAGE
        self.rescue = Button(
            text("unlock.rescue"), kind=primary, size=page, key="Return",
            on_click=self.rescue_wanted.emit,
        )  # fmt: skip
        self.go_on = Button(
            text("unlock.go_on"), kind=primary, size=page, key="Return",
            on_click=self.go_on_wanted.emit,
        )  # fmt: skip
        self.begin_anew = Button(
            text("unlock.begin_anew"), size=page, on_click=self.begin_anew_wanted.emit
        )
        self.back = Button(
            text("unlock.back"), kind=ButtonKind.QUIET, key="Esc", on_click=self.back_wanted.emit
        )
        self._title = Text("", Role.TITLE, wrap=True)
        self._words = Text("", Role.BODY, wrap=True)
        self._problem = MarkedLine(MarkKind.CHECK)
        self.add(
            self._title, theme.space(12), self._words, theme.space(12), self._problem,
            theme.space(24), row(self.back, STRETCH, self.begin_anew, self.rescue, self.go_on),
        )  # fmt: skip

    def show_state(self, state: UnlockState) -> None:
        is_open, damage = state.mode is Mode.DAMAGED, state.damage
        is_done = damage is Damage.RESCUED
        self._title.setText(text("unlock.rescued_title" if is_done else "unlock.damaged_title"))
        self._words.setText(state.said or text("unlock.damaged_words"))
        self._words.setVisible(is_done or damage is Damage.FOUND)
        self._problem.show_words(state.problem if is_open else "")
        self.rescue.setVisible(damage is Damage.FOUND)
        self.rescue.set_busy(text("unlock.rescuing") if state.is_busy else "")
        self.go_on.setVisible(is_done)
        self.begin_anew.setVisible(damage is Damage.BEYOND_RESCUE)
        self.back.setVisible(not is_done and not state.is_busy)
        for button in (self.rescue, self.go_on, self.begin_anew):
            button.setEnabled(is_open and not state.is_busy)
        self.setFocusProxy(next(b for b in (self.go_on, self.begin_anew, self.rescue)
                                if not b.isHidden()))  # fmt: skip

    def said(self) -> str:
        return self._words.text()

    def problem(self) -> str:
        return self._problem.words()
