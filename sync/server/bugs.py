"""A bug in the log: where it happened, never with what, and a number that a person can be told."""

import secrets
from traceback import extract_tb
from typing import Final

import structlog

_MOST_PLACES: Final = 8
log = structlog.get_logger()


def note_bug(error: BaseException, **about: str) -> str:
    """Log a bug and return its number; `about` says what was at work, in the program's own words.

    The message of the error is left out: it could hold a person's data.
    """
    number = secrets.token_hex(4)
    frames = extract_tb(error.__traceback__)
    places = [f"{one.name}:{one.lineno}" for one in frames if "server" in one.filename]
    log.error(
        "bug", number=number, error=type(error).__name__, places=places[-_MOST_PLACES:], **about
    )
    return number
