"""A paper into a PDF/A, page by page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from enumerator_app.cards.archive import ArchivalCanvas
from enumerator_app.cards.drawing import MM, Painter
from enumerator_app.cards.items import Box, Item
from enumerator_app.cards.output import opened
from enumerator_app.cards.papers.blocks import Block
from enumerator_app.cards.papers.flow import Page, Paper, Placed, lay_out, total_words, total_x
from enumerator_app.cards.papers.formats import FORMATS, Format, FormatName
from enumerator_app.texts import Language

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
    size = FORMATS[paper.format]
    author, language = paper.letterhead.government, paper.language
    pages = lay_out(paper, blocks)
    tell = on_progress or (lambda _: None)
    try:
        with opened(output) as sink, _canvas(sink, size, paper.title, author, language) as canvas:
            return _write_pages(canvas, pages, size, tell, cancelled)
    except _Cancelled:
        return Written(0, 0)


def write_sheets(
    output: Path | BinaryIO,
    sheets: Iterable[Sequence[Placed]],
    *,
    form: FormatName,
    title: str,
    author: str,
    language: Language,
    under: Sequence[Item] = (),
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write pages that are drawn, not set, as a PDF, and return how many; `under` lies on each.

    After `cancelled` answers True nothing is left behind, and 0 is returned.

    Raises:
        PaperNotWritten: the file could not be written; a path then holds what it held before.
    """
    size = FORMATS[form]
    page = Box(0, 0, size.width, size.height)
    pages = 0
    try:
        with opened(output) as sink, _canvas(sink, size, title, author, language) as canvas:
            painter = Painter(canvas)
            for placed in sheets:
                _leave_if(cancelled)
                painter.start_page(size.width, size.height)
                if under:
                    painter.stamp("under", lambda: under, 0, 0, page)
                for x, y, items in placed:
                    painter.paint(items, x, y)
                canvas.showPage()
                pages += 1
            canvas.save()
    except _Cancelled:
        return 0
    return pages


class _Cancelled(Exception):
    """Leaves the file behind."""


@contextmanager
def _canvas(
    sink: BinaryIO, size: Format, title: str, author: str, language: Language
) -> Iterator[ArchivalCanvas]:
    canvas = ArchivalCanvas(
        sink,
        size=(size.width * MM, size.height * MM),
        title=title,
        author=author,
        language=language,
    )
    try:
        yield canvas
    finally:
        canvas.abandon()


def _leave_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise _Cancelled


def _write_pages(
    canvas: ArchivalCanvas,
    pages: Iterable[Page],
    size: Format,
    on_progress: Callable[[int], object],
    cancelled: Callable[[], bool] | None,
) -> Written:
    painter = Painter(canvas)
    rows = number = 0
    for page in pages:
        _leave_if(cancelled)
        painter.start_page(size.width, size.height)
        for x, y, items in page.placed:
            painter.paint(items, x, y)
        at = page.total_at
        painter.show_later(_TOTAL, total_x(at), at.baseline)
        canvas.showPage()
        rows, number = rows + page.rows, page.number
        on_progress(rows)
    painter.say_later(_TOTAL, total_words(number, at))
    canvas.save()
    return Written(number, rows)
