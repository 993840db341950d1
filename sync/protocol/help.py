"""A forgotten passphrase: what a laptop asks its office, and what the office gives back.

The laptop's file is locked by a key of its own, sealed to the office's recovery recipient since the
laptop was enrolled. A request carries that seal and a recipient made for this one answer; the
answer is the key, sealed to it. Neither file opens anything by itself.
"""

from typing import Final, Literal

import pyrage
from pydantic import ValidationError

from sync.protocol.bundle import BundleForeign, BundleUnreadable
from sync.protocol.messages import Message

_MOST_BYTES: Final = 64 * 1024


class HelpRequest(Message):
    """`sealed` is the laptop's key, age for `recipient`, as hexadecimal."""

    v: Literal[1] = 1
    kind: Literal["help_request"] = "help_request"
    device: str
    recipient: str
    sealed: str
    reply_to: str


class HelpAnswer(Message):
    """`sealed` is the laptop's key, age for the request's `reply_to`, as hexadecimal."""

    v: Literal[1] = 1
    kind: Literal["help_answer"] = "help_answer"
    device: str
    sealed: str


def read_request(raw: bytes) -> HelpRequest:
    """Return the request in a file.

    Raises:
        BundleUnreadable: it is none.
    """
    try:
        return HelpRequest.model_validate_json(raw[:_MOST_BYTES])
    except ValidationError as error:
        raise BundleUnreadable from error


def read_answer(raw: bytes) -> HelpAnswer:
    """Return the answer in a file.

    Raises:
        BundleUnreadable: it is none.
    """
    try:
        return HelpAnswer.model_validate_json(raw[:_MOST_BYTES])
    except ValidationError as error:
        raise BundleUnreadable from error


def unsealed(sealed: str, identity: str) -> bytes:
    """Return what was sealed to an age identity.

    Raises:
        BundleForeign: it was sealed to another.
    """
    try:
        key = pyrage.x25519.Identity.from_str(identity)
        return bytes(pyrage.decrypt(bytes.fromhex(sealed), [key]))
    except (ValueError, pyrage.DecryptError, pyrage.IdentityError) as error:
        raise BundleForeign from error


def sealed_to(content: bytes, recipient: str) -> str:
    """Return `content` sealed to an age recipient, as hexadecimal.

    Raises:
        BundleUnreadable: it is no recipient.
    """
    try:
        return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)])).hex()
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise BundleUnreadable from error
