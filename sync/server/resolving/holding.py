"""Ten seconds in which a decision can be taken back: nothing of it reaches a laptop before.

A decision that is held stands in the database; it is carried out by the office's own watch, by the
next page that shows the place, or by the next command, whichever comes first, also after a stop.
What changed meanwhile is not decided: then the decision ends as refused, with its reason.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_to_text
from sync.server.case_tables import HELD_DECISION_ROWS
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import DecidedBefore, UndoTooLate
from sync.server.resolving.officer import Officer

UNDO_WITHIN_S: Final = 10
Runner = Callable[[Office, Connection, Officer, str, dict[str, Any]], None]


def hold(
    office: Office,
    connection: Connection,
    officer: Officer,
    kind: str,
    about: str,
    payload: Mapping[str, Any],
) -> str:
    """Keep a decision until its time is over; return its id.

    The caller holds the lock of what it is about.

    Raises:
        DecidedBefore: another decision about the same thing is being held.
    """
    if held_about(connection, kind, about) is not None:
        raise DecidedBefore
    name, now = secrets.token_hex(8), office.clock()
    connection.execute(insert(HELD_DECISION_ROWS).values(
        id=name, kind=kind, about=about, account=officer.account,
        payload=json.dumps({"name": officer.name, **payload}), at=instant_to_text(now),
        due_at=instant_to_text(now + timedelta(seconds=UNDO_WITHIN_S)), state="waiting",
        problem="",
    ))  # fmt: skip
    audit(office, connection, officer.account, f"{kind}_decided", about)
    return name


def held_about(connection: Connection, kind: str, about: str) -> Any:
    """Return the decision about this that can still be taken back, or None."""
    table = HELD_DECISION_ROWS.c
    query = select(HELD_DECISION_ROWS).where(
        table.state == "waiting", table.kind == kind, table.about == about
    )
    return connection.execute(query).first()


def held_by(connection: Connection, account: str) -> list[Any]:
    """Return what somebody can still take back, the newest first."""
    table = HELD_DECISION_ROWS.c
    query = select(HELD_DECISION_ROWS).where(table.state == "waiting", table.account == account)
    return list(connection.execute(query.order_by(table.at.desc())))


def refused_of(connection: Connection, account: str, since: str) -> Any:
    """Return the newest decision of somebody that could not be carried out, and was not repeated.

    None if there is none since then.
    """
    table, later = HELD_DECISION_ROWS.c, HELD_DECISION_ROWS.alias("later")
    again = select(later.c.id).where(
        later.c.about == table.about, later.c.kind == table.kind, later.c.at > table.at
    )
    query = select(HELD_DECISION_ROWS).where(
        table.state == "refused", table.account == account, table.due_at > since, ~again.exists()
    )
    return connection.execute(query.order_by(table.due_at.desc())).first()


def take_back(office: Office, officer: Officer, name: str) -> Any:
    """Undo a decision of one's own; return its row.

    Raises:
        UndoTooLate: its time is over, or it is somebody else's.
    """
    table = HELD_DECISION_ROWS.c
    query = select(HELD_DECISION_ROWS).where(
        table.id == name, table.account == officer.account, table.state == "waiting"
    )
    with office.database.writing() as connection:
        row = connection.execute(query.with_for_update()).one_or_none()
        if row is None or row.due_at <= office.now():
            raise UndoTooLate
        _set(connection, name, "undone")
        audit(office, connection, officer.account, f"{row.kind}_undone", row.about)
    return row


def hasten(office: Office, name: str) -> None:
    """Let the time to undo be over: nobody waits at a command line."""
    table = HELD_DECISION_ROWS
    with office.database.writing() as connection:
        change = update(table).where(table.c.id == name, table.c.state == "waiting")
        connection.execute(change.values(due_at=office.now()))


def carry_out_due(office: Office, runners: Mapping[str, Runner]) -> int:
    """Carry out every decision whose time to undo is over; return how many."""
    table = HELD_DECISION_ROWS.c
    due = (
        select(table.id)
        .where(table.state == "waiting", table.due_at <= office.now())
        .order_by(table.due_at, table.id)
    )
    with office.database.reading() as connection:
        names = list(connection.execute(due).scalars())
    done = [_carry_out(office, runners, name) for name in names]
    if any(done):
        office.keep_head_outside()
    return sum(done)


def _carry_out(office: Office, runners: Mapping[str, Runner], name: str) -> bool:
    table = HELD_DECISION_ROWS.c
    query = select(HELD_DECISION_ROWS).where(table.id == name, table.state == "waiting")
    try:
        with office.database.writing() as connection:
            row = connection.execute(query.with_for_update()).one_or_none()
            if row is None:
                return False
            payload = json.loads(row.payload)
            officer = Officer(row.account, payload.pop("name"))
            runners[row.kind](office, connection, officer, row.about, payload)
            _set(connection, name, "done")
    except KnownError as error:
        with office.database.writing() as connection:
            _set(connection, name, "refused", error.code)
        return False
    return True


def _set(connection: Connection, name: str, state: str, problem: str = "") -> None:
    """End a decision; what was typed for it does not stay behind."""
    change = update(HELD_DECISION_ROWS).where(HELD_DECISION_ROWS.c.id == name)
    connection.execute(change.values(state=state, problem=problem, payload="{}"))
