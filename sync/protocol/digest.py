"""An order-free digest over (subject, hash of its current revision): equal sets, equal sums.

One sum is the addition modulo 2^128 of the first 16 bytes of SHA-256(subject bytes || revision
bytes) over all subjects in it; the digest of a device is SHA-256 over its 256 bucket sums (by the
last byte of the subject, since the first bytes of a UUIDv7 are a clock).
"""

import hashlib
from collections.abc import Iterable
from typing import Final
from uuid import UUID

BUCKETS: Final = 256
_MODULUS: Final = 2**128


def term(subject: UUID, revision: str) -> int:
    """Return what one subject adds to its bucket; subtract it when the revision is replaced."""
    digest = hashlib.sha256(subject.bytes + bytes.fromhex(revision)).digest()
    return int.from_bytes(digest[:16])


def bucket_of(subject: UUID) -> int:
    return subject.bytes[-1]


def bucket_sums(states: Iterable[tuple[UUID, str]]) -> list[int]:
    """Return the 256 sums over (subject, revision hash) pairs."""
    sums = [0] * BUCKETS
    for subject, revision in states:
        bucket = bucket_of(subject)
        sums[bucket] = (sums[bucket] + term(subject, revision)) % _MODULUS
    return sums


def sums_as_text(sums: Iterable[int]) -> list[str]:
    return [f"{value:032x}" for value in sums]


def digest_of(sums: Iterable[int]) -> str:
    """Return the digest of all buckets as 64 hexadecimal digits."""
    return hashlib.sha256("".join(sums_as_text(sums)).encode()).hexdigest()
