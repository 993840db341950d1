"""Visits in the laptop's file: journalled like everything else, and what a table needs to go on.

What was said of a slip and each rest are journalled as well, so that the office has them when the
laptop is lost; what the table needs of them lies beside the visit in one row.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.ticket_queue import ticket_number
from enumerator_app.domain.visits import Visit, VisitCounts, body_of_visit, visit_from_body
from enumerator_app.storage import journal
from enumerator_app.storage.open_file import OpenFile

if TYPE_CHECKING:
    from sqlite3 import Connection

_COLUMNS: Final = "id, state, entry, body, progress, opened_at, closing"
_ONE: Final = f"SELECT {_COLUMNS} FROM visit WHERE id = ?"  # noqa: S608  our own names
_ALL: Final = f"SELECT {_COLUMNS} FROM visit ORDER BY opened_at DESC, id"  # noqa: S608  as above
_OPENED: Final = (
    "INSERT INTO visit (id, state, entry, body, progress, opened_at) "
    "VALUES (?, 'open', ?, ?, '{}', ?) ON CONFLICT (id) DO UPDATE SET "
    "state = 'open', entry = excluded.entry, body = excluded.body"
)
_CLOSED: Final = "UPDATE visit SET state = 'closed', entry = ?, closing = ? WHERE id = ?"
_PROGRESS: Final = "UPDATE visit SET progress = ? WHERE id = ?"
_ATTENDED: Final = (
    "INSERT INTO attendance (visit, subject, ticket, present, entry) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (visit, subject) DO UPDATE SET ticket = excluded.ticket, "
    "present = excluded.present, entry = excluded.entry"
)
_RECORDED: Final = (
    "SELECT coalesce(sum(nik != ''), 0), coalesce(sum(nik = ''), 0), "
    "coalesce(sum(printed_at IS NULL), 0) FROM registration "
    "WHERE visit_id = ? AND state != 'withdrawn'"
)
_BY_GROUP: Final = (
    "SELECT group_id, count(*) FROM registration "
    "WHERE visit_id = ? AND state != 'withdrawn' GROUP BY group_id"
)
# Whoever was noted as present and registered afterwards counts once.
_NOTED: Final = (
    "SELECT count(*) FROM attendance a WHERE a.visit = ? AND a.present = 1 AND NOT EXISTS "
    "(SELECT 1 FROM registration r WHERE r.subject = a.subject AND r.visit_id = a.visit "
    "AND r.state != 'withdrawn')"
)
_TICKETS: Final = (
    "SELECT ticket FROM registration WHERE visit_id = ? AND state != 'withdrawn' "
    "UNION SELECT ticket FROM attendance WHERE visit = ? AND present = 1"
)


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """A visit as it lies here. `progress` is what the table remembers, `closing` how it ended."""

    visit: Visit
    is_open: bool
    entry: str
    opened_at: datetime
    progress: Mapping[str, Any]
    closing: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class VisitTally:
    """What the records of this laptop say about a visit; `done` are tickets."""

    recorded: int
    waiting_nik: int
    attended: int
    unprinted: int
    done: frozenset[int]
    by_group: Mapping[UUID | None, int]

    def counts(self, no_show: int) -> VisitCounts:
        return VisitCounts(self.recorded, self.waiting_nik, self.attended, no_show)


ChangeProgress = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Said = tuple[Literal["ticket", "rest"], Mapping[str, Any]]
"""A kind of entry, and its body but for the visit."""

MakeClosing = Callable[[VisitTally, str | None], Mapping[str, Any]]
"""From what is counted and the journal's head to the body of `visit_close`."""


