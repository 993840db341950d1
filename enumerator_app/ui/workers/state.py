"""What the page "Data pekerja" shows: a list that is searched, and one person in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from enumerator_app.domain.findings import describe
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.nik import NIK_DIGITS
from enumerator_app.domain.phones import shown_phone
from enumerator_app.domain.places import Places
from enumerator_app.domain.registration import Registration
from enumerator_app.texts import catalogue, text, thousands
from enumerator_app.ui.ports import Counts, ListedWorker, TimelineItem, WorkerDetail
from enumerator_app.ui.worker_words import (
    StateWords,
    day_and_time_words,
    full_place_words,
    moment_words,
    place_words,
    state_words,
)
from enumerator_app.ui.workers.photo_state import PhotosState

PAGE_ROWS: Final = 100
Phase = Literal["loading", "ready", "failed"]
ChipName = Literal["all", "pending", "returned", "waiting_nik"]
CHIPS: Final[tuple[ChipName, ...]] = ("all", "pending", "returned", "waiting_nik")
_CHIP_STATES: Final[dict[str, tuple[str, ...]]] = {
    "all": (),
    "pending": (),
    "returned": ("returned", "refused"),
    "waiting_nik": ("waiting_nik",),
}
OTHER_STATES: Final = (
    "enrolled", "registered", "verified", "submitted", "refused", "duplicate", "withdrawn", "ended",
)  # fmt: skip
"""Decisions that have no chip of their own: they are chosen from a menu."""
UNANSWERED: Final = "unanswered"
"""Chosen there, too: of whom something was not asked yet, whatever was decided."""
_CUSTODIES: Final[dict[str, tuple[str, ...]]] = {
    "saved": ("saved",),
    "received": ("received",),
    "complete": ("complete", "backed_up"),
}
CUSTODIES: Final = tuple(_CUSTODIES)
_CLOSED: Final = frozenset({"withdrawn", "ended", "duplicate"})
_WITHDRAWABLE: Final = frozenset({"registered", "waiting_nik", "returned", "verified", "refused"})
_MARKS: Final = {
    "register": "saved",
    "correct": "saved",
    "card_printed": "now",
    "withdraw": "ended",
    "accepted": "received",
    "accepted_withdrawal": "received",
    "verified": "received",
    "revision": "received",
    "registered": "received",
    "returned": "check",
    "refused": "check",
    "submitted": "submitted",
    "enrolled": "covered",
    "duplicate": "note",
    "withdrawn": "ended",
    "ended": "ended",
}
FACTS: Final = (
    "number", "nik", "kpj", "seat", "village", "birth_date", "phone", "work", "income", "heirs",
)  # fmt: skip
SEATS_SAID: Final = ("confirmed", "waiting")
_BLANKS: Final = dict.fromkeys(
    ("field", "reason", "kpj", "cover_from", "cover_to", "officer", "decision", "changed"), ""
)


@dataclass(frozen=True)
class Query:
    """What is looked for."""

    typed: str = ""
    chip: ChipName = "all"
    state: str = ""  # one of OTHER_STATES, or UNANSWERED
    custody: str = ""  # one of CUSTODIES
    village: str = ""
    day: date | None = None

    @property
    def narrowing(self) -> dict[str, Any]:
        """Return what the laptop's search is narrowed to."""
        custody = "saved" if self.chip == "pending" else self.custody
        return {
            "states": (self.state,) if self.state in OTHER_STATES else _CHIP_STATES[self.chip],
            "unanswered": self.state == UNANSWERED,
            "custody": _CUSTODIES.get(custody, ()),
            "village": self.village,
            "day": self.day,
        }

    @property
    def is_narrowed(self) -> bool:
        return bool(self.typed.strip() or replace(self, typed="") != Query())


@dataclass(frozen=True)
class PersonRow:
    """One line of the list."""

    subject: UUID
    name: str
    where: str
    state: StateWords
    when: str
    photo: str | None


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Step:
    """One thing that happened, for the timeline."""

    when: str
    mark: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True)
