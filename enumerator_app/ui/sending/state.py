"""What the sending page shows; nothing in it says more than the office has answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from enumerator_app.domain.instants import WIB
from enumerator_app.services.sync_log import how_words, outcome_words
from enumerator_app.services.sync_pace import PHOTO_BYTES, RECORD_BYTES, time_left_words
from enumerator_app.storage.sync_log import SyncNote
from enumerator_app.texts import megabytes, text, thousands
from enumerator_app.ui.sending.held import Held
from enumerator_app.ui.worker_words import long_moment_words
from sync.client.progress import Progress, SyncResult

Phase = Literal["before", "sending", "done", "stopped", "failed"]

_LOG_MARKS: Final = {"agreed": "received", "answered": "received", "written": "saved"}
_NOTHING: Final = Held()
_STEPS: Final = ("hello", "entries", "feed", "photos", "closing")


@dataclass(frozen=True, slots=True)
class Amount:
    done: int = 0
    total: int = 0

    @property
    def left(self) -> int:
        return max(0, self.total - self.done)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what is going on; `mark` is the value of a MarkKind."""

    mark: str
    words: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class SendingState:
    """`elapsed_s` counts from the start of this sync; `ended` says when each of its steps ended.

    `before` and `after` are counts at both ends of the last sync, `held` is what is here now;
    `last_at` is when the office was heard last, `closed_at` when it closed that sync.
    `records` are entries of the journal while they go; everything in `held` is people.
    """

    phase: Phase = "before"
    held: Held = _NOTHING
    before: Held = _NOTHING
    after: Held = _NOTHING
    records: Amount = Amount()
    photos: Amount = Amount()
    record_bytes: int = 0
    photo_bytes: int = 0
    elapsed_s: float = 0.0
    stage: str = ""
    ended: tuple[tuple[str, datetime], ...] = ()
    result: SyncResult | None = None
    trouble: str = ""
    is_unknown: bool = False  # the office does not know this laptop: a fresh code lets it in
    last_at: datetime | None = None
    closed_at: datetime | None = None
    device: str = ""
    log: tuple[Step, ...] = ()
    is_practice: bool = False
    is_stopping: bool = False

    @property
    def may_close(self) -> bool:
        """Whether all that was saved is at the office, by its own answer to this sync."""
        result = self.result
        return (
            self.phase == "done"
            and result is not None
            and result.heads_agree
            and self.is_level
            and not self.is_stopped
        )

    @property
    def is_stopped(self) -> bool:
        """Whether the page says before all else that the office has stopped this laptop."""
        return self.held.is_stopped and self.phase != "sending"

    @property
    def is_level(self) -> bool:
        """Whether the office has receipted everything that was saved here."""
        waits = self.held.pending or self.held.entries_pending
        return not (waits or (self.result and self.result.pending))


def log_steps(notes: Sequence[SyncNote]) -> tuple[Step, ...]:
    """Return earlier syncs as lines, the newest first."""
    return tuple(
        Step(
            _LOG_MARKS.get(note.outcome, "check"),
            f"{how_words(note)[:1].upper()}{how_words(note)[1:]}. {outcome_words(note)}",
            f"{note.at.astimezone(WIB):%d-%m %H.%M}",
        )
        for note in notes
    )


def started(state: SendingState) -> SendingState:
    """Return the state at the start of a sync."""
    held = state.held
    return replace(
        state,
        phase="sending",
        before=held,
        records=Amount(0, held.pending),
        photos=Amount(0, held.photos_pending),
        record_bytes=0,
        photo_bytes=0,
        elapsed_s=0.0,
        stage="hello",
        ended=(),
        result=None,
        trouble="",
        is_unknown=False,
        is_stopping=False,
    )


def counted_anew(state: SendingState, held: Held) -> SendingState:
    """Return the state after counting anew: a sync that ended is over once more waits than then."""
    is_over = state.phase in {"done", "stopped"}
    if is_over and held.entries_pending > state.after.entries_pending:
        state = replace(state, phase="before", result=None, stage="", ended=(), is_stopping=False)
    return replace(state, held=held)


def advanced(state: SendingState, step: Progress, elapsed_s: float, now: datetime) -> SendingState:
    """Return the state after one report of the engine."""
    ended = state.ended
    if step.stage != state.stage and state.stage not in dict(ended):
        ended = (*ended, (state.stage, now))
    changed = replace(state, stage=step.stage, elapsed_s=elapsed_s, ended=ended)
    if step.stage == "entries":
        sent = max(changed.record_bytes, step.bytes_done)
        return replace(changed, records=Amount(step.done, step.total), record_bytes=sent)
    if step.stage == "photos":
        sent = max(changed.photo_bytes, step.bytes_done)
        return replace(changed, photos=Amount(step.done, step.total), photo_bytes=sent)
    return changed


