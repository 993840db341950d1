"""Rows of cells out of .jsonl, .csv and .xlsx files, one after the other, whatever their size.

A row that cannot be read is a row that says so; it never ends the file.
"""

import csv
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from openpyxl import load_workbook

from enumerator_app.domain.errors import FileUnreadable, KnownError
from enumerator_app.domain.instants import WIB

MAX_LINE: Final = 256 * 1024
_MOST_LINES_IN_A_RECORD: Final = 30
_HEADER_WITHIN: Final = 12
_LEAST_KNOWN_HEADERS: Final = 2
_MAX_UNPACKED_BYTES: Final = 2 * 1024 * 1024 * 1024
_PACKED_MOST_TIMES: Final = 100  # real sheets pack ten to twenty times
_PACKED_LEAST_BYTES: Final = 1024 * 1024
_MOST_ROWS_OF_A_SHEET: Final = 1_048_576  # no spreadsheet writes more
_DELIMITERS: Final = ";,\t"
_BROKEN_TEXT = re.compile("[\ud800-\udfff]")


class Ignored:
    """The meaning of a column that says nothing."""


IGNORED: Final = Ignored()


class Columns(Protocol):
    """Knows what the headers of a file mean."""

    def meaning(self, header: str) -> Hashable | None:
        """Return what a header means; None if nobody knows."""
        ...


class ColumnsUnknown(KnownError):
    """A file has columns that nobody knows; `columns` names them."""

    code = "columns_unknown"
    exit_code = 2


class HeaderMissing(KnownError):
    """No line near the start of a file names the columns."""

    code = "header_missing"
    exit_code = 2


class FileKindUnknown(KnownError):
    """Neither .jsonl nor .csv nor .xlsx."""

    code = "file_kind_unknown"
    exit_code = 2


@dataclass(frozen=True, slots=True)
class RawRow:
    """Cells by header as the file has them; `problem` says why a row is not one."""

    number: int
    cells: Mapping[str, object]
    problem: str | None = None
    raw: str = ""


