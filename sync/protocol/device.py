"""What a laptop is to its office, and where its copy of the file stands: values both sides share.

They lie below the client and the storage, which know nothing of each other.
"""

from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """Who this laptop is to its office. `server_url` is where the office was at enrolment."""

    office: str
    regency: str
    device: UUID
    device_code: str
    signing_key: Ed25519PrivateKey
    root_key: str
    server_url: str
    ca_certificate: str | None  # PEM; None on loopback
    earlier_keys: tuple[Ed25519PrivateKey, ...] = ()  # that it signed with before, oldest first
    later_keys: tuple[Ed25519PrivateKey, ...] = ()  # that the office does not have yet

    @property
    def all_keys(self) -> list[Ed25519PrivateKey]:
        """The one in use, then those before it, the newest first, then those after it."""
        return [self.signing_key, *reversed(self.earlier_keys), *self.later_keys]


@dataclass(frozen=True, slots=True)
class Position:
    """Where this copy of the file stands: its chain's end, and its place in the office's feed.

    `received` is the entry up to which, by local marks, the office has everything. It only makes
    the first hello short and exact; what is sent follows from the office's answer. `key_waits`:
    a new key of this laptop is to be made, or to be taken in use.
    """

    epoch: str
    head: str | None
    locator: tuple[str, ...]
    feed_n: int
    feed_hash: str | None
    digest: str
    server_epoch: str | None
    owed: bool
    received: str | None = None
    key_waits: bool = False


@dataclass(frozen=True, slots=True)
class PhotoToSend:
    sha256: str
    size: int
