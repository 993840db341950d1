"""A laptop whose passphrases are forgotten: it asks its office, and opens with the answer."""

from pathlib import Path
from typing import Final

import pyrage

from enumerator_app.domain.errors import KnownError
from enumerator_app.storage.durable import write_durably
from enumerator_app.storage.key_file import read_key_file
from enumerator_app.storage.opening import reopen_home
from enumerator_app.storage.passphrases import KdfCost
from enumerator_app.storage.store import Store
from sync.protocol.bundle import BundleForeign
from sync.protocol.help import HelpRequest, read_answer, unsealed

_KEYS: Final = "keys.json"
_REPLY_KEY: Final = "help_reply.key"


class NoRecovery(KnownError):
    """Nothing of this laptop is sealed to an office: a practice laptop, or one not enrolled yet."""

    code = "no_recovery"
    exit_code = 2


def help_request(home: Path) -> bytes:
    """Return the request for the office; the key that opens the answer is kept in the home.

    Asking again makes an answer to the earlier request worthless.

    Raises:
        KeyFileDamaged: there is no key file to ask with.
        NoRecovery: no office can open it.
    """
    keys = read_key_file(home / _KEYS)
    if keys.recovery_sealed is None or keys.recovery_recipient is None:
        raise NoRecovery
    reply = pyrage.x25519.Identity.generate()
    write_durably(home / _REPLY_KEY, str(reply).encode())
    request = HelpRequest(
        device=str(keys.device),
        recipient=keys.recovery_recipient,
        sealed=keys.recovery_sealed.hex(),
        reply_to=str(reply.to_public()),
    )
    return request.model_dump_json().encode()


def open_with_help(
    home: Path, answer: bytes, *, operator_name: str, passphrase: str, cost: KdfCost
) -> Store:
    """Open the laptop with the office's answer, and give `operator_name` a new passphrase.

    A name that is there already gets the new one in place of the old.

    Raises:
        BundleUnreadable, BundleForeign: it is no answer to this laptop's last request.
        PassphraseTooWeak, KeyFileDamaged, HomeInUse, DatabaseDamaged: nothing was changed.
    """
    read = read_answer(answer)
    keys = read_key_file(home / _KEYS)
    try:
        identity = (home / _REPLY_KEY).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise BundleForeign from error
    if read.device != str(keys.device):
        raise BundleForeign
    key = unsealed(read.sealed, identity)
    store = reopen_home(
        home, lambda _: key, operator_name=operator_name, passphrase=passphrase, cost=cost
    )
    (home / _REPLY_KEY).unlink(missing_ok=True)
    return store


def waits_for_help(home: Path) -> bool:
    """Return whether a request was written that was not answered yet."""
    return (home / _REPLY_KEY).exists()
