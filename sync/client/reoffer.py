"""A restored office gets back what it forgot: the notices that this laptop kept."""

from typing import Final

from sync.client.level import certificates_kept
from sync.client.run import SyncRun, new_nonce
from sync.protocol.messages import FeedItem, ReofferRequest

NOTICES_AT_ONCE: Final = 200


def reoffer_if_owed(run: SyncRun) -> None:
    """Offer all kept notices; the debt stands until the feed was read to its head again."""
    if not run.store.position().owed:
        return
    offered = 0
    while notices := run.store.notices_kept(offered, NOTICES_AT_ONCE):
        _offer(run, notices)
        offered += len(notices)
        run.tell("reoffer", offered, offered)


def _offer(run: SyncRun, notices: list[FeedItem]) -> None:
    message = ReofferRequest(
        notices=notices, nonce=new_nonce(), certificates=certificates_kept(run.store)
    )
    run.during(lambda: run.transport.reoffer(message))
