"""What the code on a card claims about its holder; never a NIK.

The byte form is one CBOR array (RFC 8949, deterministic) in the order of `CardClaims`, days counted
from 1 January 2020, so that a usual card stays within a QR code of 49 modules.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import cbor2

from enumerator_app.domain.numbers import device_code_of, parse_number

PaperKind = Literal["provisional", "active"]

SHORT_NAME_BYTES: Final = 12
_DAY_ZERO: Final = date(2020, 1, 1)
_KINDS: Final[tuple[PaperKind, ...]] = ("provisional", "active")
_LENGTH: Final = 11
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BROKEN: Final = (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardClaims:
    """The signed content of a card's code.

    Only an active card has cover dates, and it has both: anything else raises ValueError.
    """

    number: str
    issue: int
    kind: PaperKind
    district: str
    """Six digits: province, regency, kecamatan."""
    short_name: str
    birth_year: int | None
    photo_prefix: str
    """The first 8 hex digits of the photo's SHA-256; empty without a photo."""
    cover_from: date | None
    cover_to: date | None
    issued_on: date
    expires_on: date

    def __post_init__(self) -> None:
        for broken, is_broken in {
            "number": parse_number(self.number) != self.number,
            "issue": type(self.issue) is not int or not 1 <= self.issue <= 999,
            "kind": self.kind not in _KINDS,
            "district": not _is_digits(self.district, 6) or self.district[0] == "0",
            "short_name": not _is_short_name(self.short_name),
            "birth_year": self.birth_year is not None and not _is_year(self.birth_year),
            "photo_prefix": self.photo_prefix != "" and not _is_prefix(self.photo_prefix),
            "cover": not self._covers_what_its_kind_covers(),
            "expires_on": not self.issued_on <= self.expires_on,
        }.items():
            if is_broken:
                raise ValueError(broken)

    def _covers_what_its_kind_covers(self) -> bool:
        if self.cover_from is None or self.cover_to is None:
            return self.kind == "provisional" and self.cover_from is self.cover_to
        return self.kind == "active" and self.cover_from <= self.cover_to

    @property
    def regency(self) -> str:
        return self.district[:4]

    @property
    def device_code(self) -> str:
        return device_code_of(self.number)

    @property
    def serial(self) -> int:
        return int(self.number.split("-")[2])


def short_name(name: str) -> str:
    """Return `name` in at most 12 bytes of UTF-8.

    Whole words from the left as long as they fit; the next word by its first letter if there is
    room for it; a first word that is too long alone is cut after its last whole character.
    """
    kept = ""
    seen = "".join(one for one in name if unicodedata.category(one) not in _UNSEEN or one.isspace())
    for word in unicodedata.normalize("NFC", seen).split():
        longer = f"{kept} {word}".strip()
        if len(longer.encode()) <= SHORT_NAME_BYTES:
            kept = longer
            continue
        return _cut(f"{kept} {word[0]}" if kept else word, or_else=kept)
    return kept


def encode_claims(claims: CardClaims) -> bytes:
    """Return the byte form of `claims`; one claim has one form."""
    return cbor2.dumps(
        [
            claims.number.replace("-", ""),
            claims.issue,
            _KINDS.index(claims.kind),
            int(claims.district),
            claims.short_name,
            claims.birth_year,
            bytes.fromhex(claims.photo_prefix),
            *map(_days, (claims.cover_from, claims.cover_to, claims.issued_on, claims.expires_on)),
        ]
    )


def decode_claims(raw: bytes) -> CardClaims:
    """Return the claims in `raw`.

    Raises:
        ValueError: `raw` is not exactly what `encode_claims` writes for some claims.
    """
    try:
        claims = _from_array(cbor2.loads(raw))
    except _BROKEN as error:
        raise ValueError("claims") from error
    if encode_claims(claims) != raw:
        raise ValueError("not the one form")
    return claims


def _from_array(array: Any) -> CardClaims:
    if not isinstance(array, list) or len(array) != _LENGTH:
        raise ValueError("array")
    compact, issue, kind, district, name, birth_year, photo, *days = array
    number = parse_number(compact) if isinstance(compact, str) else None
    if number is None or kind not in (0, 1):
        raise ValueError("number")
    cover_from, cover_to, issued_on, expires_on = map(_date, days)
    if issued_on is None or expires_on is None:
        raise ValueError("dates")
    return CardClaims(
        number=number,
        issue=issue,
        kind=_KINDS[kind],
        district=str(district),
        short_name=name,
        birth_year=birth_year,
        photo_prefix=photo.hex() if isinstance(photo, bytes) else "?",
        cover_from=cover_from,
        cover_to=cover_to,
        issued_on=issued_on,
        expires_on=expires_on,
    )


def _cut(wanted: str, *, or_else: str) -> str:
    if or_else:
        return wanted if len(wanted.encode()) <= SHORT_NAME_BYTES else or_else
    return wanted.encode()[:SHORT_NAME_BYTES].decode(errors="ignore")


def _days(day: date | None) -> int | None:
    return None if day is None else (day - _DAY_ZERO).days


def _date(days: int | None) -> date | None:
    return None if days is None else _DAY_ZERO + timedelta(days=days)


def _is_digits(written: str, length: int) -> bool:
    return len(written) == length and written.isascii() and written.isdigit()


def _is_short_name(written: object) -> bool:
    """Whether it fits, and shows as it is written: nothing in it turns or hides what follows."""
    return (
        isinstance(written, str)
        and 1 <= len(written.encode(errors="replace")) <= SHORT_NAME_BYTES
        and not any(unicodedata.category(character) in _UNSEEN for character in written)
    )


def _is_year(year: object) -> bool:
    return type(year) is int and 1880 <= year <= 2200


def _is_prefix(written: str) -> bool:
    return len(written) == 8 and all(character in "0123456789abcdef" for character in written)
