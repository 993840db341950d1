"""What the review of a folder of pictures shows: who each is for, and the photo that is there."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from enumerator_app.texts import text
from enumerator_app.ui.ports import MatchedPicture


@dataclass(frozen=True)
class Match:
    """One picture. `subject` is whom it is for, None where that is not known."""

    number: int
    file: str
    name: str
    words: str  # the slip, or why the picture is left
    subject: UUID | None
    can_be_saved: bool
    fresh: bytes
    old: bytes
    old_hash: str


@dataclass(frozen=True)
class PhotosState:
    phase: Literal["", "reading", "review", "saving", "done"] = ""
    matches: tuple[Match, ...] = ()
    ticked: frozenset[int] = frozenset()
    done: int = 0
    total: int = 0
    is_stopping: bool = False
    said: str = ""
    problem: str = ""

    @property
    def is_open(self) -> bool:
        return self.phase != ""

    @property
    def left(self) -> int:
        """Return how many pictures nobody can save as they are."""
        return sum(not match.can_be_saved for match in self.matches)


def match_of(number: int, picture: MatchedPicture, old: bytes) -> Match:
    """Return a picture as the review shows it; `old` is the photo that is there."""
    worker, reason = picture.worker, picture.reason
    words = text("photos.slip", ticket=picture.ticket)
    if reason:
        words = text(f"photos.reason.{reason}", ticket=picture.ticket)
    return Match(
        number=number,
        file=picture.path.name,
        name=worker.name if worker else "",
        words=words,
        subject=worker.subject if worker else None,
        can_be_saved=worker is not None and reason in ("", "again", "has_other"),
        fresh=picture.fresh,
        old=old,
        old_hash=worker.photo or "" if worker else "",
    )


def first_ticks(pictures: tuple[MatchedPicture, ...]) -> frozenset[int]:
    """Return the certain ones: the others wait for somebody who looks."""
    return frozenset(n for n, picture in enumerate(pictures) if not picture.reason)


def toggled(state: PhotosState, number: int) -> frozenset[int]:
    """Return the ticks with one turned; of several pictures of one person one stays at most."""
    match = state.matches[number]
    if not match.can_be_saved:
        return state.ticked
    if number in state.ticked:
        return state.ticked - {number}
    same = {other.number for other in state.matches if other.subject == match.subject}
    return (state.ticked - same) | {number}
