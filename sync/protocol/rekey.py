"""A device's word for its next key: the key before vouches for it, and it proves itself.

The same statement is the body of a `rekey` entry and stands in a bundle's manifest. The proof by
the new key keeps a device from calling the key of another one its own.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.protocol.signing import is_signed, public_hex, sign

KIND: Final = "rekey"
WANTED: Final = "rekey_wanted"
_PREFIX: Final = b"TP1-rekey\n"


def rekey_statement(
    office: str, device: UUID, old: Ed25519PrivateKey, new: Ed25519PrivateKey
) -> dict[str, Any]:
    """Return what says that `new` is this device's key, too."""
    public_key = public_hex(new)
    message = _message(office, str(device), public_key)
    return {
        "public_key": public_key,
        "sig": sign(old, _PREFIX, message),
        "proof": sign(new, _PREFIX, message),
    }


def vouching_key(
    office: str, device: str, statement: Mapping[str, Any] | None, keys: Collection[str]
) -> str | None:
    """Return which of a device's public keys vouches for the one in `statement`; None: none does.

    `statement` is as it came from the device, of any form.
    """
    said = statement if isinstance(statement, Mapping) else {}
    public_key, sig, proof = (str(said.get(name, "")) for name in ("public_key", "sig", "proof"))
    message = _message(office, device, public_key)
    if public_key != public_key.lower() or not is_signed(public_key, _PREFIX, message, proof):
        return None
    return next((key for key in keys if is_signed(key, _PREFIX, message, sig)), None)


def _message(office: str, device: str, public_key: str) -> bytes:
    return f"{office}\n{device}\n{public_key}".encode()
