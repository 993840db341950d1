"""What screens count and show of the records on this laptop."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from enumerator_app.domain.findings import Finding
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.registration import FROM_PAPER, Registration
from enumerator_app.services.print_runs import PrintRuns
from enumerator_app.storage.records import DayCount as StoredDay
from enumerator_app.storage.records import Event
from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import ListedWorker
from enumerator_app.texts import catalogue, text

_PAPERS: Final = ("provisional", "active")


@dataclass(frozen=True, slots=True)
class Counts:
    """People, unless the name says otherwise. `pending` are not received in their latest form.

    `without_effect`: the office keeps them, but they do not count there yet. `is_stopped`: it has
    stopped this laptop, and has not said otherwise since.

    `waiting_print`: nobody has seen their paper yet; of these, `on_the_way` went to a printer.
    """

    registrations: int
    pending: int
    entries_pending: int
    without_effect: int
    received: int
    photos_pending: int
    to_correct: int
    waiting_print: int
    on_the_way: int
    waiting_nik: int
    today: int
    by_state: dict[str, int]
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    saved: int
    received: int


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One step in the life of a record; `text(text_key, **parameters)` says it."""

    at: datetime
    kind: str
    text_key: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WorkerDetail:
    worker: ListedWorker
    registration: Registration
    timeline: tuple[TimelineItem, ...]
    seat: str = ""  # `confirmed` or `waiting`, once the office has said so
    open: tuple[Finding, ...] = ()  # what the rules still warn about, while all of it is here


def counts(store: Store, today: date) -> Counts:
    found, runs = store.counts(), PrintRuns(store)
    of_today = store.of_day(today)
    return Counts(
        registrations=found.registrations,
        pending=found.pending,
        entries_pending=found.entries_pending,
        without_effect=found.without_effect,
        received=found.received,
        photos_pending=found.photos_pending,
        to_correct=found.to_correct,
        waiting_print=found.waiting_print + runs.copies_open(),
        on_the_way=len(runs.on_their_way()),
        waiting_nik=found.by_state.get("waiting_nik", 0),
        today=of_today,
        by_state=dict(found.by_state),
        is_stopped=store.stopped_at() is not None,
    )


def week(store: Store, first: date, last: date) -> tuple[DayCount, ...]:
    """Return every day from `first` to `last`, days without a registration too."""
    known = {day.day: day for day in store.per_day()}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(_day(day, known) for day in days)


def _day(day: date, known: Mapping[date, StoredDay]) -> DayCount:
    found = known.get(day)
    if found is None:
        return DayCount(day, 0, 0)
    return DayCount(day, found.registrations, found.registrations - found.pending)


def detail(store: Store, subject: UUID) -> WorkerDetail:
    """Return a record in full with what happened to it.

    Raises:
        NumberUnknown: it is not on this laptop.
    """
    record = store.record(subject)
    timeline = tuple(_of_paper(store, _item(event)) for event in store.timeline(subject))
    return WorkerDetail(record.worker, record.registration, timeline, store.seat_of(subject))


def _item(event: Event) -> TimelineItem:
    kind = str(event.detail.get("decision", event.kind)) if event.by_office else event.kind
    side = "office" if event.by_office else "laptop"
    card = event.detail.get("card")
    said = kind
    if kind == "card_printed" and card in _PAPERS:
        said = f"{'reprinted' if event.detail.get('reason') else 'printed'}_{card}"
    if "corrected" in event.detail:
        said = "cover_corrected"
    if kind == "case" and "answer" in event.detail:
        said = _case_answer(str(event.detail["answer"]))
    return TimelineItem(event.at, kind, f"timeline.{side}_{said}", dict(event.detail))


def _of_paper(store: Store, item: TimelineItem) -> TimelineItem:
    """Return the step with what it was typed from and by whom; others as they are."""
    paper = item.parameters.get(FROM_PAPER)
    if not isinstance(paper, Mapping):
        return item
    typist = str(item.parameters.get("operator", ""))
    names = {str(slot.id): slot.name for slot in store.operators()}
    by = names.get(typist) or text("timeline.operator_unknown")
    said = {
        "paper": str(paper.get("number") or text("timeline.paper_plain")),
        "written_on": shown_date(date.fromisoformat(str(paper["written_on"]))),
        "typed_by": by,
    }
    return replace(item, text_key="timeline.laptop_register_from_paper", parameters=said)


def _case_answer(answer: str) -> str:
    """Return what is said of a case that ended; an answer of a newer office is said plainly."""
    said = f"case_{answer}"
    return said if f"timeline.office_{said}" in catalogue() else "case_closed"
