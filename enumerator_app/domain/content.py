"""The digest of what a registration says, whenever and wherever it was typed."""

import hashlib
from typing import Any, Final

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.registration import FROM_PAPER, OTHER_THAN, Registration, body_of

_OF_THE_OCCASION: Final = frozenset(
    {"registered_at", "paradata", "visit_id", "group_id", "number", OTHER_THAN, FROM_PAPER}
)


def content_digest(registration: Registration) -> str:
    """Return the SHA-256 of the normalised content, without ids, instants of saving and paradata.

    A row of a file that is read again has the digest it had the first time, so it is skipped.
    A consent instant counts only if it was stated, not if it is the instant of registering.
    """
    body = {k: v for k, v in body_of(registration).items() if k not in _OF_THE_OCCASION}
    if registration.consent_at == registration.registered_at:
        del body["consent_at"]
    body["heirs"] = [_without_id(heir) for heir in body["heirs"]]
    return hashlib.sha256(b"TP1-content\n" + canonical_bytes(body)).hexdigest()


def _without_id(heir: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in heir.items() if key != "id"}
