"""A laptop's bundle from a flash drive taken in, and the answer that goes back on it.

A bundle is the requests of a sync in a file: its batches go through the same door as those of the
line, in any order, any number of times. What is answered is what the line would have answered.
"""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import canonical_bytes
from sync.protocol.bundle import (
    BATCH,
    DOCUMENT,
    NOTICES,
    PAGE,
    PHOTO,
    RECEIPTS,
    BundleForeign,
    BundleHead,
    BundleUnreadable,
    Member,
    manifest_member,
    manifest_of,
    read_file,
    write_sealed,
)
from sync.protocol.digest import digest_of
from sync.protocol.messages import (
    FEED_PAGE,
    RECEIVED,
    FeedPage,
    Hello,
    HelloAnswer,
    Receipt,
    ReofferRequest,
)
from sync.protocol.signing import BUNDLE, BUNDLE_ANSWER, is_signed, key_id, sign
from sync.server.documents import read_document
from sync.server.feed import read_heads, read_page
from sync.server.hello import answer_hello, note_heard
from sync.server.home import write_privately
from sync.server.ingest.batch import MAX_UNPACKED, Batch, Line, is_hash, read_batch, unpack
from sync.server.office import Office
from sync.server.photos import MOST_PIECE_BYTES, add_piece, photo_place
from sync.server.refusal import Refused
from sync.server.reoffering import take_back
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, ENTRY_ROWS, PHOTO_ROWS

_AT_ONCE: Final = 400


@dataclass(slots=True)
class Sender:
    """The laptop that wrote the bundle: `keys` are all that it ever had, newest last."""

    id: str
    code: str
    label: str
    keys: list[str]


@dataclass(slots=True)
class BundleTaken:
    """What a bundle held and what became of it; a dry run counts and changes nothing.

    `new` entries were not here before, `known` were; `waiting` follow one that is not here yet.
    """

    sender: Sender
    entries: int = 0
    new: int = 0
    known: int = 0
    waiting: int = 0
    damaged: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    photos: int = 0
    photos_known: int = 0
    photos_unwanted: int = 0
    notices: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    complete: bool = True
    """False where the file ended early; what came before its end was taken."""


def import_bundle(
    office: Office, path: Path, *, answer: Path | None = None, dry_run: bool = False
) -> BundleTaken:
    """Take a bundle in, and write the office's answer for the laptop to `answer`.

    Raises:
        BundleForeign: it is for another office, of an unknown laptop, or an answer.
        BundleUnreadable: it cannot be read from its start. Nothing was changed in either case.
    """
    work = _Taking(office, dry_run=dry_run)
    try:
        head = read_file(path, [office.issuer.key], work.take)
    except BundleUnreadable:
        if work.taken is None:
            raise
        work.taken.complete = False
    else:
        if head.kind != "bundle" or work.taken is None:
            raise BundleForeign
    if answer is not None and not dry_run:
        write_privately(answer, _answer(office, work))
    return work.taken


