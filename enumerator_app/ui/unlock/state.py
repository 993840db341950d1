"""What the unlock page shows."""

from dataclasses import dataclass
from enum import Enum


class Mode(Enum):
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a mode
    DIGITS = "digits"  # unlocked before today: six digits are enough
    NEW_DIGITS = "new_digits"  # just unlocked: six digits for the rest of the day, or none
    NEW_OPERATOR = "new_operator"  # why a colleague has to do that
    FORGOTTEN = "forgotten"
    HELPED = "helped"  # the office's answer is here: a new passphrase is chosen
    DAMAGED = "damaged"  # the file does not open: rescued, or set aside


class Damage(Enum):
    FOUND = "found"
    RESCUED = "rescued"
    BEYOND_RESCUE = "beyond_rescue"


@dataclass(frozen=True)
class OperatorEntry:
    """One person who may open this laptop; `last_seen` is a sentence or ""."""

    name: str
    last_seen: str = ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if words[1:] else words)).upper()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands around the form. Numbers that are not known before the lock stay None."""

    office_name: str = ""
    office_phone: str = ""
    device_code: str = ""
    version: str = ""
    not_sent: int | None = None
    received: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnlockState:
    operators: tuple[OperatorEntry, ...] = ()
    selected: int = 0
    mode: Mode = Mode.PASSPHRASE
    is_busy: bool = False
    problem: str = ""
    said: str = ""
    wait_s: int = 0  # seconds until the next try counts
    has_caps_lock: bool = False
    damage: Damage = Damage.FOUND

    @property
    def operator(self) -> str:
        return self.operators[self.selected].name if self.operators else ""
