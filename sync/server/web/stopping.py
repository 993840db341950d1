"""When the regency stops paying: first who loses cover, where and until when, then the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.batches.months import month_text, months_after, read_month
from sync.server.covering.paying import count_covered, list_payments
from sync.server.covering.stopping import (
    Losing,
    Stopped,
    alone_monthly,
    ask_until,
    count_losing,
    stop_payment,
    write_stopped,
)
from sync.server.office import Office
from sync.server.papers.cover_papers import stop_paper
from sync.server.papers.wishes import scratch
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.batch_pages import month_words, shown_day
from sync.server.web.days import months_to_choose
from sync.server.web.downloads import KINDS, Table, send_table, table_links
from sync.server.web.exports import second_person_page
from sync.server.web.forms import Form
from sync.server.web.long_work import do_or_begin
from sync.server.web.numbers import whole
from sync.server.web.places import areas, place_words
from sync.server.web.site import PAGE_HEADERS, Site
from sync.server.web.unstopping import stop_rows

_ACTIVE: Final = "updates"
_DONE: Final = frozenset({"stopped", "unstopped"})
_PDF: Final = "application/pdf"
Write = Callable[[Stopped, Path], object]


@dataclass(frozen=True, slots=True)
class Choice:
    """After which month, and where: empty for the whole regency, else a kecamatan or village."""

    after: date
    area: str

    @property
    def query(self) -> str:
        return f"after={month_text(self.after)}&area={self.area}"


def add_stopping(site: Site) -> None:
    """Hang the page; it is about the whole regency, so people with some kecamatan have none."""

    @site.get("/updates/stop", right=Right.hand_over, whole=True)
    def look(request: Request, visitor: Visitor) -> Response:
        query = request.query_params
        asked = query.get("done", "")
        done = asked if asked in _DONE else ""
        chosen = read_choice(site.office, query.get("after", ""), query.get("area", ""))
        return _show(site, visitor, chosen, done=done)

    @site.post("/updates/stop", right=Right.hand_over, whole=True)
    def stop(visitor: Visitor, form: Form) -> Response:
        values = form.values
        chosen = read_choice(site.office, values.get("after", ""), values.get("area", ""))
        return _stop(site, visitor, chosen, form)

    _add_tables(site)

    @site.get("/updates/stop/notices.pdf", right=Right.hand_over)
    def notices(request: Request, visitor: Visitor) -> Response:
        def write(found: Stopped, path: Path) -> object:
            return stop_paper(site.office, found, path, visitor.language)

        return _file(site, visitor, request, ("pengumuman.pdf", _PDF, "paper_stop"), write)


def _add_tables(site: Site) -> None:
    @site.get("/updates/stop/list.{kind}", right=Right.hand_over)
    def table(request: Request, visitor: Visitor) -> Response:
        kind = request.path_params["kind"]
        if kind not in KINDS:
            return site.missing(visitor)

        def write(found: Stopped, path: Path) -> object:
            return write_stopped(found, path, visitor.language)

        return _file(site, visitor, request, (f"daftar.{kind}", KINDS[kind], "stop_table"), write)

    @site.get("/updates/stop/villages.{kind}", right=Right.hand_over, whole=True)
    def villages(request: Request, visitor: Visitor) -> Response:
        query = request.query_params
        chosen = read_choice(site.office, query.get("after", ""), query.get("area", ""))
        losing = count_losing(site.office, chosen.after, chosen.area)
        names = ("column_code", "batches_village", "batches_district", "batches_people")
        header = [text(f"web.{name}", visitor.language) for name in names]
        rows = ([code, *_names(code), str(n)] for code, n in losing.by_village.items())
        return send_table(site, request, visitor, Table("berhenti-per-desa", header, rows))


def read_choice(office: Office, after: str, area: str) -> Choice:
    """Return what was chosen; without a month, the last one that was noted as paid.

    Raises:
        MonthUnreadable: no such month.
        UsageWrong: no such kecamatan or village.
    """
    paid = [one["month"] for one in list_payments(office)]
    today = day_in_wib(office.clock()).replace(day=1)
    typed = after or (paid[0] if paid else month_text(months_after(today, -1)))
    month = read_month(typed)
    places = load_places()
    known = {"", *(one.code for one in places.districts), *(one.code for one in places.villages)}
    if area not in known:
        raise UsageWrong(detail=area[:13])
    return Choice(month, area)


def _stop(site: Site, visitor: Visitor, chosen: Choice, form: Form) -> Response:
    n = count_losing(site.office, chosen.after, chosen.area).people
    if form.values.get("seen", "") != str(n):
        return _show(site, visitor, chosen, problem=text("web.stop_changed", visitor.language))

    def work() -> str:
        stop_payment(
            site.office, chosen.after, chosen.area, officer=visitor.name, account=visitor.account
        )
        return f"/updates/stop?{chosen.query}&done=stopped"

    def deed() -> Response:
        return do_or_begin(site, visitor, "stop", count_covered(site.office), work)

    def again(said: str) -> Response:
        return _show(site, visitor, chosen, problem=said)

    return site.with_code(visitor, form.values.get("code", ""), deed, again)


def _show(
    site: Site, visitor: Visitor, chosen: Choice, *, problem: str = "", done: str = ""
) -> Response:
    found = count_losing(site.office, chosen.after, chosen.area)
    values = stop_page(found, chosen, visitor.language)
    today = day_in_wib(site.office.clock())
    return site.render(
        visitor, "updates_stop.html", active=_ACTIVE, status=422 if problem else 200,
        problem=problem, done=done,
        months=months_to_choose(values["month"], today, visitor.language),
        stops=stop_rows(site.office, visitor.language),
        stop_downloads=table_links("/updates/stops"), **values,
    )  # fmt: skip


def stop_page(found: Losing, chosen: Choice, language: Language) -> dict[str, Any]:
    n, later, last = found.people, found.later, shown_day(found.last.isoformat())
    month = month_text(chosen.after)
    place = place_words(chosen.area, language)
    key = "stop_title_none" if not n else "stop_title" if later else "stop_title_over"
    sums = {"n": whole(n, language), "later": whole(later, language)}
    return {
        "title": text(f"web.{key}", language, n=sums["n"], day=last, place=place),
        "month": month,
        "month_words": month_words(month, language),
        "area": chosen.area,
        "areas": areas(language),
        "query": chosen.query,
        "downloads": table_links("/updates/stop/list", chosen.query),
        "village_downloads": table_links("/updates/stop/villages", chosen.query),
        "people": n,
        "later": later,
        "sums": sums,
        "told": [
            (text("web.stop_last", language), last),
            (text("web.stop_people", language), sums["n"]),
            (text("web.stop_later", language), sums["later"]),
            (text("web.stop_alone", language), f"Rp{whole(alone_monthly(found.last), language)}"),
            (text("web.stop_ask_by", language), shown_day(ask_until(found.last).isoformat())),
        ],
        "starting": text("web.stop_starting", language, day=last, n=whole(found.starting, language))
        if found.starting
        else "",
        "villages": [
            _village(code, n, chosen, language) for code, n in found.by_village.items()
        ],
    }  # fmt: skip


def _village(code: str, n: int, chosen: Choice, language: Language) -> dict[str, str]:
    name, district = _names(code)
    return {
        "name": name,
        "district": district,
        "n": whole(n, language),
        "query": Choice(chosen.after, code).query,
    }


def _names(code: str) -> tuple[str, str]:
    village = load_places().village(code)
    return (village.name, village.district_name) if village else (code, "")


def _file(
    site: Site, visitor: Visitor, request: Request, kind: tuple[str, str, str], write: Write
) -> Response:
    """Return a file of the chosen area, of people of whom some may have lost cover already."""
    if visitor.districts is not None:
        return site.missing(visitor)
    name, media, deed = kind
    query, office = request.query_params, site.office
    chosen = read_choice(office, query.get("after", ""), query.get("area", ""))
    losing = count_losing(office, chosen.after, chosen.area)
    n = losing.people + losing.starting
    if not losing.people:
        return site.go(f"/updates/stop?{chosen.query}")
    if needs_second(office, visitor, "stop", chosen.query, n):
        return second_person_page(site, visitor, table="stop", asked=chosen.query, rows=n)
    found = stop_payment(office, chosen.after, chosen.area, officer="", only_look=True)
    with scratch(office.home) as folder:
        write(found, folder / name)
        content = (folder / name).read_bytes()
    with office.database.writing() as connection:
        about = f"{chosen.area or 'all'}:{month_text(chosen.after)}"
        audit(office, connection, visitor.account, deed, about)
    where = f"{month_text(chosen.after)}{'-' if chosen.area else ''}{chosen.area}"
    shown = f'attachment; filename="berhenti-{where}-{name}"'
    return Response(
        content, headers={**PAGE_HEADERS, "Content-Disposition": shown}, media_type=media
    )
