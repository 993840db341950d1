"""The line that says what was just decided and how long it can be taken back."""

from typing import Any

from sqlalchemy import Connection

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import text
from sync.server.office import Office
from sync.server.people.visitor import Visitor
from sync.server.resolving.holding import held_by


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
