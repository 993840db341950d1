"""Photos arrive after their records, in pieces, named by their SHA-256; a cut goes on where it was.

The bytes lie in files below the home; the database says which are wanted, and how far they are.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select, update

from sync.server.home import sync_folder
from sync.server.ingest.batch import is_hash
from sync.server.office import Office
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
    with office.database.writing() as connection:
        row = _wanted(connection, name, lock=True)
        if row.is_complete:
            return PhotoPlace(row.held, row.size)
        if offset != row.held:
            raise _wrong_offset(row.held, row.size)
        end = offset + len(piece)
        if max(end, size or 0) > MOST_PHOTO_BYTES:
            raise Refused(413, "photo_too_large")
        _write_piece(_part(office, name), offset, piece)
        is_complete = _finished(office, name, end, size)
        is_wrong = not is_complete and size is not None and end >= size
        held = 0 if is_wrong else end
        values = {"held": held, "size": end if is_complete else size or 0}
        change = update(PHOTO_ROWS).where(PHOTO_ROWS.c.hash == name)
        connection.execute(change.values(**values, is_complete=int(is_complete)))
    if is_wrong:
        raise _wrong_offset(0, size or 0)
    return PhotoPlace(held, values["size"])


def photo_path(office: Office, name: str) -> Path:
    return office.home.photos / name[:2] / name


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


def _part(office: Office, name: str) -> Path:
    return photo_path(office, name).with_suffix(".part")


def _write_piece(path: Path, offset: int, piece: bytes) -> None:
    """Write at the offset, cutting off what a transaction that failed left behind it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _finished(office: Office, name: str, end: int, size: int | None) -> bool:
    """Give a photo its name if its bytes have this hash."""
    if size is not None and end < size:
        return False
    part = _part(office, name)
    if hashlib.sha256(part.read_bytes()).hexdigest() != name:
        return False
    part.replace(photo_path(office, name))
    sync_folder(part.parent)
    return True
