"""The answers to a case: ask to see the KTP again, two people, one person, as it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, select, update

from enumerator_app.domain.states import Decision, may_move
from enumerator_app.texts import text
from sync.server.bulk import bound, one_of
from sync.server.deciding import Verdict, decide_in
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import (
    AnswerNotPossible,
    CaseUnknown,
    DecidedBefore,
    ReasonNeeded,
)
from sync.server.resolving.officer import Officer
from sync.server.resolving.telling import ASKED, PAIRS, Closing, close_cases
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS

CaseAnswer = Literal["ask_ktp", "separate", "unite", "as_is", "keep"]
OF_PAIRS: Final[tuple[CaseAnswer, ...]] = ("ask_ktp", "separate", "unite", "as_is")
OF_OTHERS: Final[tuple[CaseAnswer, ...]] = ("ask_ktp", "keep")
UNITE_ASKED: Final = "unite_asked"
WAITS_FOR: Final = frozenset({ASKED, UNITE_ASKED})
"""Answers of an open case: it waits for a laptop, or for the second person."""
_ASKED_FIELD: Final = "nik"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a case as it was shown (`version`); `about`: whose KTP, or who is laid aside."""

    case: str
    answer: str
    version: int
    note: str = ""
    about: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open case with its records, the one that came first before the other."""

    row: Any
    people: tuple[Any, ...]

    @property
    def is_pair(self) -> bool:
        return self.row.kind in PAIRS and len(self.people) == 2


def answers_for(kind: str) -> tuple[CaseAnswer, ...]:
    return OF_PAIRS if kind in PAIRS else OF_OTHERS


def open_case(connection: Connection, name: str, *, lock: bool = False) -> Opened:
    """Return an open case.

    Raises:
        CaseUnknown: there never was one; DecidedBefore: it is closed.
    """
    query = select(CASE_ROWS).where(CASE_ROWS.c.id == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise CaseUnknown
    if row.closed_at is not None:
        raise DecidedBefore
    dialect, table = connection.dialect.name, SUBJECT_ROWS.c
    people = select(SUBJECT_ROWS).where(one_of(table.id, dialect, "subjects"))
    values = {"subjects": bound(dialect, json.loads(row.subjects))}
    found = connection.execute(people.order_by(table.received_at, table.id), values)
    return Opened(row, tuple(found))


def check_answer(connection: Connection, given: Given) -> Opened:
    """Return the case, locked, if this answer may be given to it now.

    Raises:
        CaseUnknown, DecidedBefore, AnswerNotPossible, ReasonNeeded
    """
    case = open_case(connection, given.case, lock=True)
    if case.row.version != given.version or case.row.answer in WAITS_FOR:
        raise DecidedBefore
    if given.answer not in answers_for(case.row.kind):
        raise AnswerNotPossible
    if given.answer == "as_is" and not given.note.strip():
        raise ReasonNeeded
    if given.answer == "ask_ktp":
        asked_of(case, given.about)
    return case


def answer_case(office: Office, connection: Connection, officer: Officer, given: Given) -> None:
    """Carry out an answer; "unite" only writes down that a second person was asked.

    Raises as `check_answer`.
    """
    case = check_answer(connection, given)
    if given.answer == "ask_ktp":
        _ask(office, connection, officer, case, given)
    elif given.answer == "unite":
        set_waiting(office, connection, officer, case.row.id, UNITE_ASKED)
    else:
        if given.answer == "as_is":
            _let_go(office, connection, officer, case)
        closing = Closing(given.answer, officer.account, given.note.strip())
        close_cases(office, connection, {case.row.id: closing})
    audit(office, connection, officer.account, f"case_{given.answer}", case.row.id)


def asked_of(case: Opened, about: str) -> Any:
    """Return the record that is sent back: the one named, else the newest that can be.

    Raises:
        AnswerNotPossible: none of them can be sent back now.
    """
    for one in (
        sorted(case.people, key=lambda one: one.id != about) if about else reversed(case.people)
    ):
        if _may_be_returned(one.state):
            return one
    raise AnswerNotPossible


def set_waiting(
    office: Office, connection: Connection, officer: Officer, case: str, answer: str | None
) -> None:
    """Let an open case wait for what was asked for; None brings it back."""
    table = CASE_ROWS.c
    change = update(CASE_ROWS).where(table.id == case, table.closed_at.is_(None))
    connection.execute(change.values(
        answer=answer, answered_by=officer.account, answered_at=office.now(),
        version=table.version + 1,
    ))  # fmt: skip


def _may_be_returned(state: Decision) -> bool:
    return may_move(state, "returned", "officer")


def _ask(
    office: Office, connection: Connection, officer: Officer, case: Opened, given: Given
) -> None:
    record = asked_of(case, given.about)
    reason = given.note.strip() or text("resolving.ask_ktp_reason", "id")
    verdict = Verdict(record.id, "returned", reason, _ASKED_FIELD)
    if not decide_in(office, connection, [verdict], officer=officer.name, actor="officer"):
        raise DecidedBefore
    set_waiting(office, connection, officer, case.row.id, ASKED)


def _let_go(office: Office, connection: Connection, officer: Officer, case: Opened) -> None:
    """Approve those of the pair that wait for it: BPJS shall judge."""
    verdicts = [Verdict(one.id, "verified") for one in case.people if one.state == "registered"]
    decide_in(office, connection, verdicts, officer=officer.name, actor="officer")
