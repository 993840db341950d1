"""Entries that wait for an ancestor: who waits for what, and letting them go without it.

A drive whose predecessor is lost may be all that is left of a day. What waits comes into force by
itself when the ancestor comes; an officer who knows that it never will may release it. The gap
stays on record as a case, and what comes for it later is taken in as if nothing had happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from sync.protocol.messages import BatchHeader
from sync.server.bulk import write_all
from sync.server.devices import find_device
from sync.server.feed import read_heads
from sync.server.ingest.batch import Batch, Line, read_line
from sync.server.ingest.cases import CASES, Case, Cases
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS, HELD_ROWS

GAP = "gap"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries of one laptop that wait; `first` to `last` are numbers within their epoch."""

    device: str
    code: str
    label: str
    entries: int
    first: int
    last: int


def waiting_entries(office: Office) -> list[Waiting]:
    """Return what waits, by laptop."""
    with office.database.reading() as connection:
        devices = connection.execute(
            select(DEVICE_ROWS.c.id, DEVICE_ROWS.c.code, DEVICE_ROWS.c.label).order_by(
                DEVICE_ROWS.c.code
            )
        ).all()
        lines = {device.id: held_lines(connection, device.id) for device in devices}
    return [
        Waiting(
            device.id, device.code, device.label, len(found),
            min(line.seq for line in found), max(line.seq for line in found),
        )
        for device in devices
        if (found := lines[device.id])
    ]  # fmt: skip


def held_lines(connection: Connection, device: str) -> list[Line]:
    """Return what waits of one laptop, each after the entry that it follows."""
    here = exists().where(ENTRY_ROWS.c.hash == HELD_ROWS.c.hash)
    query = select(HELD_ROWS.c.line).where(HELD_ROWS.c.device == device, ~here)
    left = [read_line(bytes(raw)) for raw in connection.execute(query).scalars()]
    waiting = {line.hash for line in left}
    ordered: list[Line] = []
    while left:
        ready = [line for line in left if line.prev not in waiting]
        if not ready:
            break
        ordered += sorted(ready, key=lambda line: (line.epoch, line.seq))
        waiting -= {line.hash for line in ready}
        left = [line for line in left if line.hash in waiting]
    return ordered


def release(office: Office, which: str) -> int:
    """Take in what waits of a laptop without its ancestor; return how many entries it were.

    Raises:
        DeviceUnknown: no laptop is called so.
    """
    with office.database.writing() as connection:
        device = find_device(connection, which)
        if connection.dialect.name == "postgresql":
            read_heads(connection, [device.id], lock=True)
        lines = held_lines(connection, device.id)
        if not lines:
            return 0
        batch = as_batch(office, device.id, lines)
        office.ingest.take_waiting(connection, batch, device.state, office.server_epoch)
        names = {line.hash for line in lines}
        cases = Cases()
        for line in lines:
            if line.prev not in names:
                about = line.prev or ""
                cases.open(Case(GAP, device.id, (), (about,), about=about))
        write_all(connection, [(CASES, cases.rows(office.now()))])
    return len(lines)


def as_batch(office: Office, device: str, lines: Sequence[Line]) -> Batch:
    """Return lines that are here as one batch: their signatures were checked when they came."""
    header = BatchHeader(
        office=office.public.office, device=device, batch_id="00" * 32, count=len(lines),
        tip=lines[-1].hash, sig="", server_epoch=office.server_epoch, nonce="",
    )  # fmt: skip
    return Batch(header, lines)