class PersonDetail:
    """One person in full, without what nobody at the table needs to see in whole."""

    subject: UUID
    name: str
    state: StateWords
    remark: str
    lacking: str  # what is still to be asked or looked at again
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    photo: bytes | None
    may_correct: bool
    may_print: bool
    may_withdraw: bool
    was_printed: bool


@dataclass(frozen=True)
class Export:
    """The table that is asked for, is being written, or has been written."""

    phase: Literal["", "asking", "running", "done"] = ""
    suffix: str = ".xlsx"
    done: int = 0
    total: int = 0
    is_stopping: bool = False
    problem: str = ""
    said: str = ""


@dataclass(frozen=True)
class WorkersState:
    phase: Phase = "loading"
    query: Query = Query()
    rows: tuple[PersonRow, ...] = ()
    has_more: bool = False
    total: int = 0
    chip_counts: tuple[tuple[ChipName, int], ...] = ()
    villages: tuple[tuple[str, str], ...] = ()  # code, name
    today: date = date.min
    selected: UUID | None = None
    is_pinned: bool = False  # chosen elsewhere: stays open though the list may not show it
    detail: PersonDetail | None = None
    asks_why: bool = False  # the reasons for withdrawing are open
    problem: str = ""
    said: str = ""  # what was just done
    leaving: str = ""  # who is about to be withdrawn, while that can be undone
    picked: frozenset[UUID] = frozenset()
    export: Export = Export()
    photos: PhotosState = field(default_factory=PhotosState)

    @property
    def is_empty_laptop(self) -> bool:
        return self.phase == "ready" and not self.rows and not self.query.is_narrowed


def person_row(worker: ListedWorker, places: Places, today: date) -> PersonRow:
    """Return the line of one person on `today`."""
    where = f"{place_words(worker.village_code, places)} · {worker.number}"
    if _lacking(worker):
        where = f"{text('people.incomplete')} · {where}"
    return PersonRow(
        subject=worker.subject,
        name=worker.name,
        where=where,
        state=state_words(worker, today),
        when=moment_words(worker.registered_at, today),
        photo=worker.photo,
    )


def chip_counts(counts: Counts) -> tuple[tuple[ChipName, int], ...]:
    """Return how many people each chip stands for."""
    people = {"all": counts.registrations, "pending": counts.pending}
    return tuple(
        (chip, people.get(chip, sum(counts.by_state.get(s, 0) for s in _CHIP_STATES[chip])))
        for chip in CHIPS
    )


def person_detail(
    detail: WorkerDetail, photo: bytes | None, places: Places, today: date
) -> PersonDetail:
    """Return one person in full on `today`."""
    worker = detail.worker
    return PersonDetail(
        subject=worker.subject,
        name=worker.name,
        state=state_words(worker, today),
        remark=_remark(worker),
        lacking=_lacking_words(detail),
        facts=_facts(detail, places),
        steps=tuple(_step(item) for item in reversed(detail.timeline)),
        photo=photo,
        may_correct=worker.state not in _CLOSED,
        may_print=worker.state not in _CLOSED,
        may_withdraw=worker.state in _WITHDRAWABLE,
        was_printed=worker.printed,
    )


