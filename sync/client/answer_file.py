"""The office's answer on a flash drive: read, proven, and told from one that says nothing new."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import ValidationError

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import NotCanonical, OfficeNotProven
from sync.client.ports import PhotoToSend, Position, SyncStore
from sync.client.proofs import OfficeKeys
from sync.client.wire import unpacked
from sync.protocol.bundle import (
    CONTENTS,
    DOCUMENT,
    PAGE,
    PART,
    RECEIPTS,
    BundleForeign,
    BundleForLostKey,
    BundleHead,
    BundleUnreadable,
    Member,
    head_of,
    manifest_of,
    read_file,
)
from sync.protocol.device import DeviceIdentity
from sync.protocol.messages import (
    RECEIVED,
    ContentsAnswer,
    FeedPage,
    HelloAnswer,
    Receipt,
    RecordContent,
)
from sync.protocol.signing import BUNDLE_ANSWER, is_signed, issuing_key, key_id, public_hex

_MOST_ANSWER_BYTES: Final = 256 * 1024 * 1024


class CarryingStore(SyncStore, Protocol):
    """What carrying by hand asks of the storage besides."""

    def photos_unsent(self) -> list[PhotoToSend]:
        """Return all photos that the office has not confirmed, whatever became of their record."""
        ...

    def recovery_recipient(self) -> str | None:
        """Return the age recipient of the office's recovery key, if it gave one."""
        ...

    def parts_held(self) -> list[str]:
        """Return the parts of documents that are here, by their hash."""
        ...

    def has_left(self, server_epoch: str) -> bool:
        """Return whether this laptop was in that life of the office, and is in a later one."""
        ...

    def are_open(self, entries: Iterable[str]) -> bool:
        """Return whether any of these entries waits here for its receipt."""
        ...

    def office_time(self) -> str | None:
        """Return the newest time that the office signed for this laptop."""
        ...


@dataclass(slots=True)
class CarriedAnswer:
    """What the office wrote back, proven."""

    hello: HelloAnswer
    asked_from: int
    digest: str
    carries_owed: bool
    keys: OfficeKeys
    certificate: dict[str, Any]
    receipts: list[tuple[list[str], Receipt]]
    pages: list[FeedPage]
    documents: dict[str, bytes]
    parts: dict[str, bytes]
    photos: dict[str, bool]
    contents: list[dict[str, RecordContent]]
    asked_for: frozenset[str]
    """The records whose content the bundle asked for: what `contents` leaves out, nobody has."""


Watch = Callable[[int, int], object]
"""Hears how much of how much has gone, after each piece; it may raise `Stopped`."""


def unwatched(_done: int, _whole: int) -> None:
    """Nobody looks on."""


def read_answer(store: SyncStore, path: Path, watch: Watch) -> CarriedAnswer:
    """Read and prove all of it, before anything is changed; `watch` hears bytes.

    Raises:
        BundleForLostKey: it is for this laptop, which went back to a copy from before its key.
        Stopped: `watch` said so.
    """
    identity = store.identity()
    members: list[Member] = []
    size, whole = 0, _size_of(path)

    def take(member: Member) -> None:
        nonlocal size
        size += len(member.content)
        if size > _MOST_ANSWER_BYTES:
            raise BundleUnreadable
        members.append(member)
        watch(min(size, whole), whole)

    try:
        head = read_file(path, identity.all_keys, take)
    except BundleForeign as error:
        if _is_for_lost_key(head_of(path), identity):
            raise BundleForLostKey from error
        raise
    if head.kind != "answer" or head.device != str(identity.device) or not members:
        raise BundleForeign
    fields, signature = manifest_of(members[0])
    try:
        certificate = fields["hello"]["server_key"]
        key = issuing_key(certificate, identity.root_key)
        message = canonical_bytes(fields)
        if key is None or not is_signed(key.public_key, BUNDLE_ANSWER, message, signature):
            raise OfficeNotProven
        if (fields["office"], fields["device"]) != (identity.office, str(identity.device)):
            raise BundleForeign
        digests = [[m.name, hashlib.sha256(m.content).hexdigest()] for m in members[1:]]
        if fields["members"] != digests:
            raise OfficeNotProven
        return _parsed(fields, members[1:], identity.root_key)
    except (KeyError, TypeError, ValidationError, NotCanonical) as error:
        raise BundleUnreadable from error


def _size_of(path: Path) -> int:
    """Return the size in bytes; 0 where nobody can tell, which opening the file says better."""
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _is_for_lost_key(head: BundleHead, identity: DeviceIdentity) -> bool:
    """Return whether an answer for this laptop is sealed to none of the keys it still has."""
    is_ours = (head.kind, head.office, head.device) == (
        "answer", identity.office, str(identity.device)
    )  # fmt: skip
    return is_ours and head.kid not in {key_id(public_hex(key)) for key in identity.all_keys}


