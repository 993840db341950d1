"""Quick unlock: six digits open what a passphrase opened earlier the same day.

The open file stays in this process while the screen is locked; nothing about the digits is written
anywhere. Five wrong tries, midnight, or the end of the process, and only the passphrase opens.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from enumerator_app.domain.errors import WrongPassphrase
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop, utc_now

TRIES: Final = 5
_SCRYPT_COST: Final = 2**14


@dataclass(slots=True)
class _Digits:
    salt: bytes
    digest: bytes
    day: date
    tries_left: int = TRIES


class DayLock:
    """Holds at most one open laptop behind the digits that its operator chose."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._digits: _Digits | None = None
        self._held: Laptop | None = None

    def operator(self) -> str:
        """Return who may open with digits now; "" if nobody."""
        if self._held is None or self.tries_left() == 0:
            return ""
        return self._held.operator_name

    def tries_left(self) -> int:
        digits = self._digits
        if digits is None or digits.day != day_in_wib(self._clock()):
            return 0
        return digits.tries_left

    def set_digits(self, digits: str) -> None:
        """Choose the digits for the rest of today."""
        salt = secrets.token_bytes(16)
        self._digits = _Digits(salt, _digest(digits, salt), day_in_wib(self._clock()))

    def forget_digits(self) -> None:
        """Ask for the passphrase from now on."""
        self._digits = None

    def lock(self, laptop: Laptop) -> None:
        """Keep the laptop behind the digits; close it if there are none for today, or the office
        has ended the work of whoever chose them.
        """
        if self.tries_left() and not laptop.store.is_operator_removed:
            self._held = laptop
        else:
            laptop.close()

    def try_digits(self, digits: str) -> Laptop:
        """Return the laptop that is held.

        Raises:
            WrongPassphrase: not the digits; after the last try the laptop is closed.
        """
        known, held = self._digits, self._held
        if known is None or held is None or not self.tries_left():
            raise WrongPassphrase
        if not hmac.compare_digest(_digest(digits, known.salt), known.digest):
            known.tries_left -= 1
            if known.tries_left == 0:
                self.close()
            raise WrongPassphrase
        known.tries_left = TRIES
        self._held = None
        return held

    def close(self) -> None:
        """Close the laptop that is held, and forget the digits."""
        held, self._held, self._digits = self._held, None, None
        if held is not None:
            held.close()


def _digest(digits: str, salt: bytes) -> bytes:
    return hashlib.scrypt(digits.encode(), salt=salt, n=_SCRYPT_COST, r=8, p=1)