def raw_rows(path: Path, columns: Columns) -> Iterator[RawRow]:
    """Yield the rows of a file; rows without content are left out.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: before the first row.
    """
    readers: dict[str, Callable[[Path, Columns], Iterator[RawRow]]] = {
        ".jsonl": _json_rows,
        ".csv": _csv_rows,
        ".xlsx": _xlsx_rows,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileKindUnknown(name=path.name)
    try:
        yield from reader(path, columns)
    except OSError as error:
        raise FileUnreadable(name=path.name) from error


def cell_text(value: object) -> str:
    """Return one cell as it would have been typed."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return _moment_text(value)
    return str(value)


def _moment_text(value: datetime | date | time) -> str:
    """Return a day as a day; a time of day is one of West Java, since a cell has no zone."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return (value.date() if value.time() == time() else value.replace(tzinfo=WIB)).isoformat()


# -- JSON lines ------------------------------------------------------------------------------


def _json_rows(path: Path, _: Columns) -> Iterator[RawRow]:
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                _skip_line(lines, line)
                yield RawRow(number, {}, "row_unreadable")
            elif line.strip() and line.strip() != b"\xef\xbb\xbf":
                yield _json_row(number, line)


def _skip_line(lines: Any, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = lines.readline(MAX_LINE)


def _json_row(number: int, line: bytes) -> RawRow:
    raw = line.decode("utf-8-sig", "replace").rstrip("\r\n")
    try:
        found = json.loads(
            line.decode("utf-8-sig"), parse_int=str, parse_float=_number, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        return RawRow(number, {}, "row_unreadable", raw)
    if not isinstance(found, dict):
        return RawRow(number, {}, "row_unreadable", raw)
    return RawRow(number, found, raw=raw)


def _number(written: str) -> str:
    """Return 1000000.0 as 1000000; anything else stays as it is written."""
    return re.sub(r"\.0+$", "", written)


def _refuse(_: str) -> None:
    raise ValueError("not a number")


# -- CSV -------------------------------------------------------------------------------------


def _csv_rows(path: Path, columns: Columns) -> Iterator[RawRow]:
    # Bytes that are no UTF-8 become surrogates, so that one bad name is one bad row.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        records = _records(lines)
        header, delimiter = _csv_header(records, path, columns)
        for number, record in records:
            cells = _split(record, delimiter)
            if any(cell.strip() for cell in cells):
                yield _csv_row(number, record, cells, header)


def _csv_header(
    records: Iterator[tuple[int, str]], path: Path, columns: Columns
) -> tuple[list[str], str]:
    """Return the first line that names columns, split by the sign that makes most of it known."""
    for _, (_, record) in zip(range(_HEADER_WITHIN), records, strict=False):
        splits = {delimiter: _split(record, delimiter) for delimiter in _DELIMITERS}
        best = max(_DELIMITERS, key=lambda delimiter: _known(splits[delimiter], columns))
        if _known(splits[best], columns) >= _LEAST_KNOWN_HEADERS:
            return checked_header(splits[best], path, columns), best
    raise HeaderMissing(name=path.name)


def _csv_row(number: int, record: str, cells: list[str], header: Sequence[str]) -> RawRow:
    raw = record.rstrip("\r\n")
    if _BROKEN_TEXT.search(record):
        shown = record.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return RawRow(number, {}, "text_broken", shown.rstrip("\r\n"))
    if any(cell.strip() for cell in cells[len(header) :]) or record.count('"') % 2:
        return RawRow(number, {}, "row_unreadable", raw)
    return RawRow(number, dict(zip(header, cells, strict=False)), raw=raw)


def _records(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (number of the first line, record); a quote that is never closed costs one line."""
    source, waiting, number = iter(lines), [""], 0
    waiting.clear()
    while True:
        if not waiting:
            line = next(source, None)
            if line is None:
                return
            waiting.append(line)
        taken = 1
        while _is_open(waiting[:taken]) and taken < _MOST_LINES_IN_A_RECORD:
            if taken == len(waiting):
                line = next(source, None)
                if line is None:
                    break
                waiting.append(line)
            taken += 1
        if _is_open(waiting[:taken]):
            taken = 1
        yield number + 1, "".join(waiting[:taken])
        number += taken
        del waiting[:taken]


def _is_open(lines: Sequence[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _split(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:
        return [record]


# -- XLSX ------------------------------------------------------------------------------------


def _xlsx_rows(path: Path, columns: Columns) -> Iterator[RawRow]:
    with opened_workbook(path) as book:
        for sheet in book.worksheets:
            rows = numbered_rows(sheet)
            header = _xlsx_header(rows, path, columns)
            if header is not None:
                yield from _sheet_rows(rows, header)
                return
    raise HeaderMissing(name=path.name)


@contextmanager
def opened_workbook(path: Path) -> Iterator[Any]:
    """Open a workbook to read its cells' values; nothing in it is run or fetched.

    Raises:
        FileUnreadable: it is none, or far larger than it looks.
        OSError: the file itself cannot be read.
    """
    with path.open("rb") as file:
        try:
            _check_unpacked_size(file, path.name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out: drop-downs
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except (KnownError, OSError):
            raise
        except Exception as error:  # a foreign file makes its reader raise anything
            raise FileUnreadable(name=path.name) from error
        with closing(book):
            yield book


def numbered_rows(sheet: Any) -> Iterator[tuple[int, tuple[object, ...] | None]]:
    """Yield the rows of a sheet from 1; None where the rest of it is damaged."""
    number = 0
    try:
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > _MOST_ROWS_OF_A_SHEET:  # a row says its own number, and may say any
                yield number, None
                return
            yield number, row
    except Exception:  # noqa: BLE001 - a foreign file makes its reader raise anything
        yield number + 1, None


def _check_unpacked_size(file: BinaryIO, name: str) -> None:
    with zipfile.ZipFile(file) as parts:
        infos = parts.infolist()
    is_bomb = any(
        part.file_size > max(_PACKED_LEAST_BYTES, _PACKED_MOST_TIMES * part.compress_size)
        for part in infos
    )
    if is_bomb or sum(part.file_size for part in infos) > _MAX_UNPACKED_BYTES:
        raise FileUnreadable(name=name)


def _xlsx_header(
    rows: Iterator[tuple[int, tuple[object, ...] | None]], path: Path, columns: Columns
) -> list[str] | None:
    for _, (_, row) in zip(range(_HEADER_WITHIN), rows, strict=False):
        if row is None:
            raise FileUnreadable(name=path.name)
        names = [cell_text(cell).strip() for cell in row]
        if _known(names, columns) >= _LEAST_KNOWN_HEADERS:
            return checked_header(names, path, columns)
    return None


def _sheet_rows(
    rows: Iterator[tuple[int, tuple[object, ...] | None]], header: Sequence[str]
) -> Iterator[RawRow]:
    for number, row in rows:
        if row is None:
            yield RawRow(number, {}, "rest_unreadable")
        elif any(cell is not None and cell != "" for cell in row):
            cells = {name: cell for name, cell in zip(header, row, strict=False) if name}
            yield RawRow(number, cells)


# -- headers ---------------------------------------------------------------------------------


def checked_header(header: Sequence[str], path: Path, columns: Columns) -> list[str]:
    """Return the header if every named column has a meaning, and no meaning stands there twice.

    Raises:
        ColumnsUnknown: it has others.
    """
    names = [name.strip() for name in header]
    meanings: list[tuple[str, Hashable | None]] = [(n, columns.meaning(n)) for n in names if n]
    seen: set[Hashable] = set()
    wrong = []
    for name, meaning in meanings:
        if meaning is None or (meaning is not IGNORED and meaning in seen):
            wrong.append(name)
        elif meaning is not IGNORED:
            seen.add(meaning)
    if wrong:
        raise ColumnsUnknown(name=path.name, columns=", ".join(wrong))
    return names


def _known(header: Sequence[str], columns: Columns) -> int:
    meanings = (columns.meaning(name) for name in header)
    return sum(meaning is not None and meaning is not IGNORED for meaning in meanings)
