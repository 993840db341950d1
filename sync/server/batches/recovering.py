"""After a restore: what left the office is known again before anything else may leave.

Three sources, each enough by itself: the files beside the database, the notices that laptops offer
again, and the list itself, read back in. Somebody who stands in a list that was not refused is
never sent a second time.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl
from sqlalchemy import Connection, func, insert, select, update

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import FileUnreadable, UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.numbers import parse_number
from sync.server.awaiting import require_heard
from sync.server.batches.answering import answer_rows
from sync.server.batches.columns import export_rows
from sync.server.batches.cutting_out import cut_out
from sync.server.batches.keeping import SentLine, keep_batch
from sync.server.batches.months import month_text, next_month, read_month
from sync.server.batches.register import (
    declare_whole,
    is_whole,
    write_down,
    written_down,
)
from sync.server.batches.totals import Totals
from sync.server.batches.trouble import BatchesUnsettled
from sync.server.bulk import bound, one_of
from sync.server.cover_tables import BATCH_ROWS, SENT_ROWS
from sync.server.deciding import Verdict, decide
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import (
    ENTRY_ROWS,
    EXPORT_ROWS,
    OFFICE_ROWS,
    SETTING_ROWS,
    SUBJECT_ROWS,
)
from sync.server.tabulating import copy_table

NONE_LEFT: Final = "none"
_SETTLED: Final = "batches_settled"
_FORGOTTEN: Final = ("registered", "verified")
_MATCHED_AT_ONCE: Final = 2_000
_MOST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a list that was read back; `marked` were not known to be submitted."""

    id: str
    rows: int
    new: bool
    marked: int
    unknown: int


def require_settled(office: Office) -> None:
    """Let nothing leave before a restored office knows what had left.

    Raises:
        OfficeRecovering: laptops were not all heard yet.
        BatchesUnsettled: nobody said which list was the last.
    """
    with office.database.reading() as connection:
        require_heard(connection)
    bring_back(office)
    if not is_settled(office):
        raise BatchesUnsettled


def is_settled(office: Office) -> bool:
    """Return whether this office knows of every list that left it."""
    with office.database.reading() as connection:
        restored = connection.execute(select(OFFICE_ROWS.c.restored_at)).scalar_one()
        said = connection.execute(
            select(SETTING_ROWS.c.value).where(SETTING_ROWS.c.name == _SETTLED)
        ).scalar()
    is_same_life = restored is None or said == office.server_epoch
    return is_same_life or is_whole(office.home, office.public.office)


def bring_back(office: Office) -> int:
    """Take in the lists beside the database that it does not have; return how many are marked."""
    with office.database.reading() as connection:
        known = set(connection.execute(select(BATCH_ROWS.c.id)).scalars())
    for batch in written_down(office.home):
        if batch["id"] not in known:
            with office.database.writing() as connection:
                keep_batch(connection, batch, [_line(row) for row in batch["people"]])
    return mark_sent(office)


def _line(row: list[Any]) -> SentLine:
    n, subject, number, monthly = row
    return n, subject, number, "", monthly


def mark_sent(office: Office) -> int:
    """Mark who stands in a list that waits for its answer and counts as not submitted.

    Such a record was approved before it was put on the list, so it is approved again first; one
    that was corrected since then waits for somebody to look at it.
    """
    with office.database.writing() as connection:
        answer_rows(connection)
    table, row, export = SUBJECT_ROWS.c, SENT_ROWS.c, EXPORT_ROWS.c
    same = row.subject == table.id
    query = (
        select(
            table.id, table.state, table.content, func.max(row.batch).label("batch"),
            func.max(export.at).label("at"),
        )
        .join_from(SENT_ROWS, SUBJECT_ROWS, same)
        .join(EXPORT_ROWS, export.id == row.batch)
        .where(row.state == "sent", table.state.in_(_FORGOTTEN))
        .group_by(table.id, table.state, table.content)
    )  # fmt: skip
    with office.database.reading() as connection:
        on_lists = connection.execute(query).all()
        found = [one for one in on_lists if not _is_newer(connection, one)]
    officer = office.public.admin
    early = [Verdict(one.id, "verified") for one in found if one.state == "registered"]
    decide(office, early, officer=officer, actor="officer")
    verdicts = [
        Verdict(
            one.id, "submitted", details={"export": one.batch}, columns={"export_id": one.batch}
        )
        for one in found
    ]
    return len(decide(office, verdicts, officer=officer, actor="officer"))


