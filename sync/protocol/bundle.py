"""The flash drive's two files: what a laptop carries to the office, and the office's answer.

A file is one line that anybody may read (which office, which laptop, which of the two, for whose
key it is sealed), then an age ciphertext for that key. Inside stand members, one after the other: a
head `{"name","size"}` in canonical form, a line feed, and so many bytes. The first is the manifest.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final, Literal

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import KnownError, NotCanonical

BundleKind = Literal["bundle", "answer"]
Key = Ed25519PrivateKey | str
"""A key that opens: an Ed25519 key, or an age identity as text."""
MAGIC: Final = b"TP1 "
MANIFEST: Final = "manifest"
BATCH: Final = "batch"
PHOTO: Final = "photo:"
NOTICES: Final = "notices"
RECEIPTS: Final = "receipts"
PAGE: Final = "feed"
DOCUMENT: Final = "document:"
PART: Final = "part:"
CONTENTS: Final = "contents"
MOST_MEMBER_BYTES: Final = 5 * 1024 * 1024  # a batch has 4 MiB and its header
_MOST_HEAD: Final = 1024
_PIECE: Final = 64 * 1024


class BundleUnreadable(KnownError):
    """The file is no bundle, is damaged, or was cut off."""

    code: ClassVar[str] = "bundle_unreadable"
    exit_code: ClassVar[int] = 7


class BundleGone(BundleUnreadable):
    """The file cannot be opened or read on: the drive was pulled out, or it is not there."""

    code: ClassVar[str] = "bundle_gone"
    exit_code: ClassVar[int] = 2


class BundleIsFolder(BundleGone):
    """Not a file, but a folder, `name`, was given."""

    code: ClassVar[str] = "bundle_is_folder"


class NoBundleBelow(BundleUnreadable):
    """No file of a laptop lies in the folder `name`, or below it."""

    code: ClassVar[str] = "no_bundle_below"
    exit_code: ClassVar[int] = 2


class BundleForeign(KnownError):
    """The file is for another office or laptop, or comes from one that is not known."""

    code: ClassVar[str] = "bundle_foreign"
    exit_code: ClassVar[int] = 2


class BundleForLostKey(BundleForeign):
    """The file is for this laptop, but sealed to a key that it no longer has."""

    code: ClassVar[str] = "bundle_lost_key"


@dataclass(frozen=True, slots=True)
class BundleHead:
    """The open line: `kid` is the key id that the rest is sealed to."""

    kind: BundleKind
    office: str
    device: str
    kid: str


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    content: bytes


def write_sealed(
    sink: BinaryIO,
    head: BundleHead,
    members: Iterable[Member],
    public_key: str,
    recovery: str | None = None,
) -> None:
    """Write a file for the holder of an Ed25519 key (64 hexadecimal digits); one member at a time.

    `recovery` is an age recipient that can open it as well, should that key be gone.

    Raises:
        OSError: the place cannot be written.
    """
    fields = {"v": 1, "kind": head.kind, "office": head.office}
    line = canonical_bytes({**fields, "device": head.device, "kid": head.kid})
    sink.write(MAGIC + line + b"\n")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    written = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    recipients: list[Any] = [pyrage.ssh.Recipient.from_str(written)]
    if recovery is not None:
        recipients.append(pyrage.x25519.Recipient.from_str(recovery))
    source = _Stream(_framed(members))
    try:
        pyrage.encrypt_io(source, sink, recipients)
    except (OSError, pyrage.EncryptError) as error:  # what the source raised comes wrapped
        raise source.raised or error from error


def read_head(source: BinaryIO) -> BundleHead:
    """Return the open line, and leave `source` behind it.

    Raises:
        BundleGone: the file could not be read.
        BundleUnreadable: no such line.
    """
    try:
        line = source.readline(_MOST_HEAD)
    except OSError as error:
        raise BundleGone from error
    try:
        fields = from_canonical(line.removeprefix(MAGIC).rstrip(b"\n"))
        head = BundleHead(*(fields[name] for name in ("kind", "office", "device", "kid")))
        is_head = line.startswith(MAGIC) and fields["v"] == 1
    except (NotCanonical, KeyError, TypeError) as error:
        raise BundleUnreadable from error
    if not is_head or head.kind not in {"bundle", "answer"}:
        raise BundleUnreadable
    return head


def read_members(source: BinaryIO, keys: Iterable[Key], take: Callable[[Member], None]) -> None:
    """Give each member to `take` as soon as it was decrypted whole.

    Raises:
        BundleForeign: sealed to none of `keys`.
        BundleGone: the file could not be read on.
        BundleUnreadable: cut, damaged or too large. Members that were given out before were
            proven to be as they were written, also where the file is gone by now.
        OSError, or any other: what `take` raised, as it is.
    """
    reader, watched = _Reader(take), _Source(source)
    identities = [_identity(key) for key in keys]
    try:
        pyrage.decrypt_io(watched, reader, identities)
    except (OSError, pyrage.DecryptError) as error:
        if watched.raised is not None:
            raise BundleGone from error
        if reader.raised is None and isinstance(error, pyrage.DecryptError):
            raise BundleForeign from error
        raise reader.raised or BundleUnreadable() from error
    if reader.raised is not None:
        raise reader.raised
    if reader.is_midway:
        raise BundleUnreadable


def manifest_member(fields: dict[str, Any], signature: str) -> Member:
    return Member(MANIFEST, canonical_bytes({"fields": fields, "sig": signature}))


def manifest_of(member: Member) -> tuple[dict[str, Any], str]:
    """Return the fields and the signature of a manifest, not checked yet.

    Raises:
        BundleUnreadable: it is none.
    """
    try:
        parsed = from_canonical(member.content)
        fields, signature = parsed["fields"], str(parsed["sig"])
    except (NotCanonical, KeyError, TypeError) as error:
        raise BundleUnreadable from error
    if member.name != MANIFEST or not isinstance(fields, dict):
        raise BundleUnreadable
    return fields, signature


def head_of(path: Path) -> BundleHead:
    """Return the open line of a file.

    Raises:
        BundleGone: it cannot be opened or read.
        BundleUnreadable: it has none.
    """
    with _opened(path) as source:
        return read_head(source)


def read_file(path: Path, keys: Iterable[Key], take: Callable[[Member], None]) -> BundleHead:
    """Read one file from its open line to its end.

    Raises:
        BundleGone, BundleUnreadable: see `read_members`; or the file cannot be opened.
        OSError, or any other: what `take` raised, as it is.
    """
    with _opened(path) as source:
        head = read_head(source)
        read_members(source, keys, take)
        return head


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        if path.is_dir():
            raise BundleIsFolder(name=path.name or str(path)) from error
        raise BundleGone from error


def _framed(members: Iterable[Member]) -> Iterator[bytes]:
    for member in members:
        yield canonical_bytes({"name": member.name, "size": len(member.content)}) + b"\n"
        yield member.content


def _identity(key: Key) -> Any:
    if isinstance(key, str):
        return pyrage.x25519.Identity.from_str(key)
    written = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return pyrage.ssh.Identity.from_buffer(written)


class _Stream:
    """Pieces of bytes as the file that age reads from; keeps what a piece raised."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""
        self.raised: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        wanted = size if size > 0 else _PIECE
        while not self._left:
            try:
                self._left = next(self._pieces)
            except StopIteration:
                return b""
            except BaseException as error:
                self.raised = error
                raise
        given, self._left = self._left[:wanted], self._left[wanted:]
        return given


