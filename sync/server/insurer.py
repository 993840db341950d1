"""The insurer's side: a list out, once for each person, and its answer back in."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from enumerator_app.domain.errors import FileUnwritable, UsageWrong
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from sync.server.batches import register
from sync.server.batches.branches import branch_of
from sync.server.batches.checking import check_people, forget_check
from sync.server.batches.columns import cells_of, contacts_of, export_rows, headers, print_of
from sync.server.batches.covers import Cover
from sync.server.batches.keeping import Batch, SentLine, keep_batch, list_batches
from sync.server.batches.months import month_text, next_month, read_month
from sync.server.batches.recovering import month_in, require_settled, write_all_down
from sync.server.batches.replies import import_from_insurer
from sync.server.batches.reply_files import Imported
from sync.server.batches.totals import Totals
from sync.server.batches.trouble import ListChanged, NobodyReady
from sync.server.deciding import Verdict, decide
from sync.server.errors import ListNotWritten
from sync.server.letterhead import read_letterhead
from sync.server.long_work.counting import counted
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.people.errors import SecondPersonNeeded
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import EXPORT_ROWS, SUBJECT_ROWS
from sync.server.tabulating import About, copy_table, require_writable, write_table

__all__ = [
    "Cover", "Exported", "Imported", "export_to_insurer", "import_from_insurer", "write_list",
]  # fmt: skip

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Exported:
    """One list: its id, how many people are on it, and the totals that its letter states."""

    id: str
    rows: int
    month: str
    monthly: int
    nik_sum: str
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def export_to_insurer(
    office: Office,
    path: Path,
    *,
    officer: str,
    branch: str = "",
    month: date | None = None,
    account: str = COMMAND_LINE,
    most: int | None = None,
) -> Exported:
    """Submit who is ready for a branch and write their list; nobody is ever submitted twice.

    Who is held back is kept with the reason, see `check_people`. The records are marked first: if
    writing fails, `write_list` makes the same list.

    Raises:
        OfficeRecovering, BatchesUnsettled: a restored office may have forgotten an earlier list.
        UsageWrong, FileUnwritable, NobodyReady: nothing was submitted.
        SecondPersonNeeded: more people than `most` are ready; nothing was submitted.
        ListNotWritten: as `write_list`.
    """
    require_writable(path)
    _require_a_place(office)
    require_settled(office)
    start = month or next_month(day_in_wib(office.clock()))
    checked = check_people(office, branch, start)
    if not checked.ready:
        raise NobodyReady(held=len(checked.held))
    if most is not None and len(checked.ready) > most:
        raise SecondPersonNeeded(people=len(checked.ready), most=most)
    name = _new_name(office, start)
    verdicts = [
        Verdict(one, "submitted", details={"export": name}, columns={"export_id": name})
        for one in checked.ready
    ]
    if not decide(office, verdicts, officer=officer, actor="officer"):
        raise NobodyReady(held=len(checked.held))  # somebody else was faster
    return _hand_out(office, _make(office, name, officer, account), path)


def write_list(
    office: Office, name: str, path: Path, *, officer: str, account: str = COMMAND_LINE
) -> Exported:
    """Write the list of an earlier export once more: the very file that went out.

    Raises:
        UsageWrong: there is no such export, or the file is no table.
        ListNotWritten: the file cannot be written; the list itself stands.
        ListChanged: the office's copy is gone, and today's records would give another file.
    """
    require_writable(path)
    on_it = select(SUBJECT_ROWS.c.id).where(SUBJECT_ROWS.c.export_id == name).limit(1)
    made = select(EXPORT_ROWS.c.id).where(EXPORT_ROWS.c.id == name)
    with office.database.reading() as connection:
        is_marked, is_made = (connection.execute(query).first() for query in (on_it, made))
    if not is_marked and not is_made:
        raise UsageWrong(detail=f"--again {name}")
    if is_made:
        (batch,) = list_batches(office, of=name)
        _require_kept(office, batch)
        return _hand_out(office, _exported(batch), path)
    return _hand_out(office, _make(office, name, officer, account), path)


def kept_file(office: Office, name: str) -> Path:
    """Return where the office keeps the file of a list."""
    return office.home.exports / f"{name}.xlsx"


def _exported(batch: Batch) -> Exported:
    return Exported(batch.id, batch.rows, batch.month, batch.monthly, batch.nik_sum, batch.sha256)


def _require_a_place(office: Office) -> None:
    require_writable(office.home.exports / "list.xlsx")


def _new_name(office: Office, start: date) -> str:
    """Return a name no list has: month, a letter for people, and signs that no restore repeats."""
    prefix = f"BPJS-{month_text(start)}-"
    known = {batch.id for batch in list_batches(office)} | register.names(office.home)
    n = sum(name.startswith(prefix) for name in known)
    letter = _LETTERS[n] if n < len(_LETTERS) else f"Z{n}"
    return f"{prefix}{letter}-{secrets.token_hex(2)}"


def _make(office: Office, name: str, officer: str, account: str) -> Exported:
    """Write a list into the office's own folder, its register and the database, in this order."""
    month = month_in(name) or month_text(next_month(day_in_wib(office.clock())))
    at, totals = office.now(), Totals(read_month(month))
    lines: list[SentLine] = []
    villages: set[str] = set()
    try:
        _write_rows(office, About(name, instant_from_text(at)), totals, lines, villages)
    except FileUnwritable as error:
        raise ListNotWritten(name=kept_file(office, name).name, export=name) from error
    batch: dict[str, Any] = {
        "id": name, "at": at, "officer": officer, "rows": totals.rows, "month": month,
        "sha256": print_of(kept_file(office, name)),
        "branch": branch_of(min(villages, default="")), "monthly": totals.monthly,
        "nik_sum": str(totals.nik_sum), "source": "export",
    }  # fmt: skip
    if not register.is_whole(office.home, office.public.office):
        write_all_down(office)
        register.declare_whole(office.home, office.public.office)
    register.write_down(office.home, batch, lines)
    with office.database.writing() as connection:
        keep_batch(connection, batch, lines)
        forget_check(connection, batch["branch"])
        audit(office, connection, account, "handed_over", name)
    return _exported(list_batches(office, of=name)[0])


