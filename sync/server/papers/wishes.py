"""What may be asked of a paper, and what came of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from enumerator_app.cards.papers import FormatName, write_paper
from enumerator_app.cards.papers.office.claim_file import ClaimCase
from enumerator_app.cards.papers.office.occasion import Occasion, Ready
from enumerator_app.texts import Language
from sync.server.home import Home
from sync.server.letterhead import read_letterhead
from sync.server.office import Office

WhichPapers = Literal["active", "provisional", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The choices of all kinds of papers; each kind looks at its own."""

    day: date
    language: Language = "id"
    format: FormatName = "a4"
    letter_number: str = ""
    village: str = ""
    visit: str = ""
    first: date | None = None
    last: date | None = None
    batch: str = ""
    file: Path | None = None
    table: Path | None = None
    since: Path | None = None
    number: str = ""
    case: ClaimCase = "death"
    papers: WhichPapers = "active"
    about: str = ""
    signed_on: date | None = None
    coordinator: str = ""
    village_head: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A written paper; `rows` are the people on it, `more` what this kind says besides."""

    pages: int
    rows: int
    path: Path
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"pages": self.pages, "rows": self.rows, "path": str(self.path), **self.more}


def occasion_of(office: Office, wish: Wish) -> Occasion:
    settings, logo = read_letterhead(office)
    return Occasion(
        settings=settings,
        day=wish.day,
        logo=logo,
        language=wish.language,
        letter_number=wish.letter_number,
        format=wish.format,
    )


@contextmanager
def scratch(home: Home) -> Iterator[Path]:
    """A folder of the office's own for what is unfinished; nothing of it stays."""
    folder = home.path / f"paper-{uuid4().hex[:12]}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def made(ready: Ready, output: Path, rows: int, **more: Any) -> Made:
    """Write a paper.

    Raises:
        PaperNotWritten: a path then holds what it held before.
    """
    written = write_paper(ready.paper, ready.blocks, output)
    return Made(written.pages, rows, output, more)
