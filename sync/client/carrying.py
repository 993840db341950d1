"""A sync by hand: everything the office lacks onto a flash drive, and its answer back in.

What is written is what a line would carry: signed batches, kept notices if they are owed, photos.
The office takes it as often as it comes. Its answer holds receipts, the feed and documents; here
it is applied as if they had come over the line.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import (
    FileUnwritable,
    NotCanonical,
    OfficeNotProven,
)
from enumerator_app.domain.journal import from_line
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
from sync.client.hello import FOREIGN_TIP, hello_message, settle_keys
from sync.client.http import batch_body, packed
from sync.client.level import CERTIFICATE, certificates_kept
from sync.client.ports import DeviceIdentity, Position, SyncStore
from sync.client.progress import undecided_of
from sync.client.push import batch_header, contiguous_runs, hash_of_line
from sync.client.reoffer import NOTICES_AT_ONCE
from sync.client.run import Tally
from sync.client.sizes import BatchSize
from sync.protocol.bundle import (
    BATCH,
    NOTICES,
    PHOTO,
    BundleHead,
    Member,
    manifest_member,
    write_sealed,
)
from sync.protocol.messages import MOST_LACKING, ReofferRequest
from sync.protocol.rekey import rekey_statement
from sync.protocol.signing import BUNDLE, issuing_key, sign

_FLUSH_BYTES: Final = 4 * 1024 * 1024


@dataclass(slots=True)
class Carried:
    """What one bundle holds; `hashes` are its entries in order."""

    entries: int = 0
    photos: int = 0
    notices: int = 0
    size: int = 0
    hashes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cut:
    """Which entries go into a bundle: after `since`; all; or just those `chosen`, in their order.

    `since` None is after the last that the office confirmed. `own_photos`: only photos that these
    entries name, not all that the office lacks.
    """

    since: str | None = None
    everything: bool = False
    chosen: tuple[str, ...] = ()
    own_photos: bool = False


@dataclass(frozen=True, slots=True)
class AnswerTaken:
    """What the office's answer changed here. `is_outdated`: a later one was applied before;
    `regained`: so many people's content came back to this laptop; `lacking`: of so many it is
    still at the office alone, for the next answer; `nothing_new`: it stands where this laptop
    stands, and changed nothing but when the office was last heard.
    """

    settled: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    photos: int = 0
    pulled: int = 0
    pending: int = 0
    heads_agree: bool = False
    regained: int = 0
    lacking: int = 0
    is_outdated: bool = False
    nothing_new: bool = False
    locked: bool = False

    @property
    def undecided(self) -> int:
        """How many entries are at the office, and do not count before it has decided."""
        return undecided_of(self.outcomes)


def write_bundle(
    store: CarryingStore, path: Path, cut: Cut = Cut(), watch: Watch = unwatched
) -> Carried:
    """Write what the office lacks, by its own receipts, or what `cut` says; return how much it is.

    The file appears when it is whole and on the disk; nothing is marked as sent by it. `watch`
    hears of entries and photos.

    Raises:
        FileUnwritable: the place is not there, is full or was taken out.
        OfficeNotProven: this laptop never saw its office's key.
        Stopped: `watch` said so; there is no file.
    """
    identity, place = store.identity(), store.position()
    key = _sealing_key(store)
    head = BundleHead("bundle", identity.office, str(identity.device), key.kid)
    carried = Carried()
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as sink:
            members = _watched(_members(store, place, cut, carried), store, carried, watch)
            members = _flushed(members, sink)
            write_sealed(sink, head, members, key.public_key, store.recovery_recipient())
            sink.flush()
            os.fsync(sink.fileno())
            carried.size = sink.tell()
        part.replace(path)
    except OSError as error:
        raise FileUnwritable(name=path.name) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return carried


def _watched(
    members: Iterator[Member], store: CarryingStore, carried: Carried, watch: Watch
) -> Iterator[Member]:
    """Pass members on, and say how many of the entries and photos that wait here they are."""
    waiting = store.pending_after(store.position().received)[0] + len(store.photos_unsent())
    for member in members:
        done = carried.entries + carried.photos
        watch(done, max(done, waiting))
        yield member


def _flushed(members: Iterator[Member], sink: BinaryIO) -> Iterator[Member]:
    """Pass members on, and bring them onto the disk as they go: what was told has gone, has."""
    flushed = 0
    for member in members:
        yield member
        if sink.tell() - flushed >= _FLUSH_BYTES:
            sink.flush()
            os.fsync(sink.fileno())
            flushed = sink.tell()


def _sealing_key(store: SyncStore) -> Any:
    kept = store.document(CERTIFICATE)
    try:
        key = issuing_key(from_canonical(kept), store.identity().root_key) if kept else None
    except (NotCanonical, TypeError) as error:
        raise OfficeNotProven from error
    if key is None:
        raise OfficeNotProven
    return key


def _members(store: CarryingStore, place: Position, cut: Cut, carried: Carried) -> Iterator[Member]:
    identity = store.identity()
    hello = hello_message(identity, place, place.locator)
    fields: dict[str, Any] = {
        "v": 1,
        "office": identity.office,
        "device": str(identity.device),
        "hello": hello.model_dump(),
        "owed": place.owed,
        "parts": store.parts_held(),
        "keys": _keys_told(identity),
    }
    if lacking := store.subjects_lacking():
        fields["lacking"] = lacking[:MOST_LACKING]
    yield manifest_member(fields, sign(identity.signing_key, BUNDLE, canonical_bytes(fields)))
    if place.owed and not cut.chosen:
        yield from _owed_notices(store, carried)
    named: list[str] = []
    for lines in _runs(store, place, cut):
        tip = hash_of_line(lines[-1])
        header = batch_header(identity, lines, tip, place.server_epoch)
        carried.hashes += map(hash_of_line, lines)
        carried.entries = len(carried.hashes)
        named += (name for line in lines for name in from_line(line).fields["photos"])
        yield Member(BATCH, packed(batch_body(header, lines)))
    unsent = [photo.sha256 for photo in store.photos_unsent()]
    yield from _photos(store, named if cut.own_photos else unsent, carried)


def _keys_told(identity: DeviceIdentity) -> list[dict[str, Any]]:
    """Return how the key in use follows from the first: an office put back may know that alone."""
    chain = pairwise([*identity.earlier_keys, identity.signing_key])
    return [rekey_statement(identity.office, identity.device, old, new) for old, new in chain]


def _photos(store: SyncStore, names: Iterable[str], carried: Carried) -> Iterator[Member]:
    for name in dict.fromkeys(names):
        raw = store.photo(name)
        if raw is not None:
            carried.photos += 1
            yield Member(PHOTO + name, raw)


def _owed_notices(store: SyncStore, carried: Carried) -> Iterator[Member]:
    while notices := store.notices_kept(carried.notices, NOTICES_AT_ONCE):
        carried.notices += len(notices)
        certificates = certificates_kept(store)
        message = ReofferRequest(notices=notices, nonce="", certificates=certificates)
        yield Member(NOTICES, packed(canonical_bytes(message.model_dump())))


def _runs(store: SyncStore, place: Position, cut: Cut) -> Iterator[list[bytes]]:
    """Yield contiguous lines, each run small enough for one batch."""
    if cut.chosen:
        yield from contiguous_runs(store.lines_of(cut.chosen))
        return
    size = BatchSize()
    known = None if cut.everything else cut.since or place.received
    while lines := store.lines_after(known, max_bytes=size.max_bytes, max_entries=size.max_entries):
        known = hash_of_line(lines[-1])
        yield lines


def take_answer(store: CarryingStore, path: Path, watch: Watch = unwatched) -> AnswerTaken:
    """Apply the office's answer to a bundle of this laptop; again changes nothing.

    `watch` hears bytes of the file while it is read, and is asked before each step after that.

    Raises:
        BundleUnreadable, BundleForeign: damaged, or for another laptop. Nothing was changed.
        OfficeNotProven: this laptop's office did not write it. Nothing was changed.
        Stopped: `watch` said so. What was applied stays; again does the rest.
    """
    answer = read_answer(store, path, watch)
    pending = store.pending_after(store.position().received)[0]
    if is_outdated(store, answer):
        return AnswerTaken(is_outdated=True, pending=pending)
    if says_nothing_new(store, answer):
        return _nothing_new(store, answer, pending)
    return _Taking(store, answer, watch).run()


def _nothing_new(store: CarryingStore, answer: CarriedAnswer, pending: int) -> AnswerTaken:
    """Keep when the office said it, unless it said so before: that is all that it says."""
    hello, is_fresh = answer.hello, not is_behind(store, answer)
    heads_agree = agrees(store, answer)
    if is_fresh:
        store.keep_locked(locked=hello.locked, at=hello.time)
        store.sync_finished(office_time=hello.time, heads_agree=heads_agree)
    return AnswerTaken(
        nothing_new=True,
        pending=pending,
        heads_agree=heads_agree,
        lacking=still_lacking(store, answer),
        locked=hello.locked and is_fresh,
    )


@dataclass(slots=True)
class _Taking:
    """The steps of one answer; each may be repeated."""

    store: CarryingStore
    answer: CarriedAnswer
    watch: Watch
    tally: Tally = field(default_factory=Tally)
    _is_behind: bool = False
    """Whether a later answer was applied before: this one only adds receipts to it."""
    _regained: int = 0

    def run(self) -> AnswerTaken:
        self._enter_epoch()
        self._settle_receipts()
        if not self._is_behind:
            self._keep_locked()
            self._keep_documents()
        reached = self._apply_feed()
        self._take_contents()
        self._keep_parts()
        if reached and self.answer.carries_owed and self.store.position().owed:
            self.store.reoffer_finished()
        for name, erased in self.answer.photos.items():
            self.store.photo_settled(name, erased=erased)
        return self._finish(reached=reached)

    def _going_on(self) -> None:
        """Each step is whole by itself, so between two of them somebody may stop."""
        self.watch(1, 1)

    def _enter_epoch(self) -> None:
        hello, place = self.answer.hello, self.store.position()
        if not all(self.store.holds(tip) for tip in hello.tips):
            self.store.start_epoch(FOREIGN_TIP)
        if not follows(place, self.answer):
            self.store.enter_server_epoch(hello.server_epoch)
            return
        self._is_behind = is_behind(self.store, self.answer)

    def _settle_receipts(self) -> None:
        for entries, receipt in self.answer.receipts:
            self._going_on()
            self.answer.keys.check_receipt(receipt, receipt.batch_id)
            self.store.settle(entries, receipt)
            self.tally.add(receipt)

    def _keep_locked(self) -> None:
        """Before the feed: a wish in it is not for a laptop that was stopped."""
        hello = self.answer.hello
        self.store.keep_locked(locked=hello.locked, at=hello.time)

    def _keep_documents(self) -> None:
        self.store.keep_document(CERTIFICATE, canonical_bytes(self.answer.certificate))
        for name, raw in self.answer.documents.items():
            self.store.keep_document(name, raw)

    def _keep_parts(self) -> None:
        """Keep what kept documents name; the last part makes one count."""
        for part in self.store.parts_wanted():
            if part.hash in self.answer.parts:
                self._going_on()
                self.store.keep_part(part, self.answer.parts[part.hash])
        self.store.drop_stale_parts()

    def _apply_feed(self) -> bool:
        """Apply what follows this laptop's place; return whether it stands at the head then."""
        for page in self.answer.pages:
            self._going_on()
            place = self.store.position()
            following = [item for item in page.items if item.n > place.feed_n]
            if following and following[0].n == place.feed_n + 1:
                fresh = page.model_copy(update={"items": following})
                self.tally.pulled += self.store.apply_page(fresh)
        return self.store.position().feed_n >= self.answer.hello.feed_head

    def _take_contents(self) -> None:
        """Take back what this laptop asked for, unless it came another way since."""
        wanted = brought_back(self.store, self.answer)
        for records in self.answer.contents:
            found = {name: one for name, one in records.items() if name in wanted}
            self._regained += self.store.take_contents(found)

    def _finish(self, *, reached: bool) -> AnswerTaken:
        hello, known = self.answer.hello, newest_known(self.store, self.answer)
        if known is not None:
            self.store.office_knows(known, hello.server_epoch)
        heads_agree = reached and agrees(self.store, self.answer)
        if not self._is_behind:
            settle_keys(self.store, hello)
            self.store.sync_finished(office_time=hello.time, heads_agree=heads_agree)
        return AnswerTaken(
            settled=self.tally.pushed,
            outcomes=dict(self.tally.outcomes),
            photos=sum(not erased for erased in self.answer.photos.values()),
            pulled=self.tally.pulled,
            pending=self.store.pending_after(self.store.position().received)[0],
            heads_agree=heads_agree,
            regained=self._regained,
            lacking=still_lacking(self.store, self.answer),
            locked=hello.locked and not self._is_behind,
        )
