"""Parts of long documents: named by their hash in a document that is signed and small, so that
each may come alone, and one that a laptop has need not come again.
"""

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

WORKLIST: Final = "worklist"
DISTRICT_NIKS: Final = "district_niks"
MAX_PART_BYTES: Final = 1024 * 1024
MAX_PART_UNPACKED: Final = 8 * 1024 * 1024
MOST_PARTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """What a document says of one of its parts; `of` tells parts apart, such as by village."""

    hash: str
    size: int
    count: int
    of: str = ""


def parts_in(fields: Mapping[str, Any]) -> list[Part]:
    """Return the parts that a document names.

    Raises:
        ValueError: they are too many or too large to be fetched.
    """
    parts = [
        Part(str(one["hash"]), int(one["size"]), int(one["count"]), str(one.get("of", "")))
        for one in fields.get("parts", ())
    ]
    if len(parts) > MOST_PARTS or any(part.size > MAX_PART_BYTES for part in parts):
        raise ValueError("parts out of bounds")
    return parts


def part_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """Return a part compressed, the same bytes for the same content."""
    return gzip.compress(content, 9, mtime=0)


def unpacked(content: bytes) -> bytes:
    """Return what `packed` compressed.

    Raises:
        ValueError: it is not whole, or larger than a part may be.
    """
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(content, MAX_PART_UNPACKED + 1)
    except zlib.error as error:
        raise ValueError("not compressed") from error
    if len(plain) > MAX_PART_UNPACKED or not inflater.eof:
        raise ValueError("too large, or cut")
    return plain
