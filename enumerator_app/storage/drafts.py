"""Open forms: one row each, written as people type, gone in the transaction that saves them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.storage import photos
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import Draft, PreparedPhoto

if TYPE_CHECKING:
    from sqlite3 import Connection

_KEEP = (
    "INSERT INTO draft (form_id, payload, photo, updated) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (form_id) DO UPDATE SET payload = excluded.payload, updated = excluded.updated, "
    "photo = coalesce(excluded.photo, photo)"
)


class Drafts:
    """The part of the store that keeps what is being typed."""

    _file: OpenFile

    def keep_draft(
        self, form_id: str, payload: Mapping[str, Any], photo: PreparedPhoto | None = None
    ) -> None:
        """Keep the form as it stands; a portrait once kept stays until the draft goes."""
        updated = instant_to_text(self._file.now())
        sha256 = photo.sha256 if photo is not None else None

        def work(connection: "Connection") -> None:
            if photo is not None:
                photos.keep(connection, photo, None)
            connection.execute(_KEEP, (form_id, json.dumps(payload), sha256, updated))

        self._file.write(work)

    def drafts(self) -> list[Draft]:
        """Return all open forms, the one touched last first."""
        rows = self._file.engine.read(
            lambda connection: connection.execute(
                "SELECT form_id, payload, photo, updated FROM draft ORDER BY updated DESC"
            ).fetchall()
        )
        return [Draft(f, json.loads(p), photo, instant_from_text(u)) for f, p, photo, u in rows]

    def drop_draft(self, form_id: str) -> None:
        self._file.write(lambda connection: erase_draft(connection, form_id))


def erase_draft(connection: "Connection", form_id: str | None) -> None:
    """Delete a draft, and its portrait if nothing else names it."""
    if form_id is None:
        return
    row = connection.execute(
        "DELETE FROM draft WHERE form_id = ? RETURNING photo", (form_id,)
    ).fetchone()
    if row is not None:
        photos.drop_unnamed(connection, row[0])
