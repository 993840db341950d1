"""What the page of other sheets shows: which sheet, about what, how many, and how it comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal
from uuid import UUID

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.tickets import MOST_TICKETS
from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.services.paper_orders import KINDS, PaperKind, PaperOrder
from enumerator_app.texts import text
from enumerator_app.ui.printing.state import Preview

WorkKind = Literal["", "printing", "saving"]
Part = Literal["count", "start", "day", "place", "time", "whose"]
PARTS: Final[Mapping[PaperKind, tuple[Part, ...]]] = {
    "tickets": ("count", "start"),
    "invitation": ("day", "time", "place"),
    "form": ("count",),
    "consent": ("count", "start"),
    "attendance": ("count",),
    "minutes": (),
    "handover": (),
    "recap": ("day",),
    "family": ("whose", "count"),
}
"""What is asked for each kind."""
_USUAL: Final[Mapping[PaperKind, str]] = {"form": "5", "attendance": "5", "family": "10"}
_START: Final = "1"
OF_TODAY: Final = "today"
NO_PREVIEW: Final = Preview()
BLANK: Final = "blank"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the laptop knows: the open visit in words, its slips, and who was recorded today."""

    where: str = ""
    slips: str = ""
    has_visit: bool = False
    village: str = ""
    """Code of the visit's village, or of the last visit's."""
    today: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherPapersState:
    """`typed` holds texts by kind and part ("tickets.count"); what is not there is as usual."""

    kind: PaperKind = KINDS[0]
    typed: Mapping[str, str] = field(default_factory=dict)
    known: Surroundings = Surroundings()
    preview: Preview = NO_PREVIEW
    pages: int = 0
    work: WorkKind = ""
    done: int = 0
    is_stopping: bool = False
    trouble: str = ""
    said: str = ""

    def value(self, part: Part) -> str:
        """Return what stands in a part's field."""
        written = self.typed.get(f"{self.kind}.{part}")
        return self.usual(part) if written is None else written

    def usual(self, part: Part) -> str:
        """Return what stands there until somebody types."""
        if part == "start":
            return _START
        if part == "whose":
            return OF_TODAY if self.known.today else BLANK
        if part in ("day", "place", "time"):
            return ""
        return _USUAL.get(self.kind, self.known.slips)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Which parts are asked just now: sheets for people of today are not counted."""
        parts = PARTS[self.kind]
        if self.kind == "family" and self.value("whose") == OF_TODAY:
            return tuple(part for part in parts if part != "count")
        return parts

    @property
    def wrong(self) -> Part | None:
        """Return the first part that cannot be read."""
        for part in self.parts:
            written = self.value(part)
            if part in ("count", "start") and not _is_count(written):
                return part
            if part == "start" and self._last_number > MOST_TICKETS:
                return part
            if part == "day" and not self._is_day_right(written):
                return part
        return None

    @property
    def _last_number(self) -> int:
        return int(self.value("start")) + int(self.value("count")) - 1

    def _is_day_right(self, written: str) -> bool:
        """A day that can be read; an invitation needs one."""
        return _is_day(written) if written else self.kind != "invitation"

    @property
    def order(self) -> PaperOrder | None:
        """Return the paper as it is asked for; None if something cannot be read."""
        if self.wrong:
            return None
        parts = self.parts
        day = self.value("day") if "day" in parts else ""
        is_named = "whose" in parts and self.value("whose") == OF_TODAY
        is_letter = self.kind == "invitation"
        return PaperOrder(
            self.kind,
            village=self.known.village if is_letter else None,
            place=self.value("place").strip() if is_letter else "",
            time=self.value("time").strip() if is_letter else "",
            count=int(self.value("count")) if "count" in parts else None,
            start=int(self.value("start")) if "start" in parts else 1,
            day=read_date(day) if day else None,
            subjects=self.known.today if is_named else (),
        )

    @property
    def may_print(self) -> bool:
        return not self.work and self.preview.drawing == "ready"


def file_name(kind: PaperKind, today: date) -> str:
    """Return a name that says the day and nobody's name."""
    return text(f"other_papers.file.{kind}", date=f"{today:%Y-%m-%d}")


def summary_words(state: OtherPapersState) -> str:
    """Return what stands beside the buttons."""
    if state.work:
        key = "stopping" if state.is_stopping else f"work_{state.work}"
        return text(f"other_papers.{key}", done=state.done, total=state.pages)
    if not state.may_print:
        return ""
    return text("other_papers.summary", n=state.pages)


def page_words(state: OtherPapersState) -> str:
    """Return which page is in sight."""
    if not state.pages:
        return ""
    return text("other_papers.page_of", n=state.preview.at + 1, total=state.pages)


def _is_count(written: str) -> bool:
    return written.isascii() and written.isdecimal() and 1 <= int(written) <= MOST_TICKETS


def _is_day(written: str) -> bool:
    try:
        read_date(written)
    except NotUnderstood:
        return False
    return True
