"""What the home page shows: one action, four numbers, what to do, the week, the last send."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import text
from enumerator_app.ui.ports import Counts, DayCount, LastSync, ListedWorker
from enumerator_app.ui.worker_words import long_moment_words, weekday_short

REMIND_AFTER: Final = timedelta(hours=24)
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
class WeekDay:
    name: str
    received: int
    saved: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class HomeState:
    is_ready: bool = False
    figures: tuple[Figure, ...] = ()
    tasks: tuple[Task, ...] = ()
    week: tuple[WeekDay, ...] = ()
    week_total: int = 0
    last_send: str = ""
    reminder: str = ""
    trouble: str = ""


def home_state(
    counts: Counts,
    week: tuple[DayCount, ...],
    tasks: tuple[ListedWorker, ...],
    last: LastSync | None,
    now: datetime,
) -> HomeState:
    """Return the page for what was counted at `now`."""
    today = day_in_wib(now)
    return HomeState(
        is_ready=True,
        figures=_figures(counts),
        tasks=_tasks(counts, tasks),
        week=tuple(_day(day, today) for day in week),
        week_total=sum(day.saved for day in week),
        last_send=_last_words(last),
        reminder=_reminder_words(counts, last, now),
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


def _tasks(counts: Counts, returned: tuple[ListedWorker, ...]) -> tuple[Task, ...]:
    found = []
    if counts.to_correct:
        named = dict.fromkeys(_field_words(w.returned_field) for w in returned[:20])
        fields = ", ".join(name for name in list(named)[:_FIELDS_NAMED] if name)
        title = text("home.task_correct", n=counts.to_correct)
        found.append(Task("corrections", "check", title, fields, text("home.do_correct"), "F5"))
    if counts.waiting_print:
        title = text("home.task_print", n=counts.waiting_print)
        detail = text("home.task_print_detail")
        found.append(Task("printing", "printer", title, detail, text("home.do_print"), "F4"))
    if counts.waiting_nik:
        title = text("home.task_nik", n=counts.waiting_nik)
        detail = text("home.task_nik_detail")
        found.append(Task("workers", "waiting", title, detail, text("home.do_look"), "F3"))
    return tuple(found)


def _field_words(name: str | None) -> str:
    return text(f"fields.{name}") if name else ""


def _day(day: DayCount, today: date) -> WeekDay:
    return WeekDay(weekday_short(day.day), day.received, day.saved - day.received, day.day == today)


def _last_words(last: LastSync | None) -> str:
    if last is None:
        return text("home.never_sent")
    return text("home.last_send", when=long_moment_words(last.at))


def _reminder_words(counts: Counts, last: LastSync | None, now: datetime) -> str:
    if counts.pending == 0:
        return text("home.all_sent") if counts.registrations else ""
    if last is None:
        return text("home.send_soon")
    left = last.at + REMIND_AFTER - now
    if left <= timedelta():
        return text("home.overdue")
    return text("home.reminder", hours=max(1, round(left / timedelta(hours=1))))


def utc_now() -> datetime:
    return datetime.now(UTC)
