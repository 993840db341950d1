"""A paper into a PDF/A, page by page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.output import opened
from enumerator_app.cards.papers.blocks import Block
from enumerator_app.cards.papers.flow import Page, Paper, lay_out, total_words, total_x
from enumerator_app.cards.papers.formats import FORMATS

_TOTAL: Final = "all_pages"


@dataclass(frozen=True, slots=True)
class Written:
    """How long a paper became; `rows` are those of its tables."""

    pages: int
    rows: int


def write_paper(
    paper: Paper,
    blocks: Iterable[Block],
    output: Path | BinaryIO,
    *,
    on_progress: Callable[[int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write the paper as a PDF. `on_progress` gets the number of rows so far, after each page.

    After `cancelled` answers True nothing is left behind, and 0 pages are returned.

    Raises:
        PaperNotWritten: the file could not be written; a path then holds what it held before.
    """
    try:
        with opened(output) as sink:
            return _Writer(paper, sink).write(blocks, on_progress, cancelled)
    except _Cancelled:
        return Written(0, 0)


class _Cancelled(Exception):
    """Leaves the file behind."""


class _Writer:
    def __init__(self, paper: Paper, sink: BinaryIO) -> None:
        self._paper = paper
        self._format = FORMATS[paper.format]
        self._canvas = ArchivalCanvas(
            sink,
            size=(self._format.width * MM, self._format.height * MM),
            title=paper.title,
            author=paper.letterhead.government,
            language=paper.language,
        )
        self._painter = Painter(self._canvas)

    def write(
        self,
        blocks: Iterable[Block],
        on_progress: Callable[[int], object] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Written:
        rows = pages = 0
        try:
            for page in lay_out(self._paper, blocks):
                if cancelled is not None and cancelled():
                    raise _Cancelled
                self._draw(page)
                rows, pages, last = rows + page.rows, page.number, page.total_at
                if on_progress is not None:
                    on_progress(rows)
            self._painter.say_later(_TOTAL, total_words(pages, last))
            self._canvas.save()
        finally:
            self._canvas.abandon()
        return Written(pages, rows)

    def _draw(self, page: Page) -> None:
        self._painter.start_page(self._format.width, self._format.height)
        for x, y, items in page.placed:
            self._painter.paint(items, x, y)
        at = page.total_at
        self._painter.show_later(_TOTAL, total_x(at), at.baseline)
        self._canvas.showPage()
