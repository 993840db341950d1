"""The lists that left the office, in files beside the database: a restore does not reach them.

One file a list, written before the list itself leaves. `register.json` says that this folder holds
every list of this office: a folder made anew, as on another machine, does not say so until somebody
settled it.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.errors import FileUnreadable
from sync.server.home import Home, read_json, write_json, write_privately

LISTS: Final = "batches"
_WHOLE: Final = "register.json"


def folder_of(home: Home, kind: str = LISTS) -> Path:
    return home.path / kind


def write_down(home: Home, batch: dict[str, Any], rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep a list: its totals, and who is on it by record alone, without name and NIK.

    `rows` are (n, subject, number, nik, monthly).
    """
    people = [(n, subject, number, monthly) for n, subject, number, _, monthly in rows]
    content = json.dumps({**batch, "people": people}, ensure_ascii=False)
    write_privately(folder_of(home) / f"{batch['id']}.json", content.encode())


def written_down(home: Home) -> Iterator[dict[str, Any]]:
    """Yield every list in the folder, by name; one that was cut off never left."""
    for path in sorted(folder_of(home).glob("*.json")):
        if path.name != _WHOLE:
            try:
                yield read_json(path)
            except FileUnreadable:
                continue


def names(home: Home) -> set[str]:
    return {path.stem for path in folder_of(home).glob("*.json") if path.name != _WHOLE}


def is_whole(home: Home, office: str, kind: str = LISTS) -> bool:
    """Return whether the folder holds every list of this office, or all there are of a kind."""
    try:
        return bool(read_json(folder_of(home, kind) / _WHOLE)["office"] == office)
    except (FileUnreadable, KeyError, TypeError):
        return False


def declare_whole(home: Home, office: str, kind: str = LISTS) -> None:
    write_json(folder_of(home, kind) / _WHOLE, {"office": office})


def declare_lacking(home: Home, kind: str) -> None:
    """Note that the folder may lack something: it went back to an earlier day with its disk."""
    (folder_of(home, kind) / _WHOLE).unlink(missing_ok=True)
