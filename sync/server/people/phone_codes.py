"""The six digits of a phone (TOTP): a secret of its own for each account, each code used once.

Secrets lie in the database sealed with a key of the home: a copy of the database alone makes no
codes.
"""

import secrets
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from enumerator_app.cards.qr import qr_modules
from enumerator_app.domain.errors import KeyFileDamaged
from enumerator_app.domain.reference import load_places
from sync.server.home import Home, write_privately_once

_STEP_S: Final = 30
_NONCE_BYTES: Final = 12
_TOP: Final = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def new_secret() -> str:
    return str(pyotp.random_base32())


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the half minute whose code this is: now, the one before or the one after."""
    digits = "".join(code.split())
    phone, step = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_S
    for candidate in (step, step - 1, step + 1):
        if compare_digest(phone.generate_otp(candidate).encode(), digits.encode()):
            return candidate
    return None


def address_for_phone(secret: str, login: str, issuer: str) -> str:
    """Return what the phone reads out of the picture: `otpauth://…`."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def phone_name(regency: str) -> str:
    """Return what the phone calls the office: `Pekerja Tani Bekasi`."""
    found = load_places().regency(regency)
    name = found.name.partition(" ")[2] if found else regency
    return f"Pekerja Tani {name}"


def spaced(secret: str) -> str:
    """Return a secret in groups of four, as it is typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture_as_text(address: str) -> str:
    """Return the QR code as lines of half blocks, for a terminal with a dark ground."""
    rows = qr_modules(address)
    side = len(rows)
    light = [[True] * (side + 4)] * 2
    grid = [*light, *([True, True, *(bit != 0 for bit in row), True, True] for row in rows), *light]
    if len(grid) % 2:
        grid.append([True] * (side + 4))
    pairs = zip(grid[::2], grid[1::2], strict=True)
    return "\n".join(
        "".join(_TOP[a, b] for a, b in zip(upper, lower, strict=True)) for upper, lower in pairs
    )


def dark_modules(address: str) -> tuple[int, list[tuple[int, int]]]:
    """Return the side of the QR code with its quiet zone, and where its dark modules lie."""
    rows = qr_modules(address)
    quiet = 4
    dark = [
        (x + quiet, y + quiet) for y, row in enumerate(rows) for x, bit in enumerate(row) if not bit
    ]
    return len(rows) + 2 * quiet, dark


def seal_for(home: Home, account: str, secret: str) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(_key(home)).encrypt(nonce, secret.encode(), account.encode())
    return (nonce + sealed).hex()


def open_for(home: Home, account: str, sealed: str) -> str:
    """Return the secret.

    Raises:
        KeyFileDamaged: the home's key is another one than it was sealed with.
    """
    raw = bytes.fromhex(sealed)
    nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(_key(home)).decrypt(nonce, rest, account.encode()).decode()
    except InvalidTag as error:
        raise KeyFileDamaged from error


def _key(home: Home) -> bytes:
    """Return the home's key, made by whoever asks first."""
    with suppress(FileExistsError):
        if not home.sign_in_key_file.exists():
            write_privately_once(home.sign_in_key_file, secrets.token_bytes(32))
    return home.sign_in_key_file.read_bytes()
