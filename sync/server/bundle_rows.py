"""What taking a bundle in asks the office: who wrote it, who was erased, which photos are here."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from sync.server.bulk import one_of
from sync.server.bundle_answers import Sender
from sync.server.ingest.batch import Batch
from sync.server.office import Office
from sync.server.photos import MOST_PIECE_BYTES, add_piece
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, ERASURE_ROWS, PHOTO_ROWS


@dataclass(frozen=True, slots=True)
class DeviceLock:
    """Locks a device's row as a request would, without a counter: a file has none."""

    device: str

    def __call__(self, connection: Connection) -> str:
        query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == self.device)
        return str(connection.execute(query.with_for_update()).scalar_one())


def sender_of(office: Office, device: str) -> Sender | None:
    """Return the laptop of this id with all its keys; none that the office does not know."""
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS).where(DEVICE_ROWS.c.id == device)
        row = connection.execute(query).one_or_none()
        keys = select(DEVICE_KEY_ROWS.c.public_key).where(DEVICE_KEY_ROWS.c.device == device)
        found = list(connection.execute(keys.order_by(DEVICE_KEY_ROWS.c.n)).scalars())
    return None if row is None else Sender(device, row.code, row.label, found)


def names_erased(office: Office, batch: Batch) -> bool:
    """Return whether a batch still has content of somebody who was erased."""
    told = {one.subject for one in batch.lines if one.body and one.kind != "erased_here"}
    subjects = [subject for subject in told if subject]
    query = select(ERASURE_ROWS.c.subject)
    with office.database.reading() as connection:
        is_one = one_of(ERASURE_ROWS.c.subject, connection.dialect.name, "subjects", subjects)
        return connection.execute(query.where(is_one)).first() is not None


def is_photo_complete(office: Office, name: str) -> bool:
    query = select(PHOTO_ROWS.c.is_complete).where(PHOTO_ROWS.c.hash == name)
    with office.database.reading() as connection:
        return bool(connection.execute(query).scalar())


def add_whole(office: Office, name: str, content: bytes, offset: int) -> None:
    """Keep the rest of a photo, of which `offset` bytes are here."""
    while offset < len(content):
        piece = content[offset : offset + MOST_PIECE_BYTES]
        place = add_piece(office, name, offset=offset, size=len(content), piece=piece)
        offset = place.offset