def masked_nik(nik: str) -> str:
    """Return a NIK with its date hidden: enough to recognise, too little to misuse."""
    if len(nik) != NIK_DIGITS:
        return nik or text("people.no_nik")
    return f"{nik[:6]} •••••• {nik[12:]}"


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden."""
    groups = shown_phone(phone).split()
    if len(groups) < 3:
        return phone or text("people.no_phone")
    return f"{groups[0]} •••• {groups[-1]}"


def phone_words(record: Registration) -> str:
    """Return the phone masked, or whether there is none or nobody asked."""
    is_unasked = not record.phone and record.phone_owner != "none"
    return text("people.phone_unasked") if is_unasked else masked_phone(record.phone)


def _remark(worker: ListedWorker) -> str:
    if worker.state == "returned" and worker.returned_field:
        field = text(f"fields.{worker.returned_field}")
        return text("people.remark.returned", field=field, reason=worker.returned_reason or "")
    if worker.state == "refused" and worker.returned_reason:
        return text("people.remark.refused", reason=worker.returned_reason)
    if worker.state == "enrolled" and worker.cover_from and worker.cover_to:
        begins, ends = shown_date(worker.cover_from), shown_date(worker.cover_to)
        return text("people.remark.cover", begins=begins, ends=ends)
    if worker.pending:
        return text("people.remark.saved")
    if worker.custody == "backed_up":
        return text("people.remark.backed_up")
    key = f"people.remark.{worker.state}"
    return text(key) if worker.state in ("submitted", "waiting_nik") else text("people.remark.any")


def _lacking(worker: ListedWorker) -> tuple[str, ...]:
    """Return what was not asked of somebody whose record can still be completed."""
    return () if worker.state in _CLOSED else worker.unanswered


def _lacking_words(detail: WorkerDetail) -> str:
    """Return what was not asked, and what the rules still warn about."""
    if detail.worker.state in _CLOSED:
        return ""
    unasked = _lacking(detail.worker)
    parts = []
    if unasked:
        fields = ", ".join(text(f"form.unasked.{name}") for name in unasked)
        parts.append(text("people.unasked", fields=fields))
    other = [describe(f) for f in detail.open if f.field not in unasked]
    if other:
        parts.append(text("people.to_check", sentences=" ".join(other)))
    return " ".join(parts)


def _facts(detail: WorkerDetail, places: Places) -> tuple[Fact, ...]:
    worker, record = detail.worker, detail.registration
    told = {
        "number": worker.number,
        "nik": masked_nik(worker.nik),
        "kpj": worker.kpj or "",
        "seat": text(f"people.seat_{detail.seat}") if detail.seat in SEATS_SAID else "",
        "village": full_place_words(worker.village_code, places),
        "birth_date": shown_date(worker.birth_date) if worker.birth_date else "",
        "phone": phone_words(record),
        "work": " · ".join(part for part in (record.occupation, record.workplace) if part),
        "income": f"Rp{thousands(record.monthly_income)}" if record.monthly_income else "",
        "heirs": ", ".join(heir.name for heir in record.heirs),
    }
    return tuple(Fact(text(f"people.fact.{name}"), told[name]) for name in FACTS if told[name])


def _step(item: TimelineItem) -> Step:
    said = text(item.text_key, **_spoken(item.parameters))
    sentence, _, detail = said.partition(". ")
    if detail:
        sentence += "."
    return Step(day_and_time_words(item.at), _MARKS.get(item.kind, "note"), sentence, detail)


def _spoken(parameters: Mapping[str, object]) -> dict[str, Any]:
    values: dict[str, Any] = {**_BLANKS, **parameters}
    if values["field"]:
        values["field"] = text(f"fields.{values['field']}")
    if "issue" in values:
        values["reason"] = _reason_words(str(values["reason"]))
    if values["changed"]:
        keys = (f"fields.{name}" for name in values["changed"])
        values["changed"] = ", ".join(text(key) for key in keys if key in catalogue())
    for name in ("cover_from", "cover_to"):
        if values[name]:
            values[name] = shown_date(date.fromisoformat(str(values[name])))
    return values


def _reason_words(reason: str) -> str:
    """Return why a paper was printed again, inside a sentence; as it was typed if nobody knows."""
    key = "timeline.reason_unstated" if reason == "unstated" else f"printing.reason.{reason}"
    words = text(key) if key in catalogue() else reason
    return words[:1].lower() + words[1:]


def village_choices(places: Places) -> tuple[tuple[str, str], ...]:
    """Return code and name of every village, by name."""
    named = ((v.code, text("people.village_in", village=v.name, district=v.district_name))
             for v in places.villages)  # fmt: skip
    return tuple(sorted(named, key=lambda pair: pair[1]))


def rows_of(workers: Sequence[ListedWorker], places: Places, now: date) -> tuple[PersonRow, ...]:
    return tuple(person_row(worker, places, now) for worker in workers)
