"""The office's keys: a root and a recovery key under the passphrase, an issuing key that serves.

The root certifies the issuing key; only `init` and a change of keys open the root. The issuing key
lies in a file that the server's account alone may read: the server starts without a person.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import uuid4

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.domain.errors import FileUnreadable, KeyFileDamaged, PassphraseTooWeak
from enumerator_app.domain.instants import instant_to_text
from sync.protocol.signing import (
    IssuingKey,
    certify,
    key_id,
    new_private_key,
    private_bytes,
    private_key,
    public_hex,
)
from sync.server.errors import OfficeMissing
from sync.server.home import Home, read_json, write_json, write_privately
from sync.server.sealing import KdfCost, open_secret, seal_secret

LEAST_PASSPHRASE: Final = 15
LEAST_WORDS: Final = 5
_ISSUING_YEARS: Final = 3


@dataclass(frozen=True, slots=True)
class OfficePublic:
    """What everybody may know of an office."""

    office: str
    regency: str
    root_key: str
    recovery_recipient: str
    admin: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing key with its certificate, ready to sign."""

    key: Ed25519PrivateKey
    certificate: dict[str, Any]
    others: tuple[dict[str, Any], ...] = ()
    """Certificates of keys that signed before this one, or after it in a life that was lost."""

    @property
    def kid(self) -> str:
        return str(self.certificate["kid"])

    @property
    def public_keys(self) -> dict[str, str]:
        """Every key whose signature is this office's, by its id."""
        return {str(one["kid"]): str(one["public_key"]) for one in (*self.others, self.certificate)}

    @property
    def public_key(self) -> str:
        return str(self.certificate["public_key"])

    @classmethod
    def read(cls, home: Home) -> Self:
        """Return the issuing key of a home.

        Raises:
            OfficeMissing: there is none.
            KeyFileDamaged: its file is not one.
        """
        try:
            stored = read_json(home.issuing_file)
        except FileUnreadable as error:
            if not home.issuing_file.exists():
                raise OfficeMissing from error
            raise KeyFileDamaged from error
        try:
            key = private_key(bytes.fromhex(stored["private"]))
            return cls(key, stored["certificate"], tuple(stored.get("others", ())))
        except (KeyError, ValueError, TypeError) as error:
            raise KeyFileDamaged from error


def read_public(home: Home) -> OfficePublic:
    """Return who the office in `home` is.

    Raises:
        OfficeMissing: there is none.
    """
    try:
        return OfficePublic(**read_json(home.public_file))
    except FileUnreadable as error:
        raise OfficeMissing from error
    except TypeError as error:
        raise KeyFileDamaged from error


def recovery_identity(home: Home, passphrase: str) -> str:
    """Return the recovery key, as an age identity.

    Raises:
        WrongPassphrase: the sealed file does not open with this one.
        KeyFileDamaged: it is not such a file.
    """
    secret = json.loads(open_secret(home.sealed_file.read_bytes(), passphrase))
    return str(secret["recovery"])


def require_strong(passphrase: str) -> None:
    """Raise PassphraseTooWeak for what is short and is not five words either."""
    if len(passphrase) < LEAST_PASSPHRASE and len(passphrase.split()) < LEAST_WORDS:
        raise PassphraseTooWeak(characters=LEAST_PASSPHRASE, words=LEAST_WORDS)


def make_keys(
    home: Home, *, regency: str, admin: str, passphrase: str, now: datetime, cost: KdfCost
) -> OfficePublic:
    """Make a new office's keys and write their files; `regency` is four digits."""
    root, recovery = new_private_key(), pyrage.x25519.Identity.generate()
    public = OfficePublic(
        office=str(uuid4()),
        regency=regency,
        root_key=public_hex(root),
        recovery_recipient=str(recovery.to_public()),
        admin=admin,
    )
    secret = json.dumps({"root": private_bytes(root).hex(), "recovery": str(recovery)})
    write_privately(home.sealed_file, seal_secret(secret.encode(), passphrase, cost))
    write_issuer(home, new_issuer(root, public.office, now))
    fields = {name: getattr(public, name) for name in public.__dataclass_fields__}
    write_json(home.public_file, fields)
    return public


def new_issuer(
    root: Ed25519PrivateKey, office: str, now: datetime, others: tuple[dict[str, Any], ...] = ()
) -> Issuer:
    """Make an issuing key that counts from now on; it is not written yet."""
    issuing = new_private_key()
    public_key = public_hex(issuing)
    certificate = certify(
        root,
        IssuingKey(
            kid=key_id(public_key),
            public_key=public_key,
            office=office,
            not_before=instant_to_text(now),
            not_after=instant_to_text(now + timedelta(days=365 * _ISSUING_YEARS)),
        ),
    )
    return Issuer(issuing, certificate, others)


def write_issuer(home: Home, issuer: Issuer) -> None:
    """Replace the issuing key's file as a whole."""
    write_json(
        home.issuing_file,
        {
            "private": private_bytes(issuer.key).hex(),
            "certificate": issuer.certificate,
            "others": list(issuer.others),
        },
    )
