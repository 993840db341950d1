"""How much is sent at once: enough for a good line, little enough for a bad one."""

from dataclasses import dataclass
from typing import Final

from sync.protocol.messages import MAX_BATCH_BYTES, MAX_BATCH_ENTRIES

TARGET_BYTES: Final = 512 * 1024
SMALLEST_BYTES: Final = 8 * 1024
QUICK_S: Final = 5.0
_HEADER_ROOM: Final = 8 * 1024
_FIRST_RATIO: Final = 4.0  # compressed by this until a batch was measured


@dataclass(slots=True)
class BatchSize:
    """Bytes on the wire to aim at for one batch; halved by faults, doubled by quick answers."""

    target: int = TARGET_BYTES
    ratio: float = _FIRST_RATIO

    @property
    def max_bytes(self) -> int:
        """The uncompressed size to cut the next batch at."""
        return min(MAX_BATCH_BYTES - _HEADER_ROOM, int(self.target * self.ratio))

    @property
    def max_entries(self) -> int:
        """A thousand at most; fewer once the target has shrunk, whatever compression promised."""
        share = self.target / TARGET_BYTES
        return max(1, min(MAX_BATCH_ENTRIES, int(MAX_BATCH_ENTRIES * share)))

    def shrink(self) -> None:
        self.target = max(SMALLEST_BYTES, self.target // 2)

    def learn(self, *, raw: int, sent: int, seconds: float) -> None:
        """Take over what one accepted batch showed about compression and speed."""
        self.ratio = max(1.0, min(20.0, raw / max(1, sent)))
        if seconds < QUICK_S:
            self.target = min(MAX_BATCH_BYTES, self.target * 2)


@dataclass(slots=True)
class ChunkSize:
    """Bytes of a photo in one request: a cut costs at most this much again."""

    bytes: int = 256 * 1024

    def shrink(self) -> None:
        self.bytes = max(SMALLEST_BYTES, self.bytes // 2)

    def learn(self, *, seconds: float) -> None:
        if seconds < QUICK_S:
            self.bytes = min(256 * 1024, self.bytes * 2)
