"""The tray: papers that wait print in the background, a full sheet at a time or when asked.

Registering never prints and never waits. When a sheet is full, and the settings say so, it goes to
the chosen printer beside the window; what came out is asked on the printing page in a pause.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.jobs import Job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import SheetName
from enumerator_app.ui.printing.dialogs import Dialogs
from enumerator_app.ui.printing.paper_run import (
    Order,
    PrinterFailed,
    PrintingLaptop,
    print_order,
)
from enumerator_app.ui.printing.state import LOW_BATTERY, SHEETS, capacity_of

FULL: Final = 5  # papers, where a sheet holds only one


@dataclass(frozen=True, slots=True)
class TrayState:
    """`waiting` are neither printed nor on their way; `on_the_way` wait for a person's word."""

    waiting: int = 0
    on_the_way: int = 0
    printing: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    waiting: tuple[UUID, ...]
    on_the_way: int
    printer: str
    by_itself: bool
    sheet: SheetName
    is_stopped: bool  # the office has stopped this laptop


class Tray(QObject):
    """Lives as long as the laptop is open; `is_busy` says that the page prints just now."""

    changed = Signal()
    handed_over = Signal()
    page_asked = Signal()  # a person must choose, or say what came out

    def __init__(
        self,
        laptop: PrintingLaptop,
        dialogs: Dialogs,
        *,
        battery: Callable[[], Battery | None],
        is_busy: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._dialogs = laptop, dialogs
        self._battery, self._is_busy = battery, is_busy
        self._reading = Latest(self)
        self._job: Job | None = None
        self.state = TrayState()

    @property
    def is_printing(self) -> bool:
        return self._job is not None

    def look(self) -> None:
        """Count anew; print a full sheet if papers print by themselves."""
        self._reading.ask(self._read, self._on_seen, self._on_failed)

    def press(self) -> None:
        """Print what waits; go to the page if nothing can go to a printer without a person."""
        self._reading.ask(self._read, self._on_pressed, self._on_failed)

    def words(self) -> str:
        """Return what the tray says instead of how many wait; "" while that is all."""
        state = self.state
        if state.printing:
            return text("printing.tray_printing", n=state.printing)
        if state.trouble:
            return state.trouble
        if state.on_the_way:
            return text("printing.tray_out", n=state.on_the_way)
        return ""

    def stop(self) -> None:
        """Stop after the sheet under way."""
        if self._job is not None:
            self._job.requestInterruption()

    def _read(self) -> _Seen:
        laptop, printers = self._laptop, self._laptop.printing.printers
        handed = {paper.subject for paper in laptop.printing.runs.on_their_way()}
        waiting = (worker.subject for worker in laptop.to_print())
        kept = laptop.setting("printing.sheet")
        sheet = next((name for name in SHEETS if name == kept), SHEETS[0])
        return _Seen(
            tuple(subject for subject in waiting if subject not in handed),
            len(handed),
            printers.chosen(),
            printers.print_by_themselves(),
            sheet,
            laptop.printing.is_stopped(),
        )

    def _on_seen(self, seen: _Seen) -> None:
        self._show(waiting=len(seen.waiting), on_the_way=seen.on_the_way)
        full = _full(seen.sheet)
        is_full = len(seen.waiting) >= full
        if seen.by_itself and seen.printer and is_full and self._may_print(seen):
            self._print(seen, seen.waiting[:full])

    def _on_pressed(self, seen: _Seen) -> None:
        self._show(waiting=len(seen.waiting), on_the_way=seen.on_the_way)
        if not seen.printer or not seen.waiting or not self._may_print(seen):
            self.page_asked.emit()
        else:
            self._print(seen, seen.waiting)

    def _may_print(self, seen: _Seen) -> bool:
        battery = self._battery()
        holds = battery is None or battery.is_plugged or battery.percent > LOW_BATTERY
        return holds and not (seen.is_stopped or self.is_printing or self._is_busy())

    def _print(self, seen: _Seen, subjects: tuple[UUID, ...]) -> None:
        printer = self._dialogs.printer_named(seen.printer, seen.sheet)
        if printer is None:
            self._show(trouble=text("printing.tray_gone"))
            return
        order = Order(subjects, seen.sheet, 0)
        job = Job(
            lambda report, cancelled: print_order(self._laptop, order, printer, report, cancelled),
            self,
        )
        job.succeeded.connect(self._on_handed_over)
        job.failed.connect(self._on_printer_failed)
        self._job = job
        self._show(printing=len(subjects), trouble="")
        job.start()

    def _on_handed_over(self, rows: object) -> None:
        assert isinstance(rows, tuple)
        self._job = None
        self._show(printing=0, on_the_way=len(rows))
        self.handed_over.emit()
        self.look()

    def _on_printer_failed(self, error: Exception) -> None:
        """Say it, and leave the rest to a person: the same printer would fail again."""
        self._job = None
        failed = isinstance(error, PrinterFailed)
        self._show(printing=0, trouble=text("printing.tray_failed") if failed else describe(error))
        self.handed_over.emit()

    def _on_failed(self, error: Exception) -> None:
        self._show(trouble=describe(error))

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self.changed.emit()


def _full(sheet: SheetName) -> int:
    capacity = capacity_of(sheet)
    return capacity if capacity > 1 else FULL
