"""Printing, saving and marking, one at a time; nothing counts as printed before a person said so.

A printer that takes sheets is no proof of paper. So sheets go out unmarked, the person says that
all came out (or which card was the last), and only those are marked. Whoever is not marked waits
on the list as before.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtPrintSupport import QPrinter

from enumerator_app.texts import text
from enumerator_app.ui.jobs import Cancelled, Job, Report
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import Printed
from enumerator_app.ui.printing.paper_run import (
    Order,
    PrinterFailed,
    PrintingLaptop,
    print_order,
    save_order,
    settle,
)
from enumerator_app.ui.printing.state import (
    PaperRow,
    PrintingState,
    Settling,
    Work,
    WorkKind,
    capacity_of,
    next_free,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class OrdersPaper(Protocol):
    """What this work needs of the page's mind, which is also its parent object."""

    @property
    def state(self) -> PrintingState: ...
    @property
    def changed(self) -> SignalInstance: ...
    def order(self) -> Order: ...
    def may_print(self) -> bool: ...
    def refresh(self, trouble: str = "") -> None: ...
    def keep_free(self, place: int) -> None: ...
    def requeue(self, rows: tuple[PaperRow, ...]) -> None: ...
    def update(self, **changes: Any) -> None: ...


class PaperWork(QObject):
    """The one job of the page."""

    def __init__(self, laptop: PrintingLaptop, owner: Any) -> None:
        super().__init__(owner)
        self._laptop = laptop
        self._owner: OrdersPaper = owner
        self._job: Job | None = None

    def save_to(self, path: Path) -> None:
        """Write the chosen papers into a file; they count as printed then."""
        order = self._owner.order()
        if self._may_begin():
            self._begin(
                "saving",
                lambda report, cancelled: save_order(self._laptop, order, path, report, cancelled),
                lambda printed: self._on_saved(printed, order),
            )

    def print_on(self, printer: QPrinter) -> None:
        """Hand the chosen papers to a printer, then ask whether they came out."""
        order = self._owner.order()
        if self._may_begin():
            self._begin(
                "printing",
                lambda report, cancelled: print_order(
                    self._laptop, order, printer, report, cancelled
                ),
                self._on_handed_over,
            )

    def cancel(self) -> None:
        """Stop after the sheet under way."""
        if self._job is not None:
            self._job.requestInterruption()
            work = replace(self._owner.state.work, is_stopping=True)
            self._owner.update(work=work)

    # --- after the printer took the sheets

    def all_came_out(self) -> None:
        settling = self._owner.state.settling
        if settling is not None:
            self._mark(len(settling.rows))

    def printer_stopped(self) -> None:
        """Ask which card was the last good one."""
        settling = self._owner.state.settling
        if settling is not None:
            self._owner.update(settling=replace(settling, asks_last=True))

    def not_stopped(self) -> None:
        settling = self._owner.state.settling
        if settling is not None:
            self._owner.update(settling=replace(settling, asks_last=False))

    def last_good(self, subject: UUID | None) -> None:
        """Mark the cards up to this one; the rest goes back on the list. None: not one is good."""
        settling = self._owner.state.settling
        if settling is None:
            return
        subjects = [row.subject for row in settling.rows]
        self._mark(subjects.index(subject) + 1 if subject is not None else 0)

    def ask_about(self, rows: tuple[PaperRow, ...]) -> None:
        """Ask about papers that went to a printer earlier, perhaps before a power cut."""
        state = self._owner.state
        if not rows or self._job is not None or state.work.kind:
            return
        if state.settling is None:
            self._owner.update(settling=Settling(rows))
        elif state.settling.rows != rows:  # the tray has printed more meanwhile
            self._owner.update(settling=replace(state.settling, rows=rows, free=0))

    def _mark(self, good: int) -> None:
        settling = self._owner.state.settling
        if settling is not None and self._job is None:
            self._begin(
                "marking",
                lambda _report, _cancelled: settle(self._laptop, good, len(settling.rows)),
                lambda _good: self._settled(good, settling),
            )

    def _settled(self, good: int, settling: Settling) -> None:
        """Take what is marked off the page; what is not stays, ticked."""
        rest = settling.rows[good:]
        owner, self._job = self._owner, None
        # What lies on a sheet that stopped in the printer, nobody knows: it is not offered again.
        owner.keep_free(0 if rest else settling.free)
        key = "rest" if good and rest else "done" if good else "none_done"
        said = text(f"printing.{key}", None, n=good, rest=len(rest))
        owner.update(settling=None, work=Work(), said=said, first=0, reason="", pages="")
        owner.requeue(rest)
        self._tell(good)
        owner.update(said=said)

    # --- the job

    def _may_begin(self) -> bool:
        return self._job is None and self._owner.may_print()

    def _begin(
        self,
        kind: WorkKind,
        work: "Callable[[Report, Cancelled], object]",
        succeeded: "Callable[..., object]",
    ) -> None:
        owner = self._owner
        total = len(owner.state.chosen)
        owner.update(work=Work(kind, 0, total), trouble="", said="")
        job = Job(work, self)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(succeeded)
        job.failed.connect(self._on_failed)
        self._job = job
        job.start()

    def _on_progressed(self, done: int, total: int) -> None:
        work = self._owner.state.work
        if work.kind:
            self._owner.update(work=replace(work, done=done, total=total))

    def _on_saved(self, printed: Printed, order: Order) -> None:
        self._job = None
        owner = self._owner
        if not printed.cards:
            owner.update(work=Work(), said=text("printing.cancelled"))
            return
        free = next_free(printed.cards, order.first, capacity_of(order.sheet))
        owner.keep_free(free)
        said = text("printing.saved", n=printed.cards, name=printed.path.name)
        owner.update(work=Work(), said=said, first=0, reason="", pages="")
        owner.requeue(())
        self._tell(printed.cards)
        owner.update(said=said)

    def _on_handed_over(self, rows: tuple[PaperRow, ...]) -> None:
        """Ask a person about the papers that went to the printer."""
        self._job = None
        owner, state = self._owner, self._owner.state
        if not rows:
            owner.update(work=Work(), said=text("printing.cancelled"))
            return
        order = owner.order()
        free = next_free(len(order.subjects), order.first, capacity_of(state.sheet))
        owner.update(work=Work(), settling=Settling(rows, free))

    def _on_failed(self, error: Exception) -> None:
        """Say what happened; papers that had gone to the printer are still asked about."""
        self._job = None
        failed = isinstance(error, PrinterFailed)
        trouble = text("printing.printer_failed") if failed else describe(error)
        self._owner.update(work=Work(), trouble=trouble)
        if failed:
            self._owner.refresh(trouble)

    def _tell(self, printed: int) -> None:
        self._owner.refresh()
        if printed:
            self._owner.changed.emit()
