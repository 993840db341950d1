"""A table of many people leaves the server only after a second person agreed.

Up to a thousand rows go at once. More are asked for first; what was agreed to counts for that
person, that table and that filter, for a day.
"""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from sqlalchemy import select

from enumerator_app.domain.instants import instant_to_text
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, catalogue, text
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.tables import PAIR_ROWS
from sync.server.people.visitor import Visitor

KIND: Final = "mass_export"
MOST_ALONE: Final = 1000
_PAGES: Final = {"stop": "/updates/stop"}
_IN_WORDS: Final = frozenset({"batches", "updates", "stop"})
COUNTS_FOR: Final = timedelta(hours=24)


def needs_second(office: Office, visitor: Visitor, table: str, asked: str, rows: int) -> bool:
    """Return whether a table of so many rows still has to be agreed to by somebody else."""
    if rows <= MOST_ALONE:
        return False
    kept = pairs.written(_payload(visitor, table, asked))
    since = instant_to_text(office.clock() - COUNTS_FOR)
    columns = PAIR_ROWS.c
    query = select(columns.id).where(
        columns.kind == KIND, columns.state == "done", columns.asked_by == visitor.account,
        columns.answered_at > since, columns.payload == kept,
    )  # fmt: skip
    with office.database.reading() as connection:
        return connection.execute(query).first() is None


def ask_for(office: Office, visitor: Visitor, table: str, asked: str) -> str:
    """Ask a second person for a table; return the request's id."""
    return pairs.ask(office, visitor.account, KIND, _payload(visitor, table, asked))


def _payload(visitor: Visitor, table: str, asked: str) -> dict[str, Any]:
    scope = None if visitor.districts is None else sorted(visitor.districts)
    return {"table": table, "filter": asked, "scope": scope, "for": visitor.account}


def _agreed(*_: object) -> None:
    """Nothing leaves by itself: who asked downloads it from its page."""


def _tell(_: Office, visitor: Visitor, payload: dict[str, Any]) -> pairs.Told | None:
    scope = payload["scope"]
    sees_all = visitor.districts is None
    if not sees_all and (scope is None or not set(scope) <= (visitor.districts or frozenset())):
        return None
    language = visitor.language
    key = next((one for one in _keys(payload["table"]) if one in catalogue()), "")
    shown = text(key, language) if key else payload["table"]
    asked = _in_words(payload, language) or text("web.exports_everything", language)
    where = ", ".join(scope) if scope else text("web.accounts_everywhere", language)
    details = [
        (text("web.exports_table", language), shown),
        (text("web.exports_filter", language), asked),
        (text("web.accounts_where", language), where),
    ]
    where_it_is = _PAGES.get(payload["table"], f"/{payload['table']}")
    page = where_it_is + (f"?{payload['filter']}" if payload["filter"] else "")
    return pairs.Told(details, page)


def _keys(table: str) -> tuple[str, str]:
    return f"web.exports_of_{table}", f"web.rail_{table}"


def _in_words(payload: dict[str, Any], language: Language) -> str:
    """Return what was asked for, where it is about a list, a month or a place."""
    if payload["table"] not in _IN_WORDS:
        return str(payload["filter"])
    asked = parse_qsl(payload["filter"])
    return ", ".join(
        text(f"web.exports_ask_{name}", language, value=_shown(name, value, language))
        for name, value in asked
        if f"web.exports_ask_{name}" in catalogue()
    )


def _shown(name: str, value: str, language: Language) -> str:
    if name == "people" and value.isdecimal():
        return f"{int(value):,}".replace(",", "." if language == "id" else ",")
    if name in ("month", "after"):
        year, _, month = value.partition("-")
        key = f"papers.month.m{int(month)}" if month.isdecimal() else ""
        return f"{text(key, language)} {year}" if key in catalogue() else value
    if name == "area":
        return _place(value)
    return value


def _place(code: str) -> str:
    places = load_places()
    village = places.village(code)
    if village is not None:
        return f"{village.district_name}, {village.name}"
    return next((one.name for one in places.districts if one.code == code), code)


pairs.register(KIND, _agreed, _tell)
