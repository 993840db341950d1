"""Lists that people at the office bring as files: rows by the meaning of their headers, and the
rows that cannot be used back in a file, each with its reason.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.table_files import IGNORED, Ignored, RawRow, cell_text, raw_rows
from enumerator_app.domain.typed import NotUnderstood, one_line, word_key
from enumerator_app.resource_files import read_toml
from enumerator_app.texts import text
from sync.server.home import write_privately
from sync.server.tabulating import write_table

_ROW: Final = "baris"
_REASON: Final = "alasan"
_RAW: Final = "isi_baris"
_LONG_NUMBER: Final = 11  # a spreadsheet rounds longer ones
_NOT_IN_A_CELL: Final = 4000


@dataclass(frozen=True)
class ListColumns:
    """What the headers of one kind of list mean."""

    meanings: Mapping[str, str | Ignored]

    def meaning(self, header: str) -> str | Ignored | None:
        return self.meanings.get(word_key(header))


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row as clean texts by field, and its cells as they stood in the file."""

    number: int
    values: Mapping[str, str]
    cells: Mapping[str, object]
    problem: str | None = None
    has_numeric: frozenset[str] = frozenset()

    def value(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken; `lists.problem.<code>` says why."""

    row: ListRow
    code: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return text(f"lists.problem.{self.code}", None, **self.parameters)


class RowRefused(Exception):
    """This row cannot be used; the file goes on."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters

    @classmethod
    def because(cls, error: NotUnderstood) -> "RowRefused":
        return cls(error.code, **error.parameters)


def read_list(path: Path, kind: str, own: Path | None = None) -> Iterator[ListRow]:
    """Yield the rows of a .jsonl, .csv or .xlsx file; headers as in `mappings/<kind>.toml`.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no such list.
    """
    columns = load_list_columns(kind, own)
    for row in raw_rows(path, columns):
        yield _list_row(row, columns)


def load_list_columns(kind: str, own: Path | None = None) -> ListColumns:
    """Return the headers that ship for a kind of list, and those of a mapping file of one's own.

    Raises:
        FileUnreadable: the own file is no mapping.
    """
    tables = [read_toml("mappings", f"{kind}.toml")]
    known = frozenset(tables[0]["columns"])
    if own is not None:
        tables.append(_own_table(own, known))
    meanings: dict[str, str | Ignored] = {word_key(w): IGNORED for w in (_ROW, _REASON, _RAW)}
    meanings |= {word_key(name): name for name in known}
    for table in tables:
        for name, headers in table.get("columns", {}).items():
            meanings |= {word_key(header): name for header in headers}
        meanings |= {word_key(h): IGNORED for h in table.get("ignored", {}).get("columns", ())}
    return ListColumns(meanings)


def _own_table(path: Path, known: frozenset[str]) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        wrong = set(table.get("columns", {})) - known
    except (OSError, ValueError, TypeError) as error:
        raise FileUnreadable(name=path.name) from error
    if wrong:
        raise FileUnreadable(name=path.name)
    return table


def _list_row(row: RawRow, columns: ListColumns) -> ListRow:
    if row.problem:
        return ListRow(row.number, {}, {_RAW: row.raw}, row.problem)
    values: dict[str, str] = {}
    numeric: set[str] = set()
    for header, cell in row.cells.items():
        meaning = columns.meaning(header)
        if isinstance(meaning, str) and cell is not None:
            values[meaning] = _clean(cell)
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                numeric.add(meaning)
    return ListRow(row.number, values, row.cells, None, frozenset(numeric))


def _clean(cell: object) -> str:
    """Return a cell on one line; the apostrophe that keeps a spreadsheet from calculating goes."""
    written = cell_text(cell)[:_NOT_IN_A_CELL]
    is_plain = written.isascii() and written.isprintable() and "  " not in written
    typed = written.strip() if is_plain else one_line(written)
    return typed.removeprefix("'")


def write_rejected(path: Path, rejected: Sequence[RejectedRow]) -> Path | None:
    """Write the rows beside the file they came from, to be corrected and read again.

    Raises:
        FileUnwritable: the folder refuses.
    """
    if not rejected:
        return None
    if path.suffix.lower() == ".jsonl":
        target = path.with_name(f"{path.stem}.rejected.jsonl")
        lines = (json.dumps(_with_reason(one), ensure_ascii=False, default=str) for one in rejected)
        write_privately(target, "".join(f"{line}\n" for line in lines).encode(errors="replace"))
        return target
    target = path.with_name(f"{path.stem}.rejected.csv")
    rows = [_with_reason(one) for one in rejected]
    header = list(dict.fromkeys(name for row in rows for name in row if name))
    write_table(target, header, ([_cell(row.get(name)) for name in header] for row in rows))
    return target


def _with_reason(rejected: RejectedRow) -> dict[str, Any]:
    cells = {k: v for k, v in rejected.row.cells.items() if k not in {_ROW, _REASON}}
    return {**cells, _ROW: rejected.row.number, _REASON: rejected.reason}


def _cell(value: object) -> str:
    written = cell_text(value).encode("utf-8", "replace").decode()
    is_long_number = len(written) >= _LONG_NUMBER and written.isdecimal()
    return f"'{written}" if is_long_number else written
