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

from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.instants import instant_to_text
from sync.server.office import Office
from sync.server.people.accounts import find_account
from sync.server.people.audit import audit
from sync.server.people.errors import AskedByYourself, NotAllowed, PairAnswered, PairUnknown
from sync.server.people.rights import Right, Role, rights_of
from sync.server.people.tables import ACCOUNT_ROWS, PAIR_ROWS
from sync.server.people.visitor import Visitor

WAITS: Final = timedelta(days=3)
RIGHTS: Final = {
    "merge": Right.decide,
    "mass_export": Right.export_tables,
    "keys": Right.keys,
    "let_in": Right.field,
    "away": Right.field,
}
Runner = Callable[[Office, Connection, str, dict[str, Any]], None]
"""Does what was asked: office, the answer's transaction, the account that asked, the payload."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the second person reads of a request: names with values, and the page to look at.

    `past` says why nobody can agree to it any more, where what it is about has changed since.
    """

    details: list[tuple[str, str]]
    page: str = ""
    past: str = ""


Teller = Callable[[Office, Visitor, dict[str, Any]], Told | None]
"""Says what a request is about, in the visitor's language; None where it is out of their area."""
After = Callable[[Office, dict[str, Any]], object]
"""What follows a deed once its transaction is over: office, the payload."""


@dataclass(frozen=True, slots=True)
class _Kind:
    runner: Runner
    teller: Teller
    after: After | None = None


_KINDS: Final[dict[str, _Kind]] = {}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a second person."""

    id: str
    kind: str
    payload: dict[str, Any]
    told: Told
    asked_by: str
    asked_by_name: str
    asked_at: str
    over_at: str


def register(kind: str, runner: Runner, teller: Teller, after: After | None = None) -> None:
    """Name who does the deed of a kind, who says what it is about, and what follows the deed."""
    assert kind in RIGHTS
    _KINDS[kind] = _Kind(runner, teller, after)


def ask(office: Office, by: str, kind: str, payload: dict[str, Any]) -> str:
    """Put a deed before a second person; the same one asked again is the same request.

    `payload` holds ids and choices, never names.

    Raises:
        NotAllowed: the account has not the right of this kind.
    """
    kept, now = written(payload), office.clock()
    with office.database.writing() as connection:
        _require(connection, by, kind)
        query = select(PAIR_ROWS.c.id).where(
            _is_open(office), PAIR_ROWS.c.kind == kind, PAIR_ROWS.c.payload == kept
        )
        known = connection.execute(query).scalar()
        if known is not None:
            return str(known)
        row = {
            "id": str(uuid4()), "kind": kind, "payload": kept, "state": "open",
            "asked_by": by, "asked_at": instant_to_text(now),
            "over_at": instant_to_text(now + WAITS),
        }  # fmt: skip
        connection.execute(insert(PAIR_ROWS).values(row))
        audit(office, connection, by, f"asked_{kind}", row["id"])
    return row["id"]


def written(payload: dict[str, Any]) -> str:
    """Return a payload as it is kept: the same words for the same content."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False)


def waiting(office: Office, visitor: Visitor) -> list[Waiting]:
    """Return what waits for somebody with this visitor's rights and area, the oldest first."""
    kinds = [kind for kind in _KINDS if RIGHTS[kind] in visitor.rights]
    table = PAIR_ROWS.c
    query = (
        select(PAIR_ROWS, ACCOUNT_ROWS.c.name)
        .outerjoin(ACCOUNT_ROWS, ACCOUNT_ROWS.c.id == table.asked_by)
        .where(_is_open(office), table.kind.in_(kinds))
        .order_by(table.asked_at)
    )
    with office.database.reading() as connection:
        rows = connection.execute(query).all()
    asked = [(row, json.loads(row.payload)) for row in rows]
    told = [
        (row, payload, _KINDS[row.kind].teller(office, visitor, payload)) for row, payload in asked
    ]
    return [
        Waiting(
            id=row.id,
            kind=row.kind,
            payload=payload,
            told=one,
            asked_by=row.asked_by,
            asked_by_name=row.name or row.asked_by,
            asked_at=row.asked_at,
            over_at=row.over_at,
        )
        for row, payload, one in told
        if one is not None
    ]


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
        kind, payload = _KINDS[row.kind], json.loads(row.payload)
        if yes:
            kind.runner(office, connection, row.asked_by, payload)
        values = {
            "state": "done" if yes else "refused", "answered_by": by, "answered_at": office.now(),
        }  # fmt: skip
        connection.execute(update(PAIR_ROWS).where(PAIR_ROWS.c.id == name).values(values))
        audit(office, connection, by, f"{'agreed' if yes else 'refused'}_{row.kind}", name)
    if yes and kind.after is not None:
        kind.after(office, payload)
    return str(row.kind)


def _require(connection: Connection, account: str, kind: str) -> None:
    role = Role(find_account(connection, account).role)
    if RIGHTS[kind] not in rights_of(role):
        raise NotAllowed


def _is_open(office: Office) -> Any:
    return (PAIR_ROWS.c.state == "open") & (PAIR_ROWS.c.over_at > office.now())
