"""What needs two persons: one asks, another with the same right answers, and then it is done.

A module that has such a deed registers a runner for its kind; the runner runs in the transaction of
the answer. What was asked waits three days.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from enumerator_app.domain.instants import instant_to_text
from sync.server.office import Office
from sync.server.people.accounts import find_account
from sync.server.people.audit import audit
from sync.server.people.errors import AskedByYourself, NotAllowed, PairAnswered, PairUnknown
from sync.server.people.rights import Right, Role, rights_of
from sync.server.people.tables import ACCOUNT_ROWS, PAIR_ROWS

WAITS: Final = timedelta(days=3)
RIGHTS: Final = {
    "merge": Right.decide,
    "mass_export": Right.export_tables,
    "keys": Right.keys,
}
Runner = Callable[[Office, Connection, str, dict[str, Any]], None]
"""Does what was asked: office, the answer's transaction, the account that asked, the payload."""
_RUNNERS: Final[dict[str, Runner]] = {}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a second person; `payload` holds ids and choices, never names."""

    id: str
    kind: str
    payload: dict[str, Any]
    asked_by: str
    asked_by_name: str
    asked_at: str
    over_at: str


def register(kind: str, runner: Runner) -> None:
    """Name who does the deed of a kind."""
    assert kind in RIGHTS
    _RUNNERS[kind] = runner


def ask(office: Office, by: str, kind: str, payload: dict[str, Any]) -> str:
    """Put a deed before a second person; the same one asked again is the same request.

    Raises:
        NotAllowed: the account has not the right of this kind.
    """
    written = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    now = office.clock()
    with office.database.writing() as connection:
        _require(connection, by, kind)
        query = select(PAIR_ROWS.c.id).where(
            _is_open(office), PAIR_ROWS.c.kind == kind, PAIR_ROWS.c.payload == written
        )
        known = connection.execute(query).scalar()
        if known is not None:
            return str(known)
        row = {
            "id": str(uuid4()), "kind": kind, "payload": written, "state": "open",
            "asked_by": by, "asked_at": instant_to_text(now),
            "over_at": instant_to_text(now + WAITS),
        }  # fmt: skip
        connection.execute(insert(PAIR_ROWS).values(row))
        audit(office, connection, by, f"asked_{kind}", row["id"])
    return row["id"]


def waiting(office: Office, rights: frozenset[Right]) -> list[Waiting]:
    """Return what waits for somebody with these rights, the oldest first."""
    kinds = [kind for kind, right in RIGHTS.items() if right in rights]
    table = PAIR_ROWS.c
    query = (
        select(PAIR_ROWS, ACCOUNT_ROWS.c.name)
        .outerjoin(ACCOUNT_ROWS, ACCOUNT_ROWS.c.id == table.asked_by)
        .where(_is_open(office), table.kind.in_(kinds))
        .order_by(table.asked_at)
    )
    with office.database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        Waiting(
            row.id, row.kind, json.loads(row.payload), row.asked_by, row.name or row.asked_by,
            row.asked_at, row.over_at,
        )
        for row in rows
    ]  # fmt: skip


def waiting_for(office: Office, account: str, rights: frozenset[Right]) -> int:
    """Return how many requests of others this account could answer."""
    kinds = [kind for kind, right in RIGHTS.items() if right in rights]
    query = (
        select(func.count())
        .select_from(PAIR_ROWS)
        .where(_is_open(office), PAIR_ROWS.c.kind.in_(kinds), PAIR_ROWS.c.asked_by != account)
    )
    with office.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def answer(office: Office, by: str, name: str, *, yes: bool) -> str:
    """Do what was asked, or refuse it; return its kind. Who asked may take it back, not agree.

    Raises:
        PairUnknown, PairAnswered, AskedByYourself, NotAllowed, and what the deed itself raises:
        then nothing is answered.
    """
    with office.database.writing() as connection:
        query = select(PAIR_ROWS).where(PAIR_ROWS.c.id == name).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise PairUnknown
        if row.state != "open" or row.over_at <= office.now():
            raise PairAnswered
        if yes and row.asked_by == by:
            raise AskedByYourself
        _require(connection, by, row.kind)
        if yes:
            _RUNNERS[row.kind](office, connection, row.asked_by, json.loads(row.payload))
        values = {
            "state": "done" if yes else "refused", "answered_by": by, "answered_at": office.now(),
        }  # fmt: skip
        connection.execute(update(PAIR_ROWS).where(PAIR_ROWS.c.id == name).values(values))
        audit(office, connection, by, f"{'agreed' if yes else 'refused'}_{row.kind}", name)
    return str(row.kind)


def _require(connection: Connection, account: str, kind: str) -> None:
    role = Role(find_account(connection, account).role)
    if RIGHTS[kind] not in rights_of(role):
        raise NotAllowed


def _is_open(office: Office) -> Any:
    return (PAIR_ROWS.c.state == "open") & (PAIR_ROWS.c.over_at > office.now())
