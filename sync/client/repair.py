"""Both ends disagree about what they hold: name the difference, then read the feed anew, once."""

from sync.client.run import SyncRun, new_nonce
from sync.protocol.digest import sums_as_text
from sync.protocol.messages import DigestRequest


def repair_once(run: SyncRun) -> bool:
    """Reset this laptop's view of the office where the buckets differ; False if that is no help.

    Reading the feed from its start writes every acknowledged revision again. What still differs
    after that is wrong at the office, and the result of the sync says so.
    """
    if run.was_repaired or run.server_epoch is None:
        return False
    run.was_repaired = True
    sums = sums_as_text(run.store.bucket_sums())
    answer = run.during(
        lambda: run.transport.digest(DigestRequest(buckets=sums, nonce=new_nonce()))
    )
    if not answer.differing:
        return False
    run.store.enter_server_epoch(run.server_epoch)
    return True
