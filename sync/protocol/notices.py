"""What a notice of the feed says, for whoever reads it."""

from collections.abc import Mapping
from typing import Any

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.protocol.messages import FeedItem


def fields_of(item: FeedItem) -> Mapping[str, Any] | None:
    """Return what a notice says; None for one that was erased or that nobody can read."""
    if item.bytes is None:
        return None
    try:
        fields = from_canonical(item.bytes.encode())["fields"]
    except (NotCanonical, KeyError, TypeError):
        return None
    return fields if isinstance(fields, dict) else None
