"""What a laptop's page lists, to take away: its people, numbers that lack, what it keeps."""

from collections.abc import Iterator
from typing import Final

from fastapi import Request, Response

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from sync.server.figures.laptops import Laptop, find_laptop, missing_serials
from sync.server.letting_in import kept_days
from sync.server.office import Office
from sync.server.operators import operators_of
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.site import Site
from sync.server.web.words import Words

TABLES: Final = ("operators", "missing", "kept")
_MOST: Final = 1_000_000


def add_device_tables(site: Site) -> None:
    """Hang the tables of one laptop; nobody's name but that of its operators is in them."""
    for name in TABLES:
        _add_table(site, name)


def _add_table(site: Site, name: str) -> None:
    @site.get(f"/devices/{{code}}/{name}.{{kind}}", right=Right.field)
    def table(request: Request, visitor: Visitor) -> Response:
        one = find_laptop(site.office, request.path_params["code"].upper(), visitor.districts)
        if one is None:
            return site.missing(visitor)
        found = _table(site.office, one, name, Words(visitor.language))
        return send_table(site, request, visitor, found)


def device_links(code: str) -> dict[str, list[dict[str, str]]]:
    return {name: table_links(f"/devices/{code}/{name}") for name in TABLES}


def _table(office: Office, one: Laptop, asked: str, words: Words) -> Table:
    names: tuple[str, ...]
    if asked == "operators":
        names = ("device_column_operator", "operator_id", "let_in_entries", "operator_end_day")
        rows = _operators(office, one)
    elif asked == "kept":
        names = ("let_in_day", "let_in_people", "let_in_entries")
        rows = (
            [shown_date(day.day), str(day.people), str(day.entries)]
            for day in kept_days(office, one.code)
        )
    else:
        names = ("device_column_missing",)
        rows = ([f"{serial:05d}"] for serial in missing_serials(office, one.code, _MOST))
    return Table(f"{one.code}-{asked}", [words(name) for name in names], rows)


def _operators(office: Office, one: Laptop) -> Iterator[list[str]]:
    for person in operators_of(office, one.id):
        at = instant_from_text(person.removed_at) if person.removed_at else None
        ended = shown_date(day_in_wib(at)) if at else ""
        yield [person.name or "", person.id, str(person.entries), ended]
