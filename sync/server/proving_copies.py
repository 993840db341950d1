"""A copy of the office that was put back in a scratch place: whether it is whole, what it holds."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS, REVISION_ROWS
from sync.server.verifying import verify_office


@dataclass(frozen=True, slots=True)
class HeldByCopy:
    """The names of entries with their content, of the office's revisions, and of photos."""

    names: frozenset[str]
    photos: frozenset[str]
    entries: int


def proven_content(scratch: Office, photos: Path) -> HeldByCopy | None:
    """Return what is in a copy, or None if it is not as it was signed."""
    if verify_office(scratch):
        return None
    entry, revision = ENTRY_ROWS.c, REVISION_ROWS.c
    with scratch.database.reading() as connection:
        entries = frozenset(
            connection.execute(select(entry.hash).where(entry.body.is_not(None))).scalars()
        )
        revisions = frozenset(
            connection.execute(select(revision.hash).where(revision.bytes.is_not(None))).scalars()
        )
    whole = frozenset(path.name for path in photos.glob("*/*") if file_digest(path)[0] == path.name)
    return HeldByCopy(entries | revisions | whole, whole, len(entries))


def file_digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
