"""What a flash drive asks of the laptop's file besides: `sync.client.answer_file.CarryingStore`."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from enumerator_app.domain.journal import Entry, body_matches
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.returning import people_not_back
from enumerator_app.storage.self_knowledge import write_setting
from sync.protocol.device import PhotoToSend

if TYPE_CHECKING:
    from sqlite3 import Connection

_UNSENT: Final = (
    "SELECT sha256, size FROM photo WHERE sent = 0 AND entry IS NOT NULL AND length(jpeg) > 0 "
    "ORDER BY entry"
)

_EPOCHS_LEFT: Final = "server_epochs_left"
_ERASED: Final = """
SELECT hash FROM entry WHERE kind != 'erased_here' AND subject IN (SELECT subject FROM erased)
UNION
SELECT revision FROM notice WHERE revision IS NOT NULL AND subject IN (SELECT subject FROM erased)
"""


class CarryingSide:
    """The part of the store that a sync by hand works on."""

    _file: OpenFile

    def photos_unsent(self) -> list[PhotoToSend]:
        """Return all photos that the office has not confirmed, whatever became of their record."""
        rows = self._file.engine.read(lambda connection: connection.execute(_UNSENT).fetchall())
        return [PhotoToSend(*row) for row in rows]

    def entries_erased(self) -> set[str]:
        """Return the entries whose content was erased at the office's word.

        Those of this journal, and those of which only notices tell: another life of this laptop
        may have written them.
        """
        rows = self._file.engine.read(lambda connection: connection.execute(_ERASED).fetchall())
        return {row[0] for row in rows}

    def lacking(self, entries: Sequence[str]) -> set[str]:
        """Return which of these entries are not here whole, with all that they name."""

        def work(connection: "Connection") -> set[str]:
            return {entry for entry in entries if not _is_whole(connection, entry)}

        return self._file.engine.read(work)

    def people_not_back(self) -> int:
        """Return how many people that the feed tells of as accepted are not on this laptop."""
        return self._file.engine.read(people_not_back)

    def parts_held(self) -> list[str]:
        """Return the parts of documents that are here, by their hash."""
        query = "SELECT hash FROM document_part ORDER BY hash"
        rows = self._file.engine.read(lambda connection: connection.execute(query).fetchall())
        return [row[0] for row in rows]

    def has_left(self, server_epoch: str) -> bool:
        """Return whether this laptop was in that life of the office, and is in a later one."""
        return self._file.engine.read(lambda c: server_epoch in epochs_left(c))

    def are_open(self, entries: Iterable[str]) -> bool:
        """Return whether any of these entries waits here for its receipt."""
        query = (
            "SELECT 1 FROM entry WHERE stage = 'open' "
            "AND hash IN (SELECT value FROM json_each(?)) LIMIT 1"
        )
        named = json.dumps(list(entries))
        return self._file.engine.read(
            lambda connection: connection.execute(query, (named,)).fetchone() is not None
        )

    def office_time(self) -> str | None:
        """Return the newest time that the office signed for this laptop."""
        query = "SELECT office_time FROM sync WHERE id = 1"
        row: tuple[str | None] = self._file.engine.read(
            lambda connection: connection.execute(query).fetchone()
        )
        return row[0]


def epochs_left(connection: "Connection") -> list[str]:
    """Return the lives of the office that this laptop was in before the present one."""
    query = "SELECT value FROM setting WHERE name = ?"
    row = connection.execute(query, (_EPOCHS_LEFT,)).fetchone()
    return row[0].split() if row else []


def leave_epoch(connection: "Connection", server_epoch: str) -> None:
    """Note that the office lives another life now."""
    left = [one for one in epochs_left(connection) if one != server_epoch]
    write_setting(connection, _EPOCHS_LEFT, " ".join([*left, server_epoch]))


def _is_whole(connection: "Connection", hash_: str) -> bool:
    query = "SELECT header, salt, body FROM entry WHERE hash = ?"
    row = connection.execute(query, (hash_,)).fetchone()
    if row is None:
        return False
    entry = Entry(*row)
    header = entry.fields
    if header["body_hash"] is not None and not body_matches(entry, header):
        return False
    return all(_has_photo(connection, name) for name in header["photos"])


def _has_photo(connection: "Connection", sha256: str) -> bool:
    query = "SELECT 1 FROM photo WHERE sha256 = ? AND length(jpeg) > 0"
    return connection.execute(query, (sha256,)).fetchone() is not None