def _write_rows(
    office: Office, about: About, totals: Totals, lines: list[SentLine], villages: set[str]
) -> None:
    contacts = contacts_of(read_letterhead(office)[0])
    query = with_contents().where(SUBJECT_ROWS.c.export_id == about.title)

    def rows() -> Iterator[list[str]]:
        for n, (row, body) in enumerate(counted(stream(connection, query)), start=1):
            cells = cells_of(row, body, contacts)
            monthly = totals.add(cells)
            lines.append((n, row.id, row.number or "", row.nik, monthly))
            villages.add(row.village_code)
            yield [cells[name] for name in headers().values()]

    with office.database.reading() as connection:
        write_table(kept_file(office, about.title), list(headers()), rows(), about)


def _require_kept(office: Office, batch: Batch) -> None:
    """Have the file of a list as it went out, made anew where it is gone."""
    kept = kept_file(office, batch.id)
    if kept.exists() and print_of(kept) == batch.sha256:
        return
    about = About(batch.id, instant_from_text(batch.at))
    try:
        _write_rows(office, about, Totals(read_month(batch.month or "2027-01")), [], set())
    except FileUnwritable as error:
        raise ListNotWritten(name=kept.name, export=batch.id) from error
    if print_of(kept) != batch.sha256:
        kept.unlink()
        raise ListChanged(export=batch.id)


def _hand_out(office: Office, made: Exported, path: Path) -> Exported:
    kept = kept_file(office, made.id)
    try:
        if path.suffix.lower() == ".xlsx":
            copy_table(kept, path)
        else:
            names = list(headers().values())
            rows = ([cells[name] for name in names] for cells in export_rows(kept))
            write_table(path, list(headers()), rows)
    except FileUnwritable as error:
        raise ListNotWritten(name=path.name, export=made.id) from error
    return made
