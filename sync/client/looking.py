"""What an answer on a flash drive would change here: read and proven, and nothing is applied."""

from dataclasses import dataclass
from pathlib import Path

from sync.client.answer_file import CarryingStore, follows, is_outdated, read_answer
from sync.protocol.messages import RECEIVED


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """`settled` entries would be marked as received, `pulled` notices and `parts` would come."""

    settled: int = 0
    pulled: int = 0
    parts: int = 0
    photos: int = 0
    is_outdated: bool = False


def look_at_answer(store: CarryingStore, path: Path) -> AnswerSeen:
    """Return what `take_answer` would do with this file; raises as that does."""
    answer = read_answer(store, path)
    if is_outdated(store, answer):
        return AnswerSeen(is_outdated=True)
    place = store.position()
    feed_n = place.feed_n if follows(place, answer) else 0
    return AnswerSeen(
        settled=sum(
            sum(last - first + 1 for first, last in receipt.accepted)
            + sum(other.outcome in RECEIVED for other in receipt.others)
            for _, receipt in answer.receipts
        ),
        pulled=sum(item.n > feed_n for page in answer.pages for item in page.items),
        parts=len(answer.parts),
        photos=sum(not erased for erased in answer.photos.values()),
    )
