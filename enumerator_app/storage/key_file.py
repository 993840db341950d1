"""The key of the encrypted file, wrapped once for each operator and once for the office.

A random 32-byte key lies in slots: under each operator's passphrase, and sealed to the office's
recovery recipient. A checksum tells a damaged file from a wrong passphrase; each slot's seal covers
all that stands beside it, so that no cost and no name can be changed unseen.
"""

import base64
import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import (
    DiskFull,
    KeyFileDamaged,
    NotSaved,
    OperatorRemoved,
    WrongPassphrase,
)
from enumerator_app.storage.durable import write_durably
from enumerator_app.storage.passphrases import KdfCost, derived_key

KEY_FILE_VERSION: Final = 1
_KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class OperatorSlot:
    """One person who may open this laptop."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class _Slot:
    id: UUID
    name: str
    cost: KdfCost
    salt: bytes
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of the key file; changed only by making another one."""

    device: UUID
    slots: tuple[_Slot, ...] = ()
    recovery_recipient: str | None = None
    recovery_sealed: bytes | None = None

    @property
    def operators(self) -> list[OperatorSlot]:
        return [OperatorSlot(slot.id, slot.name) for slot in self.slots]

    def with_operator(
        self, key: bytes, name: str, passphrase: str, cost: KdfCost, id_: UUID | None = None
    ) -> "KeyFile":
        """Return the file with a slot for this operator, in place of one of the same id."""
        slot = _sealed_slot(self.device, key, OperatorSlot(id_ or uuid4(), name), passphrase, cost)
        kept = [old for old in self.slots if old.id != slot.id]
        return replace(self, slots=(*kept, slot))

    def without_operator(self, id_: UUID) -> "KeyFile":
        return replace(self, slots=tuple(slot for slot in self.slots if slot.id != id_))

    def with_removed(self, id_: UUID) -> "KeyFile":
        """Return the file with the name of this person and no key for them.

        The last way to the data stays: nobody could read what the laptop has not sent.
        """
        others = any(slot.sealed for slot in self.slots if slot.id != id_)
        if not others and self.recovery_sealed is None:
            return self
        slots = (replace(one, sealed=b"") if one.id == id_ else one for one in self.slots)
        return replace(self, slots=tuple(slots))

    def is_removed(self, id_: UUID) -> bool:
        return any(slot.id == id_ and not slot.sealed for slot in self.slots)

    def with_recovery(self, key: bytes, recipient: str) -> "KeyFile":
        """Return the file with the key sealed to the office's age recipient."""
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        return replace(self, recovery_recipient=recipient, recovery_sealed=sealed)

    def cost_of(self, id_: UUID) -> KdfCost:
        return next(slot.cost for slot in self.slots if slot.id == id_)

    def unlock(self, name: str | None, passphrase: str) -> tuple[OperatorSlot, bytes]:
        """Return who the passphrase belongs to (among those of that name) and the file's key.

        Raises:
            WrongPassphrase: it opens no slot, or nobody has that name.
            OperatorRemoved: everybody of that name has ended their work here.
        """
        named = [
            slot
            for slot in self.slots
            if name is None or slot.name.casefold() == name.strip().casefold()
        ]
        if named and not any(slot.sealed for slot in named):
            raise OperatorRemoved(name=named[0].name)
        for slot in (one for one in named if one.sealed):
            key = _opened_slot(self.device, slot, passphrase)
            if key is not None:
                return OperatorSlot(slot.id, slot.name), key
        raise WrongPassphrase

    def recovered_key(self, recovery_identity: str) -> bytes:
        """Return the file's key, opened with the office's recovery key (an age identity).

        Raises:
            WrongPassphrase: nothing was sealed to that key.
        """
        try:
            identity = pyrage.x25519.Identity.from_str(recovery_identity.strip())
            return bytes(pyrage.decrypt(self.recovery_sealed or b"", [identity]))
        except (pyrage.DecryptError, pyrage.IdentityError) as error:
            raise WrongPassphrase from error


def new_key() -> bytes:
    return secrets.token_bytes(_KEY_BYTES)


def write_key_file(path: Path, keys: KeyFile) -> None:
    """Replace the key file, then the second one; a cut leaves the old one or the new one.

    Raises:
        DiskFull, NotSaved: the old one is untouched.
    """
    content = key_file_bytes(keys)
    try:
        write_durably(path, content)
    except OSError as error:
        raise (DiskFull(needed_mb=1) if error.errno == ENOSPC else NotSaved()) from error
    _keep_second(path, content)


def second_key_file(path: Path) -> Path:
    """Where the same keys lie once more: without them nobody opens what one bad sector took."""
    return path.with_name(f"{path.stem}-second{path.suffix}")


