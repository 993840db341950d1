"""A laptop from an older copy gets back what it saved after that copy was made."""

from typing import Final

from sync.client.run import SyncRun, new_nonce
from sync.protocol.messages import CONTENTS_AT_ONCE, ContentsRequest

_AT_ONCE: Final = CONTENTS_AT_ONCE // 2


def fetch_contents(run: SyncRun) -> None:
    """Ask for the content of records that the feed named and this journal does not hold."""
    lacking = run.store.subjects_lacking()
    for start in range(0, len(lacking), _AT_ONCE):
        subjects = lacking[start : start + _AT_ONCE]
        message = ContentsRequest(subjects=subjects, nonce=new_nonce())
        answer = run.during(lambda message=message: run.transport.contents(message))  # type: ignore[misc]
        if answer is None:
            return
        run.store.take_contents(answer.records)
        run.tell("contents", start + len(subjects), len(lacking))
