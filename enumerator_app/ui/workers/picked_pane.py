"""Those who are ticked: how many they are, and what can be done with all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from enumerator_app.texts import text, thousands
from enumerator_app.ui.kit import (
    BAR_PAGE_PX,
    STRETCH,
    Banner,
    Bar,
    Button,
    ButtonKind,
    Option,
    Pane,
    Role,
    SegmentsField,
    Text,
    column,
    current_theme,
    row,
)
from enumerator_app.ui.kit.line_edits import FieldState
from enumerator_app.ui.kit.secret_line import SecretField
from enumerator_app.ui.workers.state import Export, WorkersState

AskPath = Callable[[QWidget, str, str], Path | None]
_PICTURES: Final = {".xlsx": "XLSX", ".csv": "CSV"}
_MOST_PX: Final = 520


def ask_path(parent: QWidget, suffix: str, day: str) -> Path | None:
    """Ask where the table shall go; its proposed name says the day and nobody's name."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    proposed = str(Path(folder) / f"{text('people.table.file_name', date=day)}{suffix}")
    kinds = f"{_PICTURES[suffix]} (*{suffix})"
    chosen, _ = QFileDialog.getSaveFileName(parent, text("people.table.where"), proposed, kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == suffix else path.with_name(f"{path.name}{suffix}")


class PickedPane(Pane):
    """Stands in the place of the one person while anybody is ticked."""

    print_asked = Signal()
    table_asked = Signal()
    table_left = Signal()
    suffix_chosen = Signal(str)
    write_asked = Signal(object, str)  # path, passphrase
    cancelled = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        theme = current_theme()
        side = theme.space(24 if theme.has_drawer else 40)
        super().__init__(ground="ground", margins=(side, theme.space(32), side, theme.space(24)))
        self.ask_path: AskPath = ask_path
        self._export = Export()
        self._day = ""
        self._count = Text("", Role.TITLE, wrap=True)
        self._said = Pane()
        self._ways, self._form, self._running = (
            self._made_ways(), self._made_form(), self._made_running(),
        )  # fmt: skip
        self.add(
            self._count, theme.space(16), self._said, self._ways, self._form, self._running, STRETCH
        )

    def _made_ways(self) -> QWidget:
        space = current_theme().space
        table = Button(text("people.table.open"), key="Ctrl+S", on_click=self.table_asked.emit)
        table.setObjectName("people.table")
        papers = Button(
            text("people.print_picked"),
            kind=ButtonKind.PRIMARY,
            key="Ctrl+P",
            icon="printer",
            on_click=self.print_asked.emit,
        )
        clear = Button(
            text("people.unpick"),
            kind=ButtonKind.QUIET,
            key="Esc" if current_theme().has_rail else "",  # it leads back to the list there
            on_click=self.cleared.emit,
        )
        stacked = column if current_theme().has_drawer else row
        return stacked(papers, table, clear, STRETCH, gap=space(8))

    def _made_form(self) -> QWidget:
        space = current_theme().space
        options = [Option(suffix, name, name[0]) for suffix, name in _PICTURES.items()]
        self.kind = SegmentsField(text("people.table.kind"), options)
        self.kind.chosen.connect(self.suffix_chosen)
        self.secret = SecretField(text("people.table.passphrase"), name="people.passphrase")
        self.secret.entered.connect(self._ask_where)
        write = Button(
            text("people.table.write"),
            kind=ButtonKind.PRIMARY,
            key="Return",
            key_elsewhere=True,
            on_click=self._ask_where,
        )
        back = Button(
            text("people.table.back"), kind=ButtonKind.QUIET, key="Esc",
            on_click=self.table_left.emit,
        )  # fmt: skip
        form = column(
            Text(text("people.table.warning"), Role.BODY, wrap=True),
            space(16), self.kind, space(12), self.secret, space(16),
            row(write, back, STRETCH, gap=space(8)),
        )  # fmt: skip
        form.setMaximumWidth(current_theme().px(_MOST_PX))
        return form

    def _made_running(self) -> QWidget:
        space = current_theme().space
        self._progress = Text("", Role.SECTION, wrap=True)
        self._bar = Bar(name=text("people.table.running"), height=BAR_PAGE_PX)
        self._stop = Button(text("people.table.stop"), key="Esc", on_click=self.cancelled.emit)
        return column(self._progress, space(12), self._bar, space(16), row(self._stop, STRETCH))

    def show_picked(self, state: WorkersState) -> None:
        """Show how many there are, and where their table stands."""
        was, self._export = self._export.phase, state.export
        self._day = f"{state.today:%Y-%m-%d}"
        self._count.setText(text("people.picked", n=thousands(len(state.picked))))
        phase = state.export.phase
        self._show_said(state.export)
        self._ways.setVisible(phase in ("", "done"))
        self._form.setVisible(phase == "asking")
        self._running.setVisible(phase == "running")
        self.kind.set_value(state.export.suffix)
        if phase == "asking" and was != "asking":
            self.secret.set_text("")
            self.secret.setFocus()
        problem = state.export.problem if phase == "asking" else ""
        self.secret.set_state(FieldState.ERROR if problem else FieldState.PLAIN, problem)
        self._show_progress(state.export)

    def _show_said(self, export: Export) -> None:
        words = export.said or (export.problem if export.phase != "asking" else "")
        while (item := self._said.box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if words:
            banner = Banner("received" if export.phase == "done" else "note", words)
            self._said.add(banner, current_theme().space(16))

    def _show_progress(self, export: Export) -> None:
        words = text(
            "people.table.stopping" if export.is_stopping else "people.table.progress",
            done=thousands(export.done), total=thousands(export.total),
        )  # fmt: skip
        self._progress.setText(words)
        self._bar.set_amounts(total=export.total, solid=0, hatched=export.done)
        self._stop.setEnabled(not export.is_stopping)

    def _ask_where(self) -> None:
        if not self.secret.text():
            self.secret.setFocus()
            return
        path = self.ask_path(self, self._export.suffix, self._day)
        if path is not None:
            secret = self.secret.text()
            self.secret.set_text("")
            self.write_asked.emit(path, secret)
