"""The bodies of many records, in the order of their numbers, without holding them all at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, select

from sync.server.ingest.judging import content_of
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS, REVISION_ROWS, SUBJECT_ROWS

ROWS_AT_ONCE = 500


def with_contents() -> Select[Any]:
    """Return a query over records with the bytes of their body and their laptop's code."""
    base = select(
        *SUBJECT_ROWS.c,
        ENTRY_ROWS.c.body,
        REVISION_ROWS.c.bytes,
        DEVICE_ROWS.c.code.label("device_code"),
    )
    return (
        base.select_from(SUBJECT_ROWS)
        .outerjoin(ENTRY_ROWS, ENTRY_ROWS.c.hash == SUBJECT_ROWS.c.content)
        .outerjoin(REVISION_ROWS, REVISION_ROWS.c.hash == SUBJECT_ROWS.c.content)
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == SUBJECT_ROWS.c.device)
        .order_by(SUBJECT_ROWS.c.number, SUBJECT_ROWS.c.id)
    )


def stream(
    connection: Connection, query: Select[Any], values: Mapping[str, Any] | None = None
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield (row, body) of a `with_contents` query; an unreadable or erased body is empty."""
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query, values or {}) as rows:
        for row in rows:
            written = row.body if row.body is not None else (row.bytes or "").encode()
            yield row, content_of(bytes(written)) or {}
