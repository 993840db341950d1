"""A laptop's bundle from a flash drive taken in, and the answer that goes back on it.

A bundle is the requests of a sync in a file: its batches go through the same door as those of the
line, in any order, any number of times. What is answered is what the line would have answered.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import canonical_bytes
from sync.protocol.bundle import (
    BATCH,
    NOTICES,
    PHOTO,
    BundleForeign,
    BundleUnreadable,
    Key,
    Member,
    head_of,
    manifest_of,
    read_file,
)
from sync.protocol.messages import (
    RECEIVED,
    Hello,
    Receipt,
    ReofferRequest,
)
from sync.protocol.signing import BUNDLE, is_signed
from sync.server.bundle_answers import Given, Sender, answer_to
from sync.server.home import write_privately
from sync.server.ingest.batch import MAX_UNPACKED, Batch, Line, is_hash, read_batch, unpack
from sync.server.office import Office
from sync.server.photos import MOST_PIECE_BYTES, add_piece, photo_place
from sync.server.refusal import Refused
from sync.server.reoffering import note_if_set_back, take_back
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, ENTRY_ROWS, ERASURE_ROWS, PHOTO_ROWS
from sync.server.trust import refresh_if_copied

if TYPE_CHECKING:
    from enumerator_app.domain.errors import KnownError

SUFFIX: Final = ".tpb"
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class How:
    """How a bundle is taken in. `recovery` is the office's recovery key, for old drives."""

    answer: Path | None = None
    dry_run: bool = False
    recovery: str | None = None


_PLAIN: Final = How()


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
    erased_in: list[str] = field(default_factory=list)
    """Files with content of people who were erased; nothing of that was taken."""
    complete: bool = True
    """False where the file ended early; what came before its end was taken."""

    def and_(self, other: "BundleTaken") -> "BundleTaken":
        """Return both as one; what waited for a later file is counted as waiting, too."""
        counts = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if one.name not in {"sender", "complete"}
        }
        return BundleTaken(self.sender, complete=self.complete and other.complete, **counts)


def is_for_older_key(office: Office, path: Path) -> bool:
    """Return whether a bundle, or any below a folder, is sealed to a key that was changed since."""
    paths = path.rglob(f"*{SUFFIX}") if path.is_dir() else [path]
    heads = map(head_of, paths)
    ours = (head for head in heads if head.kind == "bundle" and head.office == office.public.office)
    return any(head.kid != office.issuer.kid for head in ours)


def import_folder(office: Office, folder: Path, how: How = _PLAIN) -> BundleTaken:
    """Take in all bundles below a folder, as a drive holds them that got each save; one answer.

    Raises:
        BundleForeign, BundleUnreadable: none of them can be taken in.
    """
    total: BundleTaken | None = None
    fault: KnownError = BundleUnreadable()
    paths = sorted(folder.rglob(f"*{SUFFIX}"))
    for path in paths:
        own = how if path is paths[-1] else replace(how, answer=None)
        try:
            taken = import_bundle(office, path, own)
        except (BundleForeign, BundleUnreadable) as error:
            fault = error
            continue
        total = taken if total is None else total.and_(taken)
    if total is None:
        raise fault
    return total


def import_bundle(office: Office, path: Path, how: How = _PLAIN) -> BundleTaken:
    """Take a bundle in, and write the office's answer for the laptop, if it is wanted.

    Raises:
        BundleForeign: it is for another office, of an unknown laptop, or an answer.
        BundleUnreadable: it cannot be read from its start. Nothing was changed in either case.
    """
    work = _Taking(office, dry_run=how.dry_run)
    keys: list[Key] = [office.issuer.key, *([how.recovery] if how.recovery else [])]
    try:
        head = read_file(path, keys, work.take)
    except BundleUnreadable:
        if work.taken is None:
            raise
        work.taken.complete = False
    else:
        if head.kind != "bundle" or work.taken is None:
            raise BundleForeign
    if work.has_erased:
        work.taken.erased_in.append(str(path))
    if how.answer is not None and not how.dry_run:
        write_privately(how.answer, answer_to(office, work.taken.sender, work.given()))
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
    parts: frozenset[str] = frozenset()
    has_erased: bool = False

    def given(self) -> Given:
        """Return what this bundle's answer speaks of."""
        assert self.taken is not None
        assert self.hello is not None
        notices = self.taken.notices
        return Given(self.hello, self.receipts, self.photos, notices, self.parts)

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
        stated, signature = manifest_of(member)
        if stated.get("office") != self.office.public.office:
            raise BundleForeign
        sender = _sender(self.office, str(stated.get("device")))
        message = canonical_bytes(stated)
        if sender is None:
            raise BundleForeign
        if not any(is_signed(key, BUNDLE, message, signature) for key in sender.keys):
            raise BundleUnreadable
        try:
            self.hello = Hello.model_validate(stated["hello"])
            self.parts = frozenset(map(str, stated.get("parts", ())))
        except (KeyError, TypeError, ValidationError) as error:
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
        self.has_erased = self.has_erased or _names_erased(self.office, batch)
        if self.dry_run:
            self._foresee(taken, batch, before)
            return
        lock = _DeviceLock(taken.sender.id)
        receipt = self.office.ingest.receive(batch, lock, self.office.server_epoch)
        refresh_if_copied(self.office, taken.sender.id)
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
            note_if_set_back(self.office, taken.sender.id, message)
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


def _names_erased(office: Office, batch: Batch) -> bool:
    """Return whether a batch still has content of somebody who was erased."""
    told = {one.subject for one in batch.lines if one.body and one.kind != "erased_here"}
    subjects = [subject for subject in told if subject]
    query = select(ERASURE_ROWS.c.subject)
    with office.database.reading() as connection:
        return any(
            connection.execute(
                query.where(ERASURE_ROWS.c.subject.in_(subjects[at : at + _AT_ONCE]))
            ).first()
            for at in range(0, len(subjects), _AT_ONCE)
        )


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
