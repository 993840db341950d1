"""The letter that goes with a list to the insurer. Its totals are counted in the file itself."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from enumerator_app.cards.papers.office.cover_letter import Batch, cover_letter
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.domain.registration import PROGRAMMES
from enumerator_app.domain.table_files import IGNORED, cell_text, raw_rows
from enumerator_app.resource_files import read_toml
from sync.server.errors import BatchDiffers, SheetUnreadable
from sync.server.office import Office
from sync.server.papers.wishes import Made, Wish, made, occasion_of
from sync.server.tables import EXPORT_ROWS, SUBJECT_ROWS
from sync.server.tabulating import as_written

_NEEDED: Final = ("number", "nik", "monthly_income", "programmes")


@dataclass(slots=True)
class _Totals:
    """What the rows of a file add up to; `numbers` says whose they are."""

    day: date
    rows: int = 0
    monthly: int = 0
    nik_sum: int = 0
    programmes: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def add(self, row: Mapping[str, str]) -> None:
        income, programmes = row["monthly_income"], row["programmes"].split("+")
        known = [name for name in PROGRAMMES if name in programmes]
        tables = load_programme_tables()
        cost = monthly_contribution(
            int(income) if income else None, known, self.day, "apbd", tables
        )
        self.rows += 1
        self.monthly += cost.total
        self.nik_sum += int(row["nik"] or 0)
        self.programmes.update(known)
        self.numbers.add(row["number"])


def cover_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the letter for a list, about the file that goes with it.

    Raises:
        UsageWrong: there is no such list.
        FileUnreadable, SheetUnreadable: the file is not there, or no such table.
        BatchDiffers: the file holds other people than the list.
    """
    made_at = _made_at(office, wish.batch)
    file = wish.file or office.home.exports / f"{wish.batch}.xlsx"
    totals = _totals(file, wish.day)
    expected = _numbers(office, wish.batch)
    if totals.numbers != expected or totals.rows != len(expected):
        raise BatchDiffers(name=file.name, found=totals.rows, export=wish.batch, rows=len(expected))
    validity = load_programme_tables().contributions_on(wish.day).validity
    batch = Batch(
        id=wish.batch,
        made_on=day_in_wib(instant_from_text(made_at)),
        file=file.name,
        rows=totals.rows,
        monthly=totals.monthly,
        nik_sum=totals.nik_sum,
        sha256=_print(file),
        programmes=tuple(name for name in PROGRAMMES if name in totals.programmes),
        table_version=validity.version,
        table_from=validity.valid_from,
    )
    more = {"monthly": batch.monthly, "nik_sum": str(batch.nik_sum), "sha256": batch.sha256}
    return made(cover_letter(batch, occasion_of(office, wish)), output, batch.rows, **more)


def _made_at(office: Office, batch: str) -> str:
    query = select(EXPORT_ROWS.c.at).where(EXPORT_ROWS.c.id == batch)
    with office.database.reading() as connection:
        at = connection.execute(query).scalar_one_or_none()
    if at is None:
        raise UsageWrong(detail=f"--batch {batch}")
    return str(at)


def list_batches(office: Office) -> list[dict[str, Any]]:
    """Return the lists that were made, the newest first."""
    table = EXPORT_ROWS.c
    query = select(table.id, table.at, table.rows).order_by(table.at.desc())
    with office.database.reading() as connection:
        return [{"id": row.id, "at": row.at, "rows": row.rows} for row in connection.execute(query)]


def _numbers(office: Office, batch: str) -> set[str]:
    query = select(SUBJECT_ROWS.c.number).where(SUBJECT_ROWS.c.export_id == batch)
    with office.database.reading() as connection:
        return {str(number or "") for number in connection.execute(query).scalars()}


def _print(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _totals(file: Path, day: date) -> _Totals:
    totals, columns = _Totals(day), _ExportColumns()
    for row in raw_rows(file, columns):
        cells = {columns.fields.get(header): value for header, value in row.cells.items()}
        missing = [columns.headers[name] for name in _NEEDED if name not in cells]
        if missing or row.problem:
            raise SheetUnreadable(name=file.name, columns=", ".join(missing))
        totals.add({name: as_written(cell_text(cells[name])) for name in _NEEDED})
    return totals


class _ExportColumns:
    """The headers of the insurer's list; others say nothing here."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = dict(read_toml("mappings", "insurer.toml")["export"])
        self.headers = {field: header for header, field in self.fields.items()}

    def meaning(self, header: str) -> Hashable | None:
        return self.fields.get(header, IGNORED)
