"""What the home page shows: one action, four numbers, what to do, the week, the last send."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from enumerator_app.domain.instants import day_in_wib, shown_date, shown_time
from enumerator_app.domain.states import Decision, only_through
from enumerator_app.domain.tickets import ticket_words
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.texts import catalogue, text, thousands
from enumerator_app.ui.home.villages import VillageLines
from enumerator_app.ui.ports import Counts, DayCount, LastSync, ListedWorker
from enumerator_app.ui.visit.state import each_words
from enumerator_app.ui.worker_words import weekday_long, weekday_short

REMIND_AFTER: Final = timedelta(hours=24)
_STEPS: Final[tuple[Decision, ...]] = ("verified", "submitted", "enrolled")
_FIELDS_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Task:
    """One line of what is to be done; `page` opens when it is chosen."""

    page: str
    mark: str  # the value of a MarkKind, or "printer"
    title: str
    detail: str
    action: str
    shortcut: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many of all people here have come this far; `on_the_way` are on this laptop only."""

    name: str
    arrived: int
    on_the_way: int
    total: int


@dataclass(frozen=True, slots=True)
class WeekDay:
    name: str
    received: int
    saved: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class VisitNow:
    """The open visit in the words of the page; `groups` with the people of each."""

    next_words: str
    detail: str
    groups: tuple[tuple[str, int], ...]
    people: int


@dataclass(frozen=True, slots=True)
class HomeState:
    is_ready: bool = False
    visit: VisitNow | None = None
    figures: tuple[Figure, ...] = ()
    tasks: tuple[Task, ...] = ()
    journey: tuple[Stretch, ...] = ()
    week: tuple[WeekDay, ...] = ()
    week_total: int = 0
    last_send: str = ""
    reminder: str = ""
    trouble: str = ""
    villages: VillageLines = field(default_factory=VillageLines)


def home_state(
    counts: Counts,
    week: tuple[DayCount, ...],
    tasks: tuple[ListedWorker, ...],
    last: LastSync | None,
    now: datetime,
    *,
    is_practice: bool = False,
    standing: VisitStanding | None = None,
    clock_is_sure: bool = True,
) -> HomeState:
    """Return the page for what was counted at `now`, while `standing` is the open visit."""
    today = day_in_wib(now)
    stop = (_stop_task(),) if counts.is_stopped else ()
    doubt = () if clock_is_sure else (_clock_task(today),)
    return HomeState(
        is_ready=True,
        visit=_visit(standing, now) if standing else None,
        figures=_visit_figures(standing) if standing else _figures(counts),
        tasks=(*stop, *doubt, *_tasks(counts, tasks)),
        journey=_journey(counts),
        week=tuple(_day(day, today) for day in week),
        week_total=sum(day.saved for day in week),
        last_send=text("home.practice") if is_practice else _last_words(last),
        reminder="" if is_practice or stop else _reminder_words(counts, last, now),
    )


def _figures(counts: Counts) -> tuple[Figure, ...]:
    return tuple(
        Figure(number, text(f"home.{key}"), text(f"home.{key}_detail"))
        for key, number in (
            ("today", counts.today),
            ("not_sent", counts.pending),
            ("received", counts.received),
            ("waiting_nik", counts.waiting_nik),
        )
    )


def _visit_figures(standing: VisitStanding) -> tuple[Figure, ...]:
    counts = standing.counts
    queue = standing.queue
    left = ("later", len(queue.later), text("home.later_detail"))
    if queue.waiting is not None:
        left = ("waiting", queue.waiting, text("home.waiting_detail"))
    numbers = (
        ("present", counts.present, text("visit.groups_count", n=len(standing.visit.groups))),
        ("recorded", counts.recorded, each_words(standing)),
        left,
        ("waiting_nik", counts.waiting_nik, text("home.waiting_nik_detail")),
    )
    return tuple(Figure(number, text(f"visit.{key}"), said) for key, number, said in numbers)