def _is_newer(connection: Connection, record: Any) -> bool:
    """Return whether a record that nobody approved was corrected after its list had left."""
    if record.state != "registered":
        return False
    query = select(ENTRY_ROWS.c.header).where(
        ENTRY_ROWS.c.hash == record.content, ENTRY_ROWS.c.kind != "register"
    )
    header = connection.execute(query).scalar()
    return header is not None and from_canonical(header)["claimed_time"] > record.at


@dataclass(slots=True)
class _FromFile:
    """The rows of a list, as its file has them."""

    totals: Totals
    rows: list[SentLine] = field(default_factory=list)

    def add(self, cells: dict[str, str]) -> None:
        monthly = self.totals.add(cells)
        number = parse_number(cells["number"]) or cells["number"]
        self.rows.append((len(self.rows) + 1, None, number, cells["nik"], monthly))


def recover(
    office: Office, path: Path, *, name: str = "", officer: str, account: str = COMMAND_LINE
) -> Recovered:
    """Read a list back in that left the office, by the file that was sent.

    Raises:
        UsageWrong: the name is none of a list.
        FileUnreadable, SheetUnreadable: it is no such file; nothing was changed.
    """
    if name and not is_list_name(name):
        raise UsageWrong(detail=name[:_MOST_NAME])
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise FileUnreadable(name=path.name) from error
    name = name or _known_as(office, sha256) or _title(path) or f"BPJS-{sha256[:8]}"
    month = month_in(name) or month_text(next_month(day_in_wib(office.clock())))
    read = _FromFile(Totals(read_month(month)))
    for cells in export_rows(path):
        read.add(cells)
    rows = _with_subjects(office, read.rows)
    batch = {
        "id": name, "at": office.now(), "officer": officer, "rows": len(rows), "sha256": sha256,
        "month": month, "branch": "", "monthly": read.totals.monthly,
        "nik_sum": str(read.totals.nik_sum), "source": "recovered",
    }  # fmt: skip
    with office.database.reading() as connection:
        known = select(BATCH_ROWS.c.id).where(BATCH_ROWS.c.id == name)
        is_new = connection.execute(known).first() is None
    if is_new:
        _keep_file(office, path, name)
        write_down(office.home, batch, rows)
        with office.database.writing() as connection:
            keep_batch(connection, batch, rows)
            audit(office, connection, account, "list_recovered", name)
            for erased in _erased_numbers(read.rows, rows):
                cut_out(office, connection, [name], erased)
    marked = mark_sent(office)
    unknown = sum(subject is None for _, subject, *_ in rows)
    return Recovered(name, len(rows), is_new, marked, unknown)


def _erased_numbers(read: list[SentLine], kept: list[SentLine]) -> list[str]:
    """Return the numbers of people in a file whom this office has erased."""
    return [one[2] for one, row in zip(read, kept, strict=True) if one[2] and not row[2]]


def _keep_file(office: Office, path: Path, name: str) -> None:
    """Keep the file that was read: its letter can be written again."""
    kept = office.home.exports / f"{name}.xlsx"
    if path.suffix.lower() == ".xlsx" and not kept.exists():
        copy_table(path, kept)


def settle(office: Office, last: str, *, account: str = COMMAND_LINE) -> None:
    """Note that `last` is the last list that left the office, or that none did since the copy.

    Raises:
        UsageWrong: the office does not know that list; read its file in first.
    """
    with office.database.reading() as connection:
        known = list(connection.execute(select(EXPORT_ROWS.c.id)).scalars())
    if last != NONE_LEFT and last not in known:
        raise UsageWrong(detail=f"--last {last}")
    write_all_down(office)
    declare_whole(office.home, office.public.office)
    with office.database.writing() as connection:
        audit(office, connection, account, "lists_settled", last)
        changed = connection.execute(
            update(SETTING_ROWS)
            .where(SETTING_ROWS.c.name == _SETTLED)
            .values(value=office.server_epoch)
        )
        if not changed.rowcount:
            connection.execute(
                insert(SETTING_ROWS).values(name=_SETTLED, value=office.server_epoch)
            )


