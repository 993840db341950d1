"""After a restore: laptops offer the notices they kept, and the office takes back what it forgot.

A decision is taken back by its own signature, and told again in the feed of everyone who holds the
record: what is adopted silently would be forgotten by the next restore. Notices of acceptance need
nothing, since the entries themselves come again.

What the office or a laptop did meanwhile is not undone: a decision that does not follow the
record's present revision is kept in the chain, and changes the record only if it left the office
(a list at the insurer cannot be unsent). Two decisions about the same revision are a case.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, delete, insert, select, update

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.states import DECISIONS
from sync.protocol.messages import FeedItem, ReofferRequest
from sync.protocol.signing import REVISION, opened_document
from sync.server.batches.answering import answer_rows
from sync.server.batches.register import LISTS, declare_lacking
from sync.server.bulk import write_all
from sync.server.chain import HEAD_ID, read_chain, revision_hash
from sync.server.cover_tables import ENDING_ROWS
from sync.server.covering.kept_beside import KIND as PAYMENTS
from sync.server.device_notices import tell_written
from sync.server.feed import Feeds, Notice, read_heads, unsigned_bytes
from sync.server.ingest.cases import CASES, Case, Cases
from sync.server.ingest.run import lock_identities
from sync.server.office import Office, enter_new_epoch
from sync.server.operators import REMOVED, note_removed
from sync.server.quota.settling import settle_subjects
from sync.server.resolving.revising import columns_of
from sync.server.rotating import learn_certificates
from sync.server.tables import (
    ENTRY_ROWS,
    ERASURE_ROWS,
    FEED_ROWS,
    REVISION_ROWS,
    SERVER_HEAD_ROWS,
    SUBJECT_ROWS,
)

Outcome = Literal["known", "adopted", "erased", "bad_signature"]
_ENDING: Final = {
    "ended_reason": "reason", "ended_on": "ended_on", "at": "at", "officer": "officer",
}  # fmt: skip
_STATES_A_RECORD: Final = frozenset({"decision", "revision"})
_LEFT_THE_OFFICE: Final = frozenset({"submitted", "enrolled", "refused", "ended"})


def take_back(
    office: Office, connection: Connection, device: str, message: ReofferRequest
) -> list[Outcome]:
    """Adopt the server revisions among the notices that this database does not know."""
    return [_Recovery(office, connection, device).take(notice) for notice in message.notices]


def note_if_set_back(office: Office, device: str, message: ReofferRequest) -> None:
    """Enter a new epoch if this office signed a notice in its present one and lacks it.

    Then the whole disk went back to an earlier day, and nobody said so. From now on laptops offer
    again what they keep, and nothing leaves for the insurer until all were heard and somebody said
    which list was the last: the files beside the database went back with it.
    """
    learn_certificates(office, message.certificates)
    with office.database.reading() as connection:
        lost = _Recovery(office, connection, device).is_lost
        went_back = any(lost(notice) for notice in message.notices)
    if went_back:
        enter_new_epoch(office)
        for kind in (LISTS, PAYMENTS):
            declare_lacking(office.home, kind)


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
        return self._take_proven(fields, notice.bytes)

    def _take_proven(self, fields: dict[str, Any], written: str) -> Outcome:
        if fields["kind"] == REMOVED:
            return self._remove_again(fields, written)
        subject, revision = fields.get("subject"), fields.get("revision")
        if subject is None or revision is None or fields["kind"] not in _STATES_A_RECORD:
            return "known"
        if self._has(ERASURE_ROWS.c.subject, subject):
            return "erased"
        if self._has(REVISION_ROWS.c.hash, revision):
            return "known"
        self._adopt(fields, written)
        return "adopted"

    def _remove_again(self, fields: dict[str, Any], written: str) -> Outcome:
        """End an operator's work as it was ended before; told again, as every adopted notice."""
        operator, at = str(fields["operator"]), str(fields["at"])
        if not note_removed(self.connection, self.device, operator, at):
            return "known"
        tell_written(self.connection, self.device, REMOVED, written)
        return "adopted"

    def is_lost(self, notice: FeedItem) -> bool:
        """Return whether this office signed a notice in its present epoch and does not know it."""
        if notice.kind not in _STATES_A_RECORD or notice.bytes is None:
            return False
        fields = self._proven(notice)
        if fields is None or fields.get("server_epoch") != self.office.server_epoch:
            return False
        return not self._has(REVISION_ROWS.c.hash, str(fields.get("revision")))

    def _proven(self, notice: FeedItem) -> dict[str, Any] | None:
        try:
            raw = (notice.bytes or "").encode()
            fields = opened_document(raw, REVISION, self.office.issuer.public_keys)
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
        told = Notice(str(fields["kind"]), fields["subject"], fields["revision"], written)
        query = select(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == fields["subject"])
        record = self.connection.execute(query).one_or_none()
        if record is None:
            self._make_record(fields, content)
            self._note_ending(fields)
            self._tell(None, told)
        elif self._moves(record, fields):
            self._move_record(record, fields, content)
            self._note_ending(fields)
            self._tell(record.revision, told)
        else:
            self._tell(record.revision, told, self._present(record))
        answer_rows(self.connection, fields["subject"])
        settle_subjects(self.connection, [fields["subject"]], self.office.now())

    def _content(self, fields: dict[str, Any]) -> str:
        """Return what holds the body: the revision itself, or what its base stands on."""
        if "body" in fields:
            return str(fields["revision"])
        base = fields.get("base")
        query = select(REVISION_ROWS.c.content).where(REVISION_ROWS.c.hash == base)
        return str(self.connection.execute(query).scalar() or base)

    def _moves(self, record: Any, fields: dict[str, Any]) -> bool:
        """Return whether an adopted revision becomes the present one of its record."""
        base, is_decided = fields.get("base"), self._has(REVISION_ROWS.c.hash, record.revision)
        if record.revision == base or not (is_decided or self._is_here(base)):
            return True  # it follows; or what it follows will come again after it
        if self._follows(record.revision, fields["revision"]):
            return False
        if is_decided or "body" in fields:
            cases = Cases()
            cases.open(Case("decided_twice", self.device, (record.id,), (_state(fields),)))
            write_all(self.connection, [(CASES, cases.rows(self.office.now()))])
        if "body" in fields:
            return False  # its values stay in the chain; those of today are not replaced
        return _state(fields) in _LEFT_THE_OFFICE or not (is_decided or _is_approval(fields))

    def _is_here(self, revision: Any) -> bool:
        return self._has(ENTRY_ROWS.c.hash, revision) or self._has(REVISION_ROWS.c.hash, revision)

    def _follows(self, later: str, earlier: str) -> bool:
        """Return whether one of the office's revisions stands on another, at any distance."""
        table = REVISION_ROWS.c
        found: str | None = later
        while found is not None and found != earlier:
            found = self.connection.execute(select(table.base).where(table.hash == found)).scalar()
        return found == earlier

    def _make_record(self, fields: dict[str, Any], content: str) -> None:
        values = {
            "id": fields["subject"], "content": content, "number": fields.get("number"),
            "device": self.device, "nik": "", "name": "", "village_code": "", "severity": "",
            "registered_at": "", "received_at": self.office.now(), **_stated(fields),
        }  # fmt: skip
        if "body" in fields:  # it may be all that ever comes of this record
            values |= columns_of(fields["body"])
            values["registered_at"] = str(fields["body"].get("registered_at") or "")
        self.connection.execute(insert(SUBJECT_ROWS).values(values))

    def _move_record(self, record: Any, fields: dict[str, Any], content: str) -> None:
        """Let the record be at the adopted revision; what a laptop corrected since then stays."""
        values = _stated(fields)
        is_next = record.revision == fields.get("base")
        if "body" in fields or (is_next and self._has(ENTRY_ROWS.c.hash, content)):
            values["content"] = content
        change = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == record.id)
        self.connection.execute(change.values(values))

    def _note_ending(self, fields: dict[str, Any]) -> None:
        """Know again whose cover the office ended, why and when; and of whom that was undone."""
        subject = fields["subject"]
        self.connection.execute(delete(ENDING_ROWS).where(ENDING_ROWS.c.subject == subject))
        if fields.get("state") == "ended" and all(fields.get(name) for name in _ENDING):
            values = {column: fields[name] for name, column in _ENDING.items()}
            self.connection.execute(insert(ENDING_ROWS).values(subject=subject, **values))

    def _present(self, record: Any) -> Notice:
        """Return the notice of the revision that a record stays at."""
        table = REVISION_ROWS.c
        raw = self.connection.execute(
            select(table.bytes).where(table.hash == record.revision)
        ).scalar()
        if raw is not None:
            fields = from_canonical(raw.encode())["fields"]
            return Notice(str(fields["kind"]), record.id, record.revision, raw)
        fields = {
            "kind": "accepted", "subject": record.id, "number": record.number,
            "state": record.state if record.state in DECISIONS else None,
            "at": self.office.now(), "code": None,
            "server_epoch": self.office.server_epoch, "revision": record.revision,
            "entry": record.revision, "outcome": "accepted",
        }  # fmt: skip
        return Notice("accepted", record.id, record.revision, unsigned_bytes(fields))

    def _tell(self, before: str | None, *notices: Notice) -> None:
        subject = str(notices[0].subject)
        query = select(FEED_ROWS.c.device).distinct().where(
            FEED_ROWS.c.subject == subject, FEED_ROWS.c.revision.is_not(None)
        )  # fmt: skip
        holders = set(self.connection.execute(query).scalars())
        heads = read_heads(self.connection, holders | {self.device}, lock=True)
        feeds = Feeds({head.device: head for head in heads})
        for device in sorted(holders | {self.device}):
            if before is not None and device in holders:
                feeds.acknowledged[device, subject] = before
            for notice in notices:
                feeds.emit(device, notice)
        write_all(self.connection, feeds.writes())


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a record that a revision states."""
    values = {"revision": fields["revision"], "state": _state(fields)}
    values |= {name: fields[name] for name in ("kpj", "cover_from", "cover_to") if name in fields}
    if "export" in fields:
        values["export_id"] = fields["export"]
    return values


def _is_approval(fields: dict[str, Any]) -> bool:
    """Whether it says that somebody looked: of what was corrected since then, nobody did."""
    return _state(fields) == "verified"


def _state(fields: dict[str, Any]) -> str:
    state = fields.get("state")
    return state if state in DECISIONS else "registered"
