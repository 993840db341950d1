"""A stop of payment that is taken back: first what it does to whom, then the deed with a code."""

from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.texts import Language, text
from sync.server.batches.trouble import StopUnknown
from sync.server.covering.unstopping import AGAINST, Unstop, list_stops, look_at_stop, undo_stop
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.batch_pages import month_words, shown_day
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.exports import second_person_page
from sync.server.web.forms import Form
from sync.server.web.long_work import do_or_begin
from sync.server.web.numbers import whole
from sync.server.web.places import place_words
from sync.server.web.site import Site

_SHOWN: Final = 50
_HEADER: Final = (
    "audit_at", "stop_after", "stop_where", "batches_people", "unstop_who", "unstop_heading",
)  # fmt: skip


def add_unstopping(site: Site) -> None:
    """Hang the page; it is about the whole regency, as the stop is."""

    @site.get("/updates/stop/undo", right=Right.hand_over, whole=True)
    def look(request: Request, visitor: Visitor) -> Response:
        try:
            found = look_at_stop(site.office, request.query_params.get("stop", ""))
        except StopUnknown:
            return site.missing(visitor)
        return _show(site, visitor, found)

    @site.post("/updates/stop/undo", right=Right.hand_over, whole=True)
    def undo(visitor: Visitor, form: Form) -> Response:
        found = look_at_stop(site.office, form.values.get("stop", ""))
        if not found.is_possible:
            return _show(site, visitor, found)

        def work() -> str:
            name = found.stop.id
            undo_stop(site.office, name, officer=visitor.name, account=visitor.account)
            return f"/updates/stop?after={found.stop.after}&area={found.stop.area}&done=unstopped"

        def deed() -> Response:
            return do_or_begin(site, visitor, "unstop", len(found.before), work)

        def again(said: str) -> Response:
            return _show(site, visitor, found, problem=said)

        return site.with_code(visitor, form.values.get("code", ""), deed, again)

    @site.get("/updates/stops.{kind}", right=Right.hand_over, whole=True)
    def table(request: Request, visitor: Visitor) -> Response:
        rows = [
            [one[name] for name in ("day", "month", "place", "people", "officer", "undone")]
            for one in stop_rows(site.office, visitor.language)
        ]
        header = [text(f"web.{name}", visitor.language) for name in _HEADER]
        return send_table(site, request, visitor, Table("penghentian", header, rows))

    _add_left(site)


def _add_left(site: Site) -> None:
    """Hang the table of those who stay as they are when a stop is taken back."""

    @site.get("/updates/stop/left.{kind}", right=Right.hand_over, whole=True)
    def left(request: Request, visitor: Visitor) -> Response:
        office = site.office
        try:
            found = look_at_stop(office, request.query_params.get("stop", ""))
        except StopUnknown:
            return site.missing(visitor)
        asked = f"stop={found.stop.id}"
        if needs_second(office, visitor, "stop", asked, len(found.left)):
            n = len(found.left)
            return second_person_page(site, visitor, table="stop", asked=asked, rows=n)
        with office.database.writing() as connection:
            audit(office, connection, visitor.account, "unstop_table", found.stop.id)
        names = ("batches_number", "batches_person", "batches_reason")
        header = [text(f"web.{name}", visitor.language) for name in names]
        rows = (
            [one.number or "", one.name or "",
             text(f"web.unstop_why_{one.why}", visitor.language)]
            for one in found.left
        )  # fmt: skip
        return send_table(site, request, visitor, Table("tetap-berhenti", header, rows))


def stop_rows(office: Office, language: Language) -> list[dict[str, Any]]:
    """Return what the page of stops lists: what was stopped, and whether it was taken back."""
    return [
        {
            "id": one["id"],
            "day": _day(one["at"]),
            "month": month_words(one["after"], language),
            "place": place_words(one["area"], language),
            "n": whole(one["people"], language),
            "people": str(one["people"]),
            "officer": one["officer"],
            "undone": text(
                "web.unstop_undone", language, day=_day(one["undone_at"]), who=one["undone_by"]
            )
            if one["undone_at"]
            else "",
        }
        for one in list_stops(office)
    ]


def _day(at: str | None) -> str:
    return shown_date(day_in_wib(instant_from_text(at))) if at else ""


def _show(site: Site, visitor: Visitor, found: Unstop, *, problem: str = "") -> Response:
    language, n = visitor.language, whole(len(found.before), visitor.language)
    against = [
        text(f"web.unstop_against_{why}", language, n=whole(count, language))
        for why in AGAINST
        if (count := found.against[why])
    ]
    last = shown_day(found.last.isoformat())
    key = "unstop_title" if found.is_possible else "unstop_cannot"
    return site.render(
        visitor, "updates_unstop.html", active="updates", status=422 if problem else 200,
        stop=found.stop.id, title=text(f"web.{key}", language, n=n), against=against,
        is_possible=found.is_possible, left=found.left[:_SHOWN],
        downloads=table_links("/updates/stop/left", f"stop={found.stop.id}"),
        more=whole(max(len(found.left) - _SHOWN, 0), language),
        facts=text("web.unstop_facts", language, day=_day(found.stop.at), who=found.stop.officer,
                   month=month_words(found.stop.after, language),
                   place=place_words(found.stop.area, language)),
        does=[text(f"web.unstop_does_{one}", language, n=n, day=last)
              for one in ("cover", "cards", "notices")],
        do=text("web.unstop_do", language, n=n), problem=problem,
    )  # fmt: skip
