"""Visits to come, and the last day of registering: written down, and taken back."""

from typing import Any

from fastapi import Request, Response

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.typed import NotUnderstood
from sync.server.errors import PlanWrong
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.plans.keeping import (
    PlannedVisit,
    cancel_visit,
    last_day,
    plan_visit,
    set_last_day,
    visits_to_come,
)
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.field_parts import tabs
from sync.server.web.forms import Form
from sync.server.web.site import Site
from sync.server.web.words import Words


def add_planned_visits(site: Site) -> None:
    """Hang the visits to come onto the site."""

    @site.get("/lists/visits", right=Right.field)
    def visits(_: Request, visitor: Visitor) -> Response:
        return _visits_page(site, visitor, {})

    @site.get("/lists/visits.{kind}", right=Right.field)
    def table(request: Request, visitor: Visitor) -> Response:
        words = Words(visitor.language)
        names = ("planned_day", "column_code", "village", "district", "column_laptop",
                 "planned_place")  # fmt: skip
        rows = (
            [shown_date(one.day), one.village_code, *_named(one), one.device, one.place]
            for one in _planned(site, visitor)
        )
        found = Table("rencana-kunjungan", [words(name) for name in names], rows)
        return send_table(site, request, visitor, found)

    @site.post("/lists/visits", right=Right.field)
    def plan(visitor: Visitor, form: Form) -> Response:
        try:
            visit = _wanted(form, visitor)
            with site.office.database.writing() as connection:
                plan_visit(site.office, connection, visit, by=visitor.account)
                deed = f"{visit.village_code}:{visit.day}"
                audit(site.office, connection, visitor.account, "visit_planned", deed)
        except (KnownError, NotUnderstood) as error:
            return _visits_page(site, visitor, dict(form.values), _problem(error, visitor))
        return site.go("/lists/visits")

    @site.post("/lists/visits/cancel", right=Right.field)
    def cancel(visitor: Visitor, form: Form) -> Response:
        code = form.values.get("village", "")
        if not visitor.sees(code):
            return site.missing(visitor)
        with site.office.database.writing() as connection:
            if cancel_visit(connection, code, form.values.get("day", "")):
                deed = f"{code}:{form.values.get('day', '')}"
                audit(site.office, connection, visitor.account, "visit_cancelled", deed)
        return site.go("/lists/visits")

    @site.post("/lists/last-day", right=Right.field, whole=True)
    def until(visitor: Visitor, form: Form) -> Response:
        typed = form.values.get("day", "").strip()
        try:
            day = read_date(typed) if typed else None
        except NotUnderstood as error:
            return _visits_page(site, visitor, {"last": typed}, _problem(error, visitor), "last")
        with site.office.database.writing() as connection:
            set_last_day(site.office, connection, day, by=visitor.account)
            audit(site.office, connection, visitor.account, "last_day_set", str(day or ""))
        return site.go("/lists/visits")


def _wanted(form: Form, visitor: Visitor) -> PlannedVisit:
    """Return the visit that a form asks for.

    Raises:
        PlanWrong: the village is not one that this person plans for.
        NotUnderstood: the day is none.
    """
    typed = form.values.get("village", "").strip()
    places = load_places()
    village = places.village(places.read_village(typed.partition(" (")[0]) or typed)
    if village is None:
        named = [one for one in places.villages if _shown_village(one) == typed]
        village = named[0] if named else None
    if village is None or not visitor.sees(village.code):
        raise PlanWrong(value=typed[:60])
    device = form.values.get("device", "").strip().upper()
    place = form.values.get("place", "").strip()
    return PlannedVisit(village.code, read_date(form.values.get("day", "")), device, place)


def _shown_village(one: Any) -> str:
    return f"{one.name} ({one.district_name})"


def _planned(site: Site, visitor: Visitor) -> list[PlannedVisit]:
    with site.office.database.reading() as connection:
        return list(visits_to_come(site.office, connection, visitor.districts))


def _named(one: PlannedVisit) -> tuple[str, str]:
    """Return the names of a visit's village and kecamatan."""
    village = load_places().village(one.village_code)
    return (village.name, village.district_name) if village else (one.village_code, "")


def _problem(error: KnownError | NotUnderstood, visitor: Visitor) -> str:
    words = Words(visitor.language)
    return words.error(error) if isinstance(error, KnownError) else words("lists_day_odd")


def _visits_page(
    site: Site, visitor: Visitor, typed: dict[str, str], problem: str = "", where: str = "visit"
) -> Response:
    words = Words(visitor.language)
    places = load_places()
    with site.office.database.reading() as connection:
        last = last_day(connection)
    rows = []
    for one in _planned(site, visitor):
        village, district = _named(one)
        rows.append(
            {
                "code": one.village_code,
                "village": village,
                "district": district,
                "iso": one.day.isoformat(),
                "day": f"{words(f'day_{one.day.weekday()}')} {shown_date(one.day)}",
                "device": one.device,
                "place": one.place,
            }
        )
    return site.render(
        visitor,
        "visits_planned.html",
        active="lists",
        status=422 if problem else 200,
        tabs=tabs("visits", words),
        facts=words("planned_facts", n=words.n(len(rows))) if rows else words("planned_none_facts"),
        rows=rows,
        downloads=table_links("/lists/visits"),
        villages=[_shown_village(one) for one in places.villages if visitor.sees(one.code)],
        typed={"village": "", "day": "", "device": "", "place": "", **typed},
        last=typed.get("last") or (shown_date(last) if last else ""),
        problem=problem if where == "visit" else "",
        last_problem=problem if where == "last" else "",
    )
