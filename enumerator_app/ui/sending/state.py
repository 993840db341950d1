"""What the sending page shows; nothing in it says more than the office has answered."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from enumerator_app.texts import text
from enumerator_app.ui.worker_words import long_moment_words, megabytes
from sync.client.progress import Progress, SyncResult

Phase = Literal["before", "sending", "done", "stopped", "failed"]

RECORD_BYTES: Final = 1_500  # one registration on its way, as measured over sample data
PHOTO_BYTES: Final = 45_000
_LEAST_S_FOR_A_RATE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """What the laptop holds, in people: counted before and after a sync."""

    registrations: int = 0
    pending: int = 0
    photos_pending: int = 0
    to_correct: int = 0
    enrolled: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what is going on; `mark` is the value of a MarkKind."""

    mark: str
    words: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class SendingState:
    """`elapsed_s` counts from the start of this sync."""

    phase: Phase = "before"
    held: Held = Held()
    before: Held = Held()
    records: Amount = Amount()
    photos: Amount = Amount()
    bytes_sent: int = 0
    elapsed_s: float = 0.0
    stage: str = ""
    result: SyncResult | None = None
    trouble: str = ""
    last_at: datetime | None = None
    device: str = ""
    is_practice: bool = False
    is_stopping: bool = False

    @property
    def may_close(self) -> bool:
        """Whether all records are at the office, by its own answer."""
        result = self.result
        return (
            self.phase == "done"
            and result is not None
            and result.heads_agree
            and not (result.pending or self.held.pending)
        )


def advanced(state: SendingState, step: Progress, elapsed_s: float) -> SendingState:
    """Return the state after one report of the engine."""
    changed = replace(state, stage=step.stage, elapsed_s=elapsed_s)
    if step.stage == "entries":
        sent = max(changed.bytes_sent, step.bytes_done)
        return replace(changed, records=Amount(step.done, step.total), bytes_sent=sent)
    if step.stage == "photos":
        return replace(changed, photos=Amount(step.done, step.total), bytes_sent=step.bytes_done)
    return changed


def verdict(state: SendingState) -> tuple[str, str]:
    """Return the large answer and the sentence below it."""
    held = state.held
    if state.phase == "before":
        return text("sending.title"), _before_words(state)
    if state.phase == "sending":
        left = max(0, state.records.total - state.records.done)
        key = "sending.stopping" if state.is_stopping else "sending.under_way"
        return text("sending.keep_open"), text(key, n=left)
    if state.may_close:
        total = held.registrations
        key = "sending.close_ok_photos" if held.photos_pending else "sending.close_ok"
        return text("sending.close"), text(key, n=total, f=held.photos_pending)
    if state.phase == "failed":
        return text("sending.keep_open"), state.trouble
    return text("sending.keep_open"), text("sending.still_here", n=held.pending)


def _before_words(state: SendingState) -> str:
    held = state.held
    if state.is_practice:
        return text("sending.practice")
    if held.pending == 0 and held.photos_pending == 0:
        return text("sending.nothing")
    size = held.pending * RECORD_BYTES + held.photos_pending * PHOTO_BYTES
    return text("sending.ready", n=held.pending, f=held.photos_pending, mb=megabytes(size))


def rate_words(state: SendingState) -> tuple[str, str, str]:
    """Return rate, time left and how much went, each a dash until it can be known."""
    unknown = "-"
    if state.elapsed_s < _LEAST_S_FOR_A_RATE or state.bytes_sent <= 0:
        return unknown, unknown, megabytes(state.bytes_sent) + " MB"
    rate = state.bytes_sent / state.elapsed_s
    left_records = max(0, state.records.total - state.records.done) * RECORD_BYTES
    photos = state.photos if state.photos.total else Amount(0, state.before.photos_pending)
    left = left_records + max(0, photos.total - photos.done) * PHOTO_BYTES
    return (
        text("sending.rate", kb=max(1, round(rate / 1000))),
        _time_words(left / rate),
        megabytes(state.bytes_sent) + " MB",
    )


def _time_words(seconds: float) -> str:
    if seconds < 60:
        return text("sending.under_a_minute")
    return text("sending.minutes", n=round(seconds / 60))


def receipt_words(state: SendingState) -> str:
    """Return the receipt in sentences, from the office's answer."""
    result = state.result
    if result is None or state.last_at is None:
        return ""
    when = long_moment_words(state.last_at)
    parts = [text("sending.receipt", n=result.pushed, device=state.device, when=when)]
    parts.append(text("sending.agree" if result.heads_agree else "sending.disagree"))
    if state.held.photos_pending:
        parts.append(text("sending.photos_follow", n=state.held.photos_pending))
    return " ".join(parts)


def changes(state: SendingState) -> tuple[Step, ...]:
    """Return what this sync changed for people here."""
    enrolled = state.held.enrolled - state.before.enrolled
    returned = state.held.to_correct - state.before.to_correct
    found = []
    if enrolled > 0:
        found.append(Step("covered", text("sending.enrolled"), text("sending.people", n=enrolled)))
    if returned > 0:
        found.append(Step("check", text("sending.returned"), text("sending.people", n=returned)))
    if state.result is not None and not found:
        found.append(Step("note", text("sending.no_changes")))
    return tuple(found)


_STEPS: Final = ("hello", "entries", "feed", "photos", "closing")


def steps(state: SendingState) -> tuple[Step, ...]:
    """Return the steps of this sync in order: done, under way, to come."""
    if state.phase == "before":
        return ()
    at = _STEPS.index(state.stage) if state.stage in _STEPS else 0
    if state.phase == "done":
        at = len(_STEPS)
    return tuple(_step(name, place, at, state.phase) for place, name in enumerate(_STEPS))


def _step(name: str, place: int, at: int, phase: Phase) -> Step:
    if place < at:
        return Step("received", text(f"sending.step_{name}_done"))
    if place == at and phase == "sending":
        return Step("now", text(f"sending.step_{name}"), text("sending.now"))
    if place == at and phase == "failed":
        return Step("check", text(f"sending.step_{name}"))
    return Step("empty", text(f"sending.step_{name}"))
