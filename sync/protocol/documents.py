"""Documents of the office that laptops keep by name, each with the certificate of its signer.

Whoever knows the root key needs nothing else to believe one. The trust list has a form of its own,
because verifiers that are no laptops read it, too.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.protocol.signing import DOCUMENT, issuing_key, opened_document, signed_document


def certified_document(
    key: Ed25519PrivateKey, certificate: dict[str, Any], fields: dict[str, Any]
) -> bytes:
    """Return `{"certificate", "document"}`; `fields` name the document and its office."""
    signed = signed_document(key, DOCUMENT, fields).decode()
    return canonical_bytes({"certificate": certificate, "document": signed})


def opened_certified(raw: bytes, root_key: str, name: str) -> dict[str, Any] | None:
    """Return the fields of the document `name`, or None if the office did not sign it as that."""
    try:
        document = from_canonical(raw)
        issuer = issuing_key(document["certificate"], root_key)
        if issuer is None:
            return None
        fields = opened_document(
            document["document"].encode(), DOCUMENT, {issuer.kid: issuer.public_key}
        )
    except (NotCanonical, KeyError, TypeError, AttributeError):
        return None
    is_it = fields is not None and (fields.get("name"), fields.get("office")) == (
        name,
        issuer.office,
    )
    return fields if is_it else None
