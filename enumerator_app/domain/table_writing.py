"""Tables that leave the house: text cells only, and nothing a spreadsheet would run."""

import csv
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from enumerator_app.domain.errors import FileUnwritable, UsageWrong

SUFFIXES: Final = frozenset({".csv", ".xlsx"})
# Some programs read the wide signs, too.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
_PLAIN: Final = re.compile(r"(?! )[ -%'-;=?-^`-~]+(?<! )")
"""What XML says as it is: no sign with a meaning, no space at an end, no `_` of an escape."""
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class About:
    """What the properties of a workbook say: its name and when it was made."""

    title: str
    at: datetime


def inert(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: CSV has no other way to say text."""
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value


def as_written(cell: str) -> str:
    """Return what a cell of a CSV said before `inert`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_SIGNS) else cell


def write_table(path: Path, header: Row, rows: Iterable[Row], about: About | None = None) -> int:
    """Write a table row by row and return how many rows it has; it is there whole or not at all.

    With `about`, the same rows give the same bytes in a workbook.

    Raises:
        UsageWrong: neither .csv nor .xlsx.
        FileUnwritable: the folder or the disk refuses; an older table is untouched.
    """
    is_text = _suffix(path) == ".csv"
    with _as_a_whole(path) as unfinished:
        if is_text:
            return _write_csv(unfinished, header, rows)
        return _write_xlsx(unfinished, header, rows, about)


def copy_table(table: Path, path: Path) -> None:
    """Copy a table that was written; raises as `write_table`."""
    with _as_a_whole(path) as unfinished:
        shutil.copyfile(table, unfinished)


@contextmanager
def _as_a_whole(path: Path) -> Iterator[Path]:
    """Give the name of an unfinished file; it takes the place of `path` at the block's end."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, XlsxWriterException) as error:
        raise FileUnwritable(name=path.name) from error


def require_writable(path: Path) -> None:
    """Find out whether a table can be written before anything is decided for it.

    Raises:
        UsageWrong, FileUnwritable: as `write_table`.
    """
    _suffix(path)
    probe = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FileUnwritable(name=path.name) from error
    if path.is_dir():
        raise FileUnwritable(name=path.name)


def _suffix(path: Path) -> str:
    if path.suffix.lower() not in SUFFIXES:
        raise UsageWrong(detail=f"{path.name} (.csv, .xlsx)")
    return path.suffix.lower()


def _write_csv(path: Path, header: Row, rows: Iterable[Row]) -> int:
    count = 0
    # The byte order mark makes spreadsheets read UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([inert(name) for name in header])
        for row in rows:
            writer.writerow([inert(value) for value in row])
            count += 1
    return count


class _Sheet(Worksheet):  # type: ignore[misc]
    """Writes plain texts at once, as the library would after a dozen looks at each of them."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        style = cell.format.xf_index if cell.format else None
        is_text = style is not None and type(cell).__name__ == "String"
        if not is_text or not _PLAIN.fullmatch(cell.string):
            super()._write_cell(row, col, cell)
            return
        place = xl_rowcol_to_cell_fast(row, col)
        self.fh.write(f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{cell.string}</t></is></c>')


def _write_xlsx(path: Path, header: Row, rows: Iterable[Row], about: About | None) -> int:
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
        if about is not None:
            book.set_properties({"title": about.title, "created": about.at})
        sheet = book.add_worksheet("data", _Sheet)
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
