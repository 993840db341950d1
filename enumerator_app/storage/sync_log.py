"""Every sync as it ended: kept, so that somebody can read later when a laptop was heard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.storage.open_file import OpenFile

if TYPE_CHECKING:
    from sqlite3 import Connection

How = Literal["key", "alone", "command", "drive_out", "drive_in"]
MOST_KEPT: Final = 2000
_ADD: Final = (
    "INSERT INTO sync_log (at, how, outcome, pushed, photos, pulled, pending, seconds, detail) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_DROP: Final = "DELETE FROM sync_log WHERE id <= (SELECT max(id) FROM sync_log) - ?"
_READ: Final = (
    "SELECT at, how, outcome, pushed, photos, pulled, pending, seconds, detail FROM sync_log "
    "ORDER BY id DESC LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class SyncNote:
    """One sync. `outcome` is `agreed`, `part`, `stopped`, `too_old`, or the code of an error.

    `locked`: the office has stopped this laptop, and keeps without effect what it sends.
    """

    at: datetime
    how: How
    outcome: str
    pushed: int = 0
    photos: int = 0
    pulled: int = 0
    pending: int = 0
    seconds: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of an error's sentence."""


class SyncLogKeeping:
    """The part of the store that remembers syncs."""

    _file: OpenFile

    def note_sync(self, note: SyncNote) -> None:
        values = (
            instant_to_text(note.at), note.how, note.outcome, note.pushed, note.photos,
            note.pulled, note.pending, note.seconds, json.dumps(dict(note.detail), default=str),
        )  # fmt: skip

        def work(connection: "Connection") -> None:
            connection.execute(_ADD, values)
            connection.execute(_DROP, (MOST_KEPT,))

        self._file.write(work)

    def syncs(self, limit: int) -> list[SyncNote]:
        """Return the last syncs, the newest first."""
        rows = self._file.engine.read(lambda c: c.execute(_READ, (limit,)).fetchall())
        return [_note(*row) for row in rows]


def _note(at: str, how: How, outcome: str, *rest: Any) -> SyncNote:
    pushed, photos, pulled, pending, seconds, detail = rest
    return SyncNote(
        instant_from_text(at), how, outcome, pushed, photos, pulled, pending, seconds,
        json.loads(detail),
    )  # fmt: skip
