"""Which column of a paper-form file means which field."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.registration import SCALAR_FIELDS
from enumerator_app.domain.table_files import IGNORED, Ignored
from enumerator_app.domain.typed import word_key
from enumerator_app.resource_files import read_toml

MAX_HEIRS: Final = 12
REASON: Final = "alasan"
ROW: Final = "baris"
RAW: Final = "isi_baris"
_FIELD_COLUMNS: Final = (*SCALAR_FIELDS, "programmes")
HeirPart = Literal["name", "relation", "born", "scholarship"]
_HEIR_PARTS: Final[Mapping[str, HeirPart]] = {
    "name": "name",
    "relation": "relation",
    "born": "born",
    "birth": "born",
    "birth_date": "born",
    "birth_year": "born",
    "age": "born",
    "scholarship": "scholarship",
}


@dataclass(frozen=True, slots=True)
class HeirColumn:
    """One part of the heir with this number (from 1)."""

    number: int
    part: HeirPart


Meaning = str | HeirColumn | Ignored


@dataclass(frozen=True)
class Columns:
    """The meaning of headers; `labels` is how each field is called to people."""

    meanings: Mapping[str, Meaning]
    labels: Mapping[str, str]

    def meaning(self, header: str) -> Meaning | None:
        """Return what a header means; None if nobody knows."""
        return self.meanings.get(word_key(header))


def load_columns(own: Path | None = None) -> Columns:
    """Return the columns of the mapping that ships, and of a mapping file of one's own.

    Raises:
        FileUnreadable: the own file is no mapping.
    """
    tables = [read_toml("mappings", "paper_forms.toml")]
    if own is not None:
        tables.append(_own_table(own))
    meanings: dict[str, Meaning] = {}
    for word in (ROW, REASON, RAW, "reason", "row"):
        meanings[word_key(word)] = IGNORED
    for name in _FIELD_COLUMNS:
        meanings[word_key(name)] = name
    meanings |= _heir_columns(dict.fromkeys(_HEIR_PARTS.values(), ()))
    for table in tables:
        meanings |= _meanings(table)
    labels = {name: headers[0] for name, headers in tables[0]["columns"].items()}
    return Columns(meanings, labels)


def heir_part(key: str) -> HeirPart | None:
    """Return the part of an heir that a key inside a list of heirs names."""
    return _HEIR_PARTS.get(key)


def _own_table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        _meanings(table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileUnreadable(name=path.name) from error
    return table


def _meanings(table: Mapping[str, Any]) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for name, headers in table.get("columns", {}).items():
        if name not in _FIELD_COLUMNS:
            raise KeyError(name)
        found |= {word_key(header): name for header in headers}
    heirs = {_HEIR_PARTS[part]: tuple(headers) for part, headers in table.get("heirs", {}).items()}
    ignored = table.get("ignored", {}).get("columns", ())
    return found | _heir_columns(heirs) | {word_key(header): IGNORED for header in ignored}


def _heir_columns(headers: Mapping[HeirPart, Sequence[str]]) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for number in range(1, MAX_HEIRS + 1):
        for key, part in _HEIR_PARTS.items():
            if part in headers:
                found[word_key(f"heir_{number}_{key}")] = HeirColumn(number, part)
        for part, names in headers.items():
            for name in names:
                found[word_key(re.sub(r"\{n\}", str(number), name))] = HeirColumn(number, part)
    return found
