"""Keys that a device made after a new epoch: taken in with the entry that tells them.

A key is the device's from then on, for requests, batches and slips. Whether its slips count where
two copies of the laptop wait for a decision is another question: an officer confirms it for that.
"""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from sync.protocol.rekey import vouching_key
from sync.protocol.signing import key_id
from sync.server.bulk import Row, Write
from sync.server.ingest.batch import Line
from sync.server.tables import DEVICE_KEY_ROWS, OFFICE_ROWS

KEYS: Final = Write(
    DEVICE_KEY_ROWS, ("device", "n", "kid", "public_key", "added_at", "entry", "signed_by")
)


@dataclass(slots=True)
class DeviceKeys:
    """The public keys of one device, oldest first, and those that this batch brought."""

    office: str = ""
    known: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def take(self, line: Line, now: str) -> bool:
        """Take in the key that an entry tells; False if no key of the device vouches for it."""
        by = vouching_key(self.office, line.device, line.content, self.known)
        if by is None or line.content is None:
            return False
        public_key = str(line.content["public_key"])
        if public_key not in self.known:
            self.known.append(public_key)
            row = (line.device, len(self.known), key_id(public_key), public_key, now, line.hash)
            self.rows.append((*row, key_id(by)))
        return True


def read_keys(connection: Connection, device: str) -> DeviceKeys:
    table = DEVICE_KEY_ROWS.c
    query = select(table.public_key).where(table.device == device).order_by(table.n)
    office = str(connection.execute(select(OFFICE_ROWS.c.id)).scalar_one())
    return DeviceKeys(office, list(connection.execute(query).scalars()))
