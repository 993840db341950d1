"""The first page: how many people are registered, accepted and covered, by kecamatan. No names."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import WIB, shown_date, shown_time
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import Language, text
from sync.server.coverage import District, coverage
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.numbers import percent, whole
from sync.server.web.site import Site

_CLASSES: Final = 5  # 0-19, 20-39, 40-59, 60-79, 80-100: fixed, so that weeks compare
_COLUMNS: Final = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One kecamatan on the map of tiles; `shade` 0 is "no data", 1 to 5 the share accepted."""

    district: District
    column: int
    row: int

    @property
    def shade(self) -> int:
        if not self.district.registered:
            return 0
        share = self.district.enrolled * _CLASSES // self.district.registered
        return min(share + 1, _CLASSES)


@cache
def _grid() -> dict[str, tuple[int, int]]:
    with resource_path("places", "kecamatan_grid.csv").open(encoding="utf-8") as file:
        return {
            row["district_code"].replace(".", ""): (int(row["column"]), int(row["row"]))
            for row in csv.DictReader(file)
        }


def tiles(districts: Sequence[District]) -> list[Tile]:
    """Return the tiles row by row, as they are read; places off the map follow in rows below."""
    grid = _grid()
    last = max((row for _, row in grid.values()), default=0)
    beside = [one for one in districts if one.code not in grid]
    places = {one.code: grid[one.code] for one in districts if one.code in grid}
    for n, one in enumerate(beside):
        places[one.code] = (n % _COLUMNS + 1, last + 1 + n // _COLUMNS)
    found = [Tile(one, *places[one.code]) for one in districts]
    return sorted(found, key=lambda tile: (tile.row, tile.column))


def add_overview(site: Site) -> None:
    """Hang the first page onto the site."""

    @site.get("/", right=Right.see_overview)
    def first_page(_: Request, visitor: Visitor) -> Response:
        values = overview(site.office, visitor)
        return site.render(visitor, "overview.html", active="overview", **values)


def overview(office: Office, visitor: Visitor) -> dict[str, Any]:
    """Return what the template shows; every sentence is computed from the same numbers."""
    language = visitor.language
    districts = [one for one in coverage(office) if visitor.sees(one.code)]
    now = office.clock()
    totals = {
        name: sum(getattr(one, name) for one in districts)
        for name in ("registered", "submitted", "enrolled", "covered")
    }
    return {
        "facts": _facts(now, language),
        "totals": {name: whole(value, language) for name, value in totals.items()},
        "share": percent(totals["covered"], totals["registered"], language, digits=1),
        "bar": _bar(totals),
        "heading": _heading(districts, language),
        "tiles": [_shown(tile, language) for tile in tiles(districts)],
        "rows": [_row(one, language) for one in districts],
        "sums": {name: whole(value, language) for name, value in totals.items()},
    }


def _facts(now: datetime, language: Language) -> str:
    local = now.astimezone(WIB)
    values = {"date": shown_date(local.date()), "time": shown_time(now)}
    return text("web.facts", language, day=text(f"web.day_{local.weekday()}", language), **values)


def _bar(totals: dict[str, int]) -> list[dict[str, Any]]:
    """Return the parts of the bar as x and width of 1000, covered first."""
    whole_bar = totals["registered"] or 1
    ends = [totals["covered"], totals["enrolled"], totals["submitted"], totals["registered"]]
    names = ("covered", "enrolled", "submitted", "registered")
    parts, start = [], 0
    for name, end in zip(names, ends, strict=True):
        reach = max(start, round(1000 * end / whole_bar)) if totals["registered"] else 0
        parts.append({"name": name, "x": start, "width": reach - start})
        start = reach
    return parts


def _heading(districts: Sequence[District], language: Language) -> str:
    """State the finding: nothing yet, how many are at zero, or who has least of it accepted."""
    known = [one for one in districts if one.registered]
    empty = len(districts) - len(known)
    if not known:
        return text("web.heading_none", language)
    if empty:
        return text("web.heading_zero", language, n=empty)
    least = min(known, key=lambda one: (one.enrolled / one.registered, one.code))
    share = percent(least.enrolled, least.registered, language)
    return text("web.heading_least", language, name=least.name, share=share)


def _shown(tile: Tile, language: Language) -> dict[str, Any]:
    one = tile.district
    share = percent(one.enrolled, one.registered, language) if one.registered else ""
    return {
        "name": one.name,
        "column": tile.column,
        "row": tile.row,
        "shade": tile.shade,
        "registered": whole(one.registered, language),
        "share": share,
    }


def _row(one: District, language: Language) -> dict[str, str]:
    counts = {
        name: whole(getattr(one, name), language)
        for name in ("registered", "submitted", "enrolled", "covered")
    }
    return {
        "code": one.code,
        "name": one.name,
        **counts,
        "share": percent(one.enrolled, one.registered, language) if one.registered else "",
    }