@dataclass(slots=True)
class _Taking:
    office: Office
    dry_run: bool
    taken: BundleTaken | None = None
    hello: Hello | None = None
    receipts: list[tuple[list[str], Receipt]] = field(default_factory=list)
    photos: dict[str, bool] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, member: Member) -> None:
        if self.taken is None:
            self._open(member)
        elif member.name == BATCH:
            self._with_refusals(self.taken, self._take_batch, member)
        elif member.name.startswith(PHOTO):
            self._with_refusals(self.taken, self._take_photo, member)
        elif member.name == NOTICES:
            self._with_refusals(self.taken, self._take_notices, member)

    def _open(self, member: Member) -> None:
        """Prove whose bundle it is before anything of it is believed."""
        fields, signature = manifest_of(member)
        if fields.get("office") != self.office.public.office:
            raise BundleForeign
        sender = _sender(self.office, str(fields.get("device")))
        message = canonical_bytes(fields)
        if sender is None:
            raise BundleForeign
        if not any(is_signed(key, BUNDLE, message, signature) for key in sender.keys):
            raise BundleUnreadable
        try:
            self.hello = Hello.model_validate(fields["hello"])
        except (KeyError, ValidationError) as error:
            raise BundleUnreadable from error
        self.taken = BundleTaken(sender)

    def _with_refusals(self, taken: BundleTaken, work: Any, member: Member) -> None:
        """A part that is refused is counted, and the rest goes on."""
        try:
            work(taken, member)
        except Refused as refused:
            taken.refused[refused.problem.code] += 1

    def _take_batch(self, taken: BundleTaken, member: Member) -> None:
        batch = read_batch(
            unpack(member.content, "gzip", MAX_UNPACKED),
            office=self.office.public.office,
            device=taken.sender.id,
            public_keys=taken.sender.keys,
        )
        hashes = [line.hash for line in batch.lines]
        before = _known(self.office, hashes)
        taken.entries += len(hashes)
        taken.known += len(before)
        if self.dry_run:
            self._foresee(taken, batch, before)
            return
        lock = _DeviceLock(taken.sender.id)
        receipt = self.office.ingest.receive(batch, lock, self.office.server_epoch)
        self.receipts.append((hashes, receipt))
        outcomes = _outcomes(receipt)
        taken.outcomes += outcomes
        taken.waiting += outcomes["held"]
        taken.damaged += outcomes["damaged"]
        received = sum(n for name, n in outcomes.items() if name in RECEIVED)
        taken.new += max(0, received - len(before))

    def _foresee(self, taken: BundleTaken, batch: Batch, before: set[str]) -> None:
        """Count what the batch would do; what it says of people is not judged yet."""
        first = batch.lines[0]
        follows = first.prev is None or first.prev in self.seen or bool(
            _known(self.office, [first.prev])
        )  # fmt: skip
        fresh: list[Line] = [line for line in batch.lines if line.hash not in before]
        if follows or before:
            taken.new += len(fresh)
            self.seen |= {line.hash for line in batch.lines}
        else:
            taken.waiting += len(fresh)
        taken.damaged += sum(line.wholeness == "damaged" for line in fresh)

    def _take_photo(self, taken: BundleTaken, member: Member) -> None:
        name = member.name.removeprefix(PHOTO)
        if not is_hash(name) or hashlib.sha256(member.content).hexdigest() != name:
            raise Refused(400, "photo_damaged")
        if self.dry_run:
            taken.photos += 1
            return
        try:
            place = photo_place(self.office, name)
        except Refused as refused:
            if refused.status != 410:
                taken.photos_unwanted += 1
                return
            self.photos[name] = True
            return
        if _is_complete(self.office, name):
            taken.photos_known += 1
        else:
            _add(self.office, name, member.content, place.offset)
            taken.photos += 1
        self.photos[name] = False

    def _take_notices(self, taken: BundleTaken, member: Member) -> None:
        try:
            plain = unpack(member.content, "gzip", MAX_UNPACKED)
            message = ReofferRequest.model_validate_json(plain)
        except ValidationError as error:
            raise Refused(400, "message_unreadable") from error
        taken.notices += len(message.notices)
        if not self.dry_run:
            with self.office.database.writing() as connection:
                _DeviceLock(taken.sender.id)(connection)
                take_back(self.office, connection, taken.sender.id, message)


@dataclass(frozen=True, slots=True)
class _DeviceLock:
    """Locks a device's row as a request would, without a counter: a file has none."""

    device: str

    def __call__(self, connection: Connection) -> str:
        query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == self.device)
        return str(connection.execute(query.with_for_update()).scalar_one())


def _sender(office: Office, device: str) -> Sender | None:
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS).where(DEVICE_ROWS.c.id == device)
        row = connection.execute(query).one_or_none()
        keys = select(DEVICE_KEY_ROWS.c.public_key).where(DEVICE_KEY_ROWS.c.device == device)
        found = list(connection.execute(keys.order_by(DEVICE_KEY_ROWS.c.n)).scalars())
    return None if row is None else Sender(device, row.code, row.label, found)


