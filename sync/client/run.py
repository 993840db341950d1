"""What the steps of one sync share: both ends, patience, and the count of what was done."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sync.client.backoff import Patience
from sync.client.ports import DeviceIdentity, SyncStore
from sync.client.progress import Progress, Report, Stage
from sync.client.proofs import OfficeChanged
from sync.client.sizes import BatchSize, ChunkSize
from sync.client.transport import Interrupted, Transport
from sync.protocol.messages import RECEIVED, Receipt

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    pushed: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    photos: int = 0
    pulled: int = 0

    def add(self, receipt: Receipt) -> None:
        accepted = sum(last - first + 1 for first, last in receipt.accepted)
        others = Counter(other.outcome for other in receipt.others)
        self.outcomes.update(others + Counter(accepted=accepted))
        self.pushed += accepted + sum(n for name, n in others.items() if name in RECEIVED)


@dataclass(slots=True)
class SyncRun:
    """One sync. `known` is the newest entry that the office is known to hold."""

    store: SyncStore
    transport: Transport
    report: Report
    patience: Patience
    tally: Tally = field(default_factory=Tally)
    batch_size: BatchSize = field(default_factory=BatchSize)
    chunk_size: ChunkSize = field(default_factory=ChunkSize)
    known: str | None = None
    server_epoch: str | None = None
    was_repaired: bool = False

    @property
    def identity(self) -> DeviceIdentity:
        """Who this laptop is now: its key may be another one after a hello."""
        return self.store.identity()

    def during(
        self, request: Callable[[], T], *, on_fault: Callable[[Interrupted], None] | None = None
    ) -> T:
        return self.patience.during(request, on_fault=on_fault)

    def tell(
        self,
        stage: Stage,
        done: int = 0,
        total: int = 0,
        bytes_done: int = 0,
        bytes_total: int = 0,
    ) -> None:
        self.report(Progress(stage, done, total, bytes_done, bytes_total))

    def check_epoch(self, server_epoch: str) -> None:
        """Raise OfficeChanged when an answer comes from another life of the office."""
        if server_epoch != self.server_epoch:
            raise OfficeChanged

    def clock(self) -> float:
        return self.patience.timing.clock()


def new_nonce() -> str:
    """Return 64 random bits; together with the request's signature they tie an answer to it."""
    return secrets.token_hex(8)
