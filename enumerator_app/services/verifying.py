"""Whether a code is genuine, by the office's key and its signed list."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enumerator_app.cards.reading import read_codes_from_image, read_codes_from_pdf
from enumerator_app.cards.seal import PREFIX, open_seal
from enumerator_app.cards.trust import TrustList, read_trust_list
from enumerator_app.cards.verdict import Verdict
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import FileUnreadable, KnownError
from enumerator_app.storage.store import Store
from sync.protocol.signing import issuing_key

TRUST_DOCUMENT: Final = "trust_list"
_PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})


class TrustMissing(KnownError):
    """There is neither an office key file nor a list from the office on this laptop."""

    code = "trust_missing"
    exit_code = 2


@dataclass(frozen=True, slots=True)
class OfficeTrust:
    """What an office says about its keys, proven by its root."""

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


def read_office_key(path: Path) -> OfficeTrust:
    """Return the office's key file.

    Raises:
        FileUnreadable: not such a file.
    """
    try:
        fields = json.loads(path.read_bytes())
        return OfficeTrust(fields["root_key"], fields["trust"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(name=path.name) from error


def laptop_trust(store: Store) -> TrustList:
    """Return the list that this laptop keeps from its office.

    Raises:
        TrustMissing: none has arrived yet.
    """
    raw = store.document(TRUST_DOCUMENT)
    if raw is None:
        raise TrustMissing
    return OfficeTrust(store.identity().root_key, from_canonical(raw)).trust_list()


def read_codes(given: str) -> Sequence[str]:
    """Return the card codes in a text, a picture or a PDF; none if there is none.

    Raises:
        FileUnreadable: the file is not what its name says.
    """
    if given.startswith(PREFIX):
        return [given]
    path = Path(given)
    if path.suffix.lower() == ".pdf":
        return read_codes_from_pdf(path)
    if path.suffix.lower() in _PICTURE_SUFFIXES:
        return read_codes_from_image(path)
    return [given]


def verify(codes: Sequence[str], trust: TrustList, today: date) -> list[Verdict]:
    return [open_seal(code, trust, today) for code in codes]
