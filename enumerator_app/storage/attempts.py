"""Wrong passphrases in a row: after five, each next try waits longer. Never a wipe.

This binds honest software only; the cost of one guess is the defence.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Final

from enumerator_app.domain.errors import KnownError, OperatorRemoved, WrongPassphrase
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.storage.durable import write_durably
from enumerator_app.storage.home import Home
from enumerator_app.storage.key_file import KeyFile, OperatorSlot

FREE_TRIES: Final = 5
LONGEST_WAIT_S: Final = 300


class PassphraseTooSoon(WrongPassphrase):
    """Too many wrong passphrases; the next try counts in `wait_s` seconds."""

    code = "passphrase_too_soon"


@dataclass(frozen=True, slots=True)
class Attempts:
    """The file beside the keys that counts failures in a row."""

    path: Path

    def check(self, now: datetime) -> None:
        """Refuse a try that comes too early.

        Raises:
            PassphraseTooSoon: with the seconds to wait.
        """
        failures, last = self._read()
        if last is None:
            return
        wait = timedelta(seconds=wait_s(failures))
        # A clock set back must not lock anyone out for longer than the wait itself.
        remaining = min(last + wait - now, wait)
        if remaining > timedelta(0):
            raise PassphraseTooSoon(wait_s=ceil(remaining.total_seconds()))

    def failed(self, now: datetime) -> None:
        failures, _ = self._read()
        known = {"failures": failures + 1, "last": instant_to_text(now)}
        with suppress(OSError):  # a full disk must not hide what was wrong
            write_durably(self.path, json.dumps(known).encode())

    def succeeded(self) -> None:
        with suppress(OSError):  # a count that stays makes a wrong try wait longer, nothing else
            self.path.unlink(missing_ok=True)

    def _read(self) -> tuple[int, datetime | None]:
        try:
            known = json.loads(self.path.read_bytes())
            return int(known["failures"]), instant_from_text(known["last"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, None


def wait_s(failures: int) -> int:
    """Return the wait after so many failures in a row: 0 below five, then 1, 2, 4 to 300 s."""
    if failures < FREE_TRIES:
        return 0
    return int(min(2 ** min(failures - FREE_TRIES, 16), LONGEST_WAIT_S))


def unlocked(
    home: Home, keys: KeyFile, name: str | None, passphrase: str, now: datetime
) -> tuple[OperatorSlot, bytes]:
    """Return whose passphrase it is, and the key it gives; a wrong one is counted.

    Raises:
        WrongPassphrase: with the wait, after several wrong ones.
    """
    attempts = Attempts(home.attempts_file)
    attempts.check(now)
    try:
        operator, key = keys.unlock(name, passphrase)
    except OperatorRemoved:
        raise  # no passphrase was tried
    except KnownError:
        attempts.failed(now)
        raise
    attempts.succeeded()
    return operator, key
