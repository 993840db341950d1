"""Applies a page of the office's feed: every notice kept, its effect, and the cursor, at once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from pydantic import ValidationError

from enumerator_app.domain.errors import OfficeNotProven
from enumerator_app.domain.journal import EntryKind
from enumerator_app.domain.registration import body_of, registration_from_body
from enumerator_app.storage.acknowledging import acknowledge
from enumerator_app.storage.bodies import body_at
from enumerator_app.storage.brought import forget_brought
from enumerator_app.storage.device_keys import answer_wish
from enumerator_app.storage.erasing import erase_subject
from enumerator_app.storage.key_file import read_key_file, write_key_file
from enumerator_app.storage.leaving import note_returned
from enumerator_app.storage.names_folded import folded_name
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.rows import insert_row, note_content, reindex, update_content
from enumerator_app.storage.seats import keep_seats
from enumerator_app.storage.standing import (
    Standing,
    read_standings,
    refresh_custody,
    unknown,
    write_standings,
)
from enumerator_app.storage.stopping import stopped_since
from sync.protocol.messages import RECEIVED, FeedItem, FeedPage
from sync.protocol.notices import fields_of
from sync.protocol.rekey import WANTED

if TYPE_CHECKING:
    from sqlite3 import Connection

_KEEP: Final = """
INSERT OR IGNORE INTO notice
  (feed_hash, n, digest, salt, kind, subject, revision, content, is_foreign)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5 = 'accepted' AND ?7 IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = ?7))
