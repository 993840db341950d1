"""Visits: a list, and one visit in three steps; its noted records one by one."""

from datetime import date
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.errors import DayUnreadable
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.holding import take_back
from sync.server.resolving.records import RECORD
from sync.server.resolving.revising import content_at
from sync.server.resolving.sampling import Review, drawn_review, in_open_cases, look
from sync.server.resolving.signing import (
    MOST_SCAN_BYTES,
    VISIT,
    attach_minutes,
    read_minutes,
    sign,
)
from sync.server.resolving.visit_queue import Waiting, count_visits, describe, waiting_visits
from sync.server.resolving.watching import settle_held
from sync.server.web.days import typed_day
from sync.server.web.decide import officer_of
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.forms import Form
from sync.server.web.frame import Count
from sync.server.web.numbers import whole
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.undoing import not_done, undo_line
from sync.server.web.visit_facts import (
    counts_of,
    date_of,
    downloads_of,
    opens_without,
    told_of,
    views_of,
    visits_table,
)
from sync.server.web.visit_people import HERE, UNDO, findings_of, gone, person_of, visit_of
from sync.server.web.visit_record import add_visit_records
from sync.server.web.words import problem_words

_KEYS: Final = 5
_LATE: Final = "_late"
_FINISHED: Final = frozenset({"visit", "visit_late", "record", "record_late"})
_MOST_LISTED: Final = 60
_SHAPES: Final = {"waiting_nik": "waiting_nik", "returned": "returned"}


def add_visits(site: Site) -> None:
    """Hang the pages of visits onto the site."""
    office = site.office

    @site.get(HERE, right=Right.approve)
    def first(request: Request, visitor: Visitor) -> Response:
        settle_held(office)
        return _page(
            site, visitor, "", view=request.query_params.get("view", ""), done=_done(request)
        )

    @site.get(HERE + ".{kind}", right=Right.export_tables)
    def table(request: Request, visitor: Visitor) -> Response:
        return visits_table(site, request, visitor)

    @site.get(HERE + "/{visit}", right=Right.approve)
    def one(request: Request, visitor: Visitor) -> Response:
        settle_held(office)
        return _page(site, visitor, request.path_params["visit"], done=_done(request))

    @site.get(HERE + "/{visit}/minutes", right=Right.approve)
    def minutes(request: Request, visitor: Visitor) -> Response:
        visit = request.path_params["visit"]
        found = read_minutes(office, visit) if visit_of(office, visitor, visit) else None
        if found is None:
            return site.missing(visitor)
        return Response(found[0], headers=PAGE_HEADERS, media_type=found[1])

    @site.get(HERE + "/{visit}/noted.{kind}", right=Right.export_tables)
    def noted(request: Request, visitor: Visitor) -> Response:
        visit = request.path_params["visit"]
        if visit_of(office, visitor, visit) is None:
            return site.missing(visitor)
        with office.database.writing() as connection:
            audit(office, connection, visitor.account, "noted_table", visit)
        return send_table(site, request, visitor, _noted_table(office, visit, visitor.language))

    _add_deeds(site)
    add_visit_records(site)  # last: its addresses would match the others, too
    site.count("visits", lambda visitor: _count(office, visitor))


def _add_deeds(site: Site) -> None:
    office = site.office

    @site.post(HERE + "/{visit}/look", right=Right.approve)
    def looked(visitor: Visitor, form: Form) -> Response:
        values = form.values
        fits = values.get("verdict") == "fits"
        subject, content = values.get("subject", ""), values.get("content", "")

        def work(visit: str) -> None:
            look(office, officer_of(visitor), visit, subject, content=content, fits=fits)

        return _do(site, visitor, form, work)

    @site.post(HERE + "/{visit}/minutes", right=Right.approve, most=MOST_SCAN_BYTES + 65_536)
    def attach(visitor: Visitor, form: Form) -> Response:
        def work(visit: str) -> None:
            scan = form.files.get("scan")
            day = _day(form.values.get("signed_on", ""))
            attach_minutes(office, officer_of(visitor), visit, scan.content if scan else b"", day)

        return _do(site, visitor, form, work)

    @site.post(HERE + "/{visit}/sign", right=Right.approve)
    def signed(visitor: Visitor, form: Form) -> Response:
        def work(visit: str) -> None:
            drawn_review(office, visit).require_signable()  # no code is used up for nothing
            site.confirm(visitor, form.values.get("code", ""))
            sign(office, officer_of(visitor), visit)

        return _do(site, visitor, form, work)

    @site.post(UNDO, right=Right.approve)
    def undo(visitor: Visitor, form: Form) -> Response:
        row = take_back(office, officer_of(visitor), form.values.get("id", ""))
        return site.go(f"{HERE}/{row.about}" if row.kind == VISIT else HERE)


