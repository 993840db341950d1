"""The left column: who was saved today, who was set aside, how many papers wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from PySide6.QtCore import QObject

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import text
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.state import QueueRow
from enumerator_app.ui.registration.visit_line import VisitLine
from enumerator_app.ui.worker_words import serial_words, state_words

SHOWN_ROWS: Final = 30
TICKET: Final = "ticket:"
"""Before the number in the key of a row that is a ticket and not a form."""


@dataclass(frozen=True)
class DayQueue:
    """The day as the column shows it: the newest rows, and how many there are in all."""

    rows: tuple[QueueRow, ...] = ()
    count: int = 0
    waiting_print: int = 0


class QueueReader(QObject):
    """Reads the day anew after each save, on a worker thread."""

    def __init__(
        self,
        laptop: LaptopPort,
        clock: Callable[[], datetime],
        read: Callable[[DayQueue], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._clock, self._read = laptop, clock, read
        self._lane = Latest(self)

    def refresh(self) -> None:
        today = day_in_wib(self._clock())
        self._lane.ask(lambda: _day_queue(self._laptop, today), self._read, _keep_old_rows)


def called(name: str) -> str:
    """Return a name in KTP capitals as one says it: "SITI MAEMUNAH" becomes "Siti Maemunah"."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in name.split())


def aside_rows(forms: tuple[Form, ...]) -> tuple[QueueRow, ...]:
    """Return a row for each form that was set aside."""
    return tuple(
        QueueRow(
            form.form_id,
            form.value("ticket"),
            called(form.value("name")) or text("form.no_name_yet"),
        )
        for form in forms
    )


def later_rows(visit: VisitLine | None) -> tuple[QueueRow, ...]:
    """Return a row for each ticket whose person comes back later."""
    tickets = visit.later if visit else ()
    return tuple(
        QueueRow(f"{TICKET}{ticket}", ticket, text("form.queue.comes_back")) for ticket in tickets
    )


def next_rows(visit: VisitLine | None) -> tuple[QueueRow, ...]:
    """Return a row for each ticket that is called next."""
    tickets = visit.upcoming if visit else ()
    return tuple(
        QueueRow(f"{TICKET}{ticket}", ticket, text("form.no_name_yet")) for ticket in tickets
    )


def _day_queue(laptop: LaptopPort, today: date) -> DayQueue:
    counts = laptop.counts()
    rows = []
    for worker in laptop.search("", day=today, limit=SHOWN_ROWS):
        words = state_words(worker, today)
        if worker.state != "withdrawn":
            lead, name = serial_words(worker.number), called(worker.name)
            rows.append(QueueRow(str(worker.subject), lead, name, words.mark, words.words))
    return DayQueue(tuple(rows), counts.today, counts.waiting_print)


def _keep_old_rows(_error: Exception) -> None:
    # The column is a help, not a record: it keeps what it showed until the next save.
    return None
