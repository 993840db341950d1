"""Tables that leave the office: text cells only, and nothing a spreadsheet would run."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from enumerator_app.domain.errors import UsageWrong

SUFFIXES: Final = frozenset({".csv", ".xlsx"})
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[str]


def inert(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: CSV has no other way to say text."""
    return f"'{value}" if value.startswith(_RUNS) else value


def write_table(path: Path, header: Row, rows: Iterable[Row]) -> int:
    """Write a table row by row and return how many rows it has.

    Raises:
        UsageWrong: neither .csv nor .xlsx.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageWrong(detail=f"{path.name} (.csv, .xlsx)")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        return _write_csv(path, header, rows)
    return _write_xlsx(path, header, rows)


def _write_csv(path: Path, header: Row, rows: Iterable[Row]) -> int:
    count = 0
    # The byte order mark makes spreadsheets read UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([inert(value) for value in row])
            count += 1
    return count


def _write_xlsx(path: Path, header: Row, rows: Iterable[Row]) -> int:
    # Temporary files of the writer stay in the folder of the table, never in a shared one.
    options: dict[str, Any] = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("data")
        text_cells = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name)
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(count, column, value, text_cells)
    return count


def cell(value: object) -> str:
    """Return a value as a cell's text; lists as `JKK+JKM`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "+".join(str(part) for part in value)
    return str(value)
