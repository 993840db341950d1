"""Around a visit: its two views, its table, and what its laptop told of the queue and the rests."""

from datetime import date
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.instants import instant_from_text, shown_date, shown_time
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.ticket_queue import ANSWERS
from enumerator_app.texts import Language, text
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.visit_queue import Waiting, describe, waiting_visits
from sync.server.visits import list_visits
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.numbers import whole
from sync.server.web.site import Site
from sync.server.web.visit_people import HERE
from sync.server.web.words import Words

_WITHOUT: Final = "view=without"
_COLUMNS: Final = (
    "village", "district", "day", "laptop", "operator", "total", "clean", "noted", "minutes",
)  # fmt: skip


def date_of(one: Waiting) -> str:
    try:
        return shown_date(date.fromisoformat(one.day))
    except ValueError:
        return ""


Numbers = tuple[int, int]
"""How many visits wait, and how many villages with records of no visit."""


def views_of(numbers: Numbers, *, without: bool, language: Language) -> list[dict[str, Any]]:
    """Return the two tabs: visits, and what was recorded without one."""
    visits, groups = numbers
    first = HERE if visits or not groups else f"{HERE}?view=visits"
    counted = (("visits", visits, first), ("without", groups, f"{HERE}?{_WITHOUT}"))
    return [
        {
            "label": text(f"web.visits_view_{name}", language, n=whole(count, language)),
            "address": address,
            "is_active": (name == "without") is without,
        }
        for name, count, address in counted
    ]


def opens_without(numbers: Numbers, view: str) -> bool:
    """Return whether a page shows what was recorded without a visit: as asked, else what waits."""
    visits, groups = numbers
    return view == "without" or (view != "visits" and not visits and bool(groups))


def counts_of(waiting: list[Waiting]) -> Numbers:
    """Count without those that are signed and held."""
    kinds = [one.has_visit for one in waiting if not one.is_held]
    visits = sum(kinds)
    return visits, len(kinds) - visits


def downloads_of(visitor: Visitor, visits: list[Waiting], *, without: bool) -> list[dict[str, str]]:
    if not visits or not visitor.may(Right.export_tables):
        return []
    return table_links(HERE, _WITHOUT if without else "")


def visits_table(site: Site, request: Request, visitor: Visitor) -> Response:
    """Send what waits, all of it, as a table: places and numbers, nobody's name."""
    without = request.query_params.get("view") == "without"
    with site.office.database.writing() as connection:
        audit(site.office, connection, visitor.account, "visits_table")
    with site.office.database.reading() as connection:
        every = waiting_visits(connection, visitor.districts)
        found = [one for one in every if one.has_visit is not without]
        describe(connection, found)
    words = Words(visitor.language)
    rows = [_row(one, words) for one in found]
    name = "tanpa-kunjungan" if without else "kunjungan"
    return send_table(site, request, visitor, Table(name, _header(words), rows))


def _header(words: Words) -> list[str]:
    return [words(f"visits_table_{name}") for name in _COLUMNS]


def _row(one: Waiting, words: Words) -> list[str]:
    village = load_places().village(one.village_code)
    minutes = "there" if one.has_minutes else "missing" if one.has_visit else "none"
    return [
        village.name if village else one.village_code,
        village.district_name if village else "",
        date_of(one),
        one.device,
        one.operator,
        *(str(n) for n in (one.total, one.clean, one.noted)),
        words(f"visits_table_minutes_{minutes}"),
    ]


def told_of(office: Office, here: Waiting, language: Language) -> list[tuple[str, str]]:
    """Return what the laptop said of the visit besides its records: label and words."""
    found = list_visits(office, here.id) if here.has_visit else []
    if not found:
        return []
    said, told = found[0].as_dict(), []
    for answer in ANSWERS:
        if slips := said["slips"][answer]:
            words = text("web.visits_slips", language, n=whole(len(slips), language),
                         slips=", ".join(map(str, slips)))  # fmt: skip
            told.append((text(f"web.visits_slips_{answer}", language), words))
    if said["rests"]:
        rests = ", ".join(_rest(one, language) for one in said["rests"])
        told.append((text("web.visits_rests", language), rests))
    return told


def _rest(one: dict[str, Any], language: Language) -> str:
    began, ended = (_clock(one[name]) for name in ("began_at", "ended_at"))
    return (
        f"{began}\N{EN DASH}{ended}"
        if ended
        else text("web.visits_rest_open", language, began=began)
    )


def _clock(at: str | None) -> str:
    return shown_time(instant_from_text(at)) if at else ""
