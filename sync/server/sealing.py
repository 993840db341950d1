"""Secrets under the administrator's passphrase: Argon2id, then ChaCha20-Poly1305."""

import json
import secrets
from dataclasses import dataclass
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from enumerator_app.domain.errors import KeyFileDamaged, WrongPassphrase

FLOOR_MEMORY_KIB: Final = 64 * 1024
_PURPOSE: Final = b"TP1-office-secret"
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess of a passphrase costs. Tests may go below the floor, the product does not."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 1


def seal_secret(secret: bytes, passphrase: str, cost: KdfCost) -> bytes:
    """Return `secret` as a file's content that only the passphrase opens."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(_key(passphrase, salt, cost)).encrypt(nonce, secret, _PURPOSE)
    kdf = {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}
    content = {"v": 1, "kdf": kdf, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    return json.dumps(content, indent=1).encode() + b"\n"


def open_secret(content: bytes, passphrase: str) -> bytes:
    """Return the secret in a file's content.

    Raises:
        WrongPassphrase: it does not open with this one.
        KeyFileDamaged: it is not such a file.
    """
    try:
        fields = json.loads(content)
        cost = KdfCost(**fields["kdf"])
        salt, nonce, sealed = (bytes.fromhex(fields[name]) for name in ("salt", "nonce", "sealed"))
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileDamaged from error
    try:
        return ChaCha20Poly1305(_key(passphrase, salt, cost)).decrypt(nonce, sealed, _PURPOSE)
    except InvalidTag as error:
        raise WrongPassphrase from error


def _key(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )
