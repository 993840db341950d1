"""Payments and stops of payment in files beside the database: a restore does not reach them.

No laptop keeps them, and money that is transferred twice does not come back. One file each, written
before the database says so, by record alone, without name and NIK; one more where it was taken
back. `register.json` says that the folder holds all of them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.instants import instant_from_text
from sync.server.batches import register
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import (
    EXTENDED_COVER_ROWS,
    PAID_MONTH_ROWS,
    PAYMENT_ROWS,
    PAYMENT_STOP_ROWS,
    STOPPED_COVER_ROWS,
)
from sync.server.home import Home, read_json, write_privately
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import OFFICE_ROWS

KIND: Final = "payments"
MISSED_FOR: Final = timedelta(days=92)
"""So long after a restore months may be missing: the next ones are paid and compared by then."""
_AT_ONCE: Final = 5_000
_PAID, _STOP, _UNDONE = ".paid.json", ".stop.json", ".undone.json"
_MONTHS: Final = Write(PAID_MONTH_ROWS, ("subject", "month", "amount", "payment"))
_EXTENDED: Final = Write(EXTENDED_COVER_ROWS, ("payment", "subject", "before"))
_STOPPED: Final = Write(STOPPED_COVER_ROWS, ("stop", "subject", "before"))
_STOP_COLUMNS: Final = ("id", "after", "area", "at", "officer")


def is_whole(office: Office) -> bool:
    """Return whether the folder holds every payment and stop of this office."""
    return register.is_whole(office.home, office.public.office, KIND)


@contextmanager
def written_first(office: Office, name: str) -> Iterator[None]:
    """Forget the file of a payment or stop again whose transaction did not come about."""
    keep_all(office)
    try:
        yield
    except BaseException:
        for suffix in (_PAID, _STOP):
            _path(office.home, name, suffix).unlink(missing_ok=True)
        raise


def write_payment(office: Office, connection: Connection, name: str) -> None:
    """Write a payment down as the database has it: for whom, how much, and ends that it moves."""
    month, cover = PAID_MONTH_ROWS.c, EXTENDED_COVER_ROWS.c
    people = select(month.subject, month.amount).where(month.payment == name)
    ends = select(cover.subject, cover.before).where(cover.payment == name)
    said = {
        **_row(connection, PAYMENT_ROWS, name),
        "paid": _pairs(connection, people),
        "ends": _pairs(connection, ends),
    }
    _write(office.home, name, _PAID, said)


def write_stop(office: Office, connection: Connection, name: str) -> None:
    """Write a stop of payment down as the database has it, with everybody's earlier end."""
    cover = STOPPED_COVER_ROWS.c
    ends = select(cover.subject, cover.before).where(cover.stop == name)
    row = _row(connection, PAYMENT_STOP_ROWS, name)
    said = {column: row[column] for column in _STOP_COLUMNS} | {"ends": _pairs(connection, ends)}
    _write(office.home, name, _STOP, said)
    if row["undone_at"]:
        write_undone(office, name, by=row["undone_by"], at=row["undone_at"])


def write_undone(office: Office, name: str, *, by: str, at: str) -> None:
    """Write down that a payment or a stop was taken back."""
    _write(office.home, name, _UNDONE, {"undone_by": by, "undone_at": at})


def keep_all(office: Office) -> None:
    """Write down what only the database has; the folder is whole then, unless months may miss."""
    with office.database.reading() as connection:
        for rows, suffix, write in (
            (PAYMENT_ROWS, _PAID, write_payment),
            (PAYMENT_STOP_ROWS, _STOP, write_stop),
        ):
            known = set(connection.execute(select(rows.c.id)).scalars())
            for name in sorted(known - _names(office.home, suffix)):
                write(office, connection, name)
    if not is_whole(office) and restored_lately(office) is None:
        register.declare_whole(office.home, office.public.office, KIND)


def restored_lately(office: Office) -> str | None:
    """Return when the office was put back, where that is so short ago that months may miss."""
    with office.database.reading() as connection:
        at = connection.execute(select(OFFICE_ROWS.c.restored_at)).scalar_one()
    is_lately = at is not None and office.clock() - instant_from_text(at) <= MISSED_FOR
    return str(at) if is_lately else None


