"""The one byte form of journal headers and bodies: RFC 8785 cut down to a subset.

ASCII keys without duplicates; strings in NFC without surrogates and without control characters but
line feed; integers within 2^53; no floats. Checked when something is saved; a receiver hashes the
bytes it got and never writes them anew.
"""

import json
import re
import unicodedata
from typing import Any, Final

from enumerator_app.domain.errors import NotCanonical

MAX_INTEGER: Final = 2**53 - 1
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
)
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


def canonical_bytes(value: object) -> bytes:
    """Return `value` (dicts, lists, strings, integers, booleans, None) in canonical form.

    Raises:
        NotCanonical: a part of it has no canonical form.
    """
    _check(value)
    return _ENCODER.encode(value).encode()


def from_canonical(raw: bytes) -> Any:
    """Return the value written in `raw`; duplicate keys and floats are refused.

    Raises:
        NotCanonical: not JSON, or a duplicate key, or a number outside the subset.
    """
    try:
        return json.loads(
            raw, object_pairs_hook=_without_duplicates, parse_float=_refuse, parse_constant=_refuse
        )
    except (ValueError, RecursionError) as error:
        raise NotCanonical(detail="json") from error


def clean_text(value: str) -> str:
    """Return `value` in NFC without control, bidi and zero-width characters; blanks folded."""
    kept = "".join(character for character in value if character == "\n" or _is_shown(character))
    # Joined only now: a mark may have stood behind a character that cannot be seen.
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", kept).split("\n"))
    return "\n".join(lines).strip()


def _is_shown(character: str) -> bool:
    if character in "\t\r\u00a0":
        return True  # blanks of pasted text; split() folds them
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _check(value: object) -> None:
    if isinstance(value, str):
        if not _is_plain(value):
            _check_text(value)
    elif isinstance(value, dict):
        _check_dictionary(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, bool):
        _check_integer(value)


def _check_dictionary(value: dict[object, object]) -> None:
    for key, item in value.items():
        if not (isinstance(key, str) and key.isascii()):
            raise NotCanonical(detail="key")
        if not key.isprintable():
            _check_text(key)
        if item is not None:  # half of what a record holds
            _check(item)


def _is_plain(value: str) -> bool:
    """Is this surely without a fault? So are nearly all texts, and a save checks a hundred."""
    return value.isascii() and value.isprintable()


def _check_text(value: str) -> None:
    if _FORBIDDEN.search(value) or not unicodedata.is_normalized("NFC", value):
        raise NotCanonical(detail="text")


def _check_integer(value: object) -> None:
    if not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise NotCanonical(detail="number")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse(_: str) -> None:
    raise ValueError("not an integer")
