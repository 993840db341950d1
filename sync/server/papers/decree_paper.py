"""The appendix of the decree, and the table that goes with it.

The rows are read once, into the table; the paper is drawn from that table. So both say the same,
whatever laptops send meanwhile, and 75,903 people need no more memory than one village.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from enumerator_app.cards.papers.office.decree import (
    CHANGE_COLUMNS,
    COLUMNS,
    Decree,
    DistrictCount,
    RowsHash,
    VillageRows,
    decree_appendix,
)
from enumerator_app.cards.papers.office.occasion import Place
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_programme_tables
from sync.server.errors import NothingToPrint
from sync.server.office import Office
from sync.server.papers.people import Person, by_village, place_of, village_code
from sync.server.papers.wishes import Made, Wish, made, occasion_of, scratch
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import as_written, copy_table, inert, require_writable, write_table

APPROVED: Final = ("verified", "submitted", "enrolled")
_VILLAGE: Final = COLUMNS.index("village_code")
_NIK_DIGITS: Final = 16
NIK_SHOWN: Final = 4


@dataclass
class _Counting:
    """What is added up while the rows go into the table."""

    wish: Wish
    is_masked: bool
    hash: RowsHash = field(default_factory=RowsHash)
    monthly: int = 0
    districts: dict[str, list[int]] = field(default_factory=dict)

    def village(self, code: str, people: list[Person]) -> Iterator[list[str]]:
        place = place_of(code)
        counts = self.districts.setdefault(place.district or place.village, [0, 0])
        counts[0] += 1
        counts[1] += len(people)
        for person in people:
            cells = cells_of(person, place, self.hash.rows + 1, is_masked=self.is_masked)
            self.hash.add(cells)
            self.monthly += contribution_of(person, self.wish.day)
            yield cells

    def summary(self) -> tuple[DistrictCount, ...]:
        return tuple(DistrictCount(name, *counts) for name, counts in self.districts.items())


def cells_of(person: Person, place: Place, n: int, *, is_masked: bool) -> list[str]:
    """Return a person's row of a decree's table, with the cells of `COLUMNS`."""
    nik = person.said("nik")
    near = [person.said(name) for name in ("address", "rt", "rw")]
    number = str(person.row.number or "")
    said = (
        str(n), person.name, masked(nik) if is_masked else nik, *near, place.village,
        place.district, place.code, number,
    )  # fmt: skip
    return [inert(" ".join(one.split())) for one in said]


def contribution_of(person: Person, day: date) -> int:
    """Return what the regency pays for a person in the month of `day`."""
    income, programmes = person.body.get("monthly_income"), person.body.get("programmes") or ()
    tables = load_programme_tables()
    return monthly_contribution(income, programmes, day, "apbd", tables).total


def masked(nik: str) -> str:
    """Return a NIK of which only the last four digits are left."""
    if len(nik) != _NIK_DIGITS:
        return nik
    return "*" * (_NIK_DIGITS - NIK_SHOWN) + nik[-NIK_SHOWN:]


def decree_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the appendix and, beside it, its table.

    Raises:
        VillageUnknown: no such village.
        UsageWrong, FileUnwritable: the table cannot be written there.
        NothingToPrint: nobody is approved yet.
    """
    target = wish.table or output.with_suffix(".csv")
    require_writable(target)
    occasion = occasion_of(office, wish)
    counting = _Counting(wish, occasion.settings.decree_nik == "masked")
    with scratch(office.home) as folder:
        table = folder / "rows.csv"
        rows = _write_table(office, counting, table)
        if not rows:
            raise NothingToPrint
        content = _decree(counting, table, wish.about or occasion.say("decree.about"))
        written = made(decree_appendix(content, occasion), output, rows)
        copy_table(table, target)
    more = {"sha256": content.rows_hash, "monthly": counting.monthly, "table": str(target)}
    return Made(written.pages, written.rows, output, more)


def _write_table(office: Office, counting: _Counting, table: Path) -> int:
    wish, table_of = counting.wish, SUBJECT_ROWS.c
    village = [table_of.village_code == village_code(wish.village)] if wish.village else []
    with office.database.reading() as connection:
        villages = by_village(connection, table_of.state.in_(APPROVED), *village)
        rows = (cells for code, people in villages for cells in counting.village(code, people))
        return write_table(table, COLUMNS, rows)


def _decree(counting: _Counting, table: Path, about: str) -> Decree:
    tables = load_programme_tables()
    validity = tables.contributions_on(counting.wish.day).validity
    return Decree(
        about=about,
        decree_day=counting.wish.signed_on,
        districts=counting.summary(),
        monthly=counting.monthly,
        table_version=validity.version,
        table_from=validity.valid_from,
        rows_hash=counting.hash.hexdigest(),
        villages=_villages(table),
    )


def _villages(table: Path) -> Iterator[VillageRows]:
    for code, rows in groupby(read_rows(table), key=lambda cells: cells[_VILLAGE]):
        yield VillageRows(place_of(code), [[as_written(one) for one in cells] for cells in rows])


def read_rows(table: Path) -> Iterator[list[str]]:
    """Yield the rows of a decree's table, cells as they stand in it.

    Raises:
        FileUnreadable: not such a table.
    """
    return _rows_under((COLUMNS,), table)


def _rows_under(headers: Collection[tuple[str, ...]], table: Path) -> Iterator[list[str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            if tuple(next(rows, ())) not in headers:
                raise FileUnreadable(name=table.name)
            yield from rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable(name=table.name) from error


def print_of_table(table: Path) -> RowsHash:
    """Return the print of a decree's table, or of its change's, computed anew.

    Raises:
        FileUnreadable: not such a table.
    """
    found = RowsHash()
    for cells in _rows_under((COLUMNS, CHANGE_COLUMNS), table):
        found.add(cells)
    return found
