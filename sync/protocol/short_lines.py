"""The lines of a batch without the two hashes that a receiver can compute itself.

Hashes do not compress: `prev` and `body_hash` are a third of a batch on the wire. `prev` is the
hash of the line before, `body_hash` that of salt and body, so both may be written `"~"`. Expanding
gives the very bytes again, and the batch id over them proves it.
"""

from collections.abc import Sequence
from typing import Final

from enumerator_app.domain.journal import body_hash, entry_hash

_LEFT_OUT: Final = b'"~"'
_PREV: Final = b'"prev":'
_BODY_HASH: Final = b'"body_hash":'


def shortened(lines: Sequence[bytes]) -> bytes | None:
    """Return the lines in short form; None if some line holds the mark itself."""
    short: list[bytes] = []
    previous: str | None = None
    for line in lines:
        header, _, rest = line.partition(b"\t")
        if _PREV + _LEFT_OUT in header or _BODY_HASH + _LEFT_OUT in header:
            return None
        name = entry_hash(header)
        if previous is not None:
            header = _replaced(header, _PREV, previous)
        if own := _own_body_hash(rest.removesuffix(b"\n")):
            header = _replaced(header, _BODY_HASH, own)
        short.append(b"\t".join((header, rest)))
        previous = name
    return b"".join(short)


def expanded(short: bytes) -> bytes:
    """Return the lines as they were before they were shortened."""
    lines: list[bytes] = []
    previous = ""
    for line in short.split(b"\n"):
        header, tab, rest = line.partition(b"\t")
        if not tab:
            lines.append(line)
            continue
        header = _put_back(header, _PREV, previous)
        if _BODY_HASH + _LEFT_OUT in header:
            header = _put_back(header, _BODY_HASH, _own_body_hash(rest) or "")
        previous = entry_hash(header)
        lines.append(b"\t".join((header, rest)))
    return b"\n".join(lines)


def _own_body_hash(rest: bytes) -> str | None:
    """Return the hash of salt and body as they stand there; None if one of them does not."""
    salt, _, body = rest.partition(b"\t")
    try:
        return body_hash(bytes.fromhex(salt.decode("ascii")), body)
    except ValueError:
        return None


def _replaced(header: bytes, key: bytes, value: str) -> bytes:
    return header.replace(key + b'"' + value.encode() + b'"', key + _LEFT_OUT)


def _put_back(header: bytes, key: bytes, value: str) -> bytes:
    return header.replace(key + _LEFT_OUT, key + b'"' + value.encode() + b'"')
