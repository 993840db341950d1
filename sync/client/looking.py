"""What an answer on a flash drive would change here: read and proven, and nothing is applied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.client.answer_file import (
    CarriedAnswer,
    CarryingStore,
    Watch,
    agrees,
    brought_back,
    follows,
    is_behind,
    is_outdated,
    newest_known,
    read_answer,
    says_nothing_new,
    still_lacking,
    unwatched,
)
from sync.client.progress import undecided_of
from sync.client.reoffer import NOTICES_AT_ONCE
from sync.client.run import Tally
from sync.protocol.messages import FeedItem
from sync.protocol.notices import fields_of


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """`settled` entries would be marked as received, `pulled` notices and `parts` would come.

    People, by the last that the office decides about them: `decided`, of whom `cards` get a card,
    or sent back (`returned`). `documents` are other than those here. `pending` entries and
    `photos_pending` would still be on this laptop alone. `locked`: the office has stopped it.
    Of the settled entries, `undecided` do not count before the office has decided. The content of
    `regained` people would come back, that of `lacking` is at the office alone after it as well.
    `heads_agree`, of an answer with nothing new: both sides have the same.
    """

    settled: int = 0
    decided: int = 0
    cards: int = 0
    returned: int = 0
    pulled: int = 0
    parts: int = 0
    documents: int = 0
    photos: int = 0
    pending: int = 0
    photos_pending: int = 0
    locked: bool = False
    is_outdated: bool = False
    nothing_new: bool = False
    undecided: int = 0
    regained: int = 0
    lacking: int = 0
    heads_agree: bool = False


def look_at_answer(store: CarryingStore, path: Path, watch: Watch = unwatched) -> AnswerSeen:
    """Return what `take_answer` would do with this file; raises as that does."""
    answer = read_answer(store, path, watch)
    waiting = {photo.sha256 for photo in store.photos_unsent()}
    is_old = is_outdated(store, answer)
    if is_old or says_nothing_new(store, answer):
        return AnswerSeen(
            pending=store.pending_after(store.position().received)[0],
            photos_pending=len(waiting),
            locked=not is_old and answer.hello.locked and not is_behind(store, answer),
            is_outdated=is_old,
            nothing_new=not is_old,
            lacking=0 if is_old else still_lacking(store, answer),
            heads_agree=not is_old and agrees(store, answer),
        )
    tally = Tally()
    for _, receipt in answer.receipts:
        tally.add(receipt)
    news = _news(store, answer)
    decided = _decisions(news)
    held = answer.documents.items()
    return AnswerSeen(
        settled=tally.pushed,
        decided=sum(one.get("decision") != "returned" for one in decided),
        cards=sum(one.get("card") is not None for one in decided),
        returned=sum(one.get("decision") == "returned" for one in decided),
        pulled=len(news),
        parts=len(answer.parts),
        documents=sum(store.document(name) != raw for name, raw in held),
        photos=sum(not erased for erased in answer.photos.values()),
        pending=_pending(store, answer),
        photos_pending=len(waiting - answer.photos.keys()),
        locked=answer.hello.locked and not is_behind(store, answer),
        undecided=undecided_of(tally.outcomes),
        regained=len(brought_back(store, answer)),
        lacking=still_lacking(store, answer),
    )


def _news(store: CarryingStore, answer: CarriedAnswer) -> list[FeedItem]:
    """Return the notices that are not here; a restored office tells all of its own once more."""
    place = store.position()
    items = [item for page in answer.pages for item in page.items]
    if follows(place, answer):
        return [item for item in items if item.n > place.feed_n]
    kept = set(_hashes_kept(store))
    return [item for item in items if item.hash not in kept]


def _hashes_kept(store: CarryingStore) -> Iterator[str]:
    after = 0
    while notices := store.notices_kept(after, NOTICES_AT_ONCE):
        yield from (notice.hash for notice in notices)
        after += len(notices)


def _decisions(news: list[FeedItem]) -> list[Mapping[str, Any]]:
    """Return the last decision about each person; of who was erased there is none to read."""
    told = ((item.subject, fields_of(item)) for item in news if item.kind == "decision")
    return list({subject: fields for subject, fields in told if fields is not None}.values())


def _pending(store: CarryingStore, answer: CarriedAnswer) -> int:
    """Return how many entries the office would lack, by its answer and by earlier ones."""
    place = store.position()
    known = [newest_known(store, answer), *([place.received] if follows(place, answer) else [])]
    return min(store.pending_after(entry)[0] for entry in known)
