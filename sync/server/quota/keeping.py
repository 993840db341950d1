"""A new table of places: villages get what it says, and people who came before get theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places, load_programme_tables
from sync.server.bulk import Write, bound, one_of, write_all
from sync.server.field_tables import QUOTA_ROWS, SEAT_ROWS
from sync.server.list_files import RejectedRow
from sync.server.office import Office
from sync.server.quota.reading import Allotment, read_quota
from sync.server.quota.settling import COUNTS, SEATED, claim_of, settle
from sync.server.tables import DEVICE_ROWS, OFFICE_ROWS, SUBJECT_ROWS

GIVEN = Write(
    QUOTA_ROWS,
    COUNTS.columns,
    updates=tuple(n for n in COUNTS.columns if n not in {"village_code", "confirmed", "waiting"}),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file; `confirmed` and `waiting` are people in the villages it names."""

    villages: int
    seats: int
    confirmed: int
    waiting: int
    cost: int
    rejected: Sequence[RejectedRow]


def import_quota(office: Office, path: Path, *, mapping: Path | None = None) -> Imported:
    """Give villages their places; a row with fewer than are confirmed already is rejected.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no such table.
    """
    today = day_in_wib(office.clock())
    read = read_quota(path, load_places(), load_programme_tables(), today=today, mapping=mapping)
    rejected = list(read.rejected)
    with office.database.writing() as connection:
        connection.execute(select(OFFICE_ROWS.c.id).with_for_update())  # one table at a time
        _wait_for_batches(connection)
        before = _locked(connection, list(read.allotments))
        given: list[Allotment] = []
        for code, (row, allotment) in sorted(read.allotments.items()):
            taken = before[code].confirmed if code in before else 0
            if allotment.seats < taken:
                rejected.append(RejectedRow(row, "seats_taken", {"n": taken}))
            else:
                given.append(allotment)
        write_all(connection, [(GIVEN, [_row(one, office.now()) for one in given])])
        _settle_all(connection, [one.village_code for one in given], office.now())
        after = _locked(connection, [one.village_code for one in given])
    confirmed = sum(row.confirmed for row in after.values())
    cost = sum(one.seats * one.monthly * one.months for one in given)
    waiting = sum(row.waiting for row in after.values())
    seats = sum(one.seats for one in given)
    return Imported(len(given), seats, confirmed, waiting, cost, rejected)


def _wait_for_batches(connection: Connection) -> None:
    """Lock every laptop's row: a batch under way would not see a village's first places."""
    connection.execute(select(DEVICE_ROWS.c.id).order_by(DEVICE_ROWS.c.id).with_for_update())


def _locked(connection: Connection, villages: Sequence[str]) -> dict[str, Any]:
    table, dialect = QUOTA_ROWS.c, connection.dialect.name
    query = select(QUOTA_ROWS).where(one_of(table.village_code, dialect, "villages"))
    rows = connection.execute(
        query.order_by(table.village_code).with_for_update(),
        {"villages": bound(dialect, sorted(villages))},
    )
    return {row.village_code: row for row in rows}


def _row(one: Allotment, now: str) -> tuple[Any, ...]:
    return (
        one.village_code, one.seats, 0, 0, one.programmes, one.starts_on.isoformat(),
        one.ends_on.isoformat(), one.months, one.monthly, one.table_version, now,
    )  # fmt: skip


def _settle_all(connection: Connection, villages: Sequence[str], now: str) -> None:
    """Let everybody of these villages ask, in the order in which they came; then those who wait."""
    table, dialect = SUBJECT_ROWS.c, connection.dialect.name
    here = one_of(table.village_code, dialect, "villages")
    query = (
        select(table.id, table.village_code, table.device, table.state, table.nik)
        .where(here, table.state.in_(sorted(SEATED)), table.nik != "")
        .order_by(table.received_at, table.registered_at, table.id)
    )
    rows = connection.execute(query, {"villages": bound(dialect, sorted(villages))})
    settle(connection, [claim_of(row) for row in rows], now)


def confirmed_subjects(connection: Connection) -> set[str]:
    """Return the records that have a place."""
    query = select(SEAT_ROWS.c.subject).where(SEAT_ROWS.c.state == "confirmed")
    return set(connection.execute(query).scalars())