"""
# What was kept without effect may be let in later: the office says so by the same notice again.
_RECEIVED: Final = (
    "UPDATE entry SET stage = 'received', outcome = ?, code = ? WHERE hash = ? "
    "AND (stage = 'open' OR outcome = 'quarantined')"
)
Fields = Mapping[str, Any]


def apply_page(file: OpenFile, connection: "Connection", page: FeedPage) -> int:
    """Apply what follows this file's place in the feed; return how many notices were new.

    Raises:
        OfficeNotProven: a running hash does not continue the feed; nothing was applied.
    """
    n, hash_ = connection.execute("SELECT feed_n, feed_hash FROM sync WHERE id = 1").fetchone()
    items = [item for item in page.items if item.n > n]
    _check_chain(items, hash_)
    if not items:
        return 0
    erased = _erased(connection, {item.subject for item in items if item.subject})
    new = _keep(connection, items, erased)
    acknowledge(connection, {i.subject: i.revision for i in items if i.subject and i.revision})
    _PageEffects(file, connection, erased).apply(items, new)
    last = items[-1]
    connection.execute(
        "UPDATE sync SET feed_n = ?, feed_hash = ? WHERE id = 1", (last.n, last.hash)
    )
    return len(new)


def page_effects(file: OpenFile, connection: "Connection", kept: list[FeedItem]) -> None:
    """Let notices that are kept here happen again to a record that has come back."""
    _PageEffects(file, connection, set()).apply(kept, set())


def _check_chain(items: Iterable[FeedItem], previous: str | None) -> None:
    for item in items:
        link = bytes.fromhex(previous or "") + bytes.fromhex(item.digest)
        if hashlib.sha256(link).hexdigest() != item.hash or not _is_content_whole(item):
            raise OfficeNotProven
        previous = item.hash


def _is_content_whole(item: FeedItem) -> bool:
    if item.bytes is None or item.salt is None:
        return True  # erased: the digest stands for it
    content = bytes.fromhex(item.salt) + item.bytes.encode()
    return hashlib.sha256(content).hexdigest() == item.digest


def _erased(connection: "Connection", subjects: set[str]) -> set[str]:
    rows = connection.execute(
        "SELECT subject FROM erased WHERE subject IN (SELECT value FROM json_each(?))",
        (json.dumps(list(subjects)),),
    )
    return {row[0] for row in rows}


def _keep(connection: "Connection", items: Iterable[FeedItem], erased: set[str]) -> set[str]:
    """Keep the notices and return the hashes of new ones; of the erased, hashes only."""
    new: set[str] = set()
    for i in items:
        salt, content = (None, None) if i.subject in erased else (i.salt, i.bytes)
        values = (i.hash, i.n, i.digest, salt, i.kind, i.subject, i.revision, content)
        if connection.execute(_KEEP, values).rowcount:
            new.add(i.hash)
    return new


class _PageEffects:
    """The effects of one page on the records that it names."""

    def __init__(self, file: OpenFile, connection: "Connection", erased: set[str]) -> None:
        self._file, self._connection = file, connection
        self._erased = erased
        self._standings: dict[str, Standing] = {}
        self._bodies: dict[str, dict[str, Any]] = {}
        self._numbers: set[str] = set()

    def apply(self, items: list[FeedItem], new: set[str]) -> None:
        subjects = {item.subject for item in items if item.subject}
        self._standings = read_standings(self._connection, subjects)
        for item in items:
            fields = fields_of(item)
            if fields is not None:
                self._apply_one(item, fields, is_new=item.hash in new)
        self._write()
        refresh_custody(self._connection, subjects - self._erased)

    def _apply_one(self, item: FeedItem, fields: Fields, *, is_new: bool) -> None:
        if item.kind == "operator_removed":
            self._remove_operator(str(fields.get("operator")))
        if item.kind == "operator_removed" and is_new:
            self._answer("operator_removed_seen", {"operator": fields.get("operator")})
        if item.kind == WANTED and is_new and not stopped_since(self._connection):
            answer_wish(self._file, self._connection)
        if item.kind == "accepted":
            self._mark_received(fields)
        if item.kind in _OF_THE_OFFICE:
            _OF_THE_OFFICE[item.kind](self._connection, fields)
        if item.subject is None or item.subject in self._erased:
            return
        if item.kind == "erase":
            self._erase(item.subject)
            return
        effect = self._effects.get(item.kind)
        if effect is not None:
            standing = self._standings.get(item.subject) or unknown(item.subject)
            effect(self, standing, fields)
            if standing.position is not None or standing.subject in self._bodies:
                self._standings[item.subject] = standing

    def _remove_operator(self, operator: str) -> None:
        """Take the passphrase away before the notice counts as read: a cut between repeats it."""
        path = self._file.home.key_file
        keys = read_key_file(path)
        changed = keys.with_removed(UUID(operator))
        if changed != keys:
            write_key_file(path, changed)
        if changed.is_removed(self._file.operator.id):
            self._file.is_operator_removed = True

    def _accepted(self, standing: Standing, fields: Fields) -> None:
        if standing.pending == fields["entry"]:
            standing.pending = None
        self._take(standing, fields)

    def _decided(self, standing: Standing, fields: Fields) -> None:
        if standing.card_seal and fields.get("card") not in {None, standing.card_seal}:
            standing.printed_at = None  # the card in the worker's hand is replaced by this one
        for name, column in _DECIDED.items():
            if fields.get(name) is not None:
                setattr(standing, column, fields[name])
        standing.returned_field = fields.get("field")
        standing.returned_reason = fields.get("reason")
        self._take(standing, fields)

    def _revised(self, standing: Standing, fields: Fields) -> None:
        said = {*fields.get("parents", ()), fields.get("entry"), fields.get("revision")}
        if standing.pending in said:
            standing.pending = None
        self._take(standing, fields)

    def _numbered(self, standing: Standing, fields: Fields) -> None:
        if fields.get("number") and fields["number"] != standing.number:
            standing.number = fields["number"]
            standing.printed_at = None  # the paper in the worker's hand shows another number
            self._numbers.add(standing.subject)
        self._take(standing, fields)

    def _opened_case(self, standing: Standing, fields: Fields) -> None:
        standing.case_kind = fields.get("case_kind")
        self._take(standing, fields)

    _effects: Final[Mapping[str, Callable[["_PageEffects", Standing, Fields], None]]] = {
        "accepted": _accepted,
        "decision": _decided,
        "revision": _revised,
        "number": _numbered,
        "case": _opened_case,
    }

    def _take(self, standing: Standing, fields: Fields) -> None:
        """Show what the office has now, unless an own change still waits for its outcome."""
        if standing.pending is not None:
            return
        standing.state = fields.get("state") or standing.state
        revision = fields.get("revision")
        if revision is None or revision == standing.revision:
            return
        body = valid_body(fields.get("body") or body_at(self._connection, revision))
        if body is not None:
            standing.source = revision
            standing.number = standing.number or fields.get("number") or body.get("number", "")
            self._bodies[standing.subject] = body
        standing.revision = revision

    def _mark_received(self, fields: Fields) -> None:
        if fields["outcome"] in RECEIVED:
            values = (fields["outcome"], fields.get("code"), fields["entry"])
            self._connection.execute(_RECEIVED, values)

    def _erase(self, subject: str) -> None:
        self._standings.pop(subject, None)
        self._bodies.pop(subject, None)
        self._erased.add(subject)
        erase_subject(self._connection, subject, at=self._file.now())
        self._answer("erased_here", {}, subject)

    def _answer(self, kind: EntryKind, body: dict[str, Any], subject: str | None = None) -> None:
        """Journal that this laptop has done what a notice says."""
        self._file.append(self._connection, kind, subject, body)

    def _write(self) -> None:
        for subject, body in self._bodies.items():
            standing = self._standings[subject]
            if standing.position is None:
                standing.position = self._insert(standing, body)
            else:
                update_content(self._connection, standing.position, standing.number, body)
                note_returned(self._connection, subject, self._file.now())
            note_content(self._connection, subject, body)
        for subject in self._numbers - self._bodies.keys():
            self._reindex(self._standings[subject])
        write_standings(self._connection, self._standings.values())

    def _insert(self, standing: Standing, body: dict[str, Any]) -> int:
        columns = (
            standing.subject,
            standing.number,
            standing.state,
            "complete",
            standing.revision,
            standing.source,
            None,
        )
        return insert_row(self._connection, columns, body)

    def _reindex(self, standing: Standing) -> None:
        if standing.position is not None:
            (name,) = self._connection.execute(
                "SELECT name FROM registration WHERE id = ?", (standing.position,)
            ).fetchone()
            reindex(self._connection, standing.position, folded_name(name), standing.number)


_OF_THE_OFFICE: Final[Mapping[str, Callable[["Connection", Fields], None]]] = {
    "seats": keep_seats,
    "revoked": lambda connection, _: forget_brought(connection),
}
"""Notices about no record."""

_DECIDED: Final = {
    "kpj": "kpj",
    "cover_from": "cover_from",
    "cover_to": "cover_to",
    "card": "card_seal",
}


def valid_body(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a full body whose every field has its type; None if it is not a registration's."""
    try:
        return body_of(registration_from_body(body))
    except ValidationError:
        return None