def bring_back(office: Office) -> int:
    """Take in what the folder knows and the database does not; return how many were brought.

    What was taken back is taken back again. Ends of cover come back with the laptops' notices.
    """
    paid, stopped, undone = (_names(office.home, one) for one in (_PAID, _STOP, _UNDONE))
    with office.database.reading() as connection:
        payments = set(connection.execute(select(PAYMENT_ROWS.c.id)).scalars())
        table = PAYMENT_STOP_ROWS.c
        found = connection.execute(select(table.id, table.undone_at))
        stops = {row.id: row.undone_at for row in found}
    known = [(name, _payment) for name in paid - payments - undone]
    known += [(name, _not_paid) for name in payments & undone]
    known += [(name, _stop) for name in stopped - stops.keys()]
    known += [(name, _not_stopped) for name in undone if stops.get(name, "") is None]
    for name, bring in sorted(known, key=lambda one: one[0]):
        with office.database.writing() as connection:
            bring(office, connection, name)
    return len(known)


def _payment(office: Office, connection: Connection, name: str) -> None:
    said = _read(office.home, name, _PAID)
    if said is None:
        return
    paid, ends = said.pop("paid"), said.pop("ends")
    _write_rows(connection, _MONTHS, [(one, said["month"], n, name) for one, n in paid])
    _write_rows(connection, _EXTENDED, [(name, *one) for one in ends])
    mine = select(func.count()).where(PAID_MONTH_ROWS.c.payment == name)
    if connection.execute(mine).scalar_one():
        connection.execute(insert(PAYMENT_ROWS).values(said))
        audit(office, connection, COMMAND_LINE, "month_paid", name)


def _not_paid(office: Office, connection: Connection, name: str) -> None:
    for column in (EXTENDED_COVER_ROWS.c.payment, PAID_MONTH_ROWS.c.payment, PAYMENT_ROWS.c.id):
        connection.execute(delete(column.table).where(column == name))
    audit(office, connection, COMMAND_LINE, "month_not_paid", name)


def _stop(office: Office, connection: Connection, name: str) -> None:
    said = _read(office.home, name, _STOP)
    if said is None:
        return
    _write_rows(connection, _STOPPED, [(name, *one) for one in said.pop("ends")])
    taken_back = _read(office.home, name, _UNDONE) or {}
    connection.execute(insert(PAYMENT_STOP_ROWS).values(said | taken_back))
    audit(office, connection, COMMAND_LINE, "payment_stopped", name)


def _not_stopped(office: Office, connection: Connection, name: str) -> None:
    change = update(PAYMENT_STOP_ROWS).where(PAYMENT_STOP_ROWS.c.id == name)
    connection.execute(change.values(_read(office.home, name, _UNDONE) or {}))
    audit(office, connection, COMMAND_LINE, "payment_not_stopped", name)


def _write_rows(connection: Connection, write: Write, rows: list[tuple[Any, ...]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        write_all(connection, [(write, rows[start : start + _AT_ONCE])])


def _row(connection: Connection, rows: Table, name: str) -> dict[str, Any]:
    found = connection.execute(select(rows).where(rows.c.id == name)).mappings().one()
    return dict(found)


def _pairs(connection: Connection, query: Any) -> list[list[Any]]:
    return [list(row) for row in connection.execute(query)]


def _path(home: Home, name: str, suffix: str) -> Path:
    return register.folder_of(home, KIND) / f"{name}{suffix}"


def _names(home: Home, suffix: str) -> set[str]:
    folder = register.folder_of(home, KIND)
    return {path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}")}


def _write(home: Home, name: str, suffix: str, said: dict[str, Any]) -> None:
    write_privately(_path(home, name, suffix), json.dumps(said, ensure_ascii=False).encode())


def _read(home: Home, name: str, suffix: str) -> dict[str, Any] | None:
    try:
        return dict(read_json(_path(home, name, suffix)))
    except FileUnreadable:
        return None
