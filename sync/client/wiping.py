"""After a sync: what need not lie on this laptop any more leaves it, in two steps.

Step one announces which records could go, and the office says what of them every copy of itself
holds. Step two, at a later contact, asks the same again; only what was confirmed both times goes.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from sync.client.run import new_nonce
from sync.protocol.messages import (
    CONTENTS_AT_ONCE,
    ContentsAnswer,
    ContentsRequest,
    RecordContent,
    WatermarkAnswer,
    WatermarkRequest,
)

RECORDS_AT_ONCE: Final = 100
MOST_ROUNDS: Final = 20


class WipingStore(Protocol):
    """A laptop's file as far as it lets content go."""

    def may_leave(self, limit: int) -> Mapping[str, Sequence[str]]:
        """Return who may leave, by subject: the hashes of what would go of each."""
        ...

    def wanted(self) -> list[str]:
        """Return whose content left and is asked for again."""
        ...

    def take_contents(self, records: Mapping[str, RecordContent]) -> int: ...

    def confirmed(self, asked: Mapping[str, Sequence[str]], answer: WatermarkAnswer) -> int:
        """Keep what the office said of those asked; return how many records were let go."""
        ...


class AsksWatermark(Protocol):
    def contents(self, message: ContentsRequest) -> ContentsAnswer | None: ...

    def watermark(self, message: WatermarkRequest) -> WatermarkAnswer | None:
        """Return what the office holds of these; None if it is too old to be asked."""
        ...


def bring_back(store: WipingStore, transport: AsksWatermark) -> int:
    """Fetch what somebody asked for again; return how many records came."""
    subjects = store.wanted()[:CONTENTS_AT_ONCE]
    if not subjects:
        return 0
    answer = transport.contents(ContentsRequest(subjects=subjects, nonce=new_nonce()))
    return store.take_contents(answer.records) if answer is not None else 0


def let_go(store: WipingStore, transport: AsksWatermark) -> int:
    """Announce and let go what is due; return how many records were let go. Safe to repeat."""
    gone = 0
    for _ in range(MOST_ROUNDS):
        asked = store.may_leave(RECORDS_AT_ONCE)
        if not asked:
            break
        things = [thing for named in asked.values() for thing in named]
        message = WatermarkRequest(things=things, nonce=new_nonce())
        answer = transport.watermark(message)
        if answer is None:
            break
        gone += store.confirmed(asked, answer)
    return gone
