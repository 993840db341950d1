"""Records with notes, one by one: each answer is one key, named for what it does."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from enumerator_app.domain.registration import FIELDS
from enumerator_app.domain.states import Decision, may_move
from enumerator_app.texts import text
from sync.server.deciding import Verdict, decide_in
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import AnswerNotPossible, DecidedBefore, ReasonNeeded
from sync.server.resolving.officer import Officer
from sync.server.tables import SUBJECT_ROWS

RECORD: Final = "record"
RecordAnswer = Literal["ask_ktp", "fix", "as_is", "withdraw", "take_back"]
RECORD_ANSWERS: Final[tuple[RecordAnswer, ...]] = (
    "ask_ktp", "fix", "as_is", "withdraw", "take_back",
)  # fmt: skip
NEEDS_REASON: Final = frozenset({"fix", "as_is", "withdraw"})


@dataclass(frozen=True, slots=True)
class Said:
    """An answer about one record as it was shown (`seen` is its revision)."""

    answer: str
    seen: str
    field: str = ""
    reason: str = ""


def possible_answers(record: Any) -> tuple[RecordAnswer, ...]:
    """Return the answers that this record's state allows."""
    return tuple(
        one for one in RECORD_ANSWERS if may_move(record.state, _goal(one, record), "officer")
    )


def check_said(connection: Connection, subject: str, said: Said) -> Any:
    """Return the record, locked, if this answer may be given about it now.

    Raises:
        DecidedBefore, AnswerNotPossible, ReasonNeeded
    """
    query = select(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == subject).with_for_update()
    record = connection.execute(query).one_or_none()
    if record is None or record.revision != said.seen:
        raise DecidedBefore
    if said.answer not in possible_answers(record):
        raise AnswerNotPossible
    if said.answer == "fix" and said.field not in FIELDS:
        raise AnswerNotPossible
    if said.answer in NEEDS_REASON and not said.reason.strip():
        raise ReasonNeeded
    return record


def answer_record(
    office: Office, connection: Connection, officer: Officer, subject: str, said: Said
) -> None:
    """Carry out an answer about one record.

    Raises as `check_said`.
    """
    record = check_said(connection, subject, said)
    goal = _goal(said.answer, record)
    reason, field = said.reason.strip() or None, None
    if said.answer == "ask_ktp":
        reason, field = reason or text("resolving.ask_ktp_reason", "id"), "nik"
    elif said.answer == "fix":
        field = said.field
    verdict = Verdict(subject, goal, reason, field, seen=said.seen)
    if not decide_in(office, connection, [verdict], officer=officer.name, actor="officer"):
        raise DecidedBefore
    audit(office, connection, officer.account, f"record_{said.answer}", subject)


def _goal(answer: str, record: Any) -> Decision:
    """Return the state that an answer leads to."""
    if answer in {"ask_ktp", "fix"}:
        return "returned"
    if answer == "as_is":
        return "verified"
    if answer == "withdraw":
        return "withdrawn"
    return "registered" if record.nik else "waiting_nik"