def _visit(standing: VisitStanding, now: datetime) -> VisitNow:
    """Return what comes next: the ticket to be called, how many are left, and until when."""
    queue, counts = standing.queue, standing.counts
    words = text("home.visit_open")
    if standing.visit.day < day_in_wib(now):
        words = text("home.visit_old", date=shown_date(standing.visit.day))
    elif standing.paused_at is not None:
        words = text("home.visit_paused")
    elif queue.upcoming and standing.visit.tickets:
        words = text("home.next_ticket", ticket=ticket_words(queue.upcoming[0]))
    detail = ""
    if queue.waiting:
        detail = text("home.not_called", n=thousands(queue.waiting))
        if counts.present:
            left = timedelta(seconds=standing.worked_s // counts.present * queue.waiting)
            detail = f"{detail} {text('home.ends_about', time=shown_time(now + left))}"
    by_group = standing.tally.by_group
    groups = tuple((group.name, by_group.get(group.id, 0)) for group in standing.visit.groups)
    return VisitNow(words, detail, groups, counts.present)


def _journey(counts: Counts) -> tuple[Stretch, ...]:
    """Return the way from the table to cover; whoever came further has also come this far."""
    total = counts.registrations
    if not total:
        return ()
    return (
        Stretch(text("home.received"), counts.received, counts.pending, total),
        *(Stretch(text(f"home.{step}"), _arrived(counts, step), 0, total) for step in _STEPS),
    )


def _arrived(counts: Counts, step: Decision) -> int:
    return sum(counts.by_state.get(state, 0) for state in only_through(step))


def _tasks(counts: Counts, returned: tuple[ListedWorker, ...]) -> tuple[Task, ...]:
    found = []
    if counts.to_correct:
        found.append(_correcting(counts, returned))
    if counts.waiting_print:
        title = text("home.task_print", n=counts.waiting_print)
        detail = text("home.task_print_detail")
        found.append(Task("printing", "printer", title, detail, text("home.do_print"), "F4"))
    if counts.waiting_nik:
        title = text("home.task_nik", n=counts.waiting_nik)
        detail = text("home.task_nik_detail")
        found.append(Task("workers", "waiting", title, detail, text("home.do_look"), "F3"))
    return tuple(found)


def _stop_task() -> Task:
    """The office has stopped this laptop: that comes before all else to do."""
    title, detail = text("home.task_stopped"), text("home.task_stopped_detail")
    return Task("sending", "stop", title, detail, text("home.do_look"), "F9")


def _clock_task(today: date) -> Task:
    """The day on every record would be this one, and nobody looks at the clock for it."""
    title = text("home.task_clock", date=shown_date(today))
    return Task(
        "ready", "check", title, text("home.task_clock_detail"), text("home.do_look"), "Ctrl+B"
    )


def _correcting(counts: Counts, people: tuple[ListedWorker, ...]) -> Task:
    """Return one task for what the office sent back and whom the insurer refused."""
    refused = counts.by_state.get("refused", 0)
    asked = counts.to_correct - refused
    titles = [text("home.task_correct", n=asked)] if asked else []
    named = dict.fromkeys(_field_words(w.returned_field) for w in people[:20])
    details = [_enumerated([name for name in named if name][:_FIELDS_NAMED])]
    if refused:
        titles.append(text("home.task_refused", n=refused))
        details.append(text("home.task_refused_detail"))
    detail = " · ".join(part for part in details if part)
    title, do = ", ".join(titles), text("home.do_correct")
    return Task("corrections", "check", title, detail, do, "F5")


def _field_words(name: str | None) -> str:
    """Return the field's name; empty for one that this version does not know."""
    key = f"fields.{name}"
    return text(key) if key in catalogue() else ""


def _enumerated(names: list[str]) -> str:
    """Return "Tanggal lahir, nama ibu kandung, NIK": small letters but for abbreviations."""
    rest = (name if name[:2].isupper() else name[:1].lower() + name[1:] for name in names[1:])
    return ", ".join((*names[:1], *rest))


def _day(day: DayCount, today: date) -> WeekDay:
    return WeekDay(weekday_short(day.day), day.received, day.saved - day.received, day.day == today)


def _last_words(last: LastSync | None) -> str:
    if last is None:
        return text("home.never_sent")
    day = day_in_wib(last.at)
    when = f"{weekday_long(day)} {day:%d-%m}, {shown_time(last.at)}"
    return text("home.last_send", when=when)


def _reminder_words(counts: Counts, last: LastSync | None, now: datetime) -> str:
    if counts.pending == 0:
        if counts.entries_pending:
            return text("home.entries_wait", n=thousands(counts.entries_pending))
        return text("home.all_sent") if counts.registrations else ""
    if last is None or last.at > now + REMIND_AFTER:  # sent in a future: the clock is wrong
        return text("home.send_soon")
    left = last.at + REMIND_AFTER - now
    if left <= timedelta():
        return text("home.overdue")
    return text("home.reminder", hours=max(1, round(left / timedelta(hours=1))))


def utc_now() -> datetime:
    return datetime.now(UTC)
