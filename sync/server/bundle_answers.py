"""The office's answer to a bundle: what the line would have answered, in a file for its laptop."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from sqlalchemy import select

from enumerator_app.domain.canonical import canonical_bytes
from sync.protocol.bundle import (
    CONTENTS,
    DOCUMENT,
    PAGE,
    PART,
    RECEIPTS,
    BundleHead,
    Member,
    manifest_member,
    write_sealed,
)
from sync.protocol.digest import digest_of
from sync.protocol.documents import opened_certified
from sync.protocol.messages import (
    CONTENTS_AT_ONCE,
    FEED_PAGE,
    ContentsAnswer,
    FeedPage,
    Hello,
    HelloAnswer,
    Receipt,
)
from sync.protocol.parts import parts_in
from sync.protocol.rekey import vouching_key
from sync.protocol.signing import BUNDLE_ANSWER, key_id, sign
from sync.server.contents import contents_for
from sync.server.documents import FOR_ACTIVE, read_document, read_part
from sync.server.feed import read_heads, read_page
from sync.server.hello import answer_hello, note_heard
from sync.server.news import bring_news
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS


@dataclass(slots=True)
class Sender:
    """The laptop that wrote the bundle: `keys` are all that it ever had, last the one that signed
    the file: the answer is sealed to it.
    """

    id: str
    code: str
    label: str
    keys: list[str]

    def learn(self, office: str, statements: Sequence[Any]) -> None:
        """Add the keys that a file tells, each vouched for by one before it: an office that was
        put back may have lost the entry that told them.
        """
        for said in statements:
            if vouching_key(office, self.id, said, self.keys) is not None:
                self.keys.append(str(said["public_key"]))

    def is_by(self, is_signer: Callable[[str], bool]) -> bool:
        """Whether one of the keys signed; that one is the last from now on."""
        signer = next((key for key in self.keys if is_signer(key)), None)
        if signer is None:
            return False
        self.keys = [*(key for key in self.keys if key != signer), signer]
        return True


@dataclass(frozen=True, slots=True)
class Given:
    """What a bundle brought: `photos` says of each that is settled whether it was erased; `parts`
    are the parts of documents that its laptop has, `lacking` the records whose content it lacks.
    """

    hello: Hello
    receipts: Sequence[tuple[Sequence[str], Receipt]]
    photos: Mapping[str, bool]
    notices: int
    parts: frozenset[str] = frozenset()
    lacking: tuple[str, ...] = ()


def answer_to(office: Office, sender: Sender, given: Given) -> bytes:
    """Return the file for the laptop: receipts, its feed, documents, sealed to its key."""
    _bring_news(office, given.hello.device)
    hello, digest = _standing(office, given.hello)
    start = given.hello.feed.n if hello.feed_ok else 0
    pages = list(_pages(office, sender.id, start))
    told = map(_page_member, pages)
    listed = () if hello.locked else _lists(office, sender.id, given.parts)
    back = () if hello.locked else _contents(office, sender.id, given.lacking)
    members = [_receipts(given), *told, *back, *_documents(office, sender.id, pages), *listed]
    stated = {
        "v": 1,
        "office": office.public.office,
        "device": sender.id,
        "hello": hello.model_dump(),
        "certificates": [office.issuer.certificate, *office.issuer.others],
        "feed_from": start,
        "digest": digest,
        "took_notices": given.notices,
        "photos": given.photos,
        "members": [[one.name, hashlib.sha256(one.content).hexdigest()] for one in members],
        **({"lacking": given.lacking} if given.lacking else {}),
    }
    signature = sign(office.issuer.key, BUNDLE_ANSWER, canonical_bytes(stated))
    key = sender.keys[-1]
    head = BundleHead("answer", office.public.office, sender.id, key_id(key))
    sink = BytesIO()
    write_sealed(sink, head, [manifest_member(stated, signature), *members], key)
    return sink.getvalue()


def _contents(office: Office, device: str, lacking: Sequence[str]) -> Iterator[Member]:
    """Say again what a laptop that was put back from an older copy had saved after it."""
    for at in range(0, len(lacking), CONTENTS_AT_ONCE):
        with office.database.reading() as connection:
            records = contents_for(connection, device, lacking[at : at + CONTENTS_AT_ONCE])
        if records:
            answer = ContentsAnswer(records=records)
            yield Member(CONTENTS, gzip.compress(answer.model_dump_json().encode(), mtime=0))


def _standing(office: Office, message: Hello) -> tuple[HelloAnswer, str]:
    """Return hello's answer as of now, after the bundle, and the digest of this laptop's feed."""
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == message.device)
        state = str(connection.execute(query).scalar_one())
        head = read_heads(connection, [message.device], lock=False)[0]
        digest = digest_of(head.sums_as_integers())
    with office.database.noting() as connection:
        note_heard(office, connection, message, device=message.device)
    return answer_hello(office, message, device=message.device, state=state), digest


def _bring_news(office: Office, device: str) -> None:
    """Tell how places stand before the feed's end is named, as hello does."""
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS.c.state).where(DEVICE_ROWS.c.id == device)
        is_active = connection.execute(query).scalar() == "active"
    if is_active:
        bring_news(office, device)


def _lists(office: Office, device: str, held: frozenset[str]) -> Iterator[Member]:
    """Yield the lists as they are now, each with those of its parts that are not there yet.

    They go along whether or not this feed announces them: an earlier answer may be lost.
    """
    for name in sorted(FOR_ACTIVE):
        raw = read_document(office, name, device)
        fields = opened_certified(raw, office.public.root_key, name) if raw else None
        if raw is None or fields is None:
            continue
        yield Member(DOCUMENT + name, raw)
        missing = dict.fromkeys(part.hash for part in parts_in(fields) if part.hash not in held)
        contents = ((part, read_part(office, part)) for part in missing)
        yield from (Member(PART + part, content) for part, content in contents if content)


def _receipts(given: Given) -> Member:
    listed = [
        {"entries": hashes, "receipt": receipt.model_dump(mode="json")}
        for hashes, receipt in given.receipts
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
    names = dict.fromkeys(name for name in names if name not in FOR_ACTIVE)
    found = ((name, read_document(office, name, device)) for name in names)
    return [Member(DOCUMENT + name, raw) for name, raw in found if raw is not None]
