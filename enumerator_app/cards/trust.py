"""The list by which a card is judged without internet: keys, stopped devices, revoked numbers.

The office's root key signs it (`TP1-list`); the file is canonical JSON, and a reader refuses every
other way of writing the same list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from enumerator_app.cards.claims import CardClaims, PaperKind
from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import KnownError, NotCanonical
from sync.protocol.signing import TRUST_LIST, is_signed, public_hex, sign

_FIELDS: Final = frozenset(
    {"office", "regency", "issued_on", "version", "office_keys", "device_keys", "revoked"}
    | {"superseded"}
)


class TrustListRefused(KnownError):
    """The list is damaged, or this office's root key did not sign it; `reason` says which."""

    code: ClassVar[str] = "trust_list_refused"
    exit_code: ClassVar[int] = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeKey:
    """A key that may seal active cards issued from `not_before` to `not_after`, both included."""

    kid: str
    public_key: str
    not_before: date
    not_after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKey:
    """A laptop's key for provisional papers of its serials.

    `valid_serials_up_to` caps what still counts, as for a copied or lost laptop. A revoked key
    without that cap vouches for nothing.
    """

    kid: str
    device_code: str
    public_key: str
    serial_from: int
    serial_to: int | None
    revoked: bool = False
    valid_serials_up_to: int | None = None

    def issued(self, device_code: str, serial: int) -> bool:
        """Whether the number with this device code and serial was this device's to give."""
        last = serial if self.serial_to is None else self.serial_to
        return device_code == self.device_code and self.serial_from <= serial <= last

    def still_vouches_for(self, serial: int) -> bool:
        if self.valid_serials_up_to is None:
            return not self.revoked
        return serial <= self.valid_serials_up_to


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """Everything a verifier knows.

    `superseded` holds, by number and kind of paper, the newest issue of what was issued again.
    """

    office: str
    regency: str
    issued_on: date
    version: int
    office_keys: tuple[OfficeKey, ...] = ()
    device_keys: tuple[DeviceKey, ...] = ()
    revoked: frozenset[str] = frozenset()
    superseded: Mapping[str, Mapping[PaperKind, int]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> dict[str, OfficeKey | DeviceKey]:
        found: dict[str, OfficeKey | DeviceKey] = {key.kid: key for key in self.device_keys}
        return found | {key.kid: key for key in self.office_keys}

    def is_superseded(self, claims: CardClaims) -> bool:
        newest = self.superseded.get(claims.number, {}).get(claims.kind, 0)
        return claims.issue < newest


def sign_trust_list(trust: TrustList, root_key: Ed25519PrivateKey) -> bytes:
    """Return the file that laptops and village offices get."""
    content = _as_json(trust)
    signature = sign(root_key, TRUST_LIST, canonical_bytes(content))
    return canonical_bytes({"list": content, "signature": signature})


def read_trust_list(raw: bytes, root_public_key: Ed25519PublicKey) -> TrustList:
    """Return the list in `raw`.

    Raises:
        TrustListRefused: it is damaged, or signed by another key.
    """
    try:
        parsed = from_canonical(raw)
        content, signature = parsed["list"], str(parsed["signature"])
        is_the_one_form = (
            canonical_bytes(parsed) == raw
            and len(parsed) == 2
            and bytes.fromhex(signature).hex() == signature  # hexadecimal has two cases
        )
    except (NotCanonical, ValueError, KeyError, TypeError) as error:
        raise TrustListRefused(reason="damaged") from error
    if not is_the_one_form:
        raise TrustListRefused(reason="damaged")
    message = canonical_bytes(content)
    if not is_signed(public_hex(root_public_key), TRUST_LIST, message, signature):
        raise TrustListRefused(reason="signature")
    try:
        return _from_json(content)
    except (ValueError, KeyError, TypeError) as error:
        raise TrustListRefused(reason="form") from error


def _as_json(trust: TrustList) -> dict[str, Any]:
    return {
        "office": trust.office,
        "regency": trust.regency,
        "issued_on": trust.issued_on.isoformat(),
        "version": trust.version,
        "office_keys": [_office_key_as_json(key) for key in trust.office_keys],
        "device_keys": [_device_key_as_json(key) for key in trust.device_keys],
        "revoked": sorted(trust.revoked),
        "superseded": {number: dict(kinds) for number, kinds in trust.superseded.items()},
    }


def _office_key_as_json(key: OfficeKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "public_key": key.public_key,
        "not_before": key.not_before.isoformat(),
        "not_after": key.not_after.isoformat(),
    }


def _device_key_as_json(key: DeviceKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "device_code": key.device_code,
        "public_key": key.public_key,
        "serial_from": key.serial_from,
        "serial_to": key.serial_to,
        "revoked": key.revoked,
        "valid_serials_up_to": key.valid_serials_up_to,
    }


def _from_json(content: dict[str, Any]) -> TrustList:
    if set(content) != _FIELDS:
        raise ValueError("fields")
    for key in (*content["office_keys"], *content["device_keys"]):
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public_key"]))
    return TrustList(
        office=content["office"],
        regency=content["regency"],
        issued_on=date.fromisoformat(content["issued_on"]),
        version=content["version"],
        office_keys=tuple(_office_key(key) for key in content["office_keys"]),
        device_keys=tuple(DeviceKey(**key) for key in content["device_keys"]),
        revoked=frozenset(content["revoked"]),
        superseded=content["superseded"],
    )


def _office_key(key: dict[str, Any]) -> OfficeKey:
    dates = {name: date.fromisoformat(key[name]) for name in ("not_before", "not_after")}
    return OfficeKey(**{**key, **dates})
