"""Whether the office has stopped this laptop: kept in the file until the office says otherwise."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.self_knowledge import write_setting

if TYPE_CHECKING:
    from sqlite3 import Connection

_LOCKED_AT: Final = "locked_at"  # the setting: by the office's clock since when; empty: it is not
_SELECT: Final = "SELECT value FROM setting WHERE name = ?"


class Stopping:
    """The part of the store that knows whether this laptop may go on."""

    _file: OpenFile

    def keep_locked(self, *, locked: bool, at: str) -> None:
        """Keep whether the office has stopped this laptop; writes nothing if that is known."""
        if (self.stopped_at() is not None) is not locked:
            value = at if locked else ""
            self._file.write(lambda connection: write_setting(connection, _LOCKED_AT, value))

    def stopped_at(self) -> datetime | None:
        """Return when the office first said that it has stopped this laptop; None if it has not."""
        since = self._file.engine.read(stopped_since)
        return instant_from_text(since) if since else None


def stopped_since(connection: "Connection") -> str:
    """Return the instant of `stopped_at` as kept; empty if this laptop was not stopped."""
    row: tuple[str] | None = connection.execute(_SELECT, (_LOCKED_AT,)).fetchone()
    return row[0] if row else ""
