"""Who signs what: Ed25519 with a prefix of its own for each use of a key.

A key id is the first 16 hexadecimal digits of SHA-256 of the raw public key. The office's root key
certifies issuing keys; issuing keys sign answers, server revisions and active cards; a device key
signs requests, batch tips and provisional cards.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from enumerator_app.domain.canonical import canonical_bytes, from_canonical

TIP: Final = b"TP1-tip\n"
REQUEST: Final = b"TP1-request\n"
ANSWER: Final = b"TP1-answer\n"
RECEIPT: Final = b"TP1-receipt\n"
REVISION: Final = b"TP1-revision\n"
CERTIFICATE: Final = b"TP1-cert\n"
TRUST_LIST: Final = b"TP1-list\n"
DOCUMENT: Final = b"TP1-document\n"
ENROLMENT: Final = b"TP1-enrol\n"
BUNDLE: Final = b"TP1-bundle\n"
BUNDLE_ANSWER: Final = b"TP1-bundle-answer\n"

# Names of the headers that carry a request's and an answer's signature.
DEVICE_HEADER: Final = "TP1-Device"
COUNTER_HEADER: Final = "TP1-Counter"
NONCE_HEADER: Final = "TP1-Nonce"
KEY_HEADER: Final = "TP1-Key"
SIGNATURE_HEADER: Final = "TP1-Signature"


def new_private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def private_bytes(key: Ed25519PrivateKey) -> bytes:
    """Return the raw 32 bytes of a private key."""
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def private_key(raw: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(raw)


def public_hex(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """Return the raw public key as 64 hexadecimal digits."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def key_id(public_key: str) -> str:
    """Return the 16-digit id of a public key given as hexadecimal."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def shown_key_id(kid: str) -> str:
    """Return a key's id in fours, as two people read it to each other."""
    return " ".join(kid[at : at + 4] for at in range(0, len(kid), 4))


def sign(key: Ed25519PrivateKey, prefix: bytes, message: bytes) -> str:
    """Return the signature over prefix and message as hexadecimal."""
    return key.sign(prefix + message).hex()


def is_signed(public_key: str, prefix: bytes, message: bytes, signature: str) -> bool:
    """Return whether `signature` is the key's over prefix and message; never raises."""
    try:
        verifier = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        verifier.verify(bytes.fromhex(signature), prefix + message)
    except (InvalidSignature, ValueError):
        return False
    return True


def tip_message(office: str, device: UUID | str, last_entry: str) -> bytes:
    """Return what a device signs over a batch; `prev` makes it cover every line before the last."""
    return f"{office}\n{device}\n{last_entry}".encode()


def request_message(method: str, target: str, body: bytes, counter: int, nonce: str) -> bytes:
    """Return what a device signs over a request; `target` is the path with its query."""
    digest = hashlib.sha256(body).hexdigest()
    return f"{method}\n{target}\n{digest}\n{counter}\n{nonce}".encode()


def answer_message(nonce: str, status: int, body: bytes) -> bytes:
    """Return what the office signs over its answer to the request that carried `nonce`."""
    return f"{nonce}\n{status}\n{hashlib.sha256(body).hexdigest()}".encode()


@dataclass(frozen=True, slots=True)
class IssuingKey:
    """A key that the office's root lets speak for it."""

    kid: str
    public_key: str
    office: str
    not_before: str
    not_after: str


def certify(root: Ed25519PrivateKey, key: IssuingKey) -> dict[str, Any]:
    """Return the certificate `{...fields, sig}` of an issuing key."""
    fields = _certified_fields(key)
    return {**fields, "sig": sign(root, CERTIFICATE, canonical_bytes(fields))}


def issuing_key(certificate: dict[str, Any], root_public_key: str) -> IssuingKey | None:
    """Return the key in a certificate, or None if the root did not sign it."""
    try:
        key = IssuingKey(
            *(
                str(certificate[n])
                for n in ("kid", "public_key", "office", "not_before", "not_after")
            )
        )
        signature = str(certificate["sig"])
    except KeyError:
        return None
    message = canonical_bytes(_certified_fields(key))
    if key_id(key.public_key) != key.kid:
        return None
    return key if is_signed(root_public_key, CERTIFICATE, message, signature) else None


def _certified_fields(key: IssuingKey) -> dict[str, Any]:
    return {
        "kind": "issuing",
        "kid": key.kid,
        "public_key": key.public_key,
        "office": key.office,
        "not_before": key.not_before,
        "not_after": key.not_after,
    }


def signed_document(key: Ed25519PrivateKey, prefix: bytes, fields: dict[str, Any]) -> bytes:
    """Return `{"fields": ..., "kid": ..., "sig": ...}` in canonical form."""
    message = canonical_bytes(fields)
    kid = key_id(public_hex(key))
    return canonical_bytes({"fields": fields, "kid": kid, "sig": sign(key, prefix, message)})


def opened_document(
    raw: bytes, prefix: bytes, public_keys: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the fields of a signed document, or None if none of the keys, by id, signed it."""
    document = from_canonical(raw)
    fields: dict[str, Any] = document["fields"]
    public_key = public_keys.get(document["kid"], "")
    good = is_signed(public_key, prefix, canonical_bytes(fields), document["sig"])
    return fields if good else None