def keep_second(path: Path, keys: KeyFile) -> None:
    """Make the second key file the same as the first, if it is not."""
    content = key_file_bytes(keys)
    with suppress(OSError):
        if second_key_file(path).read_bytes() == content:
            return
    _keep_second(path, content)


def _keep_second(path: Path, content: bytes) -> None:
    """Write the second file; one that cannot be written must not keep a passphrase that went."""
    try:
        write_durably(second_key_file(path), content)
    except OSError:
        with suppress(OSError):
            second_key_file(path).unlink(missing_ok=True)


def read_key_file(path: Path) -> KeyFile:
    """Return the key file at `path`; if it is damaged or gone, the second one, put in its place.

    Raises:
        KeyFileDamaged: neither is there, readable, and as its checksum says.
    """
    try:
        return _read(path)
    except KeyFileDamaged:
        keys = _read(second_key_file(path))
        with suppress(OSError):  # what cannot be mended now is read once more
            write_durably(path, key_file_bytes(keys))
        return keys


def _read(path: Path) -> KeyFile:
    try:
        return key_file_from_bytes(path.read_bytes())
    except OSError as error:
        raise KeyFileDamaged from error


def has_keys(home: Path) -> bool:
    """Return whether a laptop has been set up in that folder."""
    path = home / "keys.json"
    return path.exists() or second_key_file(path).exists()


def operators(home: Path) -> list[OperatorSlot]:
    """Return who may open the laptop in that folder, without opening it.

    Raises:
        KeyFileDamaged: the key file cannot be read.
    """
    return read_key_file(home / "keys.json").operators


def key_file_bytes(keys: KeyFile) -> bytes:
    content = {
        "version": KEY_FILE_VERSION,
        "device": str(keys.device),
        "slots": [_slot_fields(slot) for slot in keys.slots],
        "recovery": {
            "recipient": keys.recovery_recipient,
            "sealed": _text(keys.recovery_sealed) if keys.recovery_sealed else None,
        },
    }
    checksum = sha256(canonical_bytes(content)).hexdigest()
    return json.dumps({"checksum": checksum, "keys": content}, indent=1).encode()


def key_file_from_bytes(raw: bytes) -> KeyFile:
    """Return the key file written in `raw`.

    Raises:
        KeyFileDamaged: not one, or changed since it was written.
    """
    try:
        whole = json.loads(raw)
        content = whole["keys"]
        if sha256(canonical_bytes(content)).hexdigest() != whole["checksum"]:
            raise KeyFileDamaged
        sealed = content["recovery"]["sealed"]
        return KeyFile(
            UUID(content["device"]),
            tuple(_slot_from_fields(fields) for fields in content["slots"]),
            content["recovery"]["recipient"],
            _bytes(sealed) if sealed else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileDamaged from error


def _sealed_slot(
    device: UUID, key: bytes, operator: OperatorSlot, passphrase: str, cost: KdfCost
) -> _Slot:
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    bare = _Slot(operator.id, operator.name, cost, salt, nonce, b"")
    cipher = ChaCha20Poly1305(derived_key(passphrase, salt, cost))
    return replace(bare, sealed=cipher.encrypt(nonce, key, _beside(device, bare)))


def _opened_slot(device: UUID, slot: _Slot, passphrase: str) -> bytes | None:
    cipher = ChaCha20Poly1305(derived_key(passphrase, slot.salt, slot.cost))
    try:
        return cipher.decrypt(slot.nonce, slot.sealed, _beside(device, slot))
    except InvalidTag:
        return None


def _beside(device: UUID, slot: _Slot) -> bytes:
    """Return what a slot's seal covers beside the key: device, version and all open fields."""
    fields = {name: value for name, value in _slot_fields(slot).items() if name != "sealed"}
    return canonical_bytes({"device": str(device), "version": KEY_FILE_VERSION, "slot": fields})


def _slot_fields(slot: _Slot) -> dict[str, Any]:
    return {
        "id": str(slot.id),
        "name": slot.name,
        "cost": asdict(slot.cost),
        "salt": _text(slot.salt),
        "nonce": _text(slot.nonce),
        "sealed": _text(slot.sealed),
    }


def _slot_from_fields(fields: dict[str, Any]) -> _Slot:
    cost = fields["cost"]
    return _Slot(
        UUID(fields["id"]),
        str(fields["name"]),
        KdfCost(int(cost["memory_kib"]), int(cost["time"]), int(cost["lanes"])),
        _bytes(fields["salt"]),
        _bytes(fields["nonce"]),
        _bytes(fields["sealed"]),
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
