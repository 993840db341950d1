"""Journal entries: immutable, named by their hash, chained through `prev`.

The header is hashed and stays for ever; the body lies beside it under a salt, so that erasing a
person deletes body and salt while the chain still verifies. These forms cannot change within
version 1 (docs/protocol.md).
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import EntryTooLarge, NotCanonical

JOURNAL_VERSION: Final = 1
BODY_SCHEMA: Final = 1
MAX_HEADER_BYTES: Final = 8 * 1024
MAX_ENTRY_BYTES: Final = 64 * 1024
SALT_BYTES: Final = 16

EntryKind = Literal[
    "epoch_start", "register", "correct", "withdraw", "consent", "visit_open", "visit_close",
    "attend", "card_printed", "operator_removed_seen", "rekey", "operator_seal", "erased_here",
    "listed", "ticket", "rest",
]  # fmt: skip
Clock = Literal["ok", "uncertain"]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one chain: the epoch it is in, the number and the hash of its last entry."""

    epoch: str
    seq: int
    hash: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be journalled: everything of an entry that does not come from the chain."""

    kind: EntryKind
    subject: UUID | None
    base: str | None
    body: dict[str, Any] | None
    operator: UUID
    claimed_time: str
    photos: tuple[str, ...] = ()
    clock: Clock = "ok"
    app: str = ""
    schema: int = BODY_SCHEMA


@dataclass(frozen=True, slots=True)
class Entry:
    """One immutable change as bytes: `body` and `salt` are None in a stub or an erased entry."""

    header: bytes
    salt: bytes | None
    body: bytes | None

    @property
    def hash(self) -> str:
        return entry_hash(self.header)

    @property
    def fields(self) -> dict[str, Any]:
        """The header as a dictionary; NotCanonical if its bytes are not one."""
        fields = from_canonical(self.header)
        if not isinstance(fields, dict):
            raise NotCanonical(detail="header")
        return fields


def new_epoch() -> str:
    """Return 64 random bits: two copies of one laptop never open the same epoch."""
    return secrets.token_hex(8)


def entry_hash(header: bytes) -> str:
    return hashlib.sha256(b"TP1-entry\n" + header).hexdigest()


def body_hash(salt: bytes, body: bytes) -> str:
    return hashlib.sha256(b"TP1-body\n" + salt + body).hexdigest()


def body_matches(entry: Entry, header: dict[str, Any]) -> bool:
    """Return whether the body is the one that the header names; a stub matches nothing."""
    if entry.salt is None or entry.body is None:
        return False
    return bool(body_hash(entry.salt, entry.body) == header["body_hash"])


def make_entry(statement: Statement, *, device: UUID, head: Head) -> Entry:
    """Return the entry that follows `head` and says `statement`.

    Raises:
        NotCanonical: a value has no canonical form.
        EntryTooLarge: over 64 KiB in all, or a header over 8 KiB.
    """
    salt = body = None
    if statement.body is not None:
        body = canonical_bytes({"schema": statement.schema, **statement.body})
        salt = secrets.token_bytes(SALT_BYTES)
    header = canonical_bytes(_header(statement, device, head, salt, body))
    if len(header) > MAX_HEADER_BYTES or len(header) + len(body or b"") > MAX_ENTRY_BYTES:
        raise EntryTooLarge(limit=MAX_ENTRY_BYTES // 1024)
    return Entry(header, salt, body)


def _header(
    statement: Statement, device: UUID, head: Head, salt: bytes | None, body: bytes | None
) -> dict[str, Any]:
    hashed = body_hash(salt, body) if salt is not None and body is not None else None
    return {
        "v": JOURNAL_VERSION,
        "device": str(device),
        "epoch": head.epoch,
        "seq": head.seq + 1,
        "prev": head.hash,
        "kind": statement.kind,
        "subject": str(statement.subject) if statement.subject else None,
        "base": statement.base,
        "schema": statement.schema,
        "body_hash": hashed,
        "body_size": len(body or b""),
        "photos": list(statement.photos),
        "operator": str(statement.operator),
        "claimed_time": statement.claimed_time,
        "clock": statement.clock,
        "app": statement.app,
    }


def to_line(entry: Entry) -> bytes:
    """Return `header TAB salt TAB body LF`; a stub has "-" for salt and body."""
    salt = entry.salt.hex().encode() if entry.salt is not None else b"-"
    body = entry.body if entry.body is not None else b"-"
    return b"\t".join((entry.header, salt, body)) + b"\n"


def from_line(line: bytes) -> Entry:
    """Return the entry in one wire line (with or without its line feed).

    Raises:
        NotCanonical: not three parts, or the salt is not hexadecimal.
    """
    parts = line.removesuffix(b"\n").split(b"\t")
    if len(parts) != 3:
        raise NotCanonical(detail="line")
    header, salt, body = parts
    if salt == b"-" or body == b"-":
        return Entry(header, None, None)
    try:
        return Entry(header, bytes.fromhex(salt.decode("ascii")), body)
    except ValueError as error:
        raise NotCanonical(detail="salt") from error
