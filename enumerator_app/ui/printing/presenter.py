"""Who is printed on what: the choices of the page, its lists and its preview."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QSize, Signal

from enumerator_app.domain.errors import LaptopStopped, NoPaperForState
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import SheetName
from enumerator_app.ui.printing.list_reading import FREE, SHEET, PapersRead, read_papers
from enumerator_app.ui.printing.paper_run import Order, PrintingLaptop
from enumerator_app.ui.printing.preview import SidePreview
from enumerator_app.ui.printing.running import PaperWork
from enumerator_app.ui.printing.state import (
    LOW_BATTERY,
    SHEETS,
    Mode,
    PaperRow,
    PrintableWorker,
    PrintingState,
    capacity_of,
    has_paper,
    paper_row,
    with_rows,
)


class ShowsPrinting(Protocol):
    def render_state(self, state: PrintingState) -> None: ...
    def show_faces(self, found: dict[str, bytes]) -> None: ...


class PrintingPresenter(QObject):
    """Holds what was chosen; `work` prints, saves and marks it."""

    changed = Signal()  # papers were marked as printed

    def __init__(
        self,
        laptop: PrintingLaptop,
        *,
        battery: Callable[[], Battery | None] = read_battery,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._battery = laptop, battery
        self._view: ShowsPrinting | None = None
        self._knows_sheet = False
        self._reading = Latest(self)
        self._faces, self._keeping = Latest(self, every_answer=True), Latest(self)
        self.state = PrintingState()
        self.preview = SidePreview(laptop, self)
        self.work = PaperWork(laptop, self)

    def attach(self, view: ShowsPrinting | None) -> None:
        self._view = view
        self._show()

    # --- the list

    def refresh(self, trouble: str = "") -> None:
        """Read anew who waits; in the other mode, who was found. `trouble` stays in sight."""
        state, done = self.state, partial(self._on_read, trouble)
        self._reading.ask(lambda: read_papers(self._laptop, state), done, self._on_failed)

    def look_again(self) -> None:
        """Go to those who have a paper already, or back to those who wait."""
        self._enter("new" if self.state.mode == "again" else "again")

    def look_for(self, typed: str) -> None:
        self.update(typed=typed)
        self.refresh()

    def toggle(self, subject: UUID) -> None:
        """Tick or untick one person."""
        self._tick(self.state.ticked ^ {subject})

    def toggle_all(self) -> None:
        """Tick everybody; if everybody is, nobody."""
        everybody = frozenset(row.subject for row in self.state.rows)
        self._tick(frozenset() if self.state.ticked == everybody else everybody)

    def choose_reason(self, reason: str) -> None:
        self.update(reason=reason)

    def open_people(self, subjects: Sequence[UUID]) -> None:
        """Put these on the page; if one of them has a paper already, the reason is asked."""
        self._reading.forget()
        self._reading.ask(
            lambda: [self._laptop.detail(subject).worker for subject in subjects],
            self._on_people,
            self._on_failed,
        )

    def requeue(self, rows: tuple[PaperRow, ...]) -> None:
        """Tick these and nobody else: they did not come out of the printer."""
        self._tick(frozenset(row.subject for row in rows))

    def fetch_faces(self, photos: tuple[str, ...]) -> None:
        self._faces.ask(lambda: self._found_faces(photos), self._on_faces, self._on_failed)

    def _enter(self, mode: Mode) -> None:
        if self.state.is_busy:
            return
        self.update(
            mode=mode, phase="loading", rows=(), ticked=frozenset(), typed="", reason="", said=""
        )
        self.redraw(0)
        self.refresh()

    def _tick(self, ticked: frozenset[UUID]) -> None:
        if not self.state.is_busy:
            self.update(ticked=ticked, said="")
            self.redraw()

    def _on_read(self, trouble: str, read: PapersRead) -> None:
        if not self.state.is_busy:
            self.state = with_rows(self.state, read.rows)
        if not self._knows_sheet:
            self._knows_sheet = True
            self._take_up(read)
        self.update(is_stopped=read.is_stopped, by_itself=read.by_itself)
        self.update(trouble=self._standing_trouble() or trouble)
        self.work.ask_about(read.on_the_way)
        self.redraw()

    def _take_up(self, read: PapersRead) -> None:
        """Go on with the sheet of the last time, and with what was free on it."""
        sheet = read.sheet if read.sheet in SHEETS else self.state.sheet
        name, _, free = read.free.partition(":")
        kept = int(free) if name == sheet and free.isdecimal() else 0
        self.update(sheet=sheet, free=kept % capacity_of(sheet))

    def _on_people(self, workers: list[PrintableWorker]) -> None:
        asked = {worker.subject for worker in workers}
        without = next((worker for worker in workers if not has_paper(worker)), None)
        workers = [worker for worker in workers if has_paper(worker)]
        chosen = tuple(paper_row(worker) for worker in workers)
        again = any(worker.printed for worker in workers)
        if again:
            self.update(mode="again", phase="ready", typed="", reason="", said="")
        elif self.state.mode == "again":
            self.update(mode="new", typed="", reason="", said="")
        ticked = frozenset(row.subject for row in chosen)
        others = () if again else tuple(r for r in self.state.rows if r.subject not in asked)
        pointed = chosen[0].subject if chosen else None
        self.update(rows=(*chosen, *others), ticked=ticked, pointed=pointed, phase="ready")
        self.refresh(describe(NoPaperForState(number=without.number)) if without else "")

    def _found_faces(self, photos: tuple[str, ...]) -> dict[str, bytes]:
        return {photo: self._laptop.thumbnail(photo) or b"" for photo in photos}

    def _on_faces(self, found: dict[str, bytes]) -> None:
        if is_there(self._view):
            self._view.show_faces(found)

    # --- the sheet

    def choose_sheet(self, name: SheetName) -> None:
        if name != self.state.sheet and not self.state.is_busy:
            self.update(sheet=name, first=0, free=0, pages="")
            self._keeping.ask(
                lambda: self._laptop.set_setting(SHEET, name), _ignored, self._on_failed
            )
            self.redraw(0)

    def choose_first(self, place: int) -> None:
        """Begin on a sheet that was started: skip its first places."""
        if not self.state.is_busy:
            self.update(first=place)
            self.redraw(0)

    def keep_free(self, place: int) -> None:
        """Remember where the last sheet is still empty."""
        self.update(free=place)
        value = f"{self.state.sheet}:{place}"
        self._keeping.ask(lambda: self._laptop.set_setting(FREE, value), _ignored, self._on_failed)

    def turn(self, sides: int) -> None:
        """Show another side of the sheets."""
        self.redraw(self.state.preview.at + sides)

    def set_room(self, room: QSize) -> None:
        """Draw for a preview of so many px."""
        if self.preview.take_room(room):
            self.redraw()

    def choose_pages(self, typed: str) -> None:
        """Print only these sheets of what is chosen; "" for all."""
        if not self.state.is_busy:
            self.update(pages=typed)

    def order(self) -> Order:
        """Return what is chosen, as it goes to the sheets."""
        state = self.state
        rows, first = state.ordered
        reason = state.reason if state.mode == "again" else ""
        return Order(tuple(row.subject for row in rows), state.sheet, first, reason)

    def redraw(self, at: int | None = None) -> None:
        """Draw the side in sight, or the one asked for, unless the battery is low."""
        self.preview.redraw(at, is_allowed=not self._standing_trouble())

    def _standing_trouble(self) -> str:
        """Return why nothing is printed now, whoever is chosen."""
        if self.state.is_stopped:
            return describe(LaptopStopped())
        battery = self._battery()
        if battery is None or battery.is_plugged or battery.percent > LOW_BATTERY:
            return ""
        return text("printing.battery", n=battery.percent)

    # --- what is shown

    def update(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show()

    def may_print(self) -> bool:
        """Whether something is chosen and the battery holds; says it if it does not."""
        if not self.state.may_print:
            return False
        trouble = self._standing_trouble()
        self.update(trouble=trouble)
        return not trouble

    def _on_failed(self, error: Exception) -> None:
        self.update(phase="failed", trouble=describe(error))

    def _show(self) -> None:
        if is_there(self._view):
            self._view.render_state(self.state)


def _ignored(_: object) -> None:
    return None
