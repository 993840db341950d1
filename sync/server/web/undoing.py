"""The line that says what was just decided and how long it can be taken back."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from enumerator_app.domain.instants import instant_from_text, instant_to_text, shown_time
from enumerator_app.texts import text
from sync.server.office import Office
from sync.server.people.visitor import Visitor
from sync.server.resolving.holding import held_by, refused_of

_TOLD_FOR: Final = timedelta(hours=24)
_SAID_ALONE: Final = frozenset(
    {"errors.decided_before", "errors.nothing_clean", "errors.answer_not_possible"}
)
"""Sentences that need nothing but themselves."""
_KEPT_AT: Final = {"case": "/decide/{}", "visit": "/visits/{}"}


def undo_line(
    office: Office, connection: Connection, visitor: Visitor, kind: str, action: str
) -> dict[str, Any] | None:
    """Return what this person decided last and can still take back, or None."""
    now = office.clock()
    for row in held_by(connection, visitor.account):
        left = int((instant_from_text(row.due_at) - now).total_seconds())
        if row.kind == kind and left > 0:
            return {
                "said": text(f"web.held_{kind}", visitor.language),
                "more": text("web.held_more", visitor.language),
                "seconds": left,
                "action": action,
                "id": row.id,
                "about": row.about,
            }
    return None


def not_done(office: Office, connection: Connection, visitor: Visitor) -> dict[str, str] | None:
    """Return what this person decided and could not be carried out afterwards, or None."""
    since = instant_to_text(office.clock() - _TOLD_FOR)
    row = refused_of(connection, visitor.account, since)
    if row is None:
        return None
    key, language = f"errors.{row.problem}", visitor.language
    return {
        "said": text(
            f"web.held_not_{row.kind}", language, at=shown_time(instant_from_text(row.at))
        ),
        "more": text(key if key in _SAID_ALONE else "web.held_not_why", language),
        "address": _KEPT_AT.get(row.kind, "/visits").format(row.about),
    }
