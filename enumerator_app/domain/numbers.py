"""Registration numbers: labels given on the spot, offline; the identity is the subject's UUID.

`3216-A07-00042-K7QC`: regency, device code, serial (never restarted), three Crockford base32
characters of SHA-256(subject), and the ISO 7064 MOD 37,36 check character over all before it.
"""

import hashlib
import re
from typing import Final, NewType
from uuid import UUID

RegistrationNumber = NewType("RegistrationNumber", str)

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Blanks or hyphens divide the parts. Without them the serial has five digits: a device that ever
# passes 99,999 would be read only as it is printed, with hyphens.
_DIVIDED = re.compile(
    r"([0-9]{4})[\s-]+([A-Z][0-9]{2,3})[\s-]+([0-9]{5,7})[\s-]+([0-9A-Z]{3})([0-9A-Z])"
)
_COMPACT = re.compile(r"([0-9]{4})([A-Z][0-9]{2,3})([0-9]{5})([0-9A-Z]{3})([0-9A-Z])")
# What people read aloud of a number: the serial, often the device before it, the end behind it.
_SHORT = re.compile(
    r"(?:(?:[0-9]{4}[\s-]+)?([A-Z][0-9]{2,3})(?:[\s-]+|(?=[0-9]{5}(?![0-9]))))?"
    r"([0-9]{1,7})(?:[\s-]+([0-9A-Z]{4}))?"
)


def registration_number(
    *, regency: str, device_code: str, serial: int, subject: UUID
) -> RegistrationNumber:
    """Return the number that a device gives to its `serial`-th registration."""
    tag = subject_tag(subject)
    check = check_character(f"{regency}{device_code}{serial:05d}{tag}")
    return RegistrationNumber(f"{regency}-{device_code}-{serial:05d}-{tag}{check}")


def device_code_of(number: str) -> str:
    """Return the code of the laptop that gave this number."""
    return number.split("-")[1]


def parse_number(typed: str) -> RegistrationNumber | None:
    """Return the number in its one form, or None if the check character or the form is wrong.

    Blanks, hyphens and case are free.
    """
    capitals = typed.strip().upper()
    match = _DIVIDED.fullmatch(capitals) or _COMPACT.fullmatch(re.sub(r"[\s-]", "", capitals))
    if match is None:
        return None
    regency, device_code, serial, tag, check = match.groups()
    if check_character(f"{regency}{device_code}{serial}{tag}") != check:
        return None
    return RegistrationNumber(f"{regency}-{device_code}-{serial}-{tag}{check}")


def serial_of(number: str) -> int:
    """Return the serial in a number in its one form."""
    return int(number.split("-")[2])


def short_number(typed: str) -> str | None:
    """Return the part of a number that this says, hyphens included: `42` is `-00042-`.

    None if it is no part of one. A whole number is for `parse_number`.
    """
    match = _SHORT.fullmatch(typed.strip().upper())
    if match is None or int(match[2]) == 0:
        return None
    device, serial, end = match.groups()
    return f"-{f'{device}-' if device else ''}{int(serial):05d}-{end or ''}"


def subject_tag(subject: UUID) -> str:
    """Return the first 15 bits of SHA-256(subject) as three Crockford base32 characters."""
    bits = int.from_bytes(hashlib.sha256(subject.bytes).digest()[:2]) >> 1
    return "".join(_CROCKFORD[(bits >> shift) & 31] for shift in (10, 5, 0))


def check_character(compact: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of digits and capital letters."""
    product = 36
    for character in compact:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]