def _do(site: Site, visitor: Visitor, form: Form, work: Any) -> Response:
    """Do what a form asks about a visit that is there for this person, and show it again."""
    visit = form.path["visit"]
    if visit_of(site.office, visitor, visit) is None:
        return gone(site, visitor, visit, "visit_late")
    try:
        work(visit)
    except KnownError as error:
        said = problem_words(error.code, error.parameters, visitor.language)
        return _page(site, visitor, visit, problem=said, status=422)
    return site.go(f"{HERE}/{visit}")


def _done(request: Request) -> str:
    """Return what somebody else finished meanwhile, if that is what this page has to say."""
    asked = request.query_params.get("done", "")
    return asked if asked in _FINISHED else ""


def _count(office: Office, visitor: Visitor) -> Count:
    if not visitor.may(Right.approve):
        return Count(0)
    seen = visitor.districts
    with office.database.reading() as connection:  # the number of the tab that opens
        return Count(count_visits(connection, seen) or count_visits(connection, seen, without=True))


# The page


def _page(
    site: Site,
    visitor: Visitor,
    chosen: str,
    *,
    view: str = "",
    done: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    office, language = site.office, visitor.language
    with office.database.reading() as connection:
        waiting = waiting_visits(connection, visitor.districts)
        undo = undo_line(office, connection, visitor, VISIT, UNDO)
        undo = undo or undo_line(office, connection, visitor, RECORD, UNDO)
        failed = not_done(office, connection, visitor)
    here = next((one for one in waiting if one.id == chosen), None)
    if chosen and here is None:
        return gone(site, visitor, chosen, "visit")
    numbers = counts_of(waiting)
    without = opens_without(numbers, view) if here is None else not here.has_visit
    visits = [one for one in waiting if one.has_visit is not without]
    here = here or next((one for one in visits if not one.is_held), None)
    listed = _around(visits, here)
    with office.database.reading() as connection:
        describe(connection, listed)
    open_ = [one for one in visits if not one.is_held]
    total, clean = (sum(getattr(one, name) for one in open_) for name in ("total", "clean"))
    counts = {"visits": whole(len(open_), language), "total": whole(total, language),
              "clean": whole(clean, language), "noted": whole(total - clean, language)}  # fmt: skip
    page: dict[str, Any] = {
        "counts": counts,
        "views": views_of(numbers, without=without, language=language),
        "without": without,
        "downloads": downloads_of(visitor, visits, without=without),
        "visits": [_listed(one, here, language) for one in listed],
        "left_off": whole(len(visits), language) if len(visits) > _MOST_LISTED else "",
        "undo": undo,
        "not_done": failed,
        "problem": problem,
        "done": done.removesuffix(_LATE),
        "is_late": done.endswith(_LATE),
        "here": None,
    }
    if here is not None:
        page["here"] = _shown(office, visits, here, language)
        may = visitor.may(Right.export_tables)
        page["here"]["downloads"] = table_links(f"{HERE}/{here.id}/noted") if may else []
    return site.render(visitor, "visits.html", active="visits", status=status, **page)


def _around(visits: list[Waiting], here: Waiting | None) -> list[Waiting]:
    """Return as many visits as a page lists, those about the one that is open."""
    place = visits.index(here) if here else 0
    start = max(0, min(place - _MOST_LISTED // 2, len(visits) - _MOST_LISTED))
    return visits[start : start + _MOST_LISTED]


def _listed(one: Waiting, here: Waiting | None, language: Language) -> dict[str, Any]:
    village = load_places().village(one.village_code)
    looks = []
    if one.noted:
        looks.append(text("web.visits_noted", language, n=whole(one.noted, language)))
    if one.has_visit and not one.has_minutes:
        looks.append(text("web.visits_no_minutes", language))
    district = village.district_name if village else ""
    return {
        "address": f"{HERE}/{one.id}",
        "village": village.name if village else one.village_code,
        "where": ", ".join(filter(None, (district, date_of(one), one.device))),
        "total": whole(one.total, language),
        "clean": whole(one.clean, language),
        "looks": ", ".join(looks),
        "is_here": here is not None and one.id == here.id,
        "is_held": one.is_held,
    }


def _shown(
    office: Office, visits: list[Waiting], here: Waiting, language: Language
) -> dict[str, Any]:
    found = drawn_review(office, here.id)
    place = visits.index(here)
    village = load_places().village(here.village_code)
    names = (village.name, village.district_name) if village else (here.village_code,)
    return {
        "id": here.id,
        "title": ", ".join(names) + (f". {date_of(here)}" if here.day else ""),
        "has_visit": here.has_visit,
        "told": told_of(office, here, language),
        "facts": _facts(here, language),
        "place": place + 1,
        "total": len(visits),
        "earlier": f"{HERE}/{visits[place - 1].id}" if place else "",
        "later": f"{HERE}/{visits[place + 1].id}" if place + 1 < len(visits) else "",
        "clean": len(found.clean),
        "noted": _noted(office, here.id, found, language),
        "is_by_record": found.is_by_record,
        "is_held": here.is_held,
        "sample": _sample(office, here.id, found, language),
        "minutes": _minutes(found),
        "why_not": _why_not(found, language),
        "today": shown_date(day_in_wib(office.clock())),
    }


def _facts(here: Waiting, language: Language) -> str:
    parts = [here.place] if here.place else []
    if here.device:
        who = {"operator": here.operator, "device": here.device}
        parts.append(text("web.visits_by", language, **who))
    if here.groups:
        parts.append(text("web.visits_groups", language, groups=", ".join(here.groups)))
    return " ".join(f"{part}." for part in parts)


def _sample(office: Office, visit: str, found: Review, language: Language) -> dict[str, Any]:
    """Return the sample's counts, and the next record to look at."""
    seen = [one for one in found.sample if one.verdict == "fits"]
    left = [one.record for one in found.sample if one.verdict != "fits"]
    return {
        "size": len(found.sample),
        "seen": len(seen),
        "left": len(left),
        "next": person_of(office, visit, left[0], language) if left else None,
    }


def _minutes(found: Review) -> dict[str, str] | None:
    if found.minutes is None:
        return None
    return {"day": shown_date(date.fromisoformat(found.minutes.signed_on))}


def _why_not(found: Review, language: Language) -> str:
    """Return why nobody can sign yet; empty if somebody can."""
    try:
        found.require_signable()
    except KnownError as error:
        return text(f"web.visits_why_{error.code}", language, **error.parameters)
    return ""


def _noted(office: Office, visit: str, found: Review, language: Language) -> list[dict[str, Any]]:
    rows = (*found.noted, *found.clean) if found.is_by_record else found.noted
    with office.database.reading() as connection:
        cases = in_open_cases(connection, {row.id for row in rows})
    return [
        {
            "address": f"{HERE}/{visit}/{row.id}",
            "name": row.name,
            "number": row.number or "",
            "shape": "decide" if row.id in cases else _SHAPES.get(row.state, "look"),
            "said": _why(office, row, cases.get(row.id), language),
            "key": str(n) if n <= _KEYS else "",
        }
        for n, row in enumerate(rows, start=1)
    ]


def _noted_table(office: Office, visit: str, language: Language) -> Table:
    names = ("decide_col_number", "decide_row_name", "visits_col_note")
    found = _noted(office, visit, drawn_review(office, visit), language)
    rows = ([one["number"], one["name"], one["said"]] for one in found)
    return Table("kunjungan-dicatat", [text(f"web.{name}", language) for name in names], rows)


def _why(office: Office, row: Any, case: Any, language: Language) -> str:
    if case is not None:
        return text(f"web.decide_kind_{case.kind}", language)
    if row.state != "registered":
        return text(f"web.state_{row.state}", language)
    with office.database.reading() as connection:
        _, body = content_at(connection, row.id)
    said = findings_of(office, body, language)
    return said[0] if said else text("web.visits_without_note", language)


def _day(written: str) -> str:
    day = typed_day(written)
    if day is None:
        raise DayUnreadable(value="-")
    return day.isoformat()
