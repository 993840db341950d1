"""A visit as it stands: read from one moment, with its queue, its time and its people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from enumerator_app.domain.errors import NoVisit, VisitUnknown
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.ticket_queue import TicketAnswer, TicketQueue, queue_of, ticket_number
from enumerator_app.domain.visits import Visit, VisitCounts, VisitGroup
from enumerator_app.storage.store import Store
from enumerator_app.storage.visits import KeptVisit, Said, VisitTally

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class VisitStanding:
    """A visit as screens show it, read from one moment. Times are in whole seconds."""

    visit: Visit
    is_open: bool
    opened_at: datetime
    paused_at: datetime | None
    worked_s: int
    group: VisitGroup | None
    tally: VisitTally
    queue: TicketQueue
    answers: Mapping[int, TicketAnswer]
    closing: Mapping[str, Any] | None

    @property
    def counts(self) -> VisitCounts:
        return self.tally.counts(len(self.queue.no_show))

    @property
    def code(self) -> str:
        """Return the check code of the last close; empty before it."""
        return str((self.closing or {}).get("code", ""))


class VisitBook:
    """The visits that lie on one laptop, and what each remembers."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def current(self, *, now: int | None = None) -> VisitStanding | None:
        """Return the open visit that was opened last, with ticket `now` at the table."""
        found = next((kept for kept in self._store.visits() if kept.is_open), None)
        return self.standing_of(found, now) if found else None

    def standing(self, visit: UUID, *, now: int | None = None) -> VisitStanding:
        """Return a visit as it stands. Raises `VisitUnknown`."""
        return self.standing_of(self.kept(visit), now)

    def all(self) -> list[VisitStanding]:
        return [self.standing_of(kept) for kept in self._store.visits()]

    def find(self, typed: str) -> UUID:
        """Return the id of a visit that was named by its id or the beginning of it.

        Raises:
            VisitUnknown: none, or several, begin so.
        """
        wanted = typed.strip().lower()
        found = [k.visit.id for k in self._store.visits() if str(k.visit.id).startswith(wanted)]
        if len(found) != 1 or not wanted:
            raise VisitUnknown(visit=typed)
        return found[0]

    def kept_open(self) -> KeptVisit:
        found = next((kept for kept in self._store.visits() if kept.is_open), None)
        if found is None:
            raise NoVisit
        return found

    def kept(self, visit: UUID) -> KeptVisit:
        found = self._store.visit(visit)
        if found is None:
            raise VisitUnknown(visit=str(visit))
        return found

    def remember(self, visit: UUID, said: Said | None = None, **changes: Any) -> None:
        self.kept(visit)
        self._store.change_progress(visit, lambda before: {**before, **changes}, said)

    def standing_of(self, kept: KeptVisit, now: int | None = None) -> VisitStanding:
        tally = self._store.visit_tally(kept.visit.id)
        progress = kept.progress
        paused = instant_in(progress.get("paused_at"))
        closed = instant_in((kept.closing or {}).get("closed_at")) if not kept.is_open else None
        until = closed or paused or self._clock()
        worked = seconds_of(until - kept.opened_at) - int(progress.get("rested_s", 0))
        return VisitStanding(
            visit=kept.visit,
            is_open=kept.is_open,
            opened_at=kept.opened_at,
            paused_at=paused,
            worked_s=max(0, worked),
            group=kept.visit.group(uuid_in(progress.get("group"))),
            tally=tally,
            answers=answers_in(progress),
            queue=queue_of(kept.visit.tickets, tally.done, answers_in(progress), now=now),
            closing=kept.closing,
        )


def answers_in(progress: Mapping[str, Any]) -> dict[int, TicketAnswer]:
    said = cast("dict[str, TicketAnswer]", progress.get("answers", {}))
    return {number: answer for n, answer in said.items() if (number := ticket_number(n))}


def uuid_in(written: Any) -> UUID | None:
    return UUID(written) if written else None


def instant_in(written: Any) -> datetime | None:
    return instant_from_text(written) if written else None


def seconds_of(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))
