"""Short keyed hashes of NIKs: what both ends compute alike.

`HMAC-SHA256(key, NIK)`, its first four bytes, as numbers in rising order. Of n people in the set,
somebody else's NIK is taken for one of them with a chance of n in 4,294,967,296.
"""

import hashlib
import hmac
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

HASH_BYTES: Final = 4
KEY_BYTES: Final = 32
HASHES_IN_ALL: Final = 2 ** (8 * HASH_BYTES)


def short_hash(key: bytes, nik: str) -> int:
    return int.from_bytes(hmac.digest(key, nik.encode("ascii"), hashlib.sha256)[:HASH_BYTES])


def packed_hashes(key: bytes, niks: Iterable[str]) -> bytes:
    """Return the hashes of these NIKs, sorted, each once, four bytes each."""
    found = sorted({short_hash(key, nik) for nik in niks})
    return b"".join(one.to_bytes(HASH_BYTES) for one in found)


@dataclass(frozen=True, slots=True)
class HashSet:
    """The set as a laptop looks things up in it."""

    key: bytes
    hashes: "array[int]"

    @classmethod
    def read(cls, key: bytes, packed: bytes) -> "HashSet":
        """Return the set in the bytes of all parts, one after the other.

        Raises:
            ValueError: it is no sorted run of hashes.
        """
        if len(packed) % HASH_BYTES:
            raise ValueError("cut")
        hashes = array("I", packed)
        assert hashes.itemsize == HASH_BYTES
        if sys.byteorder == "little":
            hashes.byteswap()
        if any(a >= b for a, b in pairwise(hashes)):
            raise ValueError("not sorted")
        return cls(key, hashes)

    def __contains__(self, nik: str) -> bool:
        wanted = short_hash(self.key, nik)
        at = bisect_left(self.hashes, wanted)
        return at < len(self.hashes) and self.hashes[at] == wanted

    @property
    def false_hits_in_a_million(self) -> float:
        """How often, in a million NIKs of other people, one is taken for somebody in the set."""
        return len(self.hashes) * 1_000_000 / HASHES_IN_ALL
