"""Records with all their columns, for a table that leaves the laptop."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.domain.registration import SCALAR_FIELDS

if TYPE_CHECKING:
    from sqlite3 import Connection

STANDING: Final = ("number", "state", "custody", "kpj", "cover_from", "cover_to")
_JSON: Final = ("programmes", "heirs")
_COLUMNS: Final = (*STANDING, *SCALAR_FIELDS, *_JSON)
_QUERY: Final = (
    f"SELECT {', '.join(_COLUMNS)} FROM registration "  # noqa: S608  our own names
    "WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY id"
)


def whole_rows(connection: "Connection", subjects: Sequence[str]) -> list[dict[str, Any]]:
    """Return these records by their columns, oldest first; lists as lists."""
    found = []
    for values in connection.execute(_QUERY, (json.dumps(list(subjects)),)):
        row = dict(zip(_COLUMNS, values, strict=True))
        found.append(row | {name: json.loads(row[name]) for name in _JSON})
    return found
