"""A table of many people leaves the server only after a second person agreed.

Up to a thousand rows go at once. More are asked for first; what was agreed to counts for that
person, that table and that filter, for a day.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from enumerator_app.domain.instants import instant_to_text
from enumerator_app.texts import catalogue, text
from sync.server.office import Office
from sync.server.people import pairs
from sync.server.people.tables import PAIR_ROWS
from sync.server.people.visitor import Visitor

KIND: Final = "mass_export"
MOST_ALONE: Final = 1000
_COUNTS_FOR: Final = timedelta(hours=24)


def needs_second(office: Office, visitor: Visitor, table: str, asked: str, rows: int) -> bool:
    """Return whether a table of so many rows still has to be agreed to by somebody else."""
    if rows <= MOST_ALONE:
        return False
    kept = pairs.written(_payload(visitor, table, asked))
    since = instant_to_text(office.clock() - _COUNTS_FOR)
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
    key, language = f"web.rail_{payload['table']}", visitor.language
    shown = text(key, language) if key in catalogue() else payload["table"]
    asked = payload["filter"] or text("web.exports_everything", language)
    where = ", ".join(scope) if scope else text("web.accounts_everywhere", language)
    details = [
        (text("web.exports_table", language), shown),
        (text("web.exports_filter", language), asked),
        (text("web.accounts_where", language), where),
    ]
    page = f"/{payload['table']}" + (f"?{payload['filter']}" if payload["filter"] else "")
    return pairs.Told(details, page)


pairs.register(KIND, _agreed, _tell)
