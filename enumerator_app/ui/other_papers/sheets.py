"""Sheets made beside the window: for the eye, for a printer, into a file."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QSize
from PySide6.QtPrintSupport import QPrinter

from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import PaperOrder, make_paper
from enumerator_app.services.papers import Made
from enumerator_app.ui.jobs import Cancelled, Report
from enumerator_app.ui.printing.paper_run import print_pdf
from enumerator_app.ui.printing.pdf_pages import PageImage, PdfPages


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page of a sheet, which one it is, and how many there are."""

    page: PageImage
    at: int
    pages: int


class Sheets:
    """Makes what is ordered; the last sheet for the eye stays, so that turning pages is cheap.

    `folder` is private: a sheet lies there only while it is made.
    """

    def __init__(self, laptop: Laptop, folder: Path) -> None:
        self._laptop, self._folder = laptop, folder
        self._last: tuple[PaperOrder | None, bytes] = (None, b"")

    def forget(self) -> None:
        """Make the next sheet anew: what it is about has changed."""
        self._last = (None, b"")

    def draw(self, order: PaperOrder, at: int, room: QSize) -> Drawn:
        """Return page `at`, or the last one before it, as large as fits into `room` px."""
        known, pdf = self._last
        if known != order:
            pdf = self._made(order, is_preview=True)
            self._last = (order, pdf)
        pages = PdfPages(pdf)
        shown = min(at, len(pages) - 1)
        return Drawn(pages.fitted(shown, room), shown, len(pages))

    def print_on(
        self, printer: QPrinter, order: PaperOrder, report: Report, cancelled: Cancelled
    ) -> int:
        """Hand the pages to a printer and return how many went there.

        Raises:
            PrinterFailed: the printer takes no more.
        """
        pdf = self._made(order, is_preview=False, cancelled=cancelled)
        return print_pdf(pdf, printer, report, cancelled) if pdf else 0

    def save(self, path: Path, order: PaperOrder, cancelled: Cancelled) -> Made:
        """Write the sheet where a person wants it."""
        return make_paper(self._laptop.papers, order, path, cancelled=cancelled)

    def _made(
        self, order: PaperOrder, *, is_preview: bool, cancelled: Cancelled | None = None
    ) -> bytes:
        """Return the sheet as PDF; nothing if it was cancelled."""
        path, papers = self._folder / f"{uuid4()}.pdf", self._laptop.papers
        try:
            make_paper(papers, order, path, is_preview=is_preview, cancelled=cancelled)
            return path.read_bytes() if path.exists() else b""
        finally:
            path.unlink(missing_ok=True)
