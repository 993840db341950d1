"""What a sync says while it runs, and what it says at its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Stage = Literal["hello", "reoffer", "entries", "feed", "contents", "parts", "photos", "closing"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` items of this stage; bytes are of the journal or of photos, uncompressed.

    `total` and `bytes_total` may grow while the stage runs.
    """

    stage: Stage
    done: int = 0
    total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0


Report = Callable[[Progress], None]
UNDECIDED: Final = ("quarantined", "case", "damaged", "held")
"""Outcomes of entries that are at the office, and that somebody there must look at first."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one sync did. `pending` entries are not received yet: they are safe here.

    `heads_agree` comes from the office's last answer: it holds this laptop's last entry and the
    same revisions. `too_old` is the version that the office asks for; nothing was sent then.
    """

    pushed: int
    outcomes: dict[str, int]
    photos: int
    pulled: int
    pending: int
    heads_agree: bool
    digest_ok: bool
    requests: int
    bytes_up: int
    bytes_down: int
    too_old: str | None = None
    locked: bool = False
    photos_pending: int = 0

    @property
    def undecided(self) -> int:
        """How many entries of this sync do not count at the office before it has decided."""
        return undecided_of(self.outcomes)


def undecided_of(outcomes: Mapping[str, int]) -> int:
    """Return how many entries of these outcomes do not count before the office has decided."""
    return sum(outcomes.get(name, 0) for name in UNDECIDED)
