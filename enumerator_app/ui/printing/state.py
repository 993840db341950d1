"""What the printing page shows: whose papers, on which sheets, and what the printer did."""

from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol
from uuid import UUID

from enumerator_app.cards.imposition import sheet
from enumerator_app.cards.sheet_ranges import on_sheets, read_range
from enumerator_app.domain.states import WITHOUT_PAPER
from enumerator_app.texts import text, thousands
from enumerator_app.ui.ports import ListedWorker, SheetName

Mode = Literal["new", "again"]  # waiting for a paper, or looked up for another copy
Phase = Literal["loading", "ready", "failed"]
Drawing = Literal["nothing", "drawing", "ready", "failed"]
WorkKind = Literal["", "printing", "saving", "marking"]

SHEETS: Final[tuple[SheetName, ...]] = (
    "a4-5-fold",
    "a4-10",
    "cr80",
    "receipt-58",
    "receipt-80",
)
LOW_BATTERY: Final = 20  # per cent; below it printing waits for mains


class PrintableWorker(ListedWorker, Protocol):
    """A line with what is known of the person's papers."""

    @property
    def card(self) -> str | None: ...
    @property
    def issue(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PaperRow:
    subject: UUID
    name: str
    number: str
    paper: str
    photo: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """`image` is a QImage of the side in sight; sides run through all sheets."""

    drawing: Drawing = "nothing"
    at: int = 0
    image: object = None
    width_mm: float = 0.0
    height_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Work:
    kind: WorkKind = ""
    done: int = 0
    total: int = 0
    is_stopping: bool = False


@dataclass(frozen=True, slots=True)
class Settling:
    """Papers that went to the printer, in its order, and are not marked as printed yet."""

    rows: tuple[PaperRow, ...]
    free: int = 0  # first free place of the sheet if all came out
    asks_last: bool = False


@dataclass(frozen=True, slots=True)
class PrintingState:
    """`ticked` are subjects; the order is that of `rows`."""

    phase: Phase = "loading"
    mode: Mode = "new"
    rows: tuple[PaperRow, ...] = ()
    ticked: frozenset[UUID] = frozenset()
    pointed: UUID | None = None  # who was sent here from another page
    typed: str = ""
    reason: str = ""
    sheet: SheetName = "a4-5-fold"
    first: int = 0
    pages: str = ""  # which sheets of those chosen, as typed; "" for all
    free: int = 0  # first free place of the sheet that was printed last; 0 for none
    by_itself: bool = False  # whether a full sheet is printed without being asked
    is_stopped: bool = False  # the office has stopped this laptop: nothing may come out
    preview: Preview = Preview()
    work: Work = Work()
    settling: Settling | None = None
    trouble: str = ""
    said: str = ""

    @property
    def chosen(self) -> tuple[PaperRow, ...]:
        return tuple(row for row in self.rows if row.subject in self.ticked)

    @property
    def wanted(self) -> tuple[int, int] | None:
        """Which sheets are wanted of those that the chosen take; None while that is not clear."""
        count = self.sheet_count
        typed = read_range(self.pages) if self.pages.strip() else (1, max(1, count))
        return typed if typed and (typed[1] <= count or not count) else None

    @property
    def ordered(self) -> tuple[tuple[PaperRow, ...], int]:
        """Who is on the wanted sheets, and the first used place of the first of them."""
        capacity = capacity_of(self.sheet)
        return on_sheets(self.chosen, self.first, capacity, self.wanted or (1, 0))

    @property
    def sheet_count(self) -> int:
        return sheet_count(len(self.chosen), self.first, capacity_of(self.sheet))

    @property
    def side_count(self) -> int:
        return self.sheet_count * sides_of(self.sheet)

    @property
    def is_busy(self) -> bool:
        """Whether papers are on their way, so that nothing about them may change."""
        return bool(self.work.kind) or self.settling is not None

    @property
    def may_print(self) -> bool:
        """Whether there is something to print, and for copies a reason."""
        has_reason = self.mode == "new" or bool(self.reason)
        return not (self.is_busy or self.is_stopped) and bool(self.ordered[0]) and has_reason


def capacity_of(name: SheetName) -> int:
    return sheet(name).capacity


def is_roll(name: SheetName) -> bool:
    return sheet(name).roll is not None


def sides_of(name: SheetName) -> int:
    return 2 if sheet(name).two_sided else 1


def sheet_count(cards: int, first: int, capacity: int) -> int:
    """Return how many sheets so many cards take, the first one from place `first` on."""
    return -(-(first + cards) // capacity) if cards else 0


def on_sheet(
    rows: tuple[PaperRow, ...], first: int, capacity: int, number: int
) -> tuple[PaperRow, ...]:
    """Return the cards of one sheet; `number` counts from nought."""
    start = max(0, number * capacity - first)
    return rows[start : (number + 1) * capacity - first]


def next_free(cards: int, first: int, capacity: int) -> int:
    """Return the first free place of the last sheet; 0 when it is full or there is none."""
    return (first + cards) % capacity


def has_paper(worker: PrintableWorker) -> bool:
    """Return whether a paper may be printed; not for somebody who was refused, say."""
    return worker.state not in WITHOUT_PAPER


def paper_row(worker: PrintableWorker) -> PaperRow:
    return PaperRow(
        worker.subject, worker.name, str(worker.number), paper_words(worker), worker.photo
    )


def paper_words(worker: PrintableWorker) -> str:
    """Return which paper this person gets, and which copy of it."""
    words = text("printing.card" if worker.card else "printing.slip")
    if worker.state == "waiting_nik":
        words = text("printing.waiting_nik", paper=words)
    if worker.printed:
        words = text("printing.copy", paper=words, n=worker.issue + 1)
    return words


def with_rows(state: PrintingState, rows: tuple[PaperRow, ...]) -> PrintingState:
    """Return the state with the people read anew; who was unticked stays so."""
    known = {row.subject for row in state.rows}
    fresh = (row.subject for row in rows if row.subject not in known or row.subject in state.ticked)
    ticked = frozenset(fresh)
    if state.mode == "again":
        ticked = frozenset(row.subject for row in rows) & state.ticked
    return replace(state, phase="ready", rows=rows, ticked=ticked)


def side_words(state: PrintingState) -> tuple[str, str]:
    """Return the two words above the preview: which sheet, and how it is filled."""
    if not state.side_count:
        return "", ""
    sides, capacity = sides_of(state.sheet), capacity_of(state.sheet)
    number, side = divmod(state.preview.at, sides)
    key = "printing.sheet_side" if sides > 1 else "printing.sheet_of"
    which = text(key, n=number + 1, total=state.sheet_count, side=text(f"printing.side_{side + 1}"))
    if capacity == 1:
        return which, ""
    filled = len(on_sheet(state.chosen, state.first, capacity, number))
    used = state.first if number == 0 else 0
    filled_words = text("printing.filled", n=filled, free=capacity - filled - used)
    return which, filled_words


def summary_words(state: PrintingState) -> str:
    """Return what stands beside the buttons: what will come out, or why nothing can."""
    work = state.work
    if work.kind:
        key = "printing.stopping" if work.is_stopping else f"printing.work_{work.kind}"
        return text(key, done=work.done, total=work.total)
    if not state.chosen:
        return text("printing.choose") if state.rows else ""
    if state.mode == "again" and not state.reason:
        return text("printing.choose_reason")
    if state.wanted is None:
        return text("printing.pages_wrong", n=state.sheet_count)
    begin, end = state.wanted
    cards = thousands(len(state.ordered[0]))
    return text("printing.summary", cards=cards, sheets=end - begin + 1)
