"""Uniting two records needs two persons: one asks, another with the same right agrees."""

import json
from typing import Any

from sqlalchemy import Connection, select

from enumerator_app.texts import text
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.accounts import find_account
from sync.server.people.audit import audit
from sync.server.people.tables import PAIR_ROWS
from sync.server.people.visitor import Visitor
from sync.server.resolving.answering import (
    UNITE_ASKED,
    Given,
    check_answer,
    open_case,
    set_waiting,
)
from sync.server.resolving.comparing import FIELDS_OF
from sync.server.resolving.errors import AnswerNotPossible, DecidedBefore
from sync.server.resolving.linking import LAID_ASIDE, unite
from sync.server.resolving.officer import Officer
from sync.server.resolving.queue import is_for
from sync.server.resolving.telling import Closing, close_cases
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS
from sync.server.trust import refresh_trust

KIND = "merge"


def ask_to_unite(office: Office, officer: Officer, given: Given) -> str:
    """Put the union before a second person; `given.about` is laid aside. Return the request's id.

    Raises:
        NotAllowed: the officer's account may not decide; and as `check_answer`.
    """
    with office.database.writing() as connection:
        case = check_answer(connection, given)
        people = {one.id: one for one in case.people}
        if len(people) != 2 or given.about not in people:
            raise AnswerNotPossible
        if people[given.about].state not in LAID_ASIDE:
            raise AnswerNotPossible
        (kept,) = people.keys() - {given.about}
    payload = {
        "case": given.case, "kept": kept, "laid_aside": given.about,
        "take": sorted(name for name, side in given.choices.items() if side == "b"),
    }  # fmt: skip
    request = pairs.ask(office, officer.account, KIND, payload)
    try:
        with office.database.writing() as connection:
            check_answer(connection, given)
            set_waiting(office, connection, officer, given.case, UNITE_ASKED)
            audit(office, connection, officer.account, "case_unite", given.case)
    except DecidedBefore:
        pairs.answer(office, officer.account, request, yes=False)
        raise
    return request


def forget_refused(office: Office) -> None:
    """Let cases come back whose union was refused, or not answered in time."""
    with office.database.reading() as connection:
        left = _without_request(connection, office.now())
    for row in left:
        with office.database.writing() as connection:
            set_waiting(office, connection, Officer(row.answered_by or "", ""), row.id, None)


def _without_request(connection: Connection, now: str) -> list[Any]:
    table = CASE_ROWS.c
    query = select(table.id, table.answered_by).where(
        table.closed_at.is_(None), table.answer == UNITE_ASKED
    )
    rows = connection.execute(query).all()
    if not rows:
        return []
    pair = PAIR_ROWS.c  # one that nobody answered in time stays open in the table, and is over
    asked = select(pair.payload).where(pair.kind == KIND, pair.state == "open", pair.over_at > now)
    open_cases = {json.loads(one)["case"] for one in connection.execute(asked).scalars()}
    return [row for row in rows if row.id not in open_cases]


def _unite(office: Office, connection: Connection, asked_by: str, payload: dict[str, Any]) -> None:
    """Do what a second person agreed to, in the transaction of that answer."""
    case = open_case(connection, payload["case"], lock=True)
    officer = Officer(asked_by, find_account(connection, asked_by).name)
    unite(
        office, connection, kept=payload["kept"], laid_aside=payload["laid_aside"],
        choices=dict.fromkeys(payload["take"], "b"), case=case.row.id, officer=officer,
    )  # fmt: skip
    close_cases(office, connection, {case.row.id: Closing("unite", asked_by)})


def _tell(office: Office, visitor: Visitor, payload: dict[str, Any]) -> pairs.Told | None:
    """Say which two records are meant, for somebody in whose kecamatan both are."""
    with office.database.reading() as connection:
        rows = {
            row.id: row
            for row in connection.execute(
                select(SUBJECT_ROWS).where(
                    SUBJECT_ROWS.c.id.in_([payload["kept"], payload["laid_aside"]])
                )
            )
        }
    if not is_for(visitor.districts, [row.village_code for row in rows.values()]):
        return None
    language = visitor.language
    details = [
        (text(f"web.unite_{name}", language), _named(rows[payload[name]]))
        for name in ("kept", "laid_aside")
        if payload[name] in rows
    ]
    taken = [row for row, fields in FIELDS_OF.items() if set(fields) & set(payload["take"])]
    words = ", ".join(text(f"web.decide_row_{row}", language) for row in taken)
    details.append(
        (text("web.unite_take", language), words or text("web.decide_nothing", language))
    )
    return pairs.Told(details, f"/decide/{payload['case']}")


def _named(row: Any) -> str:
    return f"{row.name} {row.number or ''}".strip()


def _after(office: Office, _: dict[str, Any]) -> None:
    refresh_trust(office)  # papers of the record laid aside count no more


pairs.register(KIND, _unite, _tell, _after)
