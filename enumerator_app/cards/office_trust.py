"""What an office says about its keys, and the chain that proves it: root, certificate, list."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enumerator_app.cards.trust import TrustList, read_trust_list
from enumerator_app.domain.errors import FileUnreadable
from sync.protocol.signing import issuing_key


@dataclass(frozen=True, slots=True)
class OfficeTrust:
    """`document` is `{"certificate", "list"}` as laptops fetch it; `root_key` was known before."""

    root_key: str
    document: dict[str, Any]

    def trust_list(self) -> TrustList:
        """Return the list.

        Raises:
            TrustListRefused, FileUnreadable: the document is not this office's.
        """
        certificate = issuing_key(self.document["certificate"], self.root_key)
        if certificate is None:
            raise FileUnreadable(name="office_key")
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate.public_key))
        return read_trust_list(self.document["list"].encode(), public)
