"""Payments and stops of payment in files beside the database: a restore does not reach them.

No laptop keeps them, and money that is transferred twice does not come back. One file each, written
before the database says so, by record alone, without name and NIK; one more where it was taken
back. `register.json` says that the folder holds all of them.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.instants import instant_from_text
from sync.server.batches import register
from sync.server.batches.months import last_day, read_month
from sync.server.batches.trouble import StopUnreadable
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
_LOWERED: Final = Write(STOPPED_COVER_ROWS, ("stop", "subject", "before"), updates=("before",))
_STOP_COLUMNS: Final = ("id", "after", "area", "at", "officer")
_SAYS: Final = {
    _PAID: {*PAYMENT_ROWS.c.keys(), "paid", "ends"},
    _STOP: {*_STOP_COLUMNS, "ends"},
    _UNDONE: {"undone_by", "undone_at"},
}


def is_whole(office: Office) -> bool:
    """Return whether the folder holds every payment and stop of this office."""
    return register.is_whole(office.home, office.public.office, KIND)


@contextmanager
def written_first(office: Office, name: str, *, taken_back: bool = False) -> Iterator[None]:
    """Forget the file of a payment or stop again whose transaction did not come about.

    `taken_back`: forget only that it was taken back.
    """
    try:
        yield
    except BaseException:
        for suffix in (_UNDONE,) if taken_back else (_PAID, _STOP):
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


def forget_payment(office: Office, connection: Connection, name: str) -> None:
    """Forget what a payment noted; no stop noted after it gives back an end that it had moved."""
    cover, paid, stop = EXTENDED_COVER_ROWS.c, PAYMENT_ROWS.c, PAYMENT_STOP_ROWS.c
    kept, month = STOPPED_COVER_ROWS.c, PAID_MONTH_ROWS.c
    of_month = select(paid.at, paid.month).where(paid.id == name)
    for at, of in connection.execute(of_month).all():
        moved = select(kept.stop, kept.subject, cover.before).where(
            cover.payment == name, month.payment == name, month.subject == cover.subject,
            month.month == of, kept.subject == cover.subject, kept.before > cover.before,
            kept.before <= last_day(read_month(of)).isoformat(),
            stop.id == kept.stop, stop.at >= at,
        )  # fmt: skip
        rows = [tuple(row) for row in connection.execute(moved)]
        _write_rows(connection, _LOWERED, rows)
        for one in {row[0] for row in rows}:
            write_stop(office, connection, one)
    for column in (cover.payment, month.payment, paid.id):
        connection.execute(delete(column.table).where(column == name))


def keep_all(office: Office) -> None:
    """Write down what only the database has; the folder is whole then, unless months may miss.

    A file that was cut off counts as none.
    """
    home, stop = office.home, PAYMENT_STOP_ROWS.c
    paid, stopped, undone = (_names(home, one) - _cut(home, one) for one in (_PAID, _STOP, _UNDONE))
    with office.database.reading() as connection:
        for name in set(connection.execute(select(PAYMENT_ROWS.c.id)).scalars()) - paid:
            write_payment(office, connection, name)
        for row in connection.execute(select(stop.id, stop.undone_at)).all():
            if row.id not in stopped or (row.undone_at and row.id not in undone):
                write_stop(office, connection, row.id)
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
    What cannot be read is left out, and named by `unreadable`.
    """
    lost = [(name, suffix) for name, suffix in _lost(office) if _is_readable(office, name, suffix)]
    bringing = {_PAID: _payment, _STOP: _stop, _UNDONE: _taken_back}
    for name, suffix in lost:
        with office.database.writing() as connection:
            bringing[suffix](office, connection, name)
    return len(lost)


def unreadable(office: Office) -> list[str]:
    """Return the files, by name, that tell what the database lacks and that nobody can read.

    That a payment was taken back, the name of such a file says alone.
    """
    return [
        f"{name}{suffix}"
        for name, suffix in _lost(office)
        if not _is_readable(office, name, suffix)
    ]


def unreadable_payments(office: Office, month: str) -> list[str]:
    """Return those among them that tell for whom a month was paid."""
    found = unreadable(office)
    return [one for one in found if one.startswith(f"{month}-") and one.endswith(_PAID)]


def require_stops(office: Office, until: str = "9999-12") -> None:
    """Have every stop of payment be known after which cover would last until a month.

    Raises:
        StopUnreadable: whose payment was stopped stands in a file that nobody can read.
    """
    files = [one for one in unreadable(office) if one.endswith(_STOP) and one[: len(until)] < until]
    if files:
        raise StopUnreadable(file=", ".join(files))


