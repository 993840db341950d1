"""Lists to the insurer in the database: what each was for, and its rows one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from sync.server.bulk import Write, write_all
from sync.server.cover_tables import BATCH_ROWS, LISTED_REPLY_ROWS, SENT_ROWS
from sync.server.office import Office
from sync.server.tables import EXPORT_ROWS, SUBJECT_ROWS

AT_ONCE: Final = 5_000
SENT: Final = Write(SENT_ROWS, ("batch", "n", "subject", "number", "nik", "monthly", "state"))
SentLine = tuple[int, str | None, str, str, int]
"""(n, subject, number, nik, monthly) of a row."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One list. `sent`, `accepted` and `refused` add up to `rows`; `sent` waits for its answer."""

    id: str
    at: str
    officer: str
    rows: int
    sha256: str
    month: str
    branch: str
    monthly: int
    nik_sum: str
    source: str
    sent: int
    accepted: int
    refused: int

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def keep_batch(connection: Connection, batch: dict[str, Any], rows: Sequence[SentLine]) -> None:
    """Keep a list and its rows; what is there already stays as it is."""
    made = {name: batch[name] for name in ("id", "at", "officer", "rows", "sha256")}
    purpose = {
        name: batch[name] for name in ("id", "month", "branch", "monthly", "nik_sum", "source")
    }
    for table, values in ((EXPORT_ROWS, made), (BATCH_ROWS, purpose)):
        known = select(table.c.id).where(table.c.id == batch["id"])
        if not connection.execute(known).first():
            connection.execute(insert(table).values(values))
    for start in range(0, len(rows), AT_ONCE):
        some = [(batch["id"], *row, "sent") for row in rows[start : start + AT_ONCE]]
        write_all(connection, [(SENT, some)])


def list_batches(office: Office, *, of: str = "") -> list[Batch]:
    """Return the lists that were made (or the one named), the newest first."""
    export, batch, row = EXPORT_ROWS.c, BATCH_ROWS.c, SENT_ROWS.c
    query = (
        select(EXPORT_ROWS, batch.month, batch.branch, batch.monthly, batch.nik_sum, batch.source)
        .outerjoin(BATCH_ROWS, batch.id == export.id)
        .order_by(export.at.desc(), export.id.desc())
    )
    counted = select(row.batch, row.state, func.count()).group_by(row.batch, row.state)
    if of:
        query, counted = query.where(export.id == of), counted.where(row.batch == of)
    with office.database.reading() as connection:
        found = connection.execute(query).all()
        states = {(name, state): n for name, state, n in connection.execute(counted)}
    return [_batch(one, states) for one in found]


def _batch(row: Any, states: dict[tuple[str, str], int]) -> Batch:
    counts = {state: states.get((row.id, state), 0) for state in ("sent", "accepted", "refused")}
    return Batch(
        id=row.id, at=row.at, officer=row.officer, rows=row.rows, sha256=row.sha256,
        month=row.month or "", branch=row.branch or "", monthly=row.monthly or 0,
        nik_sum=row.nik_sum or "", source=row.source or "", **counts,
    )  # fmt: skip


def unfinished(office: Office) -> list[str]:
    """Return lists whose people are marked and whose file was never made: a cut between the two."""
    table = SUBJECT_ROWS.c
    query = (
        select(table.export_id)
        .distinct()
        .where(table.state == "submitted", table.export_id.is_not(None))
        .where(table.export_id.not_in(select(EXPORT_ROWS.c.id)))
    )
    with office.database.reading() as connection:
        return sorted(connection.execute(query).scalars())


def forget_sent(connection: Connection, subject: str, niks: Sequence[str]) -> None:
    """Leave nothing of an erased person in the rows but the record's own name."""
    row, listed = SENT_ROWS.c, LISTED_REPLY_ROWS.c
    connection.execute(
        update(SENT_ROWS)
        .where(row.subject == subject)
        .values(nik="", number="", raw=None, kpj=None)
    )
    for nik in niks:
        connection.execute(delete(LISTED_REPLY_ROWS).where(listed.content.contains(nik)))


def count_erased(office: Office, name: str) -> int:
    """Return how many people of a list were erased since; their rows name nobody."""
    row = SENT_ROWS.c
    query = select(func.count()).where(row.batch == name, row.number == "", row.nik == "")
    with office.database.reading() as connection:
        return int(connection.execute(query).scalar_one())
