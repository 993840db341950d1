"""What a laptop sent that became a case about one record, for standing beside what counts now."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from enumerator_app.domain.registration import registration_from_body
from sync.server.ingest.cases import Case
from sync.server.ingest.judging import content_of
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS


def sent_beside(connection: Connection, case: Any) -> tuple[dict[str, Any], str] | None:
    """Return the body that a case is about and the code of its laptop; None if it has none.

    A case is named after the entry that it is about: that is how the entry is found.
    """
    if case.one is None or case.other is not None:
        return None
    table = ENTRY_ROWS.c
    query = (
        select(table.hash, table.body, DEVICE_ROWS.c.code)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)
        .where(table.subject == case.one, table.body.is_not(None))
    )
    for row in connection.execute(query):
        if Case(case.kind, None, (case.one,), about=row.hash).id == case.id:
            content = content_of(row.body)
            return (content, row.code or "") if content and _can_be_shown(content) else None
    return None


def _can_be_shown(content: dict[str, Any]) -> bool:
    try:
        registration_from_body(content)
    except ValidationError:
        return False
    return True
