"""What proves that an answer, a receipt or a document comes from the office of this laptop.

The office's root key was pinned at enrolment. It certifies issuing keys, which sign everything.
"""

from typing import Any

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.errors import OfficeNotProven
from sync.client.wire import Answer
from sync.protocol.messages import Receipt
from sync.protocol.signing import (
    ANSWER,
    KEY_HEADER,
    RECEIPT,
    SIGNATURE_HEADER,
    answer_message,
    is_signed,
    issuing_key,
)


class OfficeChanged(Exception):
    """The office was restored, or got a new key, while we spoke: all starts again from hello."""


class OfficeKeys:
    """The issuing keys that the pinned root has certified, as far as they were shown."""

    def __init__(self, root_key: str) -> None:
        self._root_key = root_key
        self._keys: dict[str, str] = {}

    @property
    def is_known(self) -> bool:
        """Whether any issuing key is known yet: before that no answer can be checked."""
        return bool(self._keys)

    def learn(self, certificate: dict[str, Any]) -> None:
        """Take over the key in a certificate.

        Raises:
            OfficeNotProven: the root did not sign it.
        """
        key = issuing_key(certificate, self._root_key)
        if key is None:
            raise OfficeNotProven
        self._keys[key.kid] = key.public_key

    def knows_sender(self, answer: Answer) -> bool:
        """Whether an answer names an issuing key that is known here."""
        return answer.headers.get(KEY_HEADER, "") in self._keys

    def check(self, answer: Answer, nonce: str) -> None:
        """Let only an answer pass that is signed over this request's nonce.

        Raises:
            OfficeNotProven: it is not.
            OfficeChanged: it names a key that hello did not show; only hello can prove it.
        """
        if self.is_known and not self.knows_sender(answer) and answer.headers.get(KEY_HEADER):
            raise OfficeChanged
        signature = answer.headers.get(SIGNATURE_HEADER, "")
        public_key = self._keys.get(answer.headers.get(KEY_HEADER, ""), "")
        message = answer_message(nonce, answer.status, answer.body)
        if not is_signed(public_key, ANSWER, message, signature):
            raise OfficeNotProven

    def check_receipt(self, receipt: Receipt, batch_id: str) -> None:
        """Raise OfficeNotProven unless the office signed this receipt for this batch."""
        message = canonical_bytes(receipt.model_dump(exclude={"sig"}))
        public_key = self._keys.get(receipt.kid, "")
        is_genuine = is_signed(public_key, RECEIPT, message, receipt.sig)
        if not is_genuine or receipt.batch_id != batch_id:
            raise OfficeNotProven