def mark_of(state: SendingState) -> str:
    """Return the mark beside the verdict."""
    held = state.held
    if state.is_stopped:
        return "stop"
    if state.may_close:
        return "received"
    if state.phase == "before":
        if state.is_practice:
            return "note"
        is_level = state.is_level and not held.without_effect
        if held.not_back and is_level:
            return "check"
        return "received" if held.registrations and is_level else "saved"
    return "note" if state.phase != "sending" and _is_harmless(state) else "check"


def verdict(state: SendingState) -> tuple[str, str]:
    """Return the large answer and the sentence below it."""
    held = state.held
    if state.is_stopped:
        return text("sending.locked"), _locked_words(state)
    if state.phase == "before":
        return text("sending.title"), _before_words(state)
    if state.phase == "sending":
        key = "sending.stopping" if state.is_stopping else "sending.under_way"
        return text("sending.keep_open"), text(key, n=thousands(state.records.left))
    if state.may_close:
        return text("sending.close"), _close_words(held)
    return _early_end(state)


def _close_words(held: Held) -> str:
    """Say what the office holds; what does not count there yet is not called received."""
    done, total = thousands(held.received), thousands(held.registrations)
    said = [text("sending.close_ok", n=done, total=total)]
    if held.without_effect:
        said.append(text("sending.kept", n=thousands(held.without_effect)))
    if held.photos_pending:
        said.append(text("sending.close_photos", f=thousands(held.photos_pending)))
    return " ".join(said)


def _locked_words(state: SendingState) -> str:
    """Say what became of the data, whether it is safe, and what is to be done now.

    Of what failed only the reason: the rest of its sentence would tell people to go on.
    """
    held, said = state.held, []
    if state.trouble:
        said.append(f"{state.trouble.partition('. ')[0].rstrip('.')}.")
    if held.pending:
        said.append(text("sending.locked_pending", n=thousands(held.pending)))
    if held.without_effect:
        said.append(text("sending.kept", n=thousands(held.without_effect)))
    return " ".join((*said, text("sending.locked_level"), text("sending.locked_do")))


def _early_end(state: SendingState) -> tuple[str, str]:
    """Return the answer after a sync that the office has not closed."""
    if state.phase == "failed":
        title = "sending.not_connected" if _is_harmless(state) else "sending.not_all"
        return text(title), state.trouble
    if _is_harmless(state):
        return text("sending.stopped"), text("sending.stopped_level")
    left, key = state.held.pending, "sending.still_here"  # people, as everywhere on this page
    if not left:
        left = (state.result.pending if state.result else 0) or state.held.entries_pending
        key = "sending.entries_here" if left else "sending.disagree"
    title = "sending.not_all" if state.is_stopping and left else "sending.keep_open"
    return text(title), text(key, n=thousands(left))


def _is_harmless(state: SendingState) -> bool:
    """Whether this sync ended early, and yet no record waits here for the office."""
    ended_early = state.phase == "failed" or state.is_stopping
    return ended_early and state.is_level


def _before_words(state: SendingState) -> str:
    held = state.held
    if state.is_practice:
        return text("sending.practice")
    if held.pending == 0 and held.photos_pending == 0:
        key = "ready_entries" if held.entries_pending else "nothing"
        return text(f"sending.{key}", n=thousands(held.entries_pending))
    size = held.pending * RECORD_BYTES + held.photos_pending * PHOTO_BYTES
    records, photos = thousands(held.pending), thousands(held.photos_pending)
    return text("sending.ready", n=records, f=photos, mb=megabytes(size))


def amounts(state: SendingState) -> tuple[Amount, Amount]:
    """Return records and photos as the bars show them.

    While they go, those of this sync; before and after, everything on this laptop.
    """
    held = state.held
    if state.phase == "sending" and state.records.total:
        return state.records, state.photos
    records = Amount(held.received, held.registrations)
    if state.phase == "done" and state.result is not None:
        went = state.result.photos
        return records, Amount(went, went + held.photos_pending)
    return records, Amount(0, held.photos_pending)


def records_name(state: SendingState) -> str:
    """Return what the first bar counts: entries while they go, people else."""
    is_entries = state.phase == "sending" and state.records.total
    return text("sending.entries" if is_entries else "sending.records")