def _parsed(fields: dict[str, Any], members: list[Member], root_key: str) -> CarriedAnswer:
    keys = OfficeKeys(root_key)
    for certificate in fields["certificates"]:
        keys.learn(certificate)
    answer = CarriedAnswer(
        hello=HelloAnswer.model_validate(fields["hello"]),
        asked_from=fields["feed_from"],
        digest=fields["digest"],
        carries_owed=bool(fields["took_notices"]),
        keys=keys,
        certificate=fields["hello"]["server_key"],
        receipts=[],
        pages=[],
        documents={},
        parts={},
        photos=dict(fields["photos"]),
        contents=[],
        asked_for=frozenset(map(str, fields.get("lacking", ()))),
    )
    for member in members:
        if member.name == RECEIPTS:
            for one in from_canonical(unpacked(member.content)):
                receipt = Receipt.model_validate_json(canonical_bytes(one["receipt"]))
                answer.receipts.append((list(one["entries"]), receipt))
        elif member.name == CONTENTS:
            content = ContentsAnswer.model_validate_json(unpacked(member.content))
            answer.contents.append(content.records)
        elif member.name == PAGE:
            answer.pages.append(FeedPage.model_validate_json(unpacked(member.content)))
        elif member.name.startswith(DOCUMENT):
            answer.documents[member.name.removeprefix(DOCUMENT)] = member.content
        elif member.name.startswith(PART):
            answer.parts[member.name.removeprefix(PART)] = member.content
    return answer


def is_outdated(store: CarryingStore, answer: CarriedAnswer) -> bool:
    """Whether an answer is from before what is known here, and says nothing besides.

    Its place in the feed, its server epoch and its receipts tell it. The office's clock tells only
    where these cannot: it may have been wrong.
    """
    hello, place = answer.hello, store.position()
    if hello.server_epoch != place.server_epoch:
        return store.has_left(hello.server_epoch) and is_older_by_clock(store, answer)
    if not follows(place, answer):
        return is_older_by_clock(store, answer)
    return hello.feed_head < place.feed_n and not _brings(store, place, answer)


def says_nothing_new(store: CarryingStore, answer: CarriedAnswer) -> bool:
    """Whether an answer stands where this laptop stands, and brings nothing that is not here."""
    place = store.position()
    is_here = answer.hello.feed_head == place.feed_n and follows(place, answer)
    return is_here and not _brings(store, place, answer)


def agrees(store: CarryingStore, answer: CarriedAnswer) -> bool:
    """Whether the office, by its answer, has all of this laptop's journal and of its feed."""
    place = store.position()
    is_whole = place.head == newest_known(store, answer) and place.digest == answer.digest
    is_whole = is_whole and not still_lacking(store, answer)
    return is_whole and all(map(store.holds, answer.hello.tips))


def still_lacking(store: CarryingStore, answer: CarriedAnswer) -> int:
    """Return of how many people the content is at the office alone, for the next answer."""
    return len(set(store.subjects_lacking()) - answer.asked_for)


def brought_back(store: CarryingStore, answer: CarriedAnswer) -> frozenset[str]:
    """Return the records whose content it brings and this laptop lacks."""
    brought = frozenset[str]().union(*answer.contents)
    return brought.intersection(store.subjects_lacking()) if brought else brought


def is_older_by_clock(store: CarryingStore, answer: CarriedAnswer) -> bool:
    seen = store.office_time()
    return seen is not None and seen >= answer.hello.time


def follows(place: Position, answer: CarriedAnswer) -> bool:
    """Whether its office, in this life, knows of the place in the feed where this laptop stands."""
    if answer.hello.server_epoch != place.server_epoch:
        return False
    items = (item for page in answer.pages for item in page.items)
    return answer.hello.feed_ok or any(
        (item.n, item.hash) == (place.feed_n, place.feed_hash) for item in items
    )


def is_behind(store: CarryingStore, answer: CarriedAnswer) -> bool:
    """Whether a later answer was applied before: this one can only add receipts to it."""
    place = store.position()
    is_older = is_older_by_clock(store, answer)
    before = (answer.hello.feed_head, not is_older) < (place.feed_n, True)
    return before and follows(place, answer)


def newest_known(store: SyncStore, answer: CarriedAnswer) -> str | None:
    """Return the newest entry that the office holds: other files may have come before this."""
    hello = answer.hello
    held = [tip for tip in hello.tips if store.holds(tip)]
    known = [*held, *([hello.known] if hello.known else [])]
    return min(known, key=lambda entry: store.pending_after(entry)[0], default=None)


def _brings(store: CarryingStore, place: Position, answer: CarriedAnswer) -> bool:
    """Whether it settles anything that waits here, though its news are known."""
    if place.owed and answer.carries_owed:
        return True
    if brought_back(store, answer):
        return True
    if any(store.are_open(_received(entries, receipt)) for entries, receipt in answer.receipts):
        return True
    if answer.hello.known is not None and store.are_open([answer.hello.known]):
        return True
    waiting = {photo.sha256 for photo in store.photos_unsent()}
    wanted = {part.hash for part in store.parts_wanted()}
    return not waiting.isdisjoint(answer.photos) or not wanted.isdisjoint(answer.parts)


def _received(entries: Iterable[str], receipt: Receipt) -> list[str]:
    not_yet = {other.hash for other in receipt.others if other.outcome not in RECEIVED}
    return [entry for entry in entries if entry not in not_yet]
