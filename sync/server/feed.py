"""What goes down to each laptop: notices in a feed of its own, with a running hash.

A feed's head also carries the sums of the order-free digest over the subjects it names, so that
comparing with a laptop costs nothing.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from sync.protocol.digest import BUCKETS, bucket_of, term
from sync.protocol.messages import FeedItem, FeedPage
from sync.server.bulk import Row, Write, bound, one_of
from sync.server.tables import FEED_HEAD_ROWS, FEED_ROWS

_SUM_BYTES: Final = 16
_MODULUS: Final = 2 ** (8 * _SUM_BYTES)
NO_SUMS: Final = bytes(BUCKETS * _SUM_BYTES)

FEED: Final = Write(
    FEED_ROWS,
    ("device", "n", "hash", "digest", "salt", "kind", "subject", "revision", "bytes"),
)
FEED_HEADS: Final = Write(
    FEED_HEAD_ROWS, ("device", "n", "hash", "sums"), updates=("n", "hash", "sums")
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that laptops are told. `revision` is the subject's current one, if it names one."""

    kind: str
    subject: str | None
    revision: str | None
    bytes: str


@dataclass(slots=True)
class FeedHead:
    device: str
    n: int
    hash: str | None
    sums: bytearray

    def sums_as_integers(self) -> list[int]:
        return [
            int.from_bytes(self.sums[at : at + _SUM_BYTES])
            for at in range(0, len(self.sums), _SUM_BYTES)
        ]

    def replace(self, subject: str, old: str | None, new: str) -> None:
        """Take the old revision of a subject out of the digest, and the new one in."""
        name = UUID(subject)
        at = bucket_of(name) * _SUM_BYTES
        change = term(name, new) - (term(name, old) if old else 0)
        total = (int.from_bytes(self.sums[at : at + _SUM_BYTES]) + change) % _MODULUS
        self.sums[at : at + _SUM_BYTES] = total.to_bytes(_SUM_BYTES)


@dataclass(slots=True)
class Feeds:
    """The ends of the feeds that one transaction adds to, and what it added."""

    heads: dict[str, FeedHead]
    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def emit(self, device: str, notice: Notice) -> None:
        """Add a notice to a device's feed; a device that has none is told nothing."""
        head = self.heads.get(device)
        if head is None:
            return
        salt = secrets.token_bytes(16)
        digest = hashlib.sha256(salt + notice.bytes.encode()).digest()
        head.n += 1
        head.hash = hashlib.sha256(bytes.fromhex(head.hash or "") + digest).hexdigest()
        if notice.subject and notice.revision:
            place = (device, notice.subject)
            head.replace(notice.subject, self.acknowledged.get(place), notice.revision)
            self.acknowledged[place] = notice.revision
        self.rows.append(
            (
                device, head.n, head.hash, digest.hex(), salt.hex(), notice.kind, notice.subject,
                notice.revision, notice.bytes,
            )
        )  # fmt: skip

    def writes(self) -> list[tuple[Write, list[Row]]]:
        """Return the rows to write, sorted by device as their locks were taken."""
        told = {row[0] for row in self.rows}
        heads: list[Row] = [
            (head.device, head.n, head.hash, bytes(head.sums))
            for head in sorted(self.heads.values(), key=lambda head: head.device)
            if head.device in told
        ]
        return [(FEED, sorted(self.rows, key=lambda row: (row[0], row[1]))), (FEED_HEADS, heads)]


def unsigned_bytes(fields: dict[str, Any]) -> str:
    """Return the bytes of a notice that only the feed's answer signs; texts are canonical."""
    return json.dumps({"fields": fields}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def head_of(device: str, n: int, last: str | None, sums: bytes) -> FeedHead:
    return FeedHead(device, n, last, bytearray(sums))


def read_heads(connection: Connection, devices: Iterable[str], *, lock: bool) -> list[FeedHead]:
    """Return the ends of these devices' feeds, locked in their order if asked."""
    table = FEED_HEAD_ROWS.c
    query = (
        select(table.device, table.n, table.hash, table.sums)
        .where(table.device.in_(sorted(devices)))
        .order_by(table.device)
    )
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return [head_of(*row) for row in connection.execute(query)]


def holders_of(connection: Connection, subjects: Sequence[str]) -> dict[str, list[str]]:
    """Return the devices that hold each record, sorted."""
    dialect, table = connection.dialect.name, FEED_ROWS.c
    query = (
        select(table.subject, table.device)
        .distinct()
        .where(one_of(table.subject, dialect, "subjects"), table.revision.is_not(None))
        .order_by(table.subject, table.device)
    )
    found: dict[str, list[str]] = {}
    for subject, device in connection.execute(query, {"subjects": bound(dialect, subjects)}):
        found.setdefault(subject, []).append(device)
    return found


def read_page(
    connection: Connection, device: str, *, after: int, limit: int, server_epoch: str
) -> FeedPage:
    """Return the notices after number `after`, and the number of the newest."""
    table = FEED_ROWS.c
    query = (
        select(
            table.n, table.hash, table.digest, table.salt, table.kind, table.subject,
            table.revision, table.bytes,
        )
        .where(table.device == device, table.n > after)
        .order_by(table.n)
        .limit(limit)
    )  # fmt: skip
    names = ("n", "hash", "digest", "salt", "kind", "subject", "revision", "bytes")
    items = [
        FeedItem.model_construct(**dict(zip(names, row, strict=True)))
        for row in connection.execute(query)
    ]
    heads = read_heads(connection, [device], lock=False)
    return FeedPage.model_construct(
        server_epoch=server_epoch, items=items, head=heads[0].n if heads else 0
    )
