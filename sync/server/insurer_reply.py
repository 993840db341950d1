"""Reading the insurer's reply: a table with its own headers and its own words."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.table_files import numbered_rows, opened_workbook
from enumerator_app.resource_files import read_toml
from sync.server.errors import SheetTooLong, SheetUnreadable

KPJ_LENGTH: Final = 11
MOST_ROWS: Final = 100_000
_HEADER_WITHIN_ROWS: Final = 20
_LOOKED_AT: Final = 4_096
_DELIMITERS: Final = ",;\t"
_NEEDED: Final = ("status",)
_EITHER: Final = ("number", "nik")


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One row: `place` is its number in the table, counted as people see it."""

    place: int
    number: str
    nik: str
    status: str
    kpj: str
    reason: str
    name: str = ""
    birth_date: str = ""


def read_reply(path: Path, mapping_file: Path | None = None) -> list[ReplyRow]:
    """Return the rows of a reply.

    Raises:
        FileUnreadable: not a table.
        SheetUnreadable: a column that is needed is missing.
        SheetTooLong: it has more rows than the regency has people.
    """
    mapping = _mapping(mapping_file)
    rows = list(islice(_cells(path), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise SheetTooLong(name=path.name, most=MOST_ROWS)
    places, start = _header(rows, mapping["columns"], path.name)
    return [
        _reply_row(row, number, places, mapping["status"])
        for number, row in enumerate(rows[start:], start=start + 1)
        if any(row)
    ]


def _mapping(own_file: Path | None) -> dict[str, dict[str, list[str]]]:
    """Return the words of the program's own mapping, those of a file before them."""
    mapping: dict[str, dict[str, list[str]]] = read_toml("mappings", "insurer.toml")["reply"]
    if own_file is None:
        return mapping
    try:
        own = tomllib.loads(own_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=own_file.name) from error
    return {
        part: {name: [*own.get(part, {}).get(name, ()), *words] for name, words in table.items()}
        for part, table in mapping.items()
    }


def _reply_row(
    row: Sequence[str], place: int, places: Mapping[str, int], words: Mapping[str, Sequence[str]]
) -> ReplyRow:
    def at(name: str) -> str:
        column = places.get(name)
        return row[column].strip() if column is not None and column < len(row) else ""

    said = _key(at("status"))
    status = next((name for name, ways in words.items() if said in map(_key, ways)), "")
    return ReplyRow(
        place=place,
        number=parse_number(at("number")) or "",
        nik=spaceless(at("nik")),
        status=status,
        kpj=spaceless(at("kpj")),
        reason=at("reason"),
        name=at("name"),
        birth_date=at("birth_date").removesuffix(" 00:00:00"),
    )


def spaceless(written: str) -> str:
    """Return a number without the signs that people and spreadsheets put between its digits."""
    return re.sub(r"[\s.\-']", "", written).upper()


def _header(
    rows: Sequence[Sequence[str]], columns: Mapping[str, Sequence[str]], name: str
) -> tuple[dict[str, int], int]:
    """Return where each column stands, and the first row below the header."""
    meaning = {_key(word): column for column, words in columns.items() for word in words}
    for n, row in enumerate(rows[:_HEADER_WITHIN_ROWS]):
        found = {meaning[_key(word)]: i for i, word in enumerate(row) if _key(word) in meaning}
        if all(column in found for column in _NEEDED) and any(c in found for c in _EITHER):
            return found, n + 1
    raise SheetUnreadable(name=name, columns=", ".join((" / ".join(_EITHER), *_NEEDED)))


def _key(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())


def _cells(path: Path) -> Iterator[list[str]]:
    try:
        if path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                delimiter = _delimiter(file.read(_LOOKED_AT))
                file.seek(0)
                yield from csv.reader(file, delimiter=delimiter)
            return
        with opened_workbook(path) as book:
            for _, row in numbered_rows(next(iter(book.worksheets))):
                if row is None:
                    raise FileUnreadable(name=path.name)
                yield [_as_text(value) for value in row]
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        raise FileUnreadable(name=path.name) from error


def _delimiter(beginning: str) -> str:
    """Return what parts the columns: spreadsheets set to Indonesian write semicolons."""
    return max(_DELIMITERS, key=beginning.count)


def _as_text(value: Any) -> str:
    """Return a cell as text. Whole numbers lose nothing up to 15 digits: a NIK never is one."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
