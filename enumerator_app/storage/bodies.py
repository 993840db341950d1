"""Where the body of a revision lies: in an own entry, or in a notice of the office."""

from typing import TYPE_CHECKING, Any

from enumerator_app.domain.canonical import from_canonical

if TYPE_CHECKING:
    from sqlite3 import Connection


def body_at(connection: "Connection", revision: str) -> dict[str, Any]:
    """Return the body of an own entry or an office's revision; empty if it is not here."""
    row = connection.execute("SELECT body FROM entry WHERE hash = ?", (revision,)).fetchone()
    if row is not None and row[0] is not None:
        return dict(from_canonical(row[0]))
    row = connection.execute(
        "SELECT content FROM notice WHERE revision = ? AND kind = 'revision'", (revision,)
    ).fetchone()
    if row is not None and row[0] is not None:
        return dict(from_canonical(row[0].encode())["fields"].get("body") or {})
    return {}
