"""Deletes a person at the office's word: nothing of the subject stays but hashes and its number."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.storage.photos import IS_OF_OTHERS
from enumerator_app.storage.rows import delete_row, position_of

if TYPE_CHECKING:
    from sqlite3 import Connection

_MERGED: Final = tuple(
    f"INSERT INTO {index} ({index}) VALUES ('optimize')"  # noqa: S608  our own names
    for index in ("registration_search", "registration_likeness")
)
_ORPHANED_PHOTO: Final = (
    "DELETE FROM photo WHERE sha256 IN (SELECT value FROM json_each(:named)) "  # noqa: S608  our own names
    f"AND NOT {IS_OF_OTHERS}"
)


def erase_subject(connection: "Connection", subject: str, *, at: datetime) -> None:
    """Delete bodies, salts, notices' texts, row, index, digests and portraits of a subject."""
    photos = _photos_of(connection, subject)
    position = position_of(connection, subject)
    if position is not None:
        delete_row(connection, position)
        # An index only marks what is deleted; merged into one piece nothing of it is left.
        for merged in _MERGED:
            connection.execute(merged)
    connection.execute("UPDATE entry SET body = NULL, salt = NULL WHERE subject = ?", (subject,))
    connection.execute(
        "UPDATE notice SET content = NULL, salt = NULL WHERE subject = ?", (subject,)
    )
    for table in ("content_digest", "listed_answer", "person_seat", "leaving", "wiped"):
        connection.execute(f"DELETE FROM {table} WHERE subject = ?", (subject,))  # noqa: S608  our own names
    connection.execute("DELETE FROM attendance WHERE subject = ?", (subject,))
    connection.execute(_ORPHANED_PHOTO, {"named": json.dumps(photos), "subject": subject})
    connection.execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (subject, instant_to_text(at)))


def _photos_of(connection: "Connection", subject: str) -> list[str]:
    headers = connection.execute("SELECT header FROM entry WHERE subject = ?", (subject,))
    return [sha256 for (header,) in headers for sha256 in from_canonical(header)["photos"]]