def _known(office: Office, hashes: Iterable[str | None]) -> set[str]:
    wanted = [name for name in hashes if name]
    with office.database.reading() as connection:
        return {
            name
            for at in range(0, len(wanted), _AT_ONCE)
            for name in connection.execute(
                select(ENTRY_ROWS.c.hash).where(ENTRY_ROWS.c.hash.in_(wanted[at : at + _AT_ONCE]))
            ).scalars()
        }


def _outcomes(receipt: Receipt) -> Counter[str]:
    accepted = sum(last - first + 1 for first, last in receipt.accepted)
    return Counter(accepted=accepted) + Counter(other.outcome for other in receipt.others)


def _is_complete(office: Office, name: str) -> bool:
    query = select(PHOTO_ROWS.c.is_complete).where(PHOTO_ROWS.c.hash == name)
    with office.database.reading() as connection:
        return bool(connection.execute(query).scalar())


def _add(office: Office, name: str, content: bytes, offset: int) -> None:
    while offset < len(content):
        piece = content[offset : offset + MOST_PIECE_BYTES]
        place = add_piece(office, name, offset=offset, size=len(content), piece=piece)
        offset = place.offset


def _answer(office: Office, work: _Taking) -> bytes:
    """Return the file for the laptop: receipts, its feed, documents, sealed to its newest key."""
    assert work.taken is not None
    assert work.hello is not None
    sender = work.taken.sender
    hello, digest = _standing(office, work.hello)
    start = work.hello.feed.n if hello.feed_ok else 0
    pages = list(_pages(office, sender.id, start))
    told = map(_page_member, pages)
    members = [_receipts(work), *told, *_documents(office, sender.id, pages)]
    certificate = office.issuer.certificate
    fields = {
        "v": 1,
        "office": office.public.office,
        "device": sender.id,
        "hello": hello.model_dump(),
        "certificates": [certificate],
        "feed_from": start,
        "digest": digest,
        "took_notices": work.taken.notices,
        "photos": work.photos,
        "members": [[one.name, hashlib.sha256(one.content).hexdigest()] for one in members],
    }
    signature = sign(office.issuer.key, BUNDLE_ANSWER, canonical_bytes(fields))
    key = sender.keys[-1]
    head = BundleHead("answer", office.public.office, sender.id, key_id(key))
    sink = BytesIO()
    write_sealed(sink, head, [manifest_member(fields, signature), *members], key)
    return sink.getvalue()


def _standing(office: Office, message: Hello) -> tuple[HelloAnswer, str]:
    """Return hello's answer as of now, after the bundle, and the digest of this laptop's feed."""
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == message.device)
        state = str(connection.execute(query).scalar_one())
        head = read_heads(connection, [message.device], lock=False)[0]
        digest = digest_of(head.sums_as_integers())
    with office.database.noting() as connection:
        note_heard(office, connection, message)
    return answer_hello(office, message, device=message.device, state=state), digest


def _receipts(work: _Taking) -> Member:
    listed = [
        {"entries": hashes, "receipt": receipt.model_dump(mode="json")}
        for hashes, receipt in work.receipts
    ]
    return Member(RECEIPTS, gzip.compress(canonical_bytes(listed), mtime=0))


def _pages(office: Office, device: str, after: int) -> Iterator[FeedPage]:
    while True:
        with office.database.reading() as connection:
            page = read_page(
                connection, device, after=after, limit=FEED_PAGE, server_epoch=office.server_epoch
            )
        if not page.items:
            return
        yield page
        after = page.items[-1].n


def _page_member(page: FeedPage) -> Member:
    plain = json.dumps(page.model_dump(), ensure_ascii=False).encode()
    return Member(PAGE, gzip.compress(plain, mtime=0))


def _documents(office: Office, device: str, pages: Iterable[FeedPage]) -> list[Member]:
    """Return what the notices announce: no laptop gets a document that it was not told of."""
    told = (item.bytes for page in pages for item in page.items if item.kind == "document")
    names = dict.fromkeys(str(json.loads(raw)["fields"]["name"]) for raw in told if raw)
    found = ((name, read_document(office, name, device)) for name in names)
    return [Member(DOCUMENT + name, raw) for name, raw in found if raw is not None]
