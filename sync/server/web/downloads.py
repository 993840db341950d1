"""Every table that a page shows, as CSV and XLSX: written whole by the one writer of tables."""

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from sync.server.home import Home
from sync.server.people.visitor import Visitor
from sync.server.tabulating import write_table
from sync.server.web.site import PAGE_HEADERS, Site

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table to download; `name` is the file's, without a word about anybody."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]


def table_links(address: str, query: str = "") -> list[dict[str, str]]:
    """Return the links that download a page's table, with what the page was filtered by."""
    asked = f"?{query}" if query else ""
    return [
        {"word": kind.upper(), "address": f"{address}.{kind}{asked}"} for kind in ("xlsx", "csv")
    ]


def send_table(site: Site, request: Request, visitor: Visitor, table: Table) -> Response:
    """Return the table as the kind that the address ends with; an unknown kind is not there."""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        return site.missing(visitor)
    return table_file(site.office.home, table, kind)


def table_file(home: Home, table: Table, kind: str) -> Response:
    """Write a table row by row beside the office's data, send it, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="table-", dir=home.path))
    path = folder / f"{table.name}.{kind}"
    try:
        write_table(path, table.header, table.rows)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    headers: dict[str, Any] = dict(PAGE_HEADERS)
    return FileResponse(
        path, headers=headers, media_type=KINDS[kind], filename=path.name, background=gone
    )
