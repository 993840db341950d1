"""What people at the office must decide, as a list.

A person in quarantine is a case without a row of its own: it ends when a valid body arrives.
"""

import json
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.server.bulk import bound, one_of
from sync.server.ingest.judging import content_of, number_in
from sync.server.office import Office
from sync.server.tables import CASE_ROWS, ENTRY_ROWS, SUBJECT_ROWS

QUARANTINED: Final = "quarantined"


def list_cases(office: Office, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the open cases, oldest first, with the numbers of the records in each."""
    found = [] if kind == QUARANTINED else _opened(office, kind)
    if kind in {None, QUARANTINED}:
        with office.database.reading() as connection:
            found += _quarantined(connection)
    return sorted(found, key=lambda case: (case["opened_at"], case["id"]))


def _quarantined(connection: Connection) -> list[dict[str, Any]]:
    subject, entry = SUBJECT_ROWS.c, ENTRY_ROWS.c
    query = (
        select(subject.id, subject.device, subject.received_at, entry.code, entry.body)
        .outerjoin(ENTRY_ROWS, entry.hash == subject.content)
        .where(subject.state == QUARANTINED)
    )
    return [
        {
            "id": row.id,
            "kind": QUARANTINED,
            "numbers": [number for number in [number_in(content_of(row.body) or {})] if number],
            "score": 0,
            "reasons": [row.code] if row.code else [],
            "device": row.device,
            "opened_at": row.received_at,
        }
        for row in connection.execute(query)
    ]


def _opened(office: Office, kind: str | None) -> list[dict[str, Any]]:
    query = select(CASE_ROWS).where(CASE_ROWS.c.closed_at.is_(None))
    if kind is not None:
        query = query.where(CASE_ROWS.c.kind == kind)
    with office.database.reading() as connection:
        rows = connection.execute(query.order_by(CASE_ROWS.c.opened_at, CASE_ROWS.c.id)).all()
        members = {row.id: json.loads(row.subjects) for row in rows}
        dialect = office.database.dialect
        named = select(SUBJECT_ROWS.c.id, SUBJECT_ROWS.c.number).where(
            one_of(SUBJECT_ROWS.c.id, dialect, "subjects")
        )
        wanted = sorted({subject for some in members.values() for subject in some})
        numbers = dict(connection.execute(named, {"subjects": bound(dialect, wanted)}).all())
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "numbers": [numbers[one] for one in members[row.id] if numbers.get(one)],
            "score": row.score,
            "reasons": json.loads(row.reasons),
            "device": row.device,
            "opened_at": row.opened_at,
        }
        for row in rows
    ]
