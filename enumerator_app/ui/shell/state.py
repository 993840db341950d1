"""What the frame shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Part(Enum):
    """The clickable parts of the honest line; each opens the list behind it."""

    NOT_SENT = "not_sent"
    RECEIVED = "received"
    TO_CORRECT = "to_correct"
    STICK = "stick"


@dataclass(frozen=True, kw_only=True)
class ShellState:
    """Numbers in people, photos in photos; `badges` by page key."""

    visit: str = ""
    visit_detail: str = ""
    not_sent: int = 0
    entries_not_sent: int = 0  # also those about nobody: visits, prints
    photos_not_sent: int = 0
    received: int = 0
    to_correct: int = 0
    is_counted: bool = True  # False: the file could not be read, and no number is known
    has_stick: bool = False
    is_stopped: bool = False  # the office has stopped this laptop
    office: str = ""  # what is to be said of the office's network, after what waits
    operator: str = ""
    badges: Mapping[str, int] = field(default_factory=dict)
    is_practice: bool = False
