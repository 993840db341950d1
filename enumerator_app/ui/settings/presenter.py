"""Settings: reads what is known, and does what is asked, beside the window."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.settings.state import Offsets, SettingsFacts, SettingsState

if TYPE_CHECKING:
    from enumerator_app.ui.settings.view import SettingsView


@dataclass(frozen=True)
class SettingsActions:
    """What settings can do; each runs on its own thread and raises `KnownError`."""

    facts: Callable[[], SettingsFacts]
    save_offsets: Callable[[Offsets], object]
    add_operator: Callable[[str, str], object]  # name, passphrase
    back_up: Callable[[Path], object]
    write_diagnostics: Callable[[Path], object]
    choose_printer: Callable[[str], object] = lambda _name: None
    print_by_itself: Callable[[bool], object] = lambda _wanted: None
    auto_send: Callable[[str], object] = lambda _mode: None
    keep_days: Callable[[int], object] = lambda _days: None


class SettingsPresenter(QObject):
    """Outlives its view. Preferences are not kept here: the window changes them, and says so."""

    preferences_chosen = Signal(object)  # Preferences
    test_page_wanted = Signal()
    printer_changed = Signal()

    def __init__(
        self,
        actions: SettingsActions,
        preferences: Callable[[], Preferences],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._preferences = actions, preferences
        self._view: SettingsView | None = None
        self.state = SettingsState(preferences=preferences())

    def attach(self, view: "SettingsView") -> None:
        self._view = view
        view.preferences_chosen.connect(self.preferences_chosen)
        view.offsets_edited.connect(self._on_offsets)
        view.printer_chosen.connect(self._on_printer)
        view.by_itself_chosen.connect(self._on_by_itself)
        view.keeping.chosen.connect(self._on_keeping)
        view.auto_send.chosen.connect(self._on_auto_send)
        view.test_page_wanted.connect(self.test_page_wanted)
        view.adding_wanted.connect(lambda: self._show(is_adding=True, done="", problem=""))
        view.adding_ended.connect(lambda: self._show(is_adding=False))
        view.operator_added.connect(self._on_operator)
        view.backup_wanted.connect(self._on_backup)
        view.diagnostics_wanted.connect(self._on_diagnostics)
        self._show(preferences=self._preferences())
        self._read()

    def detach(self) -> None:
        """Forget the view: it is being taken down."""
        self._view = None

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        if is_there(self._view):
            self._view.render(self.state)

    def _read(self) -> None:
        start_job(self, self._actions.facts, self._on_facts, self._on_failed)

    def _on_facts(self, facts: object) -> None:
        if isinstance(facts, SettingsFacts):
            self._show(facts=facts)

    def do(self, busy: str, work: Callable[[], object], done: str) -> None:
        """Run something that a part of the page asked for, and say what was done."""
        if self.state.busy:
            return
        self._show(busy=busy, done="", problem="")

        def on_done(_answer: object) -> None:
            self._show(busy="", done=done, is_adding=False)
            self._read()
            if busy == "printer":
                self.printer_changed.emit()

        start_job(self, work, on_done, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self._show(busy="", problem=describe(error))

    def _on_offsets(self, offsets: Offsets) -> None:
        self.do(
            "offsets", lambda: self._actions.save_offsets(offsets), text("settings.offsets_kept")
        )

    def _on_printer(self, name: str) -> None:
        done = text("settings.printer_kept")
        self.do("printer", lambda: self._actions.choose_printer(name), done)

    def _on_by_itself(self, wanted: object) -> None:
        done = text("settings.printer_kept")
        self.do("printer", lambda: self._actions.print_by_itself(bool(wanted)), done)

    def _on_auto_send(self, mode: str) -> None:
        self.do("auto_send", lambda: self._actions.auto_send(mode), text("keeping.saved"))

    def _on_keeping(self, days: int) -> None:
        self.do("keeping", lambda: self._actions.keep_days(days), text("keeping.saved"))

    def _on_operator(self, name: str, passphrase: str) -> None:
        done = text("settings.operator_added", name=name)
        self.do("operator", lambda: self._actions.add_operator(name, passphrase), done)

    def _on_backup(self, path: str) -> None:
        self.do("backup", lambda: self._actions.back_up(Path(path)), text("settings.backed_up"))

    def _on_diagnostics(self, path: str) -> None:
        done = text("settings.diagnostics_written")
        self.do("diagnostics", lambda: self._actions.write_diagnostics(Path(path)), done)
