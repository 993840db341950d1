"""What the flash drive's part of the page shows: never more than what lies on the drive."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from enumerator_app.services.stick import StickStanding
from enumerator_app.texts import megabytes, text, thousands
from enumerator_app.ui.sending.state import Step
from sync.client.carrying import AnswerTaken, Carried
from sync.client.looking import AnswerSeen

Work = Literal["", "writing", "looking", "reading"]
_NO_DRIVE: Final = StickStanding()


@dataclass(frozen=True, slots=True)
class StickState:
    """`said` is what was done last, `trouble` why it failed; `keeping_trouble` why the drive does
    not get each save at present. `seen` is what the file `answer` holds, which waits to be read.
    `percent` is how much of the work has gone; 0 as long as that is not known.
    """

    standing: StickStanding = _NO_DRIVE
    drive: str = ""
    work: Work = ""
    percent: int = 0
    is_stopping: bool = False
    said: str = ""
    trouble: str = ""
    keeping_trouble: str = ""
    answer: Path | None = None
    seen: AnswerSeen | None = None
    is_practice: bool = False


def mark_of(state: StickState) -> str:
    """Return the mark beside how the drive stands that gets each save."""
    if state.keeping_trouble:
        return "check"
    if state.standing.folder is None:
        return "empty"
    return "ok" if state.standing.is_up_to_date else "saved"  # green is for what the office has


def work_words(state: StickState) -> str:
    """Return what is being done, and how far it is."""
    doing = text(f"stick.{state.work}")
    return text("stick.percent", doing=doing, n=state.percent) if state.percent else doing


def stopping_words(state: StickState) -> str:
    """Return what a way to stop says once it was pressed."""
    return text("stick.stopping") if state.is_stopping else ""


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


def seen_steps(seen: AnswerSeen) -> tuple[Step, ...]:
    """Return what an answer holds as lines: what is not in it has none."""
    counted = (
        ("received", "settled", seen.settled),
        ("check", "undecided", seen.undecided),
        ("received", "photos", seen.photos),
        ("ok", "decided", seen.decided),
        ("covered", "cards", seen.cards),
        ("check", "returned", seen.returned),
        ("note", "documents", seen.documents),
        ("received", "regained", seen.regained),
        ("check", "lacking", seen.lacking),
    )
    lines = [
        Step(mark, text(f"stick.seen_{name}"), thousands(count))
        for mark, name, count in counted
        if count or name == "settled"
    ]
    if seen.locked:
        lines.insert(0, Step("stop", text("sending.locked")))
    return (*lines, *_left_here(seen))


def _left_here(seen: AnswerSeen) -> tuple[Step, ...]:
    """Return what would still be on this laptop alone."""
    left = (("left", seen.pending), ("left_photos", seen.photos_pending))
    lines = [Step("saved", text(f"stick.seen_{name}"), thousands(n)) for name, n in left if n]
    return tuple(lines) or (Step("received", text("stick.taken_all")),)


def seen_words(state: StickState) -> str:
    """Return the lines in one, for who hears them."""
    if state.answer is None or state.seen is None:
        return ""
    lines = (f"{step.words} {step.when}".rstrip(" .") for step in seen_steps(state.seen))
    return f"{state.answer.name}. {text('stick.seen_first')} {'. '.join(lines)}."


def taken_words(taken: AnswerTaken) -> str:
    """Return what the office's answer brought."""
    if taken.is_outdated or taken.nothing_new:
        return nothing_words(taken)
    brought = taken.settled, taken.photos, taken.pulled
    said = []
    if any(brought) or not taken.regained:
        settled, photos, news = map(thousands, brought)
        said.append(text("stick.taken", n=settled, f=photos, news=news))
    if taken.undecided:
        said.append(text("sending.undecided", n=thousands(taken.undecided)))
    if taken.regained:
        said.append(text("stick.regained", n=thousands(taken.regained)))
    return " ".join((*said, *_standing(taken)))


def nothing_words(answer: AnswerSeen | AnswerTaken) -> str:
    """Return what is said of an answer that changes nothing here."""
    if answer.is_outdated:
        return text("bundles.outdated")
    return " ".join((text("bundles.nothing_new"), *_standing(answer)))


def _standing(answer: AnswerSeen | AnswerTaken) -> list[str]:
    """Return what is on one side alone after an answer, and whether both agree if nothing is."""
    said = []
    if answer.pending:
        said.append(text("stick.taken_left", n=thousands(answer.pending)))
    if answer.lacking:
        said.append(text("bundles.lacking", n=thousands(answer.lacking)))
    if said:
        return said
    agree = "sending.agree" if answer.heads_agree else "stick.disagree"
    return [text("stick.taken_all"), text(agree)]
