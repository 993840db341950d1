"""What the list of papers is read from, beside the window."""

from dataclasses import dataclass
from typing import Final

from enumerator_app.ui.printing.paper_run import PrintingLaptop, on_their_way
from enumerator_app.ui.printing.state import PaperRow, PrintingState, has_paper, paper_row

SHEET: Final = "printing.sheet"
FREE: Final = "printing.free_place"
_FOUND_AT_MOST: Final = 40


@dataclass(frozen=True)
class PapersRead:
    """`on_the_way`: handed to a printer, and nobody has said what came out.

    `is_stopped`: the office has stopped this laptop.
    """

    rows: tuple[PaperRow, ...]
    on_the_way: tuple[PaperRow, ...]
    sheet: str
    free: str
    by_itself: bool
    is_stopped: bool


def read_papers(laptop: PrintingLaptop, state: PrintingState) -> PapersRead:
    """Read who waits; where papers are printed again, who was found."""
    on_the_way = on_their_way(laptop)
    if state.mode == "new":
        handed = {row.subject for row in on_the_way}
        waiting = (worker for worker in laptop.to_print() if worker.subject not in handed)
        rows = tuple(paper_row(worker) for worker in waiting)
    else:
        workers = laptop.search(state.typed.strip(), limit=_FOUND_AT_MOST)
        kept = {row.subject for row in state.chosen}
        found = (w for w in workers if w.printed and w.subject not in kept and has_paper(w))
        rows = (*state.chosen, *(paper_row(worker) for worker in found))
    printers, setting = laptop.printing.printers, laptop.setting
    by_itself = printers.print_by_themselves() and bool(printers.chosen())
    is_stopped = laptop.printing.is_stopped()
    return PapersRead(rows, on_the_way, setting(SHEET), setting(FREE), by_itself, is_stopped)
