"""What the flash drive's part of the page shows: never more than what lies on the drive."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from enumerator_app.services.stick import StickStanding
from enumerator_app.texts import text, thousands
from enumerator_app.ui.worker_words import megabytes
from sync.client.carrying import AnswerTaken, Carried

Work = Literal["", "writing", "reading"]
_NO_DRIVE: Final = StickStanding()


@dataclass(frozen=True, slots=True)
class StickState:
    """`said` is what was done last, `trouble` why it failed; `keeping_trouble` why the drive does
    not get each save at present.
    """

    standing: StickStanding = _NO_DRIVE
    drive: str = ""
    work: Work = ""
    said: str = ""
    trouble: str = ""
    keeping_trouble: str = ""
    is_practice: bool = False


def mark_of(state: StickState) -> str:
    if state.trouble or state.keeping_trouble:
        return "check"
    if state.standing.folder is None:
        return "empty"
    return "ok" if state.standing.is_up_to_date else "saved"  # green is for what the office has


def standing_words(state: StickState) -> str:
    """Return how the drive stands that gets each save."""
    standing = state.standing
    if standing.folder is None:
        return text("stick.off")
    if not standing.is_there:
        return text("stick.away")
    name = state.drive or standing.folder.name
    said = text("stick.keeps", name=name)
    if standing.behind:
        said = text("stick.behind", name=name, n=thousands(standing.behind))
    if standing.left:
        return f"{said} {text('bundles.stick_left', n=thousands(len(standing.left)))}"
    return said


def written_words(path: Path, carried: Carried) -> str:
    """Return what was written; it has not reached anybody yet."""
    if not carried.entries and not carried.photos:
        return text("stick.written_nothing", file=path.name)
    return text(
        "stick.written",
        file=path.name,
        n=thousands(carried.entries),
        f=thousands(carried.photos),
        mb=megabytes(carried.size),
    )


def taken_words(taken: AnswerTaken) -> str:
    """Return what the office's answer brought."""
    if taken.is_outdated:
        return text("bundles.outdated")
    said = text(
        "stick.taken",
        n=thousands(taken.settled),
        f=thousands(taken.photos),
        news=thousands(taken.pulled),
    )
    end = text("stick.taken_all") if not taken.pending else ""
    left = text("stick.taken_left", n=thousands(taken.pending)) if taken.pending else end
    return f"{said} {left}"
