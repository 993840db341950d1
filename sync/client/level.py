"""The first question of a laptop that has nothing to send: do we stand at the same place?

It is answered with a signature and a time, in a quarter of the bytes of a hello. The office's
issuing key must be known for that, so its certificate is kept from the last hello.
"""

from contextlib import suppress
from typing import Any, Final

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.client.ports import SyncStore
from sync.client.run import SyncRun
from sync.protocol.level import level_hash
from sync.protocol.messages import FeedPosition

CERTIFICATE: Final = "issuing_certificate"
EARLIER: Final = "issuing_certificates_earlier"


def time_if_level(run: SyncRun) -> str | None:
    """Return the office's time if nothing is to do on either side; None if that is not known."""
    place = run.store.position()
    kept = run.store.document(CERTIFICATE)
    is_at_head = place.head is not None and place.received == place.head
    has_work = not is_at_head or place.owed or place.key_waits
    if kept is None or has_work or run.store.photos_to_send() or run.store.parts_wanted():
        return None
    with suppress(NotCanonical):
        run.transport.trust(from_canonical(kept))
    run.tell("hello")
    at = level_hash(
        epoch=place.epoch,
        head=place.head,
        feed=FeedPosition(n=place.feed_n, hash=place.feed_hash),
        digest=place.digest,
        server_epoch=place.server_epoch,
    )
    return run.during(lambda: run.transport.level(at))


def keep_certificate(run: SyncRun, certificate: dict[str, Any]) -> None:
    """Keep the issuing key's certificate for the next time, and that of the key before it."""
    raw, present = canonical_bytes(certificate), run.store.document(CERTIFICATE)
    if raw == present:
        return
    if present is not None:
        kept = {one["kid"]: one for one in certificates_kept(run.store)}
        run.store.keep_document(EARLIER, canonical_bytes(list(kept.values())))
    run.store.keep_document(CERTIFICATE, raw)


def certificates_kept(store: SyncStore) -> list[dict[str, Any]]:
    """Return the certificates of all issuing keys that this laptop has seen, the newest last."""
    earlier, present = store.document(EARLIER), store.document(CERTIFICATE)
    found: list[dict[str, Any]] = from_canonical(earlier) if earlier else []
    return [*found, from_canonical(present)] if present else found
