"""Five words by chance, and how hard a passphrase is to guess. No Qt, no disk but the list."""

import math
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Final

from enumerator_app.resource_files import resource_path

OFFERED: Final = 5
LEAST_CHARACTERS: Final = 15
LEAST_WORDS: Final = 5
LEAST_DIFFERENT: Final = 5
_STRONG_BITS: Final = 50
_BITS_A_LETTER: Final = 2.0  # of a sentence a person made up; chosen words are counted by the list


class Strength(Enum):
    """How a passphrase would hold. TOO_SHORT is what the key file refuses as well."""

    NONE = 0
    TOO_SHORT = 1
    ENOUGH = 2
    STRONG = 3


@cache
def word_list() -> tuple[str, ...]:
    """Return the words that may be offered."""
    return tuple(resource_path("words", "passphrase_id.txt").read_text("utf-8").split())


def offered_words(
    words: Sequence[str] = (), choose: Callable[[Sequence[str]], str] = secrets.choice
) -> str:
    """Return five words chosen by chance, with blanks between them."""
    listed = words or word_list()
    return " ".join(choose(listed) for _ in range(OFFERED))


def normal(passphrase: str) -> str:
    """Return the passphrase with single blanks, as the key file reads it."""
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def strength(passphrase: str) -> Strength:
    """Return how well it would hold, after the same least demands as the key file's."""
    kept = normal(passphrase)
    if not kept:
        return Strength.NONE
    long_enough = len(kept) >= LEAST_CHARACTERS or len(kept.split()) >= LEAST_WORDS
    if not long_enough or len(set(kept)) < LEAST_DIFFERENT:
        return Strength.TOO_SHORT
    return Strength.STRONG if _bits(kept) >= _STRONG_BITS else Strength.ENOUGH


def _bits(kept: str) -> float:
    listed = set(word_list())
    a_word = math.log2(len(listed))
    return sum(
        a_word if word in listed else min(len(word), len(set(word)) * 2) * _BITS_A_LETTER
        for word in set(kept.split())
    )
