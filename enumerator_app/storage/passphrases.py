"""Passphrases: how strong they must be, and what deriving a key from one costs."""

import time
import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from enumerator_app.domain.errors import PassphraseTooWeak

FLOOR_KIB: Final = 64 * 1024
LEAST_CHARACTERS: Final = 15
LEAST_WORDS: Final = 5
_LEAST_DIFFERENT_CHARACTERS: Final = 5
_CALIBRATED_S: Final = (0.5, 1.0)
_MOST_KIB: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess costs: Argon2id with this much memory, this many passes and lanes."""

    memory_kib: int
    time: int
    lanes: int


def product_cost(memory_kib: int = 256 * 1024, passes: int = 3, lanes: int = 1) -> KdfCost:
    """Return a cost that a laptop of the office may use.

    Raises:
        ValueError: below the floor of 64 MiB, or fewer than two passes.
    """
    if memory_kib < FLOOR_KIB or passes < 2:
        raise ValueError("below the floor of 64 MiB and two passes")
    return KdfCost(memory_kib, passes, lanes)


def calibrated_cost() -> KdfCost:
    """Return the cost, never below the floor, that takes half a second to a second here."""
    memory_kib = FLOOR_KIB
    while memory_kib < _MOST_KIB:
        spent = _seconds(product_cost(memory_kib))
        if spent >= _CALIBRATED_S[0]:
            break
        factor = 2 if spent * 2 <= _CALIBRATED_S[1] else 1.5
        memory_kib = int(memory_kib * factor)
    return product_cost(memory_kib)


def check_passphrase(passphrase: str) -> None:
    """Refuse what can be guessed.

    Raises:
        PassphraseTooWeak: fewer than 15 characters and fewer than five words, or all alike.
    """
    kept = _normal(passphrase)
    long_enough = len(kept) >= LEAST_CHARACTERS or len(kept.split()) >= LEAST_WORDS
    if not long_enough or len(set(kept)) < _LEAST_DIFFERENT_CHARACTERS:
        raise PassphraseTooWeak(characters=LEAST_CHARACTERS, words=LEAST_WORDS)


def derived_key(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    """Return the 32 bytes that this passphrase stands for under this salt."""
    return hash_secret_raw(
        secret=_normal(passphrase).encode(),
        salt=salt,
        time_cost=cost.time,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )


def _normal(passphrase: str) -> str:
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def _seconds(cost: KdfCost) -> float:
    started = time.perf_counter()
    derived_key("calibration", bytes(16), cost)
    return time.perf_counter() - started