def records_words(state: SendingState) -> str:
    """Return the sentence below the bar of records."""
    records, _ = amounts(state)
    if not records.total:
        return text("sending.no_records")
    if not records.left:
        return text("sending.all_received")
    held, is_entries = state.held, state.phase == "sending"
    if held.without_effect and not is_entries:
        left, kept = thousands(held.pending), thousands(held.without_effect)
        return text("sending.split_kept", done=thousands(records.done), left=left, kept=kept)
    key = "sending.split_entries" if is_entries else "sending.split"
    return text(key, done=thousands(records.done), left=thousands(records.left))


def photos_words(state: SendingState) -> str:
    """Return the sentence below the bar of photos."""
    if state.stage == "photos" and state.phase == "sending":
        return text("sending.photos_now")
    return text("sending.photos_after")


def rate_words(state: SendingState) -> tuple[str, str, str]:
    """Return rate, time left and how much went, each a dash until it can be known."""
    sent = state.record_bytes + state.photo_bytes
    went = f"{megabytes(sent)} MB"
    left = time_left_words(
        sent, state.elapsed_s, records=state.records.left, photos=state.photos.left
    )
    if not left:
        return "-", "-", went
    rate = sent / state.elapsed_s
    return text("sending.rate", kb=thousands(max(1, round(rate / 1000)))), left, went


def receipt_words(state: SendingState) -> str:
    """Return the receipt in sentences, from the office's answer."""
    result = state.result
    at = state.closed_at
    if state.phase != "done":  # the office closes a sync only at its end: the clock here it is
        at = state.ended[-1][1] if state.ended else None
    if result is None or at is None:
        return ""
    if result.pushed:
        when = long_moment_words(at)
        pushed = thousands(result.pushed)
        parts = [text("sending.receipt", n=pushed, device=state.device, when=when)]
        people = state.before.pending - state.after.pending
        if people > 0:
            parts.append(text("sending.receipt_people", n=thousands(people)))
    else:
        parts = [text(f"sending.{'receipt_none' if result.pending else 'receipt_nothing'}")]
    if result.undecided:
        parts.append(text("sending.undecided", n=thousands(result.undecided)))
    differ = "disagree" if state.phase == "done" else "not_compared"
    if not (state.is_stopped and result.heads_agree):
        parts.append(text(f"sending.{'agree' if result.heads_agree else differ}"))
    if state.after.photos_pending:
        parts.append(text("sending.photos_follow", n=thousands(state.after.photos_pending)))
    return " ".join(parts)


def recap_words(state: SendingState, today: date) -> str:
    """Return the day in one line to hand on by hand: numbers, and nobody's name."""
    held = state.held
    return text(
        "sending.recap",
        device=state.device,
        date=f"{today:%d-%m}",
        today=thousands(held.today),
        nik=thousands(held.waiting_nik),
        received=thousands(held.received),
        total=thousands(held.registrations),
    )


def changes(state: SendingState) -> tuple[Step, ...]:
    """Return what this sync changed for people here."""
    enrolled = state.after.enrolled - state.before.enrolled
    returned = state.after.to_correct - state.before.to_correct
    found = []
    if enrolled > 0:
        found.append(Step("covered", text("sending.enrolled"), text("sending.people", n=enrolled)))
    if returned > 0:
        found.append(Step("check", text("sending.returned"), text("sending.people", n=returned)))
    if state.result is not None and not found:
        is_known = state.phase == "done" or "feed" in dict(state.ended)
        words = "no_changes" if is_known else "changes_unknown"
        found.append(Step("note", text(f"sending.{words}")))
    return tuple(found)


def steps(state: SendingState) -> tuple[Step, ...]:
    """Return the steps of this sync in order: done, under way, and while it runs, to come."""
    if state.phase == "before":
        return ()
    at = _STEPS.index(state.stage) if state.stage in _STEPS else 0
    if state.phase == "done":
        at = len(_STEPS)
    names = _STEPS if state.phase == "sending" else _STEPS[: at + 1]
    return tuple(_step(name, place, at, state) for place, name in enumerate(names))


def _step(name: str, place: int, at: int, state: SendingState) -> Step:
    waiting = state.held.photos_pending
    if place < at and name == "photos" and state.phase == "done" and waiting:
        return Step("saved", text("sending.step_photos_follow", n=thousands(waiting)))
    if place < at:
        moment = dict(state.ended).get(name)
        when = f"{moment.astimezone(WIB):%H.%M.%S}" if moment else ""
        return Step("received", text(f"sending.step_{name}_done"), when)
    words = text(f"sending.step_{name}")
    if place == at and state.phase == "sending":
        return Step("now", words, text("sending.now"))
    if place == at and state.phase == "failed":
        return Step("check", words)
    if place == at and state.phase == "stopped":
        return Step("ended", words, text("sending.stopped"))
    return Step("empty", words)
