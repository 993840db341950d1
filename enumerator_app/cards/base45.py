"""Base45 (RFC 9285): bytes in the 45 characters that a QR code packs best."""

import struct
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PAIRS: Final = [low + high for high in _ALPHABET for low in _ALPHABET]
_VALUE_OF: Final = {character: value for value, character in enumerate(_ALPHABET)}


def to_base45(raw: bytes) -> str:
    """Return `raw` as text: three characters for two bytes, two for a last single byte."""
    found = []
    for number in struct.unpack(f">{len(raw) // 2}H", raw[: len(raw) // 2 * 2]):
        third, low = divmod(number, 45 * 45)
        found.append(_PAIRS[low] + _ALPHABET[third])
    if len(raw) % 2:
        found.append(_PAIRS[raw[-1]])
    return "".join(found)


def from_base45(written: str) -> bytes:
    """Return the bytes behind `written`; every text that `to_base45` cannot have made is refused.

    Raises:
        ValueError: a foreign character, a length of 3n + 1, or a group above its bytes.
    """
    if len(written) % 3 == 1:
        raise ValueError("length")
    found = bytearray()
    try:
        for start in range(0, len(written), 3):
            group = written[start : start + 3]
            number = sum(_VALUE_OF[character] * 45**place for place, character in enumerate(group))
            found += number.to_bytes(len(group) - 1)
    except (KeyError, OverflowError) as error:
        raise ValueError("group") from error
    return bytes(found)