def write_all_down(office: Office) -> None:
    """Write every list that the database has into the folder beside it, if it is not there."""
    present = {batch["id"] for batch in written_down(office.home)}
    with office.database.reading() as connection:
        made = select(EXPORT_ROWS, BATCH_ROWS).outerjoin(
            BATCH_ROWS, BATCH_ROWS.c.id == EXPORT_ROWS.c.id
        )
        batches = [dict(row) for row in connection.execute(made).mappings()]
        for batch in batches:
            if batch["id"] not in present:
                write_down(office.home, _complete(batch), _rows_of(connection, batch["id"]))


def _complete(batch: dict[str, Any]) -> dict[str, Any]:
    defaults = {"month": "", "branch": "", "monthly": 0, "nik_sum": "", "source": "export"}
    named = {name: batch[name] for name in ("id", "at", "officer", "rows", "sha256")}
    return named | {name: batch.get(name) or value for name, value in defaults.items()}


def _rows_of(connection: Any, batch: str) -> list[tuple[Any, ...]]:
    """Return the rows of a list; of one from before rows were kept, who was marked for it."""
    row, table = SENT_ROWS.c, SUBJECT_ROWS.c
    query = select(row.n, row.subject, row.number, row.nik, row.monthly)
    found = connection.execute(query.where(row.batch == batch).order_by(row.n)).all()
    if not found:
        marked = select(table.id, table.number, table.nik).where(table.export_id == batch)
        people = connection.execute(marked.order_by(table.number)).all()
        found = [(n, *one, 0) for n, one in enumerate(people, start=1)]
    return [tuple(one) for one in found]


def _with_subjects(office: Office, rows: list[SentLine]) -> list[SentLine]:
    """Return the rows with their records, where the office has them: by number and the same NIK."""
    found: dict[str, Any] = {}
    dialect, table = office.database.dialect, SUBJECT_ROWS.c
    query = select(table.id, table.number, table.nik, table.state).where(
        one_of(table.number, dialect, "numbers")
    )
    with office.database.reading() as connection:
        for start in range(0, len(rows), _MATCHED_AT_ONCE):
            numbers = [row[2] for row in rows[start : start + _MATCHED_AT_ONCE]]
            answer = connection.execute(query, {"numbers": bound(dialect, numbers)})
            found |= {one.number: one for one in answer}
    return [_found(row, found.get(row[2])) for row in rows]


def _found(row: SentLine, record: Any) -> SentLine:
    n, _, number, nik, monthly = row
    if record is not None and record.state == "erased":
        return n, record.id, "", "", monthly
    is_it = record is not None and record.nik == nik
    return n, record.id if is_it else None, number, nik, monthly


def _known_as(office: Office, sha256: str) -> str:
    query = select(EXPORT_ROWS.c.id).where(EXPORT_ROWS.c.sha256 == sha256)
    with office.database.reading() as connection:
        return str(connection.execute(query).scalar() or "")


def _title(path: Path) -> str:
    """Return the list's name in the properties of its file, which a spreadsheet keeps."""
    if path.suffix.lower() != ".xlsx":
        return ""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except Exception as error:  # a foreign file makes its reader raise anything
        raise FileUnreadable(name=path.name) from error
    try:
        title = str(book.properties.title or "")
    finally:
        book.close()
    return title if is_list_name(title) else ""


def is_list_name(name: str) -> bool:
    """Return whether a list may be called so; its file in the office is named for it."""
    is_plain = name.isascii() and name.replace("-", "").isalnum() and len(name) <= _MOST_NAME
    return is_plain and name.startswith("BPJS-")


def month_in(name: str) -> str:
    """Return the month that a list is named for; empty if it names none."""
    parts = name.split("-")
    is_named = len(parts) > 3 and parts[1].isdecimal() and parts[2].isdecimal()
    return f"{parts[1]}-{parts[2]}" if is_named else ""
