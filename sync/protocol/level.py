"""Whether both ends stand at the same place, asked in one hash: the cheapest request there is.

It says everything that hello says about a laptop with nothing to send. An office that would answer
hello with "nothing to do" computes the same hash from what it holds.
"""

import hashlib

from enumerator_app.domain.canonical import canonical_bytes
from sync.protocol.messages import FeedPosition

_PREFIX = b"TP1-level\n"


def level_hash(
    *, epoch: str, head: str | None, feed: FeedPosition, digest: str, server_epoch: str | None
) -> str:
    """Return the hash of where a laptop stands, as 64 hexadecimal digits."""
    place = {
        "epoch": epoch,
        "head": head,
        "feed": feed.model_dump(),
        "digest": digest,
        "server_epoch": server_epoch,
    }
    return hashlib.sha256(_PREFIX + canonical_bytes(place)).hexdigest()
