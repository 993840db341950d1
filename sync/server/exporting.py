"""All registrations as one table: the fields of the record, and where it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.registration import FIELDS
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import cell, write_table

MOST_HEIRS: Final = 5
_HEIR_FIELDS: Final = ("name", "relation", "birth_date", "birth_year", "scholarship")
_PLAIN: Final = tuple(name for name in FIELDS if name not in {"heirs", "paradata"})
HEADER: Final = (
    "number", "state", "device", "received_at", *_PLAIN,
    *(f"heir_{n}_{name}" for n in range(1, MOST_HEIRS + 1) for name in _HEIR_FIELDS),
)  # fmt: skip


def export_registrations(office: Office, path: Path) -> int:
    """Write one row a registration, in the order of their numbers; return how many."""
    query = with_contents().where(SUBJECT_ROWS.c.state.not_in(("quarantined", "erased")))
    with office.database.reading() as connection:
        return write_table(path, HEADER, _rows(stream(connection, query)))


def _rows(found: Iterator[tuple[Any, dict[str, Any]]]) -> Iterator[list[str]]:
    for row, body in found:
        standing = [cell(row.number), row.state, cell(row.device_code), row.received_at]
        yield [*standing, *(cell(body.get(name)) for name in _PLAIN), *_heir_cells(body)]


def _heir_cells(body: dict[str, Any]) -> list[str]:
    heirs = (body.get("heirs") or [])[:MOST_HEIRS]
    cells = [cell(heir.get(name)) for heir in heirs for name in _HEIR_FIELDS]
    return cells + [""] * (MOST_HEIRS * len(_HEIR_FIELDS) - len(cells))
