"""Portraits in the encrypted file, by the hash of their bytes: one transaction, one backup."""

from typing import TYPE_CHECKING, Final

from enumerator_app.storage.records import PreparedPhoto

if TYPE_CHECKING:
    from sqlite3 import Connection

_KEEP = (
    "INSERT INTO photo (sha256, size, entry, thumbnail, jpeg) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (sha256) DO UPDATE SET entry = coalesce(entry, excluded.entry), "
    "jpeg = iif(length(jpeg) = 0, excluded.jpeg, jpeg)"
)

# Whether a row of `photo` is shown by anybody but `:subject`. Two looks, each by an index: in a
# whole regency each portrait would read everybody, and a save waits for that.
IS_OF_OTHERS: Final = """(EXISTS (SELECT 1 FROM registration o WHERE o.custody != 'saved'
    AND o.photo = photo.sha256 AND o.subject != :subject)
  OR EXISTS (SELECT 1 FROM registration o WHERE o.custody = 'saved'
    AND o.photo = photo.sha256 AND o.subject != :subject))"""


def keep(connection: "Connection", photo: PreparedPhoto, entry: int | None) -> None:
    """Keep a portrait; `entry` is the place of the entry that names it, None for a draft's."""
    connection.execute(_KEEP, (photo.sha256, len(photo.jpeg), entry, photo.thumbnail, photo.jpeg))


def attach(
    connection: "Connection", sha256: str | None, photo: PreparedPhoto | None, entry: int
) -> None:
    """Bind a portrait, given or kept before, to the entry that names it."""
    if photo is not None:
        keep(connection, photo, entry)
    elif sha256 is not None:
        connection.execute(
            "UPDATE photo SET entry = ? WHERE sha256 = ? AND entry IS NULL", (entry, sha256)
        )


def drop_unnamed(connection: "Connection", sha256: str | None) -> None:
    """Delete a draft's portrait once neither an entry nor another draft names it."""
    if sha256 is not None:
        connection.execute(
            "DELETE FROM photo WHERE sha256 = ? AND entry IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.photo = photo.sha256)",
            (sha256,),
        )


def jpeg_of(connection: "Connection", sha256: str) -> bytes | None:
    """Return a portrait; None where it is not here, or has left for the office."""
    row = connection.execute("SELECT jpeg FROM photo WHERE sha256 = ?", (sha256,)).fetchone()
    return bytes(row[0]) if row and row[0] else None


def thumbnail_of(connection: "Connection", sha256: str) -> bytes | None:
    row = connection.execute("SELECT thumbnail FROM photo WHERE sha256 = ?", (sha256,)).fetchone()
    return bytes(row[0]) if row else None
