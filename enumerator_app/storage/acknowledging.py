"""What the office has said of each subject last, and the running sums over it for the digest."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sync.protocol.digest import BUCKETS, bucket_of, term

if TYPE_CHECKING:
    from sqlite3 import Connection

_MODULUS = 2**128


def acknowledge(connection: "Connection", named: Mapping[str, str]) -> None:
    """Put the revision that the latest notice named for each subject."""
    known = dict(
        connection.execute(
            "SELECT subject, revision FROM acknowledged "
            "WHERE subject IN (SELECT value FROM json_each(?))",
            (json.dumps(list(named)),),
        )
    )
    changes: dict[int, int] = {}
    for subject, revision in named.items():
        if known.get(subject) == revision:
            continue
        id_ = UUID(subject)
        old = term(id_, known[subject]) if subject in known else 0
        bucket = bucket_of(id_)
        changes[bucket] = changes.get(bucket, 0) + term(id_, revision) - old
    connection.executemany(
        "INSERT INTO acknowledged VALUES (?, ?) "
        "ON CONFLICT (subject) DO UPDATE SET revision = excluded.revision",
        named.items(),
    )
    _add(connection, changes)


def forget_all(connection: "Connection") -> None:
    """Begin anew: the feed will be read from its start."""
    connection.execute("DELETE FROM acknowledged")
    connection.execute("DELETE FROM bucket")


def kept_sums(connection: "Connection") -> list[int]:
    sums = [0] * BUCKETS
    for bucket, total in connection.execute("SELECT n, total FROM bucket"):
        sums[bucket] = int(total, 16)
    return sums


def acknowledged(connection: "Connection") -> list[tuple[UUID, str]]:
    rows = connection.execute("SELECT subject, revision FROM acknowledged")
    return [(UUID(subject), revision) for subject, revision in rows]


def _add(connection: "Connection", changes: Mapping[int, int]) -> None:
    sums = kept_sums(connection)
    connection.executemany(
        "INSERT INTO bucket VALUES (?, ?) ON CONFLICT (n) DO UPDATE SET total = excluded.total",
        ((n, f"{(sums[n] + change) % _MODULUS:032x}") for n, change in changes.items()),
    )
