"""What the three pages of the field share: their tabs, the choice of a kecamatan, pages of 50."""

import re
from typing import Any, Final

from fastapi import Request

from enumerator_app.domain.reference import load_places
from sync.server.figures.villages import PAGE
from sync.server.people.visitor import Visitor
from sync.server.plans.keeping import PlannedVisit
from sync.server.web.paging import pager
from sync.server.web.words import Words

TABS: Final = (("seats", "/lists"), ("visits", "/lists/visits"), ("papers", "/lists/papers"))


def asked_of(request: Request) -> tuple[str, int]:
    """Return kecamatan and page of an address; what is not understood is left out."""
    district, page = (request.query_params.get(name, "") for name in ("district", "page"))
    known = any(one.code == district for one in load_places().districts)
    number = int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 1
    return district if known else "", number


def tabs(here: str, words: Words) -> list[dict[str, Any]]:
    return [
        {"label": words(f"lists_tab_{name}"), "address": address, "is_active": name == here}
        for name, address in TABS
    ]


def district_choices(visitor: Visitor, words: Words) -> list[tuple[str, str]]:
    found = sorted(load_places().districts, key=lambda one: one.name)
    shown = [(one.code, one.name) for one in found if visitor.sees(one.code)]
    return [("", words("people_any_district")), *shown]


def pages_of(path: str, asked: str, page: int, total: int, shown: int, words: Words) -> Any:
    def address(n: int) -> str:
        query = "&".join(part for part in (asked, f"page={n}" if n > 1 else "") if part)
        return f"{path}?{query}" if query else path

    first = (page - 1) * PAGE
    return pager(
        first=first + 1 if shown else 0,
        last=first + shown,
        total=total,
        page=page,
        pages=max(-(-total // PAGE), 1),
        address=address,
        language=words.language,
    )


def visit_word(visit: PlannedVisit | None, words: Words) -> str:
    if visit is None:
        return ""
    day = words(f"short_day_{visit.day.weekday()}")
    return f"{day} {visit.day:%d-%m}" + (f", {visit.device}" if visit.device else "")
