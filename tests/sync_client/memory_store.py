"""A laptop's side of a sync held in memory; the contract suite keeps it honest."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import OfficeNotProven
from enumerator_app.domain.journal import Entry, Head, Statement, make_entry, new_epoch, to_line
from sync.protocol.device import DeviceIdentity, PhotoToSend, Position
from sync.protocol.digest import bucket_sums, digest_of
from sync.protocol.messages import RECEIVED, FeedItem, FeedPage, Receipt
from sync.protocol.rekey import rekey_statement
from sync.protocol.signing import key_id, new_private_key, public_hex

OPERATOR = UUID("01890000-0000-7000-8000-000000000001")


def new_identity(*, server_url: str, root_key: str, office: str) -> DeviceIdentity:
    return DeviceIdentity(
        office=office,
        regency="3216",
        device=uuid4(),
        device_code="A07",
        signing_key=new_private_key(),
        root_key=root_key,
        server_url=server_url,
        ca_certificate=None,
    )


class MemoryStore:
    def __init__(self, identity: DeviceIdentity) -> None:
        self._identity = identity
        self.epoch = new_epoch()
        self.head = Head(self.epoch, 0, None)
        self.entries: dict[str, Entry] = {}
        self.stage: dict[str, str] = {}
        self.photos: dict[str, bytes] = {}
        self.photo_of: dict[str, str] = {}  # photo > the entry that names it
        self.confirmed: set[str] = set()
        self.feed_n, self.feed_hash = 0, None
        self.notices: list[FeedItem] = []
        self.acknowledged: dict[UUID, str] = {}
        self.server_epoch: str | None = None
        self.owed = False
        self.counter = 0
        self.keys, self.new_key_wanted = [identity.signing_key], False
        self.documents: dict[str, bytes] = {}
        self.finished: list[tuple[str, bool]] = []
        self.locked_at: str | None = None
        self._save("epoch_start", None, {"reason": "enrol"})

    # -- what an enumerator does ------------------------------------------------------------

    def register(
        self, name: str, *, photo: bytes | None = None, subject: UUID | None = None
    ) -> str:
        """Return the hash of the entry that says this."""
        digests = ()
        if photo is not None:
            digests = (hashlib.sha256(photo).hexdigest(),)
            self.photos[digests[0]] = photo
        return self._save("register", subject or uuid4(), {"name": name}, digests)

    def _save(self, kind, subject, body, photos=()) -> str:
        statement = Statement(
            kind=kind,
            subject=subject,
            base=None,
            body=body,
            operator=OPERATOR,
            claimed_time="2026-11-22T01:02:03.456Z",
            photos=tuple(photos),
        )
        entry = make_entry(statement, device=self._identity.device, head=self.head)
        self.entries[entry.hash] = entry
        self.stage[entry.hash] = "open"
        self.photo_of.update(dict.fromkeys(photos, entry.hash))
        self.head = Head(self.head.epoch, self.head.seq + 1, entry.hash)
        return entry.hash

    # -- SyncStore --------------------------------------------------------------------------

    def identity(self) -> DeviceIdentity:
        return self._identity

    def position(self) -> Position:
        chain = list(self._back())
        steps = itertools.chain([0], (2**i for i in range(40)))
        locator = [chain[i] for i in steps if i < len(chain)]
        return Position(
            epoch=self.head.epoch,
            head=self.head.hash,
            locator=tuple(dict.fromkeys([*locator, *chain[-1:]])),
            feed_n=self.feed_n,
            feed_hash=self.feed_hash,
            digest=digest_of(self.bucket_sums()),
            server_epoch=self.server_epoch,
            owed=self.owed,
            received=self._newest_received(chain[::-1]),
            key_waits=self.new_key_wanted or self.keys[-1] is not self._identity.signing_key,
        )

    def next_counter(self) -> int:
        self.counter += 1
        return self.counter

    def raise_counter(self, seen: int) -> None:
        self.counter = max(self.counter, seen)

    def holds(self, entry: str) -> bool:
        return entry in self.entries

    def start_epoch(self, reason: str) -> None:
        self.head = Head(new_epoch(), 0, self.head.hash)
        self._save("epoch_start", None, {"reason": reason, "lost": []})
        self.new_key_wanted = True

    def settle_keys(self, named: Sequence[str], *, renew: bool) -> None:
        here = [key for key in self.keys if key_id(public_hex(key)) in named]
        if here:
            self._identity = replace(self._identity, signing_key=here[-1])
        if renew and self.new_key_wanted:
            old, new = self._identity.signing_key, new_private_key()
            body = rekey_statement(self._identity.office, self._identity.device, old, new)
            self._save("rekey", None, body)
            self.keys.append(new)
            self.new_key_wanted = False

    def enter_server_epoch(self, server_epoch: str) -> None:
        self.server_epoch, self.owed = server_epoch, True
        self.feed_n, self.feed_hash = 0, None
        self.acknowledged.clear()
        self.confirmed.clear()
        self.stage = dict.fromkeys(self.stage, "open")

    def pending_after(self, known: str | None) -> tuple[int, int]:
        lines = self._after(known)
        return len(lines), sum(len(to_line(self.entries[h])) for h in lines)

    def lines_after(self, known: str | None, *, max_bytes: int, max_entries: int) -> list[bytes]:
        lines: list[bytes] = []
        room = max_bytes
        for entry in self._after(known)[:max_entries]:
            line = to_line(self.entries[entry])
            if lines and len(line) > room:
                break
            room -= len(line)
            lines.append(line)
        return lines

    def lines_of(self, entries) -> list[bytes]:
        return [to_line(self.entries[h]) for h in entries if h in self.entries]

    def settle(self, entries, receipt: Receipt) -> None:
        other = {o.hash: o.outcome for o in receipt.others}
        for entry in entries:
            if other.get(entry, "accepted") in RECEIVED:
                self.stage[entry] = "received"

    def office_knows(self, entry: str, server_epoch: str) -> None:  # noqa: ARG002 - of the port
        while entry is not None:
            self.stage[entry] = "received"
            entry = self.entries[entry].fields["prev"]

    def notices_kept(self, after: int, limit: int) -> list[FeedItem]:
        return self.notices[after : after + limit]

    def subjects_lacking(self) -> list[str]:
        return []  # it keeps no content beside the journal

    def take_contents(self, records) -> int:
        return len(records)

    def reoffer_finished(self) -> None:
        self.owed = False

    def apply_page(self, page: FeedPage) -> int:
        place, known, new = self.feed_hash, {n.hash for n in self.notices}, 0
        for item in page.items:
            chained = bytes.fromhex(place or "") + bytes.fromhex(item.digest)
            if hashlib.sha256(chained).hexdigest() != item.hash:
                raise OfficeNotProven
            place = item.hash
        for item in page.items:
            if item.subject and item.revision:
                self.acknowledged[UUID(item.subject)] = item.revision
            if item.kind == "accepted" and item.bytes:
                entry = from_canonical(item.bytes.encode())["fields"]["entry"]
                if entry in self.stage:
                    self.stage[entry] = "received"
            if item.hash not in known:
                self.notices.append(item)
                new += 1
        if page.items:
            self.feed_n, self.feed_hash = page.items[-1].n, place
        return new

    def photos_to_send(self) -> list[PhotoToSend]:
        return [
            PhotoToSend(sha256, len(raw))
            for sha256, raw in self.photos.items()
            if sha256 not in self.confirmed and self.stage[self.photo_of[sha256]] == "received"
        ]

    def photo(self, sha256: str) -> bytes | None:
        return self.photos.get(sha256)

    def photo_settled(self, sha256: str, *, erased: bool) -> None:
        self.confirmed.add(sha256)
        if erased:
            del self.photos[sha256]

    def bucket_sums(self) -> list[int]:
        return bucket_sums(self.acknowledged.items())

    def document(self, name: str) -> bytes | None:
        return self.documents.get(name)

    def keep_document(self, name: str, raw: bytes) -> None:
        self.documents[name] = raw

    def parts_wanted(self):
        return []  # this store keeps no document that has parts

    def keep_part(self, part, _content) -> None:
        raise AssertionError(f"nobody asked for {part}")

    def drop_stale_parts(self) -> int:
        return 0

    def keep_locked(self, *, locked: bool, at: str) -> None:
        self.locked_at = at if locked else None

    def sync_finished(self, *, office_time: str, heads_agree: bool) -> None:
        self.finished.append((office_time, heads_agree))

    def _newest_received(self, chain: list[str]) -> str | None:
        received = list(itertools.takewhile(lambda h: self.stage[h] != "open", chain))
        return received[-1] if received else None

    def _back(self):
        place = self.head.hash
        while place is not None:
            yield place
            place = self.entries[place].fields["prev"]

    def _after(self, known: str | None) -> list[str]:
        chain = list(itertools.takewhile(lambda h: h != known, self._back()))
        return chain[::-1]
