"""What a flash drive asks of the laptop's file besides: `sync.client.carrying.CarryingStore`."""

from typing import Final

from enumerator_app.storage.open_file import OpenFile
from sync.protocol.device import PhotoToSend

_UNSENT: Final = (
    "SELECT sha256, size FROM photo WHERE sent = 0 AND entry IS NOT NULL AND length(jpeg) > 0 "
    "ORDER BY entry"
)


class CarryingSide:
    """The part of the store that a sync by hand works on."""

    _file: OpenFile

    def photos_unsent(self) -> list[PhotoToSend]:
        """Return all photos that the office has not confirmed, whatever became of their record."""
        rows = self._file.engine.read(lambda connection: connection.execute(_UNSENT).fetchall())
        return [PhotoToSend(*row) for row in rows]

    def entries_erased(self) -> set[str]:
        """Return the entries whose content was erased at the office's word."""
        query = "SELECT hash FROM entry WHERE subject IN (SELECT subject FROM erased)"
        rows = self._file.engine.read(lambda connection: connection.execute(query).fetchall())
        return {row[0] for row in rows}

    def parts_held(self) -> list[str]:
        """Return the parts of documents that are here, by their hash."""
        query = "SELECT hash FROM document_part ORDER BY hash"
        rows = self._file.engine.read(lambda connection: connection.execute(query).fetchall())
        return [row[0] for row in rows]

    def office_time(self) -> str | None:
        """Return the newest time that the office signed for this laptop."""
        query = "SELECT office_time FROM sync WHERE id = 1"
        row: tuple[str | None] = self._file.engine.read(
            lambda connection: connection.execute(query).fetchone()
        )
        return row[0]
