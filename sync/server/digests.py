"""Where a laptop and the office differ: the buckets, and what the office has in them."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import Connection, select

from sync.protocol.digest import bucket_of, bucket_sums, sums_as_text
from sync.protocol.messages import DigestAnswer
from sync.server.tables import FEED_ROWS


def compare_digest(connection: Connection, device: str, buckets: list[str]) -> DigestAnswer:
    """Return the differing buckets, and the revisions this device was last told in them."""
    table = FEED_ROWS.c
    query = (
        select(table.subject, table.revision)
        .where(table.device == device, table.subject.is_not(None), table.revision.is_not(None))
        .order_by(table.n)
    )
    told = dict(connection.execute(query).all())  # later notices replace
    ours = sums_as_text(bucket_sums((UUID(name), revision) for name, revision in told.items()))
    differing = [n for n, value in enumerate(ours) if n >= len(buckets) or buckets[n] != value]
    by_bucket: dict[int, dict[str, str]] = defaultdict(dict)
    for name, revision in told.items():
        by_bucket[bucket_of(UUID(name))][name] = revision
    subjects = {name: revision for n in differing for name, revision in by_bucket[n].items()}
    return DigestAnswer(differing=differing, subjects=subjects)
