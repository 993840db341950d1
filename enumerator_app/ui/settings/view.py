"""The settings page."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.kit import (
    STRETCH,
    Banner,
    Button,
    Hairline,
    LoadingRows,
    Pane,
    Role,
    ScrollPane,
    Text,
    column,
    current_theme,
    equal_columns,
    fill_box,
)
from enumerator_app.ui.settings.keeping_section import KeepingSection
from enumerator_app.ui.settings.printer_section import PrinterSection
from enumerator_app.ui.settings.sections import (
    FactsSection,
    LetterheadSection,
    LookSection,
    OperatorsSection,
)
from enumerator_app.ui.settings.sending_section import SendingSection
from enumerator_app.ui.settings.state import SettingsFacts, SettingsState

ChoosePath = Callable[[QWidget, str], str]  # suggested name to chosen path, "" for none
_COLUMN_PX: Final = 560


def ask_where(parent: QWidget, suggested: str) -> str:
    """Ask where to write a file; "" when it was called off."""
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - only when somebody saves

    path, _ = QFileDialog.getSaveFileName(parent, text("settings.where"), suggested)
    return path


class SettingsView(QWidget):
    """Shows a `SettingsState`; reports what was chosen."""

    preferences_chosen = Signal(object)  # Preferences
    offsets_edited = Signal(object)  # Offsets
    printer_chosen = Signal(str)
    by_itself_chosen = Signal(bool)
    test_page_wanted = Signal()
    adding_wanted = Signal()
    adding_ended = Signal()
    operator_added = Signal(str, str)
    backup_wanted = Signal(str)
    diagnostics_wanted = Signal(str)

    def __init__(self, *, choose_path: ChoosePath = ask_where, today: Callable[[], date]) -> None:
        super().__init__()
        self._choose_path, self._today = choose_path, today
        self._code = ""
        self._banner = Banner("note", "")
        self._news = column(self._banner, current_theme().space(20))
        self._news.hide()
        self._loading = LoadingRows(2, name=text("settings.loading"))
        self.look, self.printer, self.operators = (
            LookSection(),
            PrinterSection(),
            OperatorsSection(),
        )
        self.backup_button = Button(
            text("settings.back_up"), key="Ctrl+B", on_click=self._on_backup
        )
        self.diagnostics_button = Button(
            text("settings.write_diagnostics"), key="Ctrl+D", on_click=self._on_diagnostics
        )
        self._backup = FactsSection(
            "settings.backup", advice_key="settings.backup_advice", button=self.backup_button
        )
        self._office = FactsSection("settings.office")
        self._letterhead = LetterheadSection()
        self.keeping, self.auto_send = KeepingSection(), SendingSection()
        self._about = FactsSection("settings.about", advice_key="settings.licences")
        self._diagnostics = FactsSection(
            "settings.diagnostics",
            advice_key="settings.diagnostics_advice",
            button=self.diagnostics_button,
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        fill_box(box, ScrollPane(self._body()))
        self.setFocusProxy(self.look.language.segments)
        self._connect()

    def _body(self) -> QWidget:
        theme = current_theme()
        gap = theme.space(32)
        left = column(self.look, gap, self.printer, gap, self.operators, STRETCH)
        right = column(
            self._loading, self._backup, gap, self.auto_send, gap, self.keeping, gap,
            self._office, gap, self._letterhead, gap, self._diagnostics, gap, self._about, STRETCH,
        )  # fmt: skip
        title = Text(text("shell.settings"), Role.TITLE)
        margin = theme.space(40)
        margins = (margin, theme.space(32), margin, theme.space(32))
        if theme.has_drawer:
            columns: QWidget = column(left, gap, Hairline(), gap, right)
        else:
            columns = equal_columns(left, right, gap=theme.space(64))
            columns.setMaximumWidth(2 * theme.px(_COLUMN_PX) + theme.space(64))
        return Pane(
            title, theme.space(16), self._news, columns, STRETCH,
            ground="ground", margins=margins,
        )  # fmt: skip

    def _connect(self) -> None:
        self.look.chosen.connect(self.preferences_chosen)
        self.printer.edited.connect(self.offsets_edited)
        self.printer.printer_chosen.connect(self.printer_chosen)
        self.printer.by_itself_chosen.connect(self.by_itself_chosen)
        self.printer.test_page_wanted.connect(self.test_page_wanted)
        self.operators.adding_wanted.connect(self.adding_wanted)
        self.operators.adding_ended.connect(self.adding_ended)
        self.operators.added.connect(self.operator_added)

    def render(self, state: SettingsState) -> None:  # type: ignore[override] # QWidget.render paints
        self.look.show_preferences(state.preferences)
        self._show_news(state)
        facts = state.facts
        parts = (
            self._backup,
            self.keeping,
            self.auto_send,
            self._office,
            self._letterhead,
            self._about,
            self._diagnostics,
        )
        for part in parts:
            part.setVisible(facts is not None)
        self._loading.setVisible(facts is None)
        self.printer.setEnabled(facts is not None)
        self.operators.show_state(state)
        if facts is not None:
            self._show_facts(facts)
        self.backup_button.set_busy(text("settings.backing_up") if state.busy == "backup" else "")
        writing = text("settings.writing") if state.busy == "diagnostics" else ""
        self.diagnostics_button.set_busy(writing)

    def _show_facts(self, facts: SettingsFacts) -> None:
        self._code = facts.device_code
        self.printer.show_printers(facts.printers)
        self.printer.show_offsets(facts.offsets)
        last = facts.last_backup or text("settings.no_backup")
        self._backup.show_lines(("settings.last_backup", last))
        self.keeping.show_keeping(facts.keeping)
        self.auto_send.mode.set_value(facts.auto_send)
        self._office.show_lines(
            ("settings.office_name", facts.office_name or text("settings.no_office")),
            ("settings.office_address", facts.office_address),
            ("settings.office_seen", facts.office_seen),
            ("settings.device", facts.device_code),
            ("settings.device_key", facts.device_key),
        )
        self._letterhead.show_letterhead(facts.letterhead, facts.logo)
        self._about.show_lines(("settings.version", facts.version))

    def _show_news(self, state: SettingsState) -> None:
        sentence = state.problem or state.done
        self._banner.set_words("look" if state.problem else "received", sentence)
        self._news.setVisible(bool(sentence))

    def _on_backup(self) -> None:
        self._ask("settings.backup_file", self.backup_wanted.emit)

    def _on_diagnostics(self) -> None:
        self._ask("settings.diagnostics_file", self.diagnostics_wanted.emit)

    def _ask(self, name_key: str, tell: Callable[[str], object]) -> None:
        code = self._code.lower() or "laptop"
        suggested = text(name_key, code=code, day=self._today().isoformat())
        path = self._choose_path(self, suggested)
        if path:
            tell(path)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
