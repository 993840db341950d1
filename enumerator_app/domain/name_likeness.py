"""How like two names are, by ear and by hand: spelling, order, parts left out, names of the house.

Goes further than the folding of `names`, which other things depend on: here letters that are heard
alike may fall together, because a name alone never decides anything.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from enumerator_app.domain.names import folded_words, name_key

NameReason = Literal[
    "", "same_name", "name_twin_spelling", "name_turned", "name_contained", "name_home",
    "name_close",
]  # fmt: skip

SAYS_LITTLE: Final = frozenset(
    {"SITI", "NUR", "SRI", "MUHAMAD", "ABDUL", "AHMAD", "ADE", "ASEP", "NENENG", "DEDE", "UJANG"}
)
"""Words that so many carry that they name nobody by themselves."""

_CLOSE: Final = 80
_CLOSE_WORD: Final = 75
_OTHER: Final = 60
_CHILD_OF: Final = frozenset({"BIN", "BINTI", "B"})
_SHORT_FIRST: Final = {"M": "MUHAMAD"}
_HEARD_WORDS: Final = {"RAHMAN": "ROHMAN", "RAHIM": "ROHIM", "RAHMA": "ROHMA"}
_HOME_LETTERS: Final = 3
_CACHED: Final = 60_000


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """How like two names are, 0 to 100, and by what; "" if they are not."""

    score: int
    reason: NameReason


@lru_cache(_CACHED)
def heard_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are heard, without title and without "bin …"."""
    words = list(folded_words(name))
    for place, word in enumerate(words):
        if place and word in _CHILD_OF:
            words = words[:place]
            break
    if len(words) > 1:
        words[0] = _SHORT_FIRST.get(words[0], words[0])
    return tuple(_heard(word) for word in words)


@lru_cache(_CACHED)
def similar(one: str, other: str) -> NameLikeness:
    """Return how like two names are. Symmetric."""
    ours, theirs = heard_words(one), heard_words(other)
    if not ours or not theirs:
        return NameLikeness(0, "")
    if name_key(one) == name_key(other):
        return NameLikeness(100, "same_name")
    joined = "".join(ours), "".join(theirs)
    if joined[0] == joined[1]:
        return NameLikeness(95, "name_twin_spelling")
    if sorted(ours) == sorted(theirs):
        return NameLikeness(90, "name_turned")
    return _by_parts(ours, theirs) or _by_letters(*joined)


def are_others(one: str, other: str) -> bool:
    """Return whether these are two names: like ones of a family perhaps, but no slip of each other.

    Both by ear and as written; a name that is the start of the other is no other name.
    """
    heard = tuple("".join(heard_words(name)) for name in (one, other))
    written = tuple("".join(folded_words(name)) for name in (one, other))
    if not all(heard) or heard[0].startswith(heard[1]) or heard[1].startswith(heard[0]):
        return False
    return max(closeness(*heard), closeness(*written)) < _OTHER


def _by_parts(ours: tuple[str, ...], theirs: tuple[str, ...]) -> NameLikeness | None:
    """Judge by words: all of the shorter name are in the longer, or are its words of the house."""
    short, long = sorted((ours, theirs), key=lambda words: (len(words), words))
    left, at_home = list(long), False
    for word in short:
        found = _partner(word, left)
        if found is None:
            return None
        at_home = at_home or _is_home_name(word, found)
        left.remove(found)
    if at_home:
        return NameLikeness(75, "name_home")
    if left and all(word in SAYS_LITTLE for word in short):
        return None
    return NameLikeness(85, "name_contained") if left else NameLikeness(82, "name_close")


def _partner(word: str, words: list[str]) -> str | None:
    """Return the word of `words` that this one is, or stands for at home."""
    nearest = max(words, key=lambda other: closeness(word, other), default=None)
    if nearest is not None and closeness(word, nearest) >= _CLOSE_WORD:
        return nearest
    return next((other for other in words if _is_home_name(word, other)), None)


def _is_home_name(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _HOME_LETTERS or len(short) == len(long) or short in SAYS_LITTLE:
        return False
    return closeness(one, other) < _CLOSE_WORD and (long.startswith(short) or long.endswith(short))


def _by_letters(one: str, other: str) -> NameLikeness:
    score = closeness(one, other)
    return NameLikeness(score, "name_close" if score >= _CLOSE else "")


@lru_cache(_CACHED)
def _heard(word: str) -> str:
    heard = _HEARD_WORDS.get(word, word)
    heard = heard.replace("J", "Y").replace("O", "U").replace("AI", "E")
    heard = heard[:1] + heard[1:].replace("Y", "I")
    heard = re.sub(r"(.)\1+", r"\1", heard)
    return heard[:-1] + "D" if heard.endswith("T") else heard


@lru_cache(_CACHED)
def closeness(one: str, other: str) -> int:
    """Return 100 minus the edits (with swaps of neighbours) in per cent of the longer text."""
    if one == other:
        return 100
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return 100 - 100 * row[-1] // max(len(one), len(other), 1)
