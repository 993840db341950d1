"""The bar below: what comes out, and the few things that can be done just now."""

from PySide6.QtCore import Signal

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    BottomBar,
    Button,
    ButtonKind,
    Role,
    Text,
    Tone,
    current_theme,
)
from enumerator_app.ui.printing.state import PrintingState, summary_words


class ActionsBar(BottomBar):
    """Shows the buttons that the state allows; at most one is primary.

    `again` may be put elsewhere on the page.
    """

    print_asked = Signal()
    save_asked = Signal()
    again_asked = Signal()
    cancel_asked = Signal()
    all_out = Signal()
    stopped_said = Signal()
    stopped_unsaid = Signal()
    none_good = Signal()
    last_good = Signal()
    preview_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        secondary, quiet, primary = ButtonKind.SECONDARY, ButtonKind.QUIET, ButtonKind.PRIMARY
        self._summary = Text("", Role.CAPTION, Tone.SOFT)
        self._preview = self._made("preview", secondary, "Ctrl+B", self.preview_asked)
        self.again = self._made("again", quiet, "Ctrl+R", self.again_asked)
        self._save = self._made("save", secondary, "Ctrl+S", self.save_asked)
        self._print = self._made("print", primary, "Ctrl+P", self.print_asked, icon="printer")
        self._cancel = self._made("cancel", secondary, "Esc", self.cancel_asked)
        self._stopped = self._made("stopped", secondary, "Alt+B", self.stopped_said)
        self._out = self._made("all_out", primary, "Return", self.all_out)
        self._back = self._made("back", quiet, "Esc", self.stopped_unsaid)
        self._none = self._made("none_good", secondary, "Alt+0", self.none_good)
        self._last = self._made("last_good", primary, "Return", self.last_good)
        self._buttons = (
            self._preview, self.again, self._save, self._print, self._cancel,
            self._stopped, self._out, self._back, self._none, self._last,
        )  # fmt: skip
        self.add(self._summary, STRETCH, *self._buttons)
        self._summary.setVisible(current_theme().has_rail)

    def _made(self, name: str, kind: ButtonKind, key: str, asked: object, icon: str = "") -> Button:
        button = Button(text(f"printing.{name}"), kind=kind, key=key, icon=icon)
        button.clicked.connect(asked)
        button.setObjectName(f"printing.{name}")
        return button

    def primary(self) -> Button:
        """Return the button that goes on from here."""
        shown = (self._print, self._out, self._last)
        return next((button for button in shown if not button.isHidden()), self._cancel)

    def show_state(self, state: PrintingState) -> None:
        theme, settling = current_theme(), state.settling
        self._summary.setText(summary_words(state))
        key = "printing.print" if not state.sheet_count else "printing.print_sheets"
        self._print.set_words(text(key, n=state.sheet_count))
        again = "printing.again" if state.mode == "new" else "printing.leave_again"
        self.again.set_words(text(again))
        for button in (self._print, self._save):
            button.setEnabled(state.may_print)
        self._cancel.setEnabled(not state.work.is_stopping)
        if state.work.kind:
            wanted = {self._cancel} if state.work.kind != "marking" else set()
        elif settling is None:
            wanted = {self.again, self._save, self._print}
            if not theme.has_rail:
                wanted.add(self._preview)
        elif settling.asks_last:
            wanted = {self._back, self._none, self._last}
        else:
            wanted = {self._stopped, self._out}
        for button in sorted(self._buttons, key=lambda one: one not in wanted):
            button.setVisible(button in wanted)
