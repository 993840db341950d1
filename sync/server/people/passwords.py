"""Passwords of the office's people: Argon2id with 64 MiB, two at a time."""

import secrets
import unicodedata
from functools import cache
from threading import Semaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.server.keys import require_strong

HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_AT_A_TIME: Final = Semaphore(2)  # each takes 64 MiB and a core
MOST_CHARACTERS: Final = 512


def password_hash(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        PassphraseTooWeak: shorter than 15 characters and fewer than five words.
    """
    kept = _normal(password)
    require_strong(kept)
    with _AT_A_TIME:
        return HASHER.hash(kept)


def is_password(password: str, kept: str | None) -> bool:
    """Return whether it is this one; as slow for an account that has none, or that is not there."""
    with _AT_A_TIME:
        try:
            return HASHER.verify(kept or _nobodys(), _normal(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex(16))


def _normal(password: str) -> str:
    return " ".join(unicodedata.normalize("NFC", password[:MOST_CHARACTERS]).split())
