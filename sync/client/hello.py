"""First and last step: both ends say where they stand."""

from typing import Final

from enumerator_app import __version__
from sync.client.level import keep_certificate
from sync.client.ports import DeviceIdentity, Position, SyncStore
from sync.client.progress import Stage
from sync.client.run import SyncRun, new_nonce
from sync.protocol.messages import PROTOCOL, FeedPosition, Hello, HelloAnswer

FOREIGN_TIP: Final = "foreign_tip"


def greet(run: SyncRun, stage: Stage = "hello") -> HelloAnswer:
    """Return the office's answer; a chain that went on without this copy opens a new epoch first.

    The office names every end of this device's chain in this epoch. One that is not in the journal
    means that this file is older than what the office has, or one of two copies.
    """
    run.tell(stage)
    answer = _hello(run)
    if not answer.too_old and not all(run.store.holds(tip) for tip in answer.tips):
        run.store.start_epoch(FOREIGN_TIP)
        answer = _hello(run)
    run.known, run.server_epoch = answer.known, answer.server_epoch
    run.store.keep_locked(locked=answer.locked, at=answer.time)
    settle_keys(run.store, answer)
    keep_certificate(run, answer.server_key)
    return answer


def settle_keys(store: SyncStore, answer: HelloAnswer) -> None:
    """Take in which keys of this device the office has; one that takes no others is told none."""
    if answer.keys:
        store.settle_keys(answer.keys, renew=not (answer.locked or answer.too_old))


def _hello(run: SyncRun) -> HelloAnswer:
    """Say hello with head and newest received entry where that should do, else with the locator."""
    position = run.store.position()
    guess = tuple(dict.fromkeys(h for h in (position.head, position.received) if h))
    locator = guess if position.received else position.locator
    message = hello_message(run.identity, position, locator)
    answer = run.during(lambda: run.transport.hello(message))
    if answer.known is None and locator != position.locator:
        whole = hello_message(run.identity, position, position.locator)
        answer = run.during(lambda: run.transport.hello(whole))
    return answer


def hello_message(identity: DeviceIdentity, position: Position, locator: tuple[str, ...]) -> Hello:
    """Return what a laptop at this place says to its office, over the line or by hand."""
    return Hello(
        protocol=[PROTOCOL],
        app=__version__,
        office=identity.office,
        device=str(identity.device),
        epoch=position.epoch,
        head=position.head,
        locator=list(locator),
        feed=FeedPosition(n=position.feed_n, hash=position.feed_hash),
        digest=position.digest,
        server_epoch=None if position.owed else position.server_epoch,  # not offered: not heard
        nonce=new_nonce(),
    )


def enter_epoch_if_changed(run: SyncRun, answer: HelloAnswer) -> None:
    """Owe the office all kept notices, and read its feed anew, where it does not know our place."""
    if answer.feed_ok and answer.server_epoch == run.store.position().server_epoch:
        return
    run.store.enter_server_epoch(answer.server_epoch)
