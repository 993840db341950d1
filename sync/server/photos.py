"""Photos arrive after their records, in pieces, named by their SHA-256; a cut goes on where it was.

The bytes lie in the office's photo store; the database says which are wanted, and how far they are.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update

from sync.server.ingest.batch import is_hash
from sync.server.office import Office
from sync.server.photo_store import PART
from sync.server.refusal import Refused
from sync.server.tables import PHOTO_ROWS

MOST_PHOTO_BYTES: Final = 512 * 1024
MOST_PIECE_BYTES: Final = 256 * 1024
OFFSET: Final = "Upload-Offset"
LENGTH: Final = "Upload-Length"


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """How many bytes of a photo are here; `size` is 0 until somebody said it."""

    offset: int
    size: int

    @property
    def headers(self) -> dict[str, str]:
        length = {LENGTH: str(self.size)} if self.size else {}
        return {OFFSET: str(self.offset), **length}


def photo_place(office: Office, name: str) -> PhotoPlace:
    """Return how far a photo is.

    Raises:
        Refused: 404 no record that is here names it, 410 it was erased.
    """
    with office.database.reading() as connection:
        row = _wanted(connection, name, lock=False)
    return PhotoPlace(row.held, row.size)


def add_piece(
    office: Office, name: str, *, offset: int, size: int | None, piece: bytes
) -> PhotoPlace:
    """Add bytes at `offset`; whole photos whose bytes give another hash start again from 0.

    Raises:
        Refused: as `photo_place`; 409 with the right offset; 413 too large.
    """
    if max(offset + len(piece), size or 0) > MOST_PHOTO_BYTES:
        raise Refused(413, "photo_too_large")
    if offset == 0 and _is_named(piece, name):
        return _take_whole(office, name, piece)
    with office.database.writing() as connection:
        row = _wanted(connection, name, lock=True)
        if row.is_complete:
            return PhotoPlace(row.held, row.size)
        if offset != row.held:
            raise _wrong_offset(row.held, row.size)
        end = offset + len(piece)
        is_complete = _take_piece(office, name, offset, piece)
        is_wrong = not is_complete and size is not None and end >= size
        held = 0 if is_wrong else end
        values = {"held": held, "size": end if is_complete else size or 0}
        change = update(PHOTO_ROWS).where(PHOTO_ROWS.c.hash == name)
        connection.execute(change.values(**values, is_complete=int(is_complete)))
    if is_wrong:
        raise _wrong_offset(0, size or 0)
    return PhotoPlace(held, values["size"])


def _take_whole(office: Office, name: str, photo: bytes) -> PhotoPlace:
    """Keep a photo that came in one piece; it is written before any transaction waits for it."""
    with office.database.reading() as connection:
        row = _wanted(connection, name, lock=False)
    if row.is_complete:
        return PhotoPlace(row.held, row.size)
    office.photos.write(name, photo)
    values = {"held": len(photo), "size": len(photo), "is_complete": 1}
    try:
        with office.database.writing() as connection:
            _wanted(connection, name, lock=True)
            change = update(PHOTO_ROWS).where(PHOTO_ROWS.c.hash == name)
            connection.execute(change.values(values))
    except Refused:
        office.photos.remove(name)  # erased in between
        raise
    return PhotoPlace(len(photo), len(photo))


def _wanted(connection: Connection, name: str, *, lock: bool) -> Any:
    query = select(PHOTO_ROWS).where(PHOTO_ROWS.c.hash == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or not is_hash(name):
        raise Refused(404, "photo_unwanted")
    if row.erased_at is not None:
        raise Refused(410, "photo_erased")
    return row


def _wrong_offset(offset: int, size: int) -> Refused:
    return Refused(409, "wrong_offset", headers=PhotoPlace(offset, size).headers)


def _take_piece(office: Office, name: str, offset: int, piece: bytes) -> bool:
    """Keep what is here so far; return whether it became the whole photo.

    What a transaction that failed left behind the offset is cut off.
    """
    before = office.photos.read(name + PART) or b"" if offset else b""
    held = before[:offset] + piece
    if _is_named(held, name):
        office.photos.write(name, held)
        office.photos.remove(name + PART)
        return True
    office.photos.write(name + PART, held)
    return False


def _is_named(content: bytes, name: str) -> bool:
    return hashlib.sha256(content).hexdigest() == name
