"""What people at the office must decide, as a list."""

import json
from typing import Any

from sqlalchemy import select

from sync.server.bulk import bound, one_of
from sync.server.office import Office
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS


def list_cases(office: Office, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the open cases, oldest first, with the numbers of the records in each."""
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
