"""After a restore: laptops offer the notices they kept, and the office takes back what it forgot.

A decision is taken back by its own signature, and told again in the feed of everyone who holds the
record: what is adopted silently would be forgotten by the next restore. Notices of acceptance need
nothing, since the entries themselves come again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.states import DECISIONS
from sync.protocol.messages import FeedItem
from sync.protocol.signing import REVISION, opened_document
from sync.server.bulk import write_all
from sync.server.chain import HEAD_ID, read_chain, revision_hash
from sync.server.feed import Feeds, Notice, read_heads
from sync.server.ingest.run import lock_identities
from sync.server.office import Office
from sync.server.tables import (
    ENTRY_ROWS,
    ERASURE_ROWS,
    FEED_ROWS,
    REVISION_ROWS,
    SERVER_HEAD_ROWS,
    SUBJECT_ROWS,
)

Outcome = Literal["known", "adopted", "erased", "bad_signature"]
_STATES_A_RECORD: Final = frozenset({"decision", "revision"})


def take_back(
    office: Office, connection: Connection, device: str, notices: Sequence[FeedItem]
) -> list[Outcome]:
    """Adopt the server revisions among `notices` that this database does not know."""
    return [_Recovery(office, connection, device).take(notice) for notice in notices]


@dataclass(slots=True)
class _Recovery:
    office: Office
    connection: Connection
    device: str

    def take(self, notice: FeedItem) -> Outcome:
        if notice.kind == "accepted" or notice.bytes is None:
            return "known"
        fields = self._proven(notice)
        if fields is None:
            return "bad_signature"
        subject, revision = fields.get("subject"), fields.get("revision")
        if subject is None or revision is None or fields["kind"] not in _STATES_A_RECORD:
            return "known"
        if self._has(ERASURE_ROWS.c.subject, subject):
            return "erased"
        if self._has(REVISION_ROWS.c.hash, revision):
            return "known"
        self._adopt(fields, notice.bytes)
        return "adopted"

    def _proven(self, notice: FeedItem) -> dict[str, Any] | None:
        try:
            raw = (notice.bytes or "").encode()
            fields = opened_document(raw, REVISION, self.office.issuer.public_key)
            if fields is None or fields.get("revision") in {None, revision_hash(fields)}:
                return fields
        except (NotCanonical, KeyError, TypeError, ValueError):
            pass
        return None

    def _has(self, column: Any, value: str) -> bool:
        return self.connection.execute(select(column).where(column == value)).first() is not None

    def _adopt(self, fields: dict[str, Any], written: str) -> None:
        """Put the revision into the chain as it was signed, and its state into the record."""
        if self.connection.dialect.name == "postgresql":
            lock_identities(self.connection, subjects=[fields["subject"]], niks=())
        content = self._content(fields)
        chain = read_chain(self.connection, self.office.issuer, lock=True)
        row = {
            "hash": fields["revision"], "n": chain.n + 1, "subject": fields["subject"],
            "base": fields.get("base"), "parents": json.dumps(fields.get("parents", [])),
            "author": str(fields.get("officer", "")), "content": content, "bytes": written,
            "kept": json.dumps(fields.get("kept", [])),
        }  # fmt: skip
        self.connection.execute(insert(REVISION_ROWS).values(row))
        head = update(SERVER_HEAD_ROWS).where(SERVER_HEAD_ROWS.c.id == HEAD_ID)
        self.connection.execute(head.values(n=chain.n + 1, hash=fields["revision"]))
        before = self._record(fields, content)
        self._tell(fields, written, before)

    def _content(self, fields: dict[str, Any]) -> str:
        """Return what holds the body: the revision itself, or what its base stands on."""
        if "body" in fields:
            return str(fields["revision"])
        base = fields.get("base")
        query = select(REVISION_ROWS.c.content).where(REVISION_ROWS.c.hash == base)
        return str(self.connection.execute(query).scalar() or base)

    def _record(self, fields: dict[str, Any], content: str) -> str | None:
        """Move the record to the adopted revision; return the revision it was at."""
        table = SUBJECT_ROWS.c
        stated = {"revision": fields["revision"], "state": _state(fields)}
        stated |= {
            name: fields[name] for name in ("kpj", "cover_from", "cover_to") if name in fields
        }
        if "export" in fields:
            stated["export_id"] = fields["export"]
        query = select(table.revision, table.content).where(table.id == fields["subject"])
        row = self.connection.execute(query).one_or_none()
        if row is None:
            values = {
                "id": fields["subject"], "content": content, "number": fields.get("number"),
                "device": self.device, "nik": "", "name": "", "village_code": "", "severity": "",
                "registered_at": "", "received_at": self.office.now(), **stated,
            }  # fmt: skip
            self.connection.execute(insert(SUBJECT_ROWS).values(values))
            return None
        if self._has(ENTRY_ROWS.c.hash, content) or "body" in fields:
            stated["content"] = content
        change = update(SUBJECT_ROWS).where(table.id == fields["subject"])
        self.connection.execute(change.values(stated))
        return str(row.revision)

    def _tell(self, fields: dict[str, Any], written: str, before: str | None) -> None:
        subject = str(fields["subject"])
        query = select(FEED_ROWS.c.device).distinct().where(
            FEED_ROWS.c.subject == subject, FEED_ROWS.c.revision.is_not(None)
        )  # fmt: skip
        holders = set(self.connection.execute(query).scalars())
        heads = read_heads(self.connection, holders | {self.device}, lock=True)
        feeds = Feeds({head.device: head for head in heads})
        notice = Notice(str(fields["kind"]), subject, str(fields["revision"]), written)
        for device in sorted(holders | {self.device}):
            if before is not None and device in holders:
                feeds.acknowledged[device, subject] = before
            feeds.emit(device, notice)
        write_all(self.connection, feeds.writes())


def _state(fields: dict[str, Any]) -> str:
    state = fields.get("state")
    return state if state in DECISIONS else "registered"
