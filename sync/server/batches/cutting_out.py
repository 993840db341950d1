"""Somebody who was erased is cut out of the files of lists that the office keeps.

What was handed over stays with the insurer, who answers for it. The office keeps how many stood on
a list and what was paid for them, and no sum from which the missing NIK could be counted back.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.numbers import parse_number
from sync.server.batches import register
from sync.server.batches.columns import export_rows, headers, print_of
from sync.server.batches.months import read_month
from sync.server.batches.totals import Totals
from sync.server.cover_tables import BATCH_ROWS, CHECK_ROWS, CHECKED_ROWS, SENT_ROWS
from sync.server.errors import SheetUnreadable
from sync.server.home import Home
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import EXPORT_ROWS, SUBJECT_ROWS
from sync.server.tabulating import About, write_table


def lists_of(connection: Connection, subject: str) -> list[str]:
    """Return the lists that a person stands on."""
    row, table = SENT_ROWS.c, SUBJECT_ROWS.c
    listed = select(row.batch).where(row.subject == subject)
    marked = select(table.export_id).where(table.id == subject, table.export_id.is_not(None))
    return sorted(connection.execute(listed.union(marked)).scalars())


def cut_out(office: Office, connection: Connection, lists: list[str], number: str) -> None:
    """Write the kept files of these lists anew without this person, and forget checks.

    A file that cannot be read is removed: nobody can say that the person is not in it.
    """
    for name in lists:
        _cut_out_of(office, connection, name, number)
        audit(office, connection, COMMAND_LINE, "list_cut", name)
    of_updates = CHECK_ROWS.c.branch.startswith("update ")
    checks = list(connection.execute(select(CHECK_ROWS.c.branch).where(~of_updates)).scalars())
    for table in (CHECKED_ROWS, CHECK_ROWS):
        connection.execute(delete(table).where(table.c.branch.in_(checks)))


def _cut_out_of(office: Office, connection: Connection, name: str, number: str) -> None:
    batch, export = BATCH_ROWS.c, EXPORT_ROWS.c
    query = select(export.at, export.sha256, batch.month).outerjoin(
        BATCH_ROWS, batch.id == export.id
    )
    made = connection.execute(query.where(export.id == name)).one_or_none()
    if made is None:
        return  # marked, and its file was never made: `write_list` makes it from who is left
    totals = Totals(read_month(made.month or "2027-01"))
    about = About(name, instant_from_text(made.at))
    kept = office.home.exports / f"{name}.xlsx"
    is_written = kept.exists() and _write_without(kept, number, totals, about)
    nik_sum = str(totals.nik_sum) if is_written else ""
    sha256 = print_of(kept) if is_written else made.sha256
    connection.execute(update(EXPORT_ROWS).where(export.id == name).values(sha256=sha256))
    connection.execute(update(BATCH_ROWS).where(batch.id == name).values(nik_sum=nik_sum))
    _tell_the_register(office.home, name, sha256=sha256, nik_sum=nik_sum)


def _write_without(kept: Path, number: str, totals: Totals, about: About) -> bool:
    names = list(headers().values())

    def rows() -> Iterator[list[str]]:
        for cells in export_rows(kept):
            if (parse_number(cells["number"]) or cells["number"]) != number:
                totals.add(cells)
                yield [cells.get(one, "") for one in names]

    try:
        write_table(kept, list(headers()), rows(), about)
    except (FileUnreadable, SheetUnreadable):
        kept.unlink()
        return False
    return True


def _tell_the_register(home: Home, name: str, **values: str) -> None:
    for batch in register.written_down(home):
        if batch["id"] == name:
            people = [(n, who, number, "", monthly) for n, who, number, monthly in batch["people"]]
            told = {key: value for key, value in batch.items() if key != "people"}
            register.write_down(home, told | values, people)
