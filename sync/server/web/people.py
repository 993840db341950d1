"""The list of registrations: saved filters, an address for each view, pages, tables.

A NIK shows its last four digits. Names are searched for by a form: they stand in no address.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request, Response

from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.registrations.filters import LOOK, SORTS, STATES, Filter, read_filter
from sync.server.registrations.listing import (
    MOST_FOUND,
    Listed,
    PageOf,
    each_listed,
    find_page,
    search,
)
from sync.server.registrations.own_views import (
    MOST_NAME,
    OwnView,
    forget_view,
    own_views,
    save_view,
)
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.exports import second_person_page
from sync.server.web.forms import Form
from sync.server.web.paging import pager
from sync.server.web.site import Site
from sync.server.web.words import Words

_COLUMNS: Final = (
    ("number", "number"), ("name", "name"), ("nik", ""), ("age", "birth"), ("village", "village"),
    ("day", "registered"), ("state", "state"), ("reason", ""), ("laptop", ""),
)  # fmt: skip
_GOES_DOWN_FIRST: Final = frozenset({"registered", "birth"})
_MOST_WORDS: Final = 60


def add_people(site: Site) -> None:
    """Hang the list, its search and its tables onto the site."""

    @site.get("/people", right=Right.see_people)
    def people(request: Request, visitor: Visitor) -> Response:
        asked = read_filter(request.query_params)
        found = find_page(site.office, asked, visitor.districts)
        return _page(site, visitor, asked, found)

    @site.post("/people", right=Right.see_people)
    def find(visitor: Visitor, form: Form) -> Response:
        typed = form.values.get("words", "").strip()[:_MOST_WORDS]
        asked = read_filter(form.values)
        if not typed:
            return site.go(asked.address())
        rows, total = search(site.office, typed, asked, visitor.districts)
        return _page(site, visitor, asked, PageOf(rows, total, 1), typed)

    @site.post("/people/views", right=Right.see_people)
    def save(visitor: Visitor, form: Form) -> Response:
        asked = read_filter(dict(parse_qsl(form.values.get("filter", ""))))
        name = " ".join(form.values.get("name", "").split())[:MOST_NAME]
        if form.values.get("do") == "forget":
            forget_view(site.office, visitor.account, name)
        elif name and not asked.is_empty:
            save_view(site.office, visitor.account, name, asked)
        return site.go(asked.address(page=1))

    @site.get("/people.{kind}", right=Right.export_tables)
    def table(request: Request, visitor: Visitor) -> Response:
        asked = read_filter(request.query_params)
        rows_n = find_page(site.office, asked, visitor.districts).total
        query = asked.query(page=1)
        if needs_second(site.office, visitor, "people", query, rows_n):
            return second_person_page(site, visitor, table="people", asked=query, rows=rows_n)
        with site.office.database.writing() as connection:
            audit(site.office, connection, visitor.account, "people_table", asked.query())
        with site.office.database.reading() as connection:
            found = each_listed(site.office, connection, asked, visitor.districts)
            rows = _table_rows(found, Words(visitor.language), _today(site))
            header = [Words(visitor.language)(f"people_{name}") for name, _ in _COLUMNS]
            return send_table(site, request, visitor, Table("pendataan", header, rows))


def _today(site: Site) -> date:
    return day_in_wib(site.office.clock())


def _page(site: Site, visitor: Visitor, asked: Filter, found: PageOf, typed: str = "") -> Response:
    words = Words(visitor.language)
    own = _own_views(own_views(site.office, visitor.account), asked, typed)
    links = site.needs.admit(visitor, "/service/{subject}")
    return site.render(
        visitor,
        "people.html",
        active="people",
        facts=_facts(asked, found, typed, words),
        typed=typed,
        asked=asked,
        hidden=_hidden(asked),
        saved_views=_views(asked, typed, words) + own,
        own_view=next((one["label"] for one in own if one["is_active"]), ""),
        choices=_choices(asked, visitor, words),
        columns=[_column(key, sort, asked, typed, words) for key, sort in _COLUMNS],
        rows=[_row(one, words, _today(site), links=links) for one in found.rows],
        is_cut=bool(typed) and found.total > MOST_FOUND,
        most=words.n(MOST_FOUND),
        pages=None if typed else _pager(asked, found, visitor.language),
        downloads=table_links("/people", asked.query(page=1)) if not typed else [],
        may_export=visitor.may(Right.export_tables),
    )


def _facts(asked: Filter, found: PageOf, typed: str, words: Words) -> str:
    n = words.n(found.total)
    if typed:
        return words("people_found", n=n)
    return words("people_all" if asked.is_empty else "people_filtered", n=n)


def _hidden(asked: Filter) -> list[tuple[str, str]]:
    """Return the filter as hidden fields of the search, so that it searches within the view."""
    pairs = [part.split("=", 1) for part in asked.query(page=1).split("&") if part]
    return [(name, value) for name, value in pairs]


def _views(asked: Filter, typed: str, words: Words) -> list[dict[str, Any]]:
    """Return the filters that are asked for every day; the place that was chosen stays."""
    place = Filter(district=asked.district, village=asked.village)
    saved = (
        ("all", place),
        ("look", _with(place, states=LOOK)),
        ("waiting_nik", _with(place, states=frozenset({"waiting_nik"}))),
        ("refused", _with(place, states=frozenset({"refused"}))),
        ("nearly_65", _with(place, is_nearly_65=True, sort="birth")),
    )
    here = asked.query(page=1, sort="-registered")
    return [
        {
            "label": words(f"view_{name}"),
            "address": one.address(),
            "is_active": not typed and one.query(sort="-registered") == here,
        }
        for name, one in saved
    ]


def _own_views(found: list[OwnView], asked: Filter, typed: str) -> list[dict[str, Any]]:
    here = asked.query(page=1)
    return [
        {
            "label": one.name,
            "address": one.asked.address(),
            "is_active": not typed and one.asked.query(page=1) == here,
        }
        for one in found
    ]


def _with(one: Filter, **changes: Any) -> Filter:
    return replace(one, **changes)


def _choices(asked: Filter, visitor: Visitor, words: Words) -> dict[str, Any]:
    """Return what can be chosen; villages are those of the chosen kecamatan."""
    places = load_places()
    districts = [
        (one.code, one.name)
        for one in sorted(places.districts, key=lambda one: one.name)
        if visitor.districts is None or one.code in visitor.districts
    ]
    villages = sorted(
        ((one.code, one.name) for one in places.villages if one.district_code == asked.district),
        key=lambda pair: pair[1],
    )
    states = [("", words("people_any_state")), ("look", words("view_look"))]
    states += [(name, words(f"state_{name}")) for name in STATES]
    return {
        "district": [("", words("people_any_district")), *districts],
        "village": [("", words("people_any_village", n=len(villages))), *villages],
        "state": states,
        "state_value": "look" if asked.states == LOOK else ",".join(sorted(asked.states)),
        "since": shown_date(asked.since) if asked.since else "",
        "until": shown_date(asked.until) if asked.until else "",
    }


def _column(key: str, sort: str, asked: Filter, typed: str, words: Words) -> dict[str, Any]:
    if not sort or typed:
        return {
            "name": words(f"people_{key}"),
            "address": "",
            "order": "",
            "is_number": key == "age",
        }
    is_down = asked.sort == f"-{sort}"
    is_here = asked.sort.removeprefix("-") == sort
    starts_down = sort in _GOES_DOWN_FIRST
    next_down = not is_down if is_here else starts_down
    return {
        "name": words(f"people_{key}"),
        "address": asked.address(sort=f"-{sort}" if next_down else sort, page=1),
        "order": ("descending" if is_down else "ascending") if is_here else "",
        "is_number": key == "age",
    }


def _row(one: Listed, words: Words, today: date, *, links: bool) -> dict[str, str]:
    village = load_places().village(one.village_code)
    return {
        "number": one.number,
        "name": one.name,
        "nik": f"···{one.nik[-4:]}" if one.nik else words("people_no_nik"),
        "age": str(_age(one.birth_date, today)) if one.birth_date else "",
        "village": village.name if village else one.village_code,
        "district": village.district_name if village else "",
        "day": one.registered_on.strftime("%d-%m-%Y") if one.registered_on else "",
        "kind": one.state,
        "state": words(f"state_{one.state}"),
        "reason": _reason(one, words),
        "laptop": one.device,
        "address": f"/service/{one.id}" if links else "",
    }


def _reason(one: Listed, words: Words) -> str:
    return f"{words.field(one.field)}: {one.reason}" if one.field else one.reason


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _pager(asked: Filter, found: PageOf, language: Language) -> Any:
    return pager(
        first=found.first,
        last=found.last,
        total=found.total,
        page=found.number,
        pages=found.pages,
        address=lambda n: asked.address(page=n),
        language=language,
    )


def _table_rows(found: Iterator[Listed], words: Words, today: date) -> Iterator[list[str]]:
    for one in found:
        row = _row(one, words, today, links=False)
        row["nik"] = one.nik[-4:]
        yield [row[name] for name, _ in _COLUMNS]


assert {sort for _, sort in _COLUMNS if sort} == set(SORTS)
