"""Codes that count once: told to a person, kept here by their hash alone."""

import hashlib
import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS_A_GROUP: Final = 4


def new_code(letters: int = 16) -> str:
    """Return a random code in groups of four, five bits a letter."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(letters))
    return "-".join(drawn[at : at + _LETTERS_A_GROUP] for at in range(0, letters, _LETTERS_A_GROUP))


def code_hash(code: str) -> str:
    """Blanks, hyphens and case are free, and O, I, L are read as people write them."""
    compact = code.split(".", maxsplit=1)[0].upper().replace("-", "").replace(" ", "")
    compact = compact.translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(b"TP1-code\n" + compact.encode()).hexdigest()
