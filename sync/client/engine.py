"""One sync, as its own table of contents. Every step may be repeated after any cut."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sync.client.backoff import Patience, Stopped, Timing
from sync.client.hello import enter_epoch_if_changed, greet
from sync.client.level import time_if_level
from sync.client.photos import photos_held, photos_wanted, send_photos
from sync.client.ports import SyncStore
from sync.client.progress import Report, SyncResult
from sync.client.proofs import OfficeChanged
from sync.client.pull import pull_feed
from sync.client.push import send_bodies, send_entries
from sync.client.reoffer import reoffer_if_owed
from sync.client.repair import repair_once
from sync.client.run import SyncRun
from sync.client.transport import Interrupted, Transport
from sync.protocol.messages import HelloAnswer

MOST_ROUNDS: Final = 3


def sync(
    store: SyncStore,
    transport: Transport,
    *,
    report: Report,
    cancelled: Callable[[], bool],
    timing: Timing | None = None,
) -> SyncResult:
    """Bring this laptop and its office to the same state; return what was done.

    Cancelling stops between two requests, with `pending` in the result; during one where the
    transport was given the same `cancelled`.

    Raises:
        ServerUnreachable: the line failed too often. Nothing is lost; call again.
        OfficeNotProven, OfficeRefused, WifiLogin: going on would not help.
    """
    patience = Patience(cancelled, timing or Timing())
    run = SyncRun(store, transport, report, patience)
    try:
        for _ in range(MOST_ROUNDS):
            try:
                return _exchange(run)
            except OfficeChanged:
                continue
        raise Interrupted
    except Stopped:
        return _result(run, None, agrees=False)


def _exchange(run: SyncRun) -> SyncResult:
    if (office_time := time_if_level(run)) is not None:
        return _level(run, office_time)
    answer = greet(run)
    if answer.too_old:
        return _result(run, answer, agrees=False)
    if not _has_work(run, answer):
        return _finish(run, answer)
    enter_epoch_if_changed(run, answer)
    reoffer_if_owed(run)
    send_entries(run)
    send_bodies(run, answer.bodies_missing)
    pull_feed(run)
    send_photos(run, photos_wanted(run, answer.photos_missing))
    closing = _closing_answer(run)
    # Named only now: photos of entries that a restored office did not know when we began.
    send_photos(run, photos_held(run, closing.photos_missing))
    return _finish(run, closing)


def _has_work(run: SyncRun, answer: HelloAnswer) -> bool:
    """Whether anything is to do on either side; if not, hello was the whole sync."""
    place = run.store.position()
    is_same_office = answer.feed_ok and answer.server_epoch == place.server_epoch
    is_level = answer.known == place.head and answer.feed_head == place.feed_n
    agrees = is_same_office and is_level and answer.digest_ok and not place.owed
    has_more = answer.bodies_missing or photos_wanted(run, answer.photos_missing)
    return not agrees or bool(has_more) or bool(run.store.parts_wanted())


def _closing_answer(run: SyncRun) -> HelloAnswer:
    """Ask the office where both ends stand now, and do what came in between."""
    sent_to = run.known
    for _ in range(MOST_ROUNDS):
        answer = greet(run, "closing")
        place = run.store.position()
        if place.head not in {answer.known, sent_to}:
            send_entries(run)
            sent_to = run.known
        elif answer.feed_head == place.feed_n and (answer.digest_ok or not repair_once(run)):
            break
        pull_feed(run)
    return answer


def _level(run: SyncRun, office_time: str) -> SyncResult:
    """Nothing was to do on either side, and the office said so in one small answer."""
    run.store.keep_locked(locked=False, at=office_time)
    run.store.sync_finished(office_time=office_time, heads_agree=True)
    return _counted(run, pending=0, photos_pending=0, agrees=True, digest_ok=True)


def _finish(run: SyncRun, answer: HelloAnswer) -> SyncResult:
    place = run.store.position()
    if answer.known is not None:
        run.store.office_knows(answer.known, answer.server_epoch)
    agrees = answer.known == place.head and answer.digest_ok
    run.store.sync_finished(office_time=answer.time, heads_agree=agrees)
    return _result(run, answer, agrees=agrees)


def _result(run: SyncRun, answer: HelloAnswer | None, *, agrees: bool) -> SyncResult:
    counted = _counted(
        run,
        pending=run.store.pending_after(_newest_known(run))[0],
        photos_pending=len(run.store.photos_to_send()),
        agrees=agrees,
        digest_ok=answer is not None and answer.digest_ok,
    )
    if answer is None:
        return counted
    return replace(counted, too_old=answer.too_old, locked=answer.locked)


def _newest_known(run: SyncRun) -> str | None:
    """Return the newest entry at the office: by its hello, or before that by earlier receipts."""
    return run.store.position().received if run.server_epoch is None else run.known


def _counted(
    run: SyncRun, *, pending: int, photos_pending: int, agrees: bool, digest_ok: bool
) -> SyncResult:
    traffic = run.transport.traffic
    return SyncResult(
        pushed=run.tally.pushed,
        outcomes=dict(run.tally.outcomes),
        photos=run.tally.photos,
        pulled=run.tally.pulled,
        pending=pending,
        heads_agree=agrees,
        digest_ok=digest_ok,
        requests=traffic.requests,
        bytes_up=traffic.bytes_up,
        bytes_down=traffic.bytes_down,
        photos_pending=photos_pending,
    )
