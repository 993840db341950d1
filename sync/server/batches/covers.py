"""From when to when the insurer covers people: by the list each stands on, or by dates told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from enumerator_app.domain.instants import day_in_wib
from sync.server.batches.months import months_after, next_month, read_month
from sync.server.batches.trouble import CoverWrong
from sync.server.bulk import bound, one_of
from sync.server.cover_tables import BATCH_ROWS
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS


@dataclass(frozen=True, slots=True)
class Cover:
    """Dates that somebody told; without them the month of a person's list, to its year's end.

    The regency pays out of the budget of one calendar year: more was not promised.
    """

    start: date | None = None
    end: date | None = None

    def of(self, month: date) -> tuple[date, date]:
        """Return the cover of somebody whose list is for this month, before age ends it."""
        first = self.start or month
        return first, self.end or date(first.year, 12, 31)


def list_months(connection: Connection, people: Any, values: dict[str, Any]) -> dict[str, date]:
    """Return the month of the list that people stand on, by record, where it is known."""
    table, batch = SUBJECT_ROWS.c, BATCH_ROWS.c
    query = select(table.id, batch.month).join(BATCH_ROWS, batch.id == table.export_id)
    found = connection.execute(query.where(people, batch.month != ""), values)
    return {subject: read_month(month) for subject, month in found}


def require_fitting(office: Office, rows: Sequence[ReplyRow], cover: Cover) -> None:
    """Have the dates that were told fit the lists of the people whom the rows name.

    Raises:
        CoverWrong: they begin before a list's month, or end before they begin or a year later.
    """
    if cover.start is None and cover.end is None:
        return
    table, dialect = SUBJECT_ROWS.c, office.database.dialect
    named = one_of(table.number, dialect, "numbers") | one_of(table.nik, dialect, "niks")
    values = {
        "numbers": bound(dialect, [row.number for row in rows if row.number]),
        "niks": bound(dialect, [row.nik for row in rows if row.nik]),
    }
    with office.database.reading() as connection:
        found = list_months(connection, named & (table.state == "submitted"), values)
    months = set(found.values()) or {cover.start or next_month(day_in_wib(office.clock()))}
    for month in sorted(months):
        start, end = cover.of(month)
        if start < month or not start <= end < months_after(start, 12):
            raise CoverWrong(
                start=f"{start:%d-%m-%Y}", end=f"{end:%d-%m-%Y}", month=f"{month:%m-%Y}"
            )
