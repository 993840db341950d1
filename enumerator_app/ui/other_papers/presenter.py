"""Which sheet and how many: each change draws it anew, beside the window."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QSize
from PySide6.QtPrintSupport import QPrinter

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import PaperKind
from enumerator_app.services.papers import Made
from enumerator_app.texts import current_language, text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.jobs import Job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.other_papers.sheets import Drawn, Sheets
from enumerator_app.ui.other_papers.state import OtherPapersState, Part, Surroundings
from enumerator_app.ui.printing.paper_run import PrinterFailed
from enumerator_app.ui.printing.state import LOW_BATTERY, Preview

_TODAY_AT_MOST: Final = 500
_UNSEEN: Final = QSize(200, 200)
"""Drawn for nobody while large text hides the sheet: its pages are counted all the same."""


class ShowsOtherPapers(Protocol):
    def render_state(self, state: OtherPapersState) -> None: ...


class OtherPapersPresenter(QObject):
    """Keeps the choices; makes the sheet for the eye, for a printer, and into a file."""

    def __init__(
        self,
        laptop: Laptop,
        *,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        battery: Callable[[], Battery | None] = read_battery,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._sheets = laptop, Sheets(laptop, folder)
        self._clock, self._battery = clock, battery
        self._view: ShowsOtherPapers | None = None
        self._room = QSize()
        self._job: Job | None = None
        self.reading, self.drawing = Latest(self), Latest(self)
        self.state = OtherPapersState()

    def attach(self, view: ShowsOtherPapers | None) -> None:
        self._view = view
        self._show()

    def refresh(self) -> None:
        """Read anew what the sheets are about."""
        self.reading.ask(self._read, self._on_read, self._on_failed)

    def choose(self, kind: PaperKind) -> None:
        """Show another kind of sheet."""
        if kind != self.state.kind and not self.state.work:
            self.update(kind=kind, trouble="", said="", pages=0, preview=Preview())
            self.redraw(0)

    def type_part(self, part: Part, typed: str) -> None:
        """Somebody typed a number or a day, or chose for whom."""
        if not self.state.work:
            written = {**self.state.typed, f"{self.state.kind}.{part}": typed}
            self.update(typed=written, said="")
            self.redraw(0)

    def turn(self, pages: int) -> None:
        self.redraw(max(0, min(self.state.preview.at + pages, self.state.pages - 1)))

    def set_room(self, room: QSize) -> None:
        """Draw for a preview of so many px."""
        if room != self._room:
            self._room = room
            self.redraw(self.state.preview.at)

    # --- what it is about

    def _read(self) -> Surroundings:
        laptop = self._laptop
        where = laptop.papers.where()
        content, language = where.content(), current_language()
        today = laptop.search("", day=day_in_wib(self._clock()), limit=_TODAY_AT_MOST)
        parts = (content.place_words(language), content.day_words(language))
        said = " · ".join(part for part in parts if part)
        subjects = tuple(worker.subject for worker in today if worker.state != "withdrawn")
        has_visit = where.standing is not None
        village = where.village_code or laptop.visits.last_place()[0]
        return Surroundings(said, str(where.slips), has_visit, village, subjects[::-1])

    def _on_read(self, known: Surroundings) -> None:
        self._sheets.forget()
        self.update(known=known)
        self.redraw(self.state.preview.at)

    # --- the sheet for the eye

    def redraw(self, at: int) -> None:
        """Draw a page of the sheet as it is asked for now; an earlier wish is forgotten."""
        order, room = self.state.order, QSize(_UNSEEN if self._room.isEmpty() else self._room)
        if order is None or not self.state.known.slips or self.battery_trouble():
            self.drawing.forget()
            self.update(preview=Preview(at=at), trouble=self.battery_trouble(), pages=0)
            return
        self.update(preview=replace(self.state.preview, drawing="drawing", at=at))
        self.drawing.ask(
            lambda: self._sheets.draw(order, at, room), self._on_drawn, self._on_not_drawn
        )

    def _on_drawn(self, drawn: Drawn) -> None:
        page = drawn.page
        shown = Preview("ready", drawn.at, page.image, page.width_mm, page.height_mm)
        self.update(preview=shown, pages=drawn.pages, trouble="")

    def _on_not_drawn(self, error: Exception) -> None:
        shown = Preview("failed", self.state.preview.at)
        self.update(preview=shown, pages=0, trouble=describe(error))

    # --- on paper, and into a file

    def may_print(self) -> bool:
        """Whether there is a sheet and the battery holds; says it if it does not."""
        trouble = self.battery_trouble()
        if trouble:
            self.update(trouble=trouble)
        return self.state.may_print and not trouble

    def print_on(self, printer: QPrinter) -> None:
        order = self.state.order
        if order is not None and self._job is None:
            self._begin(
                "printing",
                lambda report, cancelled: self._sheets.print_on(printer, order, report, cancelled),
                self._on_printed,
            )

    def save_to(self, path: Path) -> None:
        order = self.state.order
        if order is not None and self._job is None:
            self._begin(
                "saving",
                lambda _, cancelled: self._sheets.save(path, order, cancelled),
                self._on_saved,
            )

    def cancel(self) -> None:
        """Stop after the page under way."""
        if self._job is not None:
            self._job.requestInterruption()
            self.update(is_stopping=True)

    def _begin(self, kind: str, work: Any, succeeded: Callable[[Any], object]) -> None:
        self.update(work=kind, done=0, trouble="", said="")
        job = Job(work, self)
        job.progressed.connect(lambda done, _: self.update(done=done))
        job.succeeded.connect(succeeded)
        job.failed.connect(self._on_work_failed)
        self._job = job
        job.start()

    def _on_printed(self, pages: int) -> None:
        stopped = pages < self.state.pages
        said = text("other_papers.cancelled" if stopped else "other_papers.printed", n=pages)
        self._end(said=said)

    def _on_saved(self, made: Made) -> None:
        key = "other_papers.saved" if made.pages else "other_papers.cancelled"
        self._end(said=text(key, n=made.pages, name=made.path.name))

    def _on_work_failed(self, error: Exception) -> None:
        is_printer = isinstance(error, PrinterFailed)
        self._end(trouble=text("printing.printer_failed") if is_printer else describe(error))

    def _end(self, **changes: Any) -> None:
        self._job = None
        self._sheets.forget()  # numbers of forms were spent
        self.update(work="", is_stopping=False, **changes)
        trouble, said = self.state.trouble, self.state.said
        if self.state.kind == "form":
            self.redraw(self.state.preview.at)
            self.update(trouble=trouble, said=said)

    # --- what is shown

    def battery_trouble(self) -> str:
        battery = self._battery()
        if battery is None or battery.is_plugged or battery.percent > LOW_BATTERY:
            return ""
        return text("printing.battery", n=battery.percent)

    def update(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self.update(trouble=describe(error))

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)