def _lost(office: Office) -> list[tuple[str, str]]:
    """Return the files, name and suffix, that tell what the database does not have."""
    paid, stopped, undone = (_names(office.home, one) for one in (_PAID, _STOP, _UNDONE))
    with office.database.reading() as connection:
        payments = set(connection.execute(select(PAYMENT_ROWS.c.id)).scalars())
        table = PAYMENT_STOP_ROWS.c
        found = connection.execute(select(table.id, table.undone_at))
        stops = {row.id: row.undone_at for row in found}
    lost = [(name, _PAID) for name in paid - payments - undone]
    lost += [(name, _STOP) for name in stopped - stops.keys()]
    lost += [(name, _UNDONE) for name in undone if name in payments or not stops.get(name, "-")]
    return sorted(lost)


def _is_readable(office: Office, name: str, suffix: str) -> bool:
    is_by_name = suffix == _UNDONE and _path(office.home, name, _PAID).exists()
    said = _read(office.home, name, suffix)
    return is_by_name or (said is not None and _SAYS[suffix] <= said.keys())


def _payment(office: Office, connection: Connection, name: str) -> None:
    said = _told(office, name, _PAID)
    paid, ends = said.pop("paid"), said.pop("ends")
    _write_rows(connection, _MONTHS, [(one, said["month"], n, name) for one, n in paid])
    _write_rows(connection, _EXTENDED, [(name, *one) for one in ends])
    mine = select(func.count()).where(PAID_MONTH_ROWS.c.payment == name)
    if connection.execute(mine).scalar_one():
        connection.execute(insert(PAYMENT_ROWS).values(said))
        audit(office, connection, COMMAND_LINE, "month_paid", name)


def _taken_back(office: Office, connection: Connection, name: str) -> None:
    is_payment = select(PAYMENT_ROWS.c.id).where(PAYMENT_ROWS.c.id == name)
    if connection.execute(is_payment).first():
        _not_paid(office, connection, name)
    else:
        _not_stopped(office, connection, name)


def _not_paid(office: Office, connection: Connection, name: str) -> None:
    forget_payment(office, connection, name)
    audit(office, connection, COMMAND_LINE, "month_not_paid", name)


def _stop(office: Office, connection: Connection, name: str) -> None:
    said = _told(office, name, _STOP)
    _write_rows(connection, _STOPPED, [(name, *one) for one in said.pop("ends")])
    is_undone = _path(office.home, name, _UNDONE).exists()
    taken_back = {}
    if is_undone and _is_readable(office, name, _UNDONE):
        taken_back = _told(office, name, _UNDONE)
    connection.execute(insert(PAYMENT_STOP_ROWS).values(said | taken_back))
    audit(office, connection, COMMAND_LINE, "payment_stopped", name)


def _not_stopped(office: Office, connection: Connection, name: str) -> None:
    change = update(PAYMENT_STOP_ROWS).where(PAYMENT_STOP_ROWS.c.id == name)
    connection.execute(change.values(_told(office, name, _UNDONE)))
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


def payments_in(home: Home) -> set[str]:
    """Return the names of the payments that the folder has."""
    return _names(home, _PAID)


def _names(home: Home, suffix: str) -> set[str]:
    folder = register.folder_of(home, KIND)
    return {path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}")}


def _write(home: Home, name: str, suffix: str, said: dict[str, Any]) -> None:
    write_privately(_path(home, name, suffix), json.dumps(said, ensure_ascii=False).encode())


def _cut(home: Home, suffix: str) -> set[str]:
    """Return whose files do not begin and end as one does: the rest of a large one is not read."""
    folder, found = register.folder_of(home, KIND), set()
    for path in folder.glob(f"*{suffix}"):
        with path.open("rb") as file:
            first, size = file.read(1), file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            if (first, file.read(1)) != (b"{", b"}"):
                found.add(path.name.removesuffix(suffix))
    return found


def _told(office: Office, name: str, suffix: str) -> dict[str, Any]:
    """Return what a file that can be read says."""
    said = _read(office.home, name, suffix) or {}
    return {key: said[key] for key in _SAYS[suffix]}


def _read(home: Home, name: str, suffix: str) -> dict[str, Any] | None:
    try:
        found = read_json(_path(home, name, suffix))
    except FileUnreadable:
        return None
    return found if isinstance(found, dict) else None
