"""The insurer's columns, from its mapping file: writing a list, and reading one back."""

import hashlib
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.letterhead import Letterhead
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.table_files import IGNORED, cell_text, raw_rows
from enumerator_app.resource_files import read_toml
from sync.server.errors import SheetUnreadable
from sync.server.tabulating import as_written, cell

NEEDED: Final = ("number", "nik", "monthly_income", "programmes")


@cache
def headers() -> dict[str, str]:
    """Return the field under each header of a list, in the insurer's order."""
    return dict(read_toml("mappings", "insurer.toml")["export"])


def contacts_of(letterhead: Letterhead) -> dict[str, str]:
    """Return what stands in a column where a person has nothing."""
    settings = read_toml("mappings", "insurer.toml").get("contact", {})
    return {name: str(getattr(letterhead, setting)) for name, setting in settings.items()}


def cells_of(row: Any, body: Mapping[str, Any], contacts: Mapping[str, str]) -> dict[str, str]:
    """Return one record's cells by field."""
    village = load_places().village(row.village_code)
    more = {
        "number": row.number,
        "village": village.name if village else "",
        "district": village.district_name if village else "",
    }
    found = {name: cell(more.get(name, body.get(name))) for name in (*headers().values(), *NEEDED)}
    return found | {name: value for name, value in contacts.items() if not found.get(name)}


def export_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the cells of a list by field; those that totals need are there.

    Raises:
        FileUnreadable: no such table, or a row is damaged.
        SheetUnreadable: a column that is needed is missing.
    """
    columns = _Columns()
    for row in raw_rows(path, columns):
        if row.problem:
            raise FileUnreadable(name=path.name)
        cells = {columns.fields.get(header): value for header, value in row.cells.items()}
        missing = [columns.names[name] for name in NEEDED if name not in cells]
        if missing:
            raise SheetUnreadable(name=path.name, columns=", ".join(missing))
        yield {str(name): as_written(cell_text(value)) for name, value in cells.items() if name}


def print_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Columns:
    """The headers of the insurer's list; others say nothing here."""

    def __init__(self) -> None:
        self.fields = headers()
        self.names = {field: header for header, field in self.fields.items()}

    def meaning(self, header: str) -> Hashable | None:
        return self.fields.get(header, IGNORED)