class VisitKeeping:
    """The part of the store that keeps visits."""

    _file: OpenFile

    def keep_visit(self, visit: Visit) -> KeptVisit:
        """Journal the visit as it stands, whole; one that stands so already writes nothing."""
        at = self._file.now()
        body = body_of_visit(visit)

        def work(connection: "Connection") -> KeptVisit:
            known = _read(connection, visit.id)
            if known is not None and known.is_open and known.visit == visit:
                return known
            base = known.entry if known else None
            statement = self._file.statement("visit_open", None, body, at=at, base=base)
            entry = _append(self._file, connection, statement)
            values = (str(visit.id), entry, _written(body), instant_to_text(at))
            connection.execute(_OPENED, values)
            return _must_read(connection, visit.id)

        return self._file.write(work, lambda c, kept: journal.holds(c, kept.entry))

    def close_visit(self, visit: UUID, make: MakeClosing) -> KeptVisit:
        """Journal the end of a visit; `make` sees the head that its check code is over."""
        at = self._file.now()

        def work(connection: "Connection") -> KeptVisit:
            known = _must_read(connection, visit)
            head = journal.journal_end(connection).head.hash
            body = {"visit": str(visit), **make(_tally(connection, visit), head)}
            statement = self._file.statement("visit_close", None, body, at=at, base=known.entry)
            entry = _append(self._file, connection, statement)
            connection.execute(_CLOSED, (entry, _written(body), str(visit)))
            return _must_read(connection, visit)

        return self._file.write(work, lambda c, kept: journal.holds(c, kept.entry))

    def note_attendance(
        self, visit: UUID, subject: UUID, *, group: UUID | None, ticket: str, present: bool = True
    ) -> str:
        """Journal that a known person was there (or, undone, was not); return the entry's hash."""
        at = self._file.now()
        body = {
            "visit": str(visit),
            "group": str(group) if group else None,
            "ticket": ticket,
            "present": present,
        }

        def work(connection: "Connection") -> str:
            statement = self._file.statement("attend", subject, body, at=at)
            entry = _append(self._file, connection, statement)
            values = (str(visit), str(subject), ticket, int(present), entry)
            connection.execute(_ATTENDED, values)
            return entry

        return self._file.write(work, journal.holds)

    def note_stranger(
        self, visit: UUID, who: UUID, *, district: int, ticket: str, present: bool = True
    ) -> str:
        """Journal that somebody was there whom only the district's list knows; `who` is random.

        Nothing in it says who that is: erasing a person need not look for it.
        """
        at = self._file.now()
        body = {
            "visit": str(visit), "group": None, "ticket": ticket, "present": present,
            "who": str(who), "district": district,
        }  # fmt: skip

        def work(connection: "Connection") -> str:
            statement = self._file.statement("attend", None, body, at=at)
            entry = _append(self._file, connection, statement)
            values = (str(visit), str(who), ticket, int(present), entry)
            connection.execute(_ATTENDED, values)
            return entry

        return self._file.write(work, journal.holds)

    def change_progress(
        self, visit: UUID, change: ChangeProgress, said: Said | None = None
    ) -> None:
        """Change what the table remembers of a visit: answers to tickets, group, rest.

        `said` is journalled with it: the two are never apart.
        """
        at = self._file.now()

        def work(connection: "Connection") -> str | None:
            progress = change(_must_read(connection, visit).progress)
            connection.execute(_PROGRESS, (_written(progress), str(visit)))
            if said is None:
                return None
            kind, body = said
            statement = self._file.statement(kind, None, {"visit": str(visit), **body}, at=at)
            return _append(self._file, connection, statement)

        self._file.write(work, lambda c, entry: entry is None or journal.holds(c, entry))

    def visit(self, which: UUID) -> KeptVisit | None:
        return self._file.engine.read(lambda connection: _read(connection, which))

    def visits(self) -> list[KeptVisit]:
        """Return all visits of this laptop, the one opened last first."""
        return self._file.engine.read(
            lambda connection: [_kept(*row) for row in connection.execute(_ALL)]
        )

    def visit_tally(self, visit: UUID) -> VisitTally:
        return self._file.engine.read(lambda connection: _tally(connection, visit))


def _append(file: OpenFile, connection: "Connection", statement: Any) -> str:
    end = journal.journal_end(connection)
    entry, _ = journal.append(connection, end, statement, device=file.device)
    return entry.hash


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read(connection: "Connection", visit: UUID) -> KeptVisit | None:
    row = connection.execute(_ONE, (str(visit),)).fetchone()
    return _kept(*row) if row else None


def _must_read(connection: "Connection", visit: UUID) -> KeptVisit:
    found = _read(connection, visit)
    assert found is not None, "the caller looked before"
    return found


def _kept(
    _id: str,
    state: str,
    entry: str,
    body: str,
    progress: str,
    opened_at: str,
    closing: str | None,
) -> KeptVisit:
    return KeptVisit(
        visit_from_body(json.loads(body)),
        state == "open",
        entry,
        instant_from_text(opened_at),
        json.loads(progress),
        json.loads(closing) if closing else None,
    )


def _tally(connection: "Connection", visit: UUID) -> VisitTally:
    key = str(visit)
    recorded, waiting_nik, unprinted = connection.execute(_RECORDED, (key,)).fetchone()
    (attended,) = connection.execute(_NOTED, (key,)).fetchone()
    groups = connection.execute(_BY_GROUP, (key,))
    return VisitTally(
        int(recorded),
        int(waiting_nik),
        int(attended),
        int(unprinted),
        frozenset(_numbers(connection, key)),
        {UUID(group) if group else None: people for group, people in groups},
    )


def _numbers(connection: "Connection", visit: str) -> Iterator[int]:
    for (ticket,) in connection.execute(_TICKETS, (visit, visit)):
        number = ticket_number(ticket)
        if number is not None:
            yield number
