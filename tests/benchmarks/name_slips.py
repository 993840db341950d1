"""How one name comes to stand in two ways: spelling, slips, titles, parts left out, home names."""

import random
import re
import tomllib
from pathlib import Path

WORDS = tomllib.loads((Path(__file__).parent / "invented_names.toml").read_text(encoding="utf-8"))
KINDS = {
    "same": 40, "spelled": 24, "spelled twice": 5, "title": 5, "child of": 4, "part": 6,
    "turned": 3, "home name": 4, "slip": 9,
}  # fmt: skip
# Each pair is heard alike and written both ways.
SOUNDS = (
    ("F", "P"), ("P", "F"), ("V", "P"), ("U", "OE"), ("J", "DJ"), ("Y", "J"), ("C", "TJ"),
    ("H", "CH"), ("KH", "H"), ("S", "SY"), ("SY", "S"), ("Z", "J"), ("AE", "AI"), ("AI", "AE"),
    ("I", "Y"), ("D", "DH"), ("T", "TH"), ("K", "Q"), ("IA", "IYA"), ("IYA", "IA"), ("O", "U"),
)  # fmt: skip
NEIGHBOURS = {
    "A": "SQ", "I": "UO", "U": "YI", "E": "WR", "O": "IP", "N": "MB", "M": "N", "S": "AD",
    "R": "ET", "T": "RY", "H": "GJ", "D": "SF", "K": "JL", "L": "K", "Y": "TU", "P": "O",
}  # fmt: skip


def other_spelling(chance: random.Random, name: str, father: str) -> str:
    """Return the name as another table wrote it, perhaps unchanged."""
    kind = chance.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    words = name.split()
    if kind.startswith("spelled"):
        for _ in range(2 if kind == "spelled twice" else 1):
            words = _spelled(chance, words)
        return " ".join(words)
    if kind == "child of":
        return f"{name} {chance.choice(('BIN', 'BINTI', 'B.'))} {father}" if father else name
    return _changed(chance, kind, name, words)


def _changed(chance: random.Random, kind: str, name: str, words: list[str]) -> str:
    if kind == "title":
        return f"{chance.choice(('H.', 'HJ.', 'HAJI', 'HJ', 'UST.'))} {name}"
    if kind == "part" and len(words) > 1:
        return " ".join(words[:-1] if chance.random() < 0.75 else words[1:])
    if kind == "turned" and len(words) > 1:
        return " ".join((*words[1:], words[0]))
    if kind == "home name":
        return " ".join(chance.choice(WORDS["nicknames"].get(word, [word])) for word in words)
    return _slip(chance, name) if kind == "slip" else name


def _spelled(chance: random.Random, words: list[str]) -> list[str]:
    """Return the words with one of them spelled in another way."""
    place = chance.randrange(len(words))
    word = words[place]
    known = WORDS["spellings"].get(word)
    if known and chance.random() < 0.7:
        other = chance.choice(known)
    else:
        other = _doubled(chance, word) if chance.random() < 0.3 else _sounded(chance, word)
    return [*words[:place], other, *words[place + 1 :]]


def _sounded(chance: random.Random, word: str) -> str:
    fitting = [pair for pair in SOUNDS if pair[0] in word]
    if not fitting:
        return word
    heard, written = chance.choice(fitting)
    return word.replace(heard, written, 1)


def _doubled(chance: random.Random, word: str) -> str:
    """Return the word with a consonant doubled, or a final H dropped or added."""
    if chance.random() < 0.3:
        return word[:-1] if word.endswith("H") else f"{word}H" if word[-1] in "AI" else word
    places = [match.start() for match in re.finditer("[BDKLMNPRST]", word[1:])]
    if not places:
        return word
    place = chance.choice(places) + 1
    return word[:place] + word[place] + word[place:]


def _slip(chance: random.Random, name: str) -> str:
    """Return the name with one slip of the finger."""
    places = [place for place, letter in enumerate(name) if letter.isalpha()]
    place = chance.choice(places)
    kind = chance.choice(("left out", "twice", "turned", "beside"))
    if kind == "left out" and len(places) > 4:
        return name[:place] + name[place + 1 :]
    if kind == "twice":
        return name[:place] + name[place] + name[place:]
    if kind == "turned" and place + 1 < len(name) and name[place + 1].isalpha():
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    beside = chance.choice(NEIGHBOURS.get(name[place], "A"))
    return name[:place] + beside + name[place + 1 :]
