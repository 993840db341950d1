"""Work beside the window: sheets drawn for the eye, for the printer, and into a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from enumerator_app.ui.ports import Printed, SheetName, WorkerDetail
from enumerator_app.ui.printing.pdf_pages import PRINT_DPI, PageImage, PdfPages
from enumerator_app.ui.printing.state import PrintableWorker, capacity_of

Report = Callable[[int, int], object]
Cancelled = Callable[[], bool]


class PrintingLaptop(Protocol):
    """What this page asks of the open laptop, always beside the window."""

    def to_print(self) -> tuple[PrintableWorker, ...]: ...
    def search(self, text: str, *, limit: int = 50) -> tuple[PrintableWorker, ...]: ...
    def detail(self, subject: UUID) -> WorkerDetail: ...
    def thumbnail(self, sha256: str) -> bytes | None: ...
    def preview_cards(
        self, subjects: tuple[UUID, ...], *, sheet: SheetName, first_position: int = 0
    ) -> bytes: ...
    def print_cards(
        self,
        subjects: tuple[UUID, ...],
        output: Path,
        *,
        sheet: SheetName,
        first_position: int = 0,
        reprint_reason: str = "",
        on_progress: Report | None = None,
        cancelled: Cancelled | None = None,
    ) -> Printed: ...
    def setting(self, name: str, default: str = "") -> str: ...
    def set_setting(self, name: str, value: str) -> None: ...


class PrinterFailed(Exception):
    """The printer took no more; `sent` are the cards of the sheets that it took before."""

    def __init__(self, sent: int) -> None:
        super().__init__()
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Order:
    """Which cards, on which sheets, from which place of the first one."""

    subjects: tuple[UUID, ...]
    sheet: SheetName
    first: int
    reason: str = ""

    def sheets(self) -> Iterator["Order"]:
        """Yield one order for each sheet."""
        capacity, start, first = capacity_of(self.sheet), 0, self.first
        while start < len(self.subjects):
            part = self.subjects[start : start + capacity - first]
            yield Order(part, self.sheet, first, self.reason)
            start, first = start + len(part), 0


def draw_side(laptop: PrintingLaptop, order: Order, side: int, room: QSize) -> PageImage:
    """Return one side of the one sheet in `order`, as large as fits into `room` px."""
    pdf = laptop.preview_cards(order.subjects, sheet=order.sheet, first_position=order.first)
    return PdfPages(pdf).fitted(side, room)


def print_order(
    laptop: PrintingLaptop, order: Order, printer: QPrinter, report: Report, cancelled: Cancelled
) -> int:
    """Hand the sheets to the printer one by one; return how many cards went there.

    Marks nothing: whether they came out is for a person to say. Cancelling stops after a sheet.

    Raises:
        PrinterFailed: with the cards that were handed over before.
    """
    sent, total = 0, len(order.subjects)
    with _painting(printer) as pages:
        for one in order.sheets():
            if cancelled():
                break
            pdf = laptop.preview_cards(one.subjects, sheet=one.sheet, first_position=one.first)
            for page in PdfPages(pdf).for_printer():
                if not pages.put(page):
                    raise PrinterFailed(sent)
            sent += len(one.subjects)
            report(sent, total)
    return sent


def print_pdf(pdf: bytes, printer: QPrinter, report: Report, cancelled: Cancelled) -> int:
    """Hand the pages of a PDF to the printer; return how many went there.

    Raises:
        PrinterFailed: with the pages that were handed over before.
    """
    sent, document = 0, PdfPages(pdf)
    with _painting(printer) as pages:
        for page in document.for_printer():
            if cancelled():
                break
            if not pages.put(page):
                raise PrinterFailed(sent)
            sent += 1
            report(sent, len(document))
    return sent


def save_order(
    laptop: PrintingLaptop, order: Order, path: Path, report: Report, cancelled: Cancelled
) -> Printed:
    """Write the sheets into a file and mark them as printed; a cancelled run leaves no file."""
    printed = laptop.print_cards(
        order.subjects,
        path,
        sheet=order.sheet,
        first_position=order.first,
        reprint_reason=order.reason,
        on_progress=report,
        cancelled=cancelled,
    )
    if not printed.cards:
        path.unlink(missing_ok=True)
    return printed


def mark_order(laptop: PrintingLaptop, order: Order, folder: Path) -> Printed:
    """Mark papers that came out of the printer; the sheets that this writes are let go at once."""
    path = folder / f"{uuid4()}.pdf"
    try:
        return laptop.print_cards(
            order.subjects,
            path,
            sheet=order.sheet,
            first_position=order.first,
            reprint_reason=order.reason,
        )
    finally:
        path.unlink(missing_ok=True)


class _Pages:
    """A printer being painted on; the first page gives it its size."""

    def __init__(self, printer: QPrinter) -> None:
        self._printer, self._painter = printer, QPainter()

    def put(self, page: PageImage) -> bool:
        """Print one page at its true size; False if the printer takes no more."""
        if not self._painter.isActive():
            self._printer.setPageSize(QPageSize(page.points, QPageSize.Unit.Point))
            if not self._painter.begin(self._printer):
                return False
        elif not self._printer.newPage():
            return False
        dots = self._printer.resolution() / 72
        place = QRectF(0, 0, page.points.width() * dots, page.points.height() * dots)
        self._painter.drawImage(place, page.image)
        return self._printer.printerState() is not QPrinter.PrinterState.Error

    def finish(self) -> bool:
        return not self._painter.isActive() or self._painter.end()


@contextmanager
def _painting(printer: QPrinter) -> Iterator[_Pages]:
    printer.setResolution(PRINT_DPI)
    printer.setFullPage(True)
    pages = _Pages(printer)
    try:
        yield pages
    finally:
        pages.finish()
