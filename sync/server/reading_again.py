"""What this office could not read when it came, read once more now that its program can.

A laptop may have a newer program than the office: the form of a body, or a kind of entry, is then
unknown here. Such entries are kept in quarantine as they came, and nobody at the laptop can do
anything about them. After the office's upgrade they are applied as if they had just arrived, and
the laptops are told what became of them.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import from_canonical
from sync.server.bulk import bound, one_of
from sync.server.ingest.applying import UNKNOWN_KIND, is_known_kind
from sync.server.ingest.cases import parked_case
from sync.server.ingest.judging import SCHEMA_NEWER, is_known_schema
from sync.server.letting_in import take_up
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.releasing import as_batch
from sync.server.resolving.telling import Closing, close_cases
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, ENTRY_ROWS

ANSWER: Final = "read_again"
_AT_ONCE: Final = 500


def read_again(office: Office) -> int:
    """Apply what can be read by now; return how many entries it were. Again does nothing twice.

    After it the caller writes the chain's head outside and renews the trust list.
    """
    with office.database.reading() as connection:
        devices = sorted({row.device for row in _unread(connection) if _is_readable(row)})
    return sum(_read_device(office, device) for device in devices)


def _read_device(office: Office, device: str) -> int:
    done = 0
    while read := _read_some(office, device):
        done += read
    return done


def _read_some(office: Office, device: str) -> int:
    """Apply some entries of one laptop, ancestors first, in a transaction of their own."""
    with office.database.writing() as connection:
        row = connection.execute(
            select(DEVICE_ROWS.c.state, DEVICE_ROWS.c.code)
            .where(DEVICE_ROWS.c.id == device)
            .with_for_update()
        ).one()
        unread = [one for one in _unread(connection) if one.device == device]
        readable = [one for one in unread if _is_readable(one)]
        chosen = readable[:_AT_ONCE]
        if not chosen:
            return 0
        waits = frozenset(one.hash for one in unread) - {one.hash for one in chosen}
        lines = take_up(connection, [one.hash for one in chosen])
        office.ingest.take_again(
            connection, as_batch(office, device, lines), office.server_epoch, waits, row.state
        )
        _end_cases(office, connection, chosen)
        audit(office, connection, COMMAND_LINE, "entries_read_again", row.code)
    return len(chosen)


def _unread(connection: Connection) -> list[Any]:
    """Return what was not understood, by arrival, but for what an officer decided meanwhile."""
    table = ENTRY_ROWS.c
    query = (
        select(table.hash, table.device, table.kind, table.subject, table.header, table.code)
        .where(table.outcome.in_(("quarantined", "case")))
        .where(table.code.in_((SCHEMA_NEWER, UNKNOWN_KIND)))
        .order_by(table.ingest_n)
    )
    found = connection.execute(query).all()
    decided = _cases(connection, found, is_open=False)
    return [one for one in found if _case_of(one) not in decided]


def _is_readable(row: Any) -> bool:
    return is_known_kind(row.kind) and is_known_schema(from_canonical(bytes(row.header))["schema"])


def _case_of(row: Any) -> str:
    return parked_case(None, str(row.subject), row.hash, SCHEMA_NEWER).id


def _end_cases(office: Office, connection: Connection, read: Sequence[Any]) -> None:
    """Close the cases that stood open only because nobody here could read the entry."""
    closing = dict.fromkeys(sorted(_cases(connection, read, is_open=True)), Closing(ANSWER))
    close_cases(office, connection, closing)


def _cases(connection: Connection, rows: Sequence[Any], *, is_open: bool) -> set[str]:
    table, dialect = CASE_ROWS.c, connection.dialect.name
    ended = table.closed_at.is_(None) if is_open else table.closed_at.is_not(None)
    query = select(table.id).where(one_of(table.id, dialect, "cases"), ended)
    values = {"cases": bound(dialect, [_case_of(one) for one in rows if one.subject])}
    return set(connection.execute(query, values).scalars())
