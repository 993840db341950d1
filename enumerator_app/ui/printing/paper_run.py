"""Work beside the window: sheets drawn for the eye, for the printer, and into a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from enumerator_app.services.printing import Printing
from enumerator_app.ui.ports import Printed, SheetName, WorkerDetail
from enumerator_app.ui.printing.pdf_pages import (
    PRINT_DPI,
    ROLL_DPI,
    PageImage,
    PdfPages,
    PrinterPage,
    for_printer,
)
from enumerator_app.ui.printing.state import (
    PaperRow,
    PrintableWorker,
    capacity_of,
    is_roll,
    paper_row,
)

Report = Callable[[int, int], object]
Cancelled = Callable[[], bool]
_SAME_HEAD: Final = 0.01


class PrintingLaptop(Protocol):
    """What this page asks of the open laptop, always beside the window."""

    def to_print(self) -> tuple[PrintableWorker, ...]: ...
    def search(self, text: str, *, limit: int = 50) -> tuple[PrintableWorker, ...]: ...
    def detail(self, subject: UUID) -> WorkerDetail: ...
    def thumbnail(self, sha256: str) -> bytes | None: ...
    def preview_cards(
        self,
        subjects: tuple[UUID, ...],
        *,
        sheet: SheetName,
        first_position: int = 0,
        printer: str = "",
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
    @property
    def printing(self) -> Printing: ...
    def setting(self, name: str, default: str = "") -> str: ...
    def set_setting(self, name: str, value: str) -> None: ...


class PrinterFailed(Exception):
    """The printer took no more; `sent` are the cards, or pages, that it took before."""

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
) -> tuple[PaperRow, ...]:
    """Hand the sheets to the printer one by one; return all papers that are on their way now.

    Marks nothing: whether they came out is for a person to say, also after a power cut. Cancelling
    stops after a sheet.

    Raises:
        PrinterFailed: sheets handed over before are on their way.
    """
    sent, total, name = 0, len(order.subjects), printer.printerName()
    dpi = ROLL_DPI if is_roll(order.sheet) else PRINT_DPI
    with _painting(printer, dpi) as pages:
        for one in order.sheets():
            if cancelled():
                break
            pdf = laptop.preview_cards(
                one.subjects, sheet=one.sheet, first_position=one.first, printer=name
            )
            for page in for_printer(pdf, dpi):
                if not pages.put(page):
                    raise PrinterFailed(sent)
            laptop.printing.hand_over(one.subjects, order.reason)
            sent += len(one.subjects)
            report(sent, total)
    return on_their_way(laptop)


def print_pdf(pdf: bytes, printer: QPrinter, report: Report, cancelled: Cancelled) -> int:
    """Hand the pages of a PDF to the printer; return how many went there.

    Raises:
        PrinterFailed: with the pages that were handed over before.
    """
    sent, total = 0, len(PdfPages(pdf))
    with _painting(printer, PRINT_DPI) as pages:
        for page in for_printer(pdf):
            if cancelled():
                break
            if not pages.put(page):
                raise PrinterFailed(sent)
            sent += 1
            report(sent, total)
    return sent


def on_their_way(laptop: PrintingLaptop) -> tuple[PaperRow, ...]:
    """Return the papers that went to a printer and that nobody has judged yet."""
    papers = laptop.printing.runs.on_their_way()
    return tuple(paper_row(worker) for worker in laptop.printing.workers(papers))


def settle(laptop: PrintingLaptop, good: int, asked: int) -> int:
    """Mark the first papers on their way as printed; return how many they are."""
    laptop.printing.runs.settle(good, asked)
    return good


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


class _Pages:
    """A printer being painted on; the first page gives it its size."""

    def __init__(self, printer: QPrinter, dpi: float) -> None:
        self._printer, self._painter, self._dpi = printer, QPainter(), dpi

    def put(self, page: PrinterPage) -> bool:
        """Print one page at its true size; False if the printer takes no more."""
        if not self._painter.isActive():
            self._printer.setPageSize(QPageSize(page.points, QPageSize.Unit.Point))
            if not self._painter.begin(self._printer):
                return False
            self._painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # sharp codes
        elif not self._printer.newPage():
            return False
        scale = self._scale()
        for top, band in page.bands():
            place = QRectF(0, top * scale, band.width() * scale, band.height() * scale)
            self._painter.drawImage(place, self._for_head(band))
        return self._printer.printerState() is not QPrinter.PrinterState.Error

    def finish(self) -> bool:
        return not self._painter.isActive() or self._painter.end()

    def _scale(self) -> float:
        """Return how many dots of the printer one of ours is; on its own head exactly one."""
        scale = self._printer.resolution() / self._dpi
        return 1.0 if abs(scale - 1) < _SAME_HEAD else scale

    def _for_head(self, band: QImage) -> QImage:
        """A thermal head knows no grey: what is half dark would become a pattern of dots."""
        if self._dpi != ROLL_DPI:
            return band
        return band.convertToFormat(
            QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither
        )


@contextmanager
def _painting(printer: QPrinter, dpi: float) -> Iterator[_Pages]:
    printer.setResolution(round(dpi))
    printer.setFullPage(True)
    pages = _Pages(printer, dpi)
    try:
        yield pages
    finally:
        pages.finish()
