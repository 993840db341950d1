"""What the page "Perbaikan" shows: one card a task, in the office's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from enumerator_app.domain.findings import Finding
from enumerator_app.domain.nik import NIK_DIGITS, compact_digits, shown_nik
from enumerator_app.domain.phones import shown_phone
from enumerator_app.domain.places import Places
from enumerator_app.domain.registration import HeirDraft, RegistrationDraft
from enumerator_app.texts import text
from enumerator_app.ui.ports import ListedWorker, WorkerDetail
from enumerator_app.ui.registration.checks import CheckLine, check_lines
from enumerator_app.ui.registration.form import day_first
from enumerator_app.ui.worker_words import (
    full_place_words,
    long_moment_words,
    moment_words,
    place_words,
)

Phase = Literal["loading", "ready", "failed"]
InputKind = Literal["text", "capitals", "date", "nik", "phone", "choice", "form"]

_KINDS: Final[dict[str, InputKind]] = {
    "nik": "nik",
    "name": "capitals",
    "birth_place": "capitals",
    "birth_date": "date",
    "sex": "choice",
    "mother_name": "capitals",
    "address": "text",
    "rt": "text",
    "rw": "text",
    "phone": "phone",
    "email": "text",
    "kk_number": "nik",
    "occupation": "text",
    "workplace": "text",
    "works_now": "choice",
    "works_since": "text",
    "monthly_income": "text",
    "consent_witness": "capitals",
}
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "sex": ("L", "P"),
    "works_now": ("working", "ill", "stopped"),
}
_RELATED: Final = {"birth_date": ("nik",), "sex": ("nik",), "rw": ("rt",)}
_CONTEXT: Final = ("nik", "birth_date", "mother_name", "address", "workplace", "document_seen")


@dataclass(frozen=True)
class TaskRow:
    """One line of the list on the left."""

    subject: UUID
    name: str
    field: str
    since: str
    photo: str | None


@dataclass(frozen=True)
class Task:
    """One record the office sent back, with the field it asks for, or that BPJS refused."""

    subject: UUID
    name: str
    where: str
    field: str
    label: str
    kind: InputKind
    office_words: str
    office_sign: str
    old_value: str
    context: tuple[tuple[str, str], ...]
    draft: RegistrationDraft
    photo: bytes | None = None
    is_refused: bool = False


@dataclass(frozen=True)
class CorrectionsState:
    phase: Phase = "loading"
    rows: tuple[TaskRow, ...] = ()
    chosen: UUID | None = None
    task: Task | None = None
    typed: str = ""
    again: str = ""  # the last four digits of a NIK, once more
    lines: tuple[CheckLine, ...] = ()
    is_busy: bool = False
    attempted: bool = False
    problem: str = ""
    said: str = ""
    focus: int = 0  # a new number sends the cursor into the field

    @property
    def position(self) -> int:
        """Return which task of the list is open, from 1; 0 without one."""
        subjects = [row.subject for row in self.rows]
        return subjects.index(self.chosen) + 1 if self.chosen in subjects else 0

    @property
    def is_changed(self) -> bool:
        return self.task is not None and self.typed.strip() not in ("", self.task.old_value)

    @property
    def needs_again(self) -> bool:
        """Is a NIK being corrected, whose last digits nothing else checks?"""
        return self.task is not None and self.task.field == "nik"

    @property
    def blocking(self) -> tuple[CheckLine, ...]:
        return tuple(line for line in self.lines if line.severity == "error")


def task_row(worker: ListedWorker, today: date) -> TaskRow:
    field = text(f"fields.{worker.returned_field or 'any'}")
    if _is_refused(worker):
        field = text("people.state.refused")
    since = text("fixing.since", day=moment_words(worker.registered_at, today))
    return TaskRow(worker.subject, worker.name, field, since, worker.photo)


def task_of(
    detail: WorkerDetail,
    draft: RegistrationDraft,
    photo: bytes | None,
    places: Places,
    today: date,
) -> Task:
    """Return the task on a record that the office sent back or the insurer refused."""
    worker = detail.worker
    name = worker.returned_field or ""
    is_refused = _is_refused(worker)
    said_at = [item.at for item in detail.timeline if item.kind == worker.state]
    silent = "fixing.insurer_silent" if is_refused else "fixing.no_reason"
    recorded = moment_words(worker.registered_at, today)
    place = place_words(worker.village_code, places)
    return Task(
        subject=worker.subject,
        name=worker.name,
        where=text("fixing.where", village=place, number=worker.number, day=recorded),
        field=name,
        label=text("fixing.refused_what" if is_refused else f"fields.{name or 'any'}"),
        kind=_KINDS.get(name, "form"),
        office_words=worker.returned_reason or text(silent),
        office_sign=long_moment_words(said_at[-1]) if said_at else "",
        old_value=old_value(name, draft, places),
        context=_context(name, draft.values),
        draft=draft,
        photo=photo,
        is_refused=is_refused,
    )


def _is_refused(worker: ListedWorker) -> bool:
    return worker.state == "refused"


def corrected_draft(state: CorrectionsState) -> RegistrationDraft:
    """Return the draft with what was typed in the place of the old value."""
    assert state.task is not None
    values = {**state.task.draft.values, state.task.field: state.typed.strip()}
    if state.task.field == "birth_date":
        values["date_source"] = "ktp"
    if state.task.field == "phone" and not state.typed.strip():
        values["phone_owner"] = "none"
    return RegistrationDraft(values, state.task.draft.heirs, state.task.draft.paradata)


def confirmed_draft(task: Task) -> RegistrationDraft:
    """Return the draft unchanged, for "that is how it is on the KTP"."""
    values = dict(task.draft.values)
    if task.field == "birth_date":
        values["date_source"] = "confirmed"
    return RegistrationDraft(values, task.draft.heirs, task.draft.paradata)


def lines_for(state: CorrectionsState, findings: tuple[Finding, ...]) -> tuple[CheckLine, ...]:
    """Return what the rules say about the corrected field, and every error there is."""
    assert state.task is not None
    wanted = {state.task.field, *_RELATED.get(state.task.field, ())}
    about = [f for f in findings if f.field in wanted or f.severity == "error"]
    own = _retype_line(state)
    return (*own, *check_lines(about))


def shown_value(name: str, value: str) -> str:
    """Return a stored value as people read it."""
    if name in ("nik", "kk_number"):
        return shown_nik(value)
    if name == "phone":
        return shown_phone(value)
    if name in CHOICES and value:
        return text(f"form.option.{name}.{value}").partition("|")[0]
    return day_first(value) if name == "birth_date" else value


def old_value(name: str, draft: RegistrationDraft, places: Places) -> str:
    """Return what stands in the field that the office asks about."""
    if name == "heirs":
        return "; ".join(_heir_words(heir) for heir in draft.heirs)
    if name == "village_code":
        return full_place_words(draft.values.get(name, ""), places)
    return shown_value(name, draft.values.get(name, ""))


def _heir_words(heir: HeirDraft) -> str:
    relation = text(f"heirs.relation_{heir.relation}") if heir.relation else ""
    return ", ".join(part for part in (heir.name, relation, day_first(heir.born)) if part)


def _retype_line(state: CorrectionsState) -> tuple[CheckLine, ...]:
    digits = compact_digits(state.typed)
    if not state.needs_again or len(digits) != NIK_DIGITS or digits[12:] == state.again:
        return ()
    if not state.again and not state.attempted:
        return ()
    words = text("form.nik_retype")
    if state.again:
        words = text("form.nik_retype_no", first=digits[12:], second=state.again)
    return (CheckLine("error", "nik_again", words),)


def _context(asked: str, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    named = (name for name in _CONTEXT if name != asked and values.get(name))
    return tuple((text(f"fields.{name}"), shown_value(name, values[name])) for name in named)
