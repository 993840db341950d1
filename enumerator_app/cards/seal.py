"""The seal of a card: `TP1:` and base45 of a COSE_Sign1 (RFC 9052, EdDSA) over the claims.

The key id stands in the protected header. A seal has exactly one byte form, and a reader rebuilds
that form and compares: a general COSE reader also takes other tags, headers and lengths, which
would let a changed code pass as the same card.
"""

from datetime import date
from typing import Final, NamedTuple

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from enumerator_app.cards.base45 import from_base45, to_base45
from enumerator_app.cards.claims import CardClaims, decode_claims, encode_claims
from enumerator_app.cards.trust import DeviceKey, OfficeKey, TrustList
from enumerator_app.cards.verdict import Verdict, VerdictWord

PREFIX: Final = "TP1:"
STALE_AFTER_DAYS: Final = 30
_DOMAIN: Final = b"TP1-card\n"
_COSE_SIGN1: Final = 18
_ALGORITHM, _KEY_ID, _EDDSA = 1, 4, -8  # RFC 9052 table 2, RFC 9053 table 1
_SIGNATURE_BYTES: Final = 64
_KID: Final = slice(8, 16)
_PAYLOAD: Final = slice(19, -2 - _SIGNATURE_BYTES)
_SIGNATURE: Final = slice(-_SIGNATURE_BYTES, None)
_LONGEST_TEXT: Final = 400  # a seal has about 220 characters


class _Frame(NamedTuple):
    kid: bytes
    payload: bytes
    signature: bytes


class _Refused(Exception):
    def __init__(
        self, word: VerdictWord, reason: str | None = None, claims: CardClaims | None = None
    ) -> None:
        super().__init__(reason or word)
        self.word, self.reason, self.claims = word, reason or word, claims


def seal(claims: CardClaims, key: Ed25519PrivateKey, kid: str) -> str:
    """Return the text of the card's QR code, about 220 characters; `kid` has 16 hex digits."""
    key_id, payload = bytes.fromhex(kid), encode_claims(claims)
    signature = key.sign(_to_be_signed(key_id, payload))
    return PREFIX + to_base45(_canonical_form(_Frame(key_id, payload, signature)))


def open_seal(text: str, trust: TrustList, today: date) -> Verdict:
    """Judge the text of a code by `trust`; never raises for any text.

    The day of judgement is `today` or the day of the list, whichever is later: a clock that stands
    in the past must not bring an expired card back.
    """
    day = max(today, trust.issued_on)
    age = (day - trust.issued_on).days
    word: VerdictWord
    try:
        claims = _proven_claims(text, trust)
        _require_current(claims, trust, day)
    except _Refused as refused:
        word, reason, shown = refused.word, refused.reason, refused.claims
    else:
        shown = claims
        word = "stale_list" if age > STALE_AFTER_DAYS else "genuine"
        reason = (
            f"{_state_of(claims, day)}_stale" if word == "stale_list" else _state_of(claims, day)
        )
    return Verdict(
        word=word,
        reason=f"cards.verdict.{reason}",
        claims=shown,
        list_issued_on=trust.issued_on,
        list_age_days=age,
    )


def _proven_claims(text: str, trust: TrustList) -> CardClaims:
    frame = _read_frame(text)
    key = trust.keys.get(frame.kid.hex())
    if key is None:
        raise _Refused("unknown_key")
    _require_signature(frame, key)
    try:
        claims = decode_claims(frame.payload)
    except ValueError as error:
        raise _Refused("not_genuine", "malformed") from error
    _require_own_regency(claims, trust)
    _require_right_sealer(claims, key)
    return claims


def _read_frame(text: str) -> _Frame:
    text = text.strip("\r\n\t")  # a wedge scanner ends with a line break; a blank is base45
    if not text.startswith(PREFIX) or len(text) > _LONGEST_TEXT:
        raise _Refused("not_genuine", "other_code")
    try:
        raw = from_base45(text.removeprefix(PREFIX))
    except ValueError as error:
        raise _Refused("not_genuine", "malformed") from error
    frame = _Frame(raw[_KID], raw[_PAYLOAD], raw[_SIGNATURE])
    if not _is_canonical(frame, raw):
        raise _Refused("not_genuine", "malformed")
    return frame


def _is_canonical(frame: _Frame, raw: bytes) -> bool:
    return _canonical_form(frame) == raw


def _canonical_form(frame: _Frame) -> bytes:
    content = [_protected(frame.kid), {}, frame.payload, frame.signature]
    return cbor2.dumps(cbor2.CBORTag(_COSE_SIGN1, content))


def _to_be_signed(kid: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", _protected(kid), _DOMAIN, payload])


def _protected(kid: bytes) -> bytes:
    return cbor2.dumps({_ALGORITHM: _EDDSA, _KEY_ID: kid})


def _require_signature(frame: _Frame, key: OfficeKey | DeviceKey) -> None:
    public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public_key))
    try:
        public_key.verify(frame.signature, _to_be_signed(frame.kid, frame.payload))
    except InvalidSignature as error:
        raise _Refused("not_genuine", "altered") from error


def _require_own_regency(claims: CardClaims, trust: TrustList) -> None:
    if {claims.regency, claims.number[:4]} != {trust.regency}:
        raise _Refused("other_office")


def _require_right_sealer(claims: CardClaims, key: OfficeKey | DeviceKey) -> None:
    if isinstance(key, DeviceKey):
        _require_device_may_seal(claims, key)
    elif claims.kind == "provisional":
        raise _Refused("not_genuine", "office_sealed_provisional")
    elif not key.not_before <= claims.issued_on <= key.not_after:
        raise _Refused("not_genuine", "outside_key_dates")


def _require_device_may_seal(claims: CardClaims, key: DeviceKey) -> None:
    if claims.kind == "active":
        raise _Refused("not_genuine", "laptop_claims_cover")
    if not key.issued(claims.device_code, claims.serial):
        raise _Refused("not_genuine", "foreign_serial")
    if not key.still_vouches_for(claims.serial):
        reason = "device_stopped" if key.revoked else "device_copied"
        raise _Refused("revoked", reason, claims)


def _require_current(claims: CardClaims, trust: TrustList, day: date) -> None:
    if claims.number in trust.revoked:
        raise _Refused("revoked", claims=claims)
    if trust.is_superseded(claims):
        raise _Refused("superseded", claims=claims)
    if day > claims.expires_on or (claims.cover_to is not None and day > claims.cover_to):
        raise _Refused("expired", f"expired_{claims.kind}", claims)


def _state_of(claims: CardClaims, day: date) -> str:
    if claims.cover_from is None:
        return "recorded"
    return "covered" if claims.cover_from <= day else "not_begun"