class _Source:
    """The file that age reads from; keeps what reading it raised, which comes wrapped."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.raised: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            self.raised = error
            raise


class _Reader:
    """The file that age writes to: cuts members out of what comes."""

    def __init__(self, take: Callable[[Member], None]) -> None:
        self._take = take
        self._held = bytearray()
        self._head: tuple[str, int] | None = None
        self.raised: BaseException | None = None

    @property
    def is_midway(self) -> bool:
        return self._head is not None or bool(self._held)

    def write(self, piece: bytes) -> int:
        if self.raised is not None:
            # age hands on what it held once more after an error: the first one says what happened.
            raise self.raised
        self._held += piece
        try:
            while self._cut():
                pass
        except BaseException as error:
            self.raised = error
            raise
        return len(piece)

    def flush(self) -> None:
        """Nothing waits: members are given out as they come."""

    def _cut(self) -> bool:
        """Take one head or one content off the front; False if it is not whole yet."""
        if self._head is None:
            return self._cut_head()
        name, size = self._head
        if len(self._held) < size:
            return False
        self._head = None
        self._take(Member(name, self._taken(size)))
        return True

    def _cut_head(self) -> bool:
        end = self._held.find(b"\n", 0, _MOST_HEAD)
        if end < 0:
            if len(self._held) >= _MOST_HEAD:
                raise BundleUnreadable
            return False
        try:
            fields = from_canonical(self._taken(end + 1))
            name, size = str(fields["name"]), fields["size"]
        except (NotCanonical, KeyError, TypeError) as error:
            raise BundleUnreadable from error
        if type(size) is not int or not 0 <= size <= MOST_MEMBER_BYTES:
            raise BundleUnreadable
        self._head = name, size
        return True

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken
