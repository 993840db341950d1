"""The proof that what the office holds is whole: bytes against hashes, chains, feeds, digests."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.journal import body_hash, entry_hash
from sync.protocol.signing import REVISION, TIP, is_signed, opened_document, tip_message
from sync.server.chain import read_chain, revision_hash
from sync.server.feed import NO_SUMS, FeedHead, head_of
from sync.server.office import Office
from sync.server.people.audit import wrong_deeds_of
from sync.server.tables import (
    CASE_ROWS,
    DEVICE_KEY_ROWS,
    ENTRY_ROWS,
    FEED_HEAD_ROWS,
    FEED_ROWS,
    REVISION_ROWS,
    SUBJECT_ROWS,
    TIP_ROWS,
)

_ROWS_AT_ONCE = 1000
_HEADER_COLUMNS = ("device", "epoch", "seq", "prev", "kind", "subject")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was signed; `about` is a hash or an id, never content."""

    code: str
    about: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def verify_office(office: Office) -> list[Fault]:
    """Return everything that is not whole, reading all rows once."""
    with office.database.reading() as opened:
        connection = opened.execution_options(yield_per=_ROWS_AT_ONCE)
        return [
            *_entries(connection),
            *_orphans(connection),
            *_tips(office, connection),
            *_revisions(office, connection),
            *_feeds(connection),
            *_contents(connection),
            *(Fault("deed", str(n)) for n in wrong_deeds_of(office)),
        ]


def _entries(connection: Connection) -> Iterator[Fault]:
    for row in connection.execute(select(ENTRY_ROWS)):
        header = bytes(row.header)
        if entry_hash(header) != row.hash:
            yield Fault("entry_header", row.hash)
            continue
        fields = from_canonical(header)
        if any(fields[name] != getattr(row, name) for name in _HEADER_COLUMNS):
            yield Fault("entry_columns", row.hash)
        if row.body is not None and not _is_body(row, fields["body_hash"]):
            yield Fault("entry_body", row.hash)


def _is_body(row: Any, claimed: str | None) -> bool:
    return row.salt is not None and body_hash(bytes(row.salt), bytes(row.body)) == claimed


def _orphans(connection: Connection) -> Iterator[Fault]:
    """Every entry follows one that is here, but for gaps that an officer knows of."""
    gaps = connection.execute(select(CASE_ROWS.c.reasons).where(CASE_ROWS.c.kind == "gap"))
    known = {name for reasons in gaps.scalars() for name in json.loads(reasons)}
    parent = ENTRY_ROWS.alias("parent")
    query = (
        select(ENTRY_ROWS.c.hash, ENTRY_ROWS.c.prev)
        .outerjoin(parent, parent.c.hash == ENTRY_ROWS.c.prev)
        .where(ENTRY_ROWS.c.prev.is_not(None), parent.c.hash.is_(None))
    )
    for name, prev in connection.execute(query):
        if prev not in known:
            yield Fault("entry_chain", name)


def _tips(office: Office, connection: Connection) -> Iterator[Fault]:
    query = (
        select(TIP_ROWS.c.hash, TIP_ROWS.c.sig, ENTRY_ROWS.c.device, DEVICE_KEY_ROWS.c.public_key)
        .join(ENTRY_ROWS, ENTRY_ROWS.c.hash == TIP_ROWS.c.hash)
        .join(DEVICE_KEY_ROWS, DEVICE_KEY_ROWS.c.device == ENTRY_ROWS.c.device)
    )
    good: set[str] = set()
    seen: set[str] = set()
    for row in connection.execute(query):
        seen.add(row.hash)
        message = tip_message(office.public.office, row.device, row.hash)
        if is_signed(row.public_key, TIP, message, row.sig):
            good.add(row.hash)
    yield from (Fault("tip_signature", name) for name in sorted(seen - good))


def _revisions(office: Office, connection: Connection) -> Iterator[Fault]:
    previous: str | None = None
    for row in connection.execute(select(REVISION_ROWS).order_by(REVISION_ROWS.c.n)):
        if row.bytes is not None:
            yield from _revision(office, row, previous)
        previous = row.hash
    if read_chain(connection, office.issuer, lock=False).hash != previous:
        yield Fault("server_head", previous or "")


def _revision(office: Office, row: Any, previous: str | None) -> Iterator[Fault]:
    try:
        fields = opened_document(row.bytes.encode(), REVISION, office.issuer.public_keys)
    except (NotCanonical, KeyError, TypeError):
        fields = None
    if fields is None:
        yield Fault("revision_signature", row.hash)
    elif revision_hash(fields) != row.hash:
        yield Fault("revision_hash", row.hash)
    elif fields["server_epoch"] == office.server_epoch and fields["prev"] != previous:
        yield Fault("revision_chain", row.hash)


@dataclass(slots=True)
class _Feed:
    """One feed, followed from its first notice."""

    end: FeedHead
    revisions: dict[str, str] = field(default_factory=dict)

    def follow(self, row: Any) -> Iterator[Fault]:
        end = self.end
        link = hashlib.sha256(bytes.fromhex(end.hash or "") + bytes.fromhex(row.digest))
        if row.n != end.n + 1 or row.hash != link.hexdigest():
            yield Fault("feed_chain", f"{row.device} {row.n}")
        if row.bytes is not None:
            content = bytes.fromhex(row.salt) + row.bytes.encode()
            if hashlib.sha256(content).hexdigest() != row.digest:
                yield Fault("feed_bytes", f"{row.device} {row.n}")
        end.n, end.hash = row.n, row.hash
        if row.subject and row.revision:
            end.replace(row.subject, self.revisions.get(row.subject), row.revision)
            self.revisions[row.subject] = row.revision


def _feeds(connection: Connection) -> Iterator[Fault]:
    current = dict(connection.execute(select(SUBJECT_ROWS.c.id, SUBJECT_ROWS.c.revision)).all())
    for head in connection.execute(select(FEED_HEAD_ROWS)).all():
        feed = _Feed(head_of(head.device, 0, None, NO_SUMS))
        rows = select(FEED_ROWS).where(FEED_ROWS.c.device == head.device)
        for row in connection.execute(rows.order_by(FEED_ROWS.c.n)):
            yield from feed.follow(row)
        if (feed.end.n, feed.end.hash) != (head.n, head.hash):
            yield Fault("feed_head", head.device)
        if bytes(feed.end.sums) != bytes(head.sums):
            yield Fault("feed_digest", head.device)
        for subject, revision in feed.revisions.items():
            if subject in current and current[subject] != revision:
                yield Fault("notice_missing", f"{head.device} {subject}")


def _contents(connection: Connection) -> Iterator[Fault]:
    """Every record's content must be here, unless it was erased."""
    table = SUBJECT_ROWS.c
    query = (
        select(table.id)
        .outerjoin(
            ENTRY_ROWS,
            and_(ENTRY_ROWS.c.hash == table.content, ENTRY_ROWS.c.body.is_not(None)),
        )
        .outerjoin(
            REVISION_ROWS,
            and_(REVISION_ROWS.c.hash == table.content, REVISION_ROWS.c.bytes.is_not(None)),
        )
        .where(ENTRY_ROWS.c.hash.is_(None), REVISION_ROWS.c.hash.is_(None), table.state != "erased")
    )
    for subject in connection.execute(query).scalars():
        yield Fault("content_missing", subject)
