"""A batch as it came: unpacked, hashes and signature checked, before any transaction."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import ValidationError

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.journal import body_hash, entry_hash
from sync.protocol.messages import (
    MAX_BATCH_BYTES,
    MAX_BATCH_ENTRIES,
    MAX_SERVER_ENTRY_BYTES,
    BatchHeader,
)
from sync.protocol.short_lines import expanded
from sync.protocol.signing import TIP, is_signed, tip_message
from sync.server.refusal import Refused

# The header of a batch comes on top of its lines.
MAX_UNPACKED: Final = MAX_BATCH_BYTES + 8 * 1024
Wholeness = Literal["whole", "stub", "damaged"]
_TEXTS: Final = ("device", "epoch", "kind")
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(slots=True)
class Line:
    """One entry with what its header says. `content` is the body's value if it is whole."""

    hash: str
    raw: bytes
    header: bytes
    salt: bytes | None
    body: bytes | None
    device: str
    epoch: str
    seq: int
    prev: str | None
    kind: str
    subject: str | None
    base: str | None
    schema: int
    photos: tuple[str, ...]
    wholeness: Wholeness
    claimed_time: str = ""
    operator: str = ""
    content: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    header: BatchHeader
    lines: Sequence[Line]

    @property
    def names(self) -> set[str]:
        """The entries and those that they follow."""
        return {name for line in self.lines for name in (line.hash, line.prev) if name}


def unpack(body: bytes, encoding: str, limit: int = MAX_UNPACKED) -> bytes:
    """Return the request's body as it was before compression; more than `limit` is refused."""
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise Refused(415, "encoding_unknown")
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise Refused(400, "batch_unreadable") from error
    if len(plain) > limit:
        raise Refused(413, "batch_too_large")
    if not inflater.eof:
        raise Refused(400, "batch_unreadable")
    return plain


def read_batch(plain: bytes, *, office: str, device: str, public_keys: Iterable[str]) -> Batch:
    """Return the batch in `plain`, its hashes and its tip signature checked.

    Raises:
        Refused: it is not one contiguous run of this device's entries for this office, signed.
    """
    first, _, rest = plain.partition(b"\n")
    try:
        header = BatchHeader.model_validate_json(first)
    except ValidationError as error:
        raise Refused(400, "batch_unreadable") from error
    if header.office != office:
        raise Refused(403, "other_office")
    if header.device != device:
        raise Refused(403, "other_device")
    if header.form == "short":
        rest = expanded(rest)
    lines = read_lines(rest, device)
    _require_sealed(header, rest, lines, public_keys)
    return Batch(header, lines)


def read_lines(raw: bytes, device: str) -> list[Line]:
    """Return the lines of one device in `raw`, each the child of the one before it."""
    written = raw.split(b"\n")
    if written.pop() != b"" or not 1 <= len(written) <= MAX_BATCH_ENTRIES:
        raise Refused(400, "batch_unreadable")
    lines = [read_line(line) for line in written]
    for before, line in pairwise(lines):
        if line.prev != before.hash:
            raise Refused(400, "not_contiguous")
    if any(line.device != device for line in lines):
        raise Refused(403, "other_device")
    return lines


def _require_sealed(
    header: BatchHeader, rest: bytes, lines: Sequence[Line], public_keys: Iterable[str]
) -> None:
    if header.count != len(lines) or header.tip != lines[-1].hash:
        raise Refused(400, "batch_unreadable")
    if header.batch_id != hashlib.sha256(rest).hexdigest():
        raise Refused(400, "batch_unreadable")
    message = tip_message(header.office, header.device, header.tip)
    if not any(is_signed(key, TIP, message, header.sig) for key in public_keys):
        raise Refused(403, "bad_tip_signature")


def read_line(raw: bytes) -> Line:
    """Return one entry; only a header that cannot be read is refused, never a body."""
    parts = raw.split(b"\t")
    if len(parts) != 3 or len(raw) > MAX_SERVER_ENTRY_BYTES:
        raise Refused(400, "entry_unreadable")
    header, salt, body = parts
    fields = _header_fields(header)
    line = Line(
        hash=entry_hash(header),
        raw=raw,
        header=header,
        salt=_salt(salt),
        body=None if body == b"-" else body,
        device=fields["device"],
        epoch=fields["epoch"],
        seq=fields["seq"],
        prev=fields["prev"],
        kind=fields["kind"],
        subject=fields["subject"],
        base=fields["base"],
        schema=fields["schema"],
        photos=tuple(dict.fromkeys(fields["photos"])),
        wholeness="whole",
        claimed_time=str(fields.get("claimed_time", ""))[:32],
        operator=str(fields.get("operator", ""))[:64],
    )
    _judge_body(line, fields["body_hash"])
    return line


def _judge_body(line: Line, claimed: str | None) -> None:
    """A stub has no body though its header names one; a damaged one has another body."""
    if claimed is None:
        line.salt = line.body = None
    elif line.salt is None or line.body is None:
        line.wholeness, line.salt, line.body = "stub", None, None
    elif body_hash(line.salt, line.body) != claimed:
        line.wholeness, line.salt, line.body = "damaged", None, None
    else:
        line.content = _content(line.body)


def _content(body: bytes) -> dict[str, Any] | None:
    try:
        content = from_canonical(body)
    except NotCanonical:
        return None
    return content if isinstance(content, dict) else None


def _salt(written: bytes) -> bytes | None:
    try:
        return None if written == b"-" else bytes.fromhex(written.decode("ascii"))
    except ValueError:
        return b""  # then the body does not match, and the entry is damaged


def _header_fields(header: bytes) -> dict[str, Any]:
    try:
        header.decode()
        fields = from_canonical(header)
        good = _is_header(fields)
    except (NotCanonical, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(400, "entry_unreadable") from error
    if not good:
        raise Refused(400, "entry_unreadable")
    found: dict[str, Any] = fields
    return found


def _is_header(fields: dict[str, Any]) -> bool:
    hashes = (fields["prev"], fields["base"], fields["body_hash"])
    return (
        fields["v"] == 1
        and all(type(fields[name]) is str and len(fields[name]) <= 64 for name in _TEXTS)
        and type(fields["seq"]) is int
        and 0 < fields["seq"] < 2**53
        and type(fields["schema"]) is int
        and all(value is None or is_hash(value) for value in hashes)
        and (fields["subject"] is None or str(UUID(fields["subject"])) == fields["subject"])
        and isinstance(fields["photos"], list)
        and len(fields["photos"]) <= 16
        and all(is_hash(photo) for photo in fields["photos"])
    )


def is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and _HEX.issuperset(value)
