"""The list of what must be decided: cases, those that wait, and records nobody could read."""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.duplicates import weightiest
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, catalogue, text
from sync.server.people.audit import audit
from sync.server.people.mass_exports import needs_second
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.resolving.queue import count_queue, list_queue
from sync.server.resolving.unread import count_unread, unread_records, words_of
from sync.server.resolving.watching import CASE, settle_held
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.exports import second_person_page
from sync.server.web.frame import Count
from sync.server.web.numbers import whole
from sync.server.web.site import Site
from sync.server.web.undoing import not_done, undo_line
from sync.server.web.words import Words

HERE: Final = "/decide"
VIEWS: Final = ("open", "waiting", "unread")
_MOST_REASONS: Final = 4
_ALL: Final = 1_000_000
_BETWEEN: Final = " \N{EN DASH} "
_COLUMNS: Final = ("who", "number", "what", "why", "score", "since", "waits")
_UNREAD_COLUMNS: Final = ("who", "number", "village", "laptop", "why", "do", "since")
# Where the words for a reason may stand: of two records, of a field, of a state, of a body.
_WORDS_OF_REASONS: Final = (
    "findings.reasons.{}", "fields.{}", "web.state_{}", "web.decide_unread_{}",
)  # fmt: skip


def add_decide_list(site: Site) -> None:
    """Hang the list and its tables onto the site."""

    @site.get(HERE, right=Right.decide)
    def cases(request: Request, visitor: Visitor) -> Response:
        settle_held(site.office)
        return _page(site, visitor, request.query_params.get("view", ""))

    @site.get(HERE + ".{kind}", right=Right.export_tables)
    def table(request: Request, visitor: Visitor) -> Response:
        view = _view(request)
        asked = "" if view == "open" else f"view={view}"
        total = _counts(site, visitor)[view]
        if needs_second(site.office, visitor, "decide", asked, total):
            return second_person_page(site, visitor, table="decide", asked=asked, rows=total)
        with site.office.database.writing() as connection:
            audit(site.office, connection, visitor.account, "decide_table", view)
        return send_table(site, request, visitor, _table(site, visitor, view))

    site.count("decide", lambda visitor: _waiting(site, visitor))


def kind_words(what: str, kind: str, language: Language) -> str:
    """Return the words for a kind of case; a kind without words of its own is still a case."""
    key = f"web.decide_{what}_{kind}"
    return text(key if key in catalogue() else f"web.decide_{what}_other", language)


def reasons_of(row: Any, language: Language) -> list[str]:
    """Return why there is a case, in words, what says most first."""
    codes = weightiest(json.loads(row.reasons), _MOST_REASONS)
    keys = [next(_known(code), "") for code in codes]
    return [text(key, language) for key in keys if key]


def _known(code: str) -> Iterator[str]:
    keys = (words.format(code) for words in _WORDS_OF_REASONS)
    return (key for key in keys if key in catalogue())


def _view(request: Request) -> str:
    asked = request.query_params.get("view", "")
    return asked if asked in VIEWS else "open"


def _waiting(site: Site, visitor: Visitor) -> Count:
    """Return what somebody must look at: the number of the tab that opens."""
    if not visitor.may(Right.decide):
        return Count(0)
    with site.office.database.reading() as connection:
        n = count_queue(connection, visitor.districts)
        return Count(n or count_unread(connection, visitor.districts), is_urgent=True)


def _opens(counts: dict[str, int]) -> str:
    """Return the tab that opens by itself: open cases, else what nobody could read."""
    return "unread" if counts["unread"] and not counts["open"] else "open"


def _counts(site: Site, visitor: Visitor) -> dict[str, int]:
    with site.office.database.reading() as connection:
        return {
            "open": count_queue(connection, visitor.districts),
            "waiting": count_queue(connection, visitor.districts, waiting=True),
            "unread": count_unread(connection, visitor.districts),
        }


def _page(site: Site, visitor: Visitor, asked: str) -> Response:
    office, language, counts = site.office, visitor.language, _counts(site, visitor)
    view = asked if asked in VIEWS else _opens(counts)
    with office.database.reading() as connection:
        undo = undo_line(office, connection, visitor, CASE, "/decide-undo")
        failed = not_done(office, connection, visitor)
    views = [
        {
            "label": text(f"web.decide_view_{name}", language, n=whole(counts[name], language)),
            "address": HERE if name == "open" == _opens(counts) else f"{HERE}?view={name}",
            "is_active": name == view,
        }
        for name in VIEWS
    ]
    rows = list(_rows(site, visitor, view, 200))
    downloads = table_links(HERE, "" if view == "open" else f"view={view}")
    return site.render(
        visitor, "decide.html", active="decide", rows=rows, views=views, view=view, undo=undo,
        not_done=failed,
        n=whole(counts[view], language), is_all=len(rows) == counts[view],
        downloads=downloads if rows and visitor.may(Right.export_tables) else [],
    )  # fmt: skip


def _rows(site: Site, visitor: Visitor, view: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a view as they are shown."""
    with site.office.database.reading() as connection:
        if view == "unread":
            for one in unread_records(connection, visitor.districts, most):
                yield _unread(one, visitor)
            return
        rows = list_queue(connection, visitor.districts, waiting=view == "waiting", most=most)
    for row in rows:
        yield _listed(row, visitor.language)


def _listed(row: Any, language: Language) -> dict[str, Any]:
    names = [name for name in (row.one_name, row.other_name) if name]
    laptop = text("web.decide_laptop", language, code=row.laptop) if row.laptop else ""
    numbers = [number for number in (row.one_number, row.other_number) if number]
    return {
        "address": f"{HERE}/{row.id}",
        "what": kind_words("kind", row.kind, language),
        "who": _BETWEEN.join(names) or laptop or text("web.decide_no_name", language),
        "number": _BETWEEN.join(numbers),
        "score": row.score or "",
        "why": ", ".join(reasons_of(row, language)),
        "since": shown_date(day_in_wib(instant_from_text(row.opened_at))),
        "waits": text(f"web.decide_waits_{row.answer}", language) if row.answer else "",
    }


def _unread(one: Any, visitor: Visitor) -> dict[str, Any]:
    language = visitor.language
    village = load_places().village(one.village_code)
    why, what_to_do = words_of(one)
    return {
        "who": one.name or text("web.decide_no_name", language),
        "number": one.number,
        "village": f"{village.name}, {village.district_name}" if village else "",
        "laptop": one.laptop,
        "address": f"/devices/{one.laptop}" if one.laptop and visitor.may(Right.field) else "",
        "why": text(why, language),
        "do": text(what_to_do, language),
        "since": shown_date(day_in_wib(instant_from_text(one.since))),
    }


def _table(site: Site, visitor: Visitor, view: str) -> Table:
    words = Words(visitor.language)
    columns = _UNREAD_COLUMNS if view == "unread" else _COLUMNS
    rows = ([str(row[name]) for name in columns] for row in _rows(site, visitor, view, _ALL))
    header = [words(f"decide_col_{name}") for name in columns]
    return Table(f"perlu-diputuskan-{view}", header, rows)
