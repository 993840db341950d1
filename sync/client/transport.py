"""What the engine asks of a way to the office, and how such a way fails.

Every method may be repeated: a request that was cut may have been done or not, and doing it again
changes nothing. What is returned was proven to come from the office.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from enumerator_app.domain.errors import KnownError, ServerUnreachable
from sync.protocol.messages import (
    BatchHeader,
    ContentsAnswer,
    ContentsRequest,
    DigestAnswer,
    DigestRequest,
    FeedPage,
    Hello,
    HelloAnswer,
    Receipt,
    ReofferAnswer,
    ReofferRequest,
)


class Interrupted(ServerUnreachable):
    """A fault that may pass: the request may be repeated, smaller or a little later.

    `reached` says whether anything answered at all; `wait_s` is what the office asked to wait;
    `verdict` is what to say instead, should the fault not pass.
    """

    def __init__(
        self, *, reached: bool = True, wait_s: float = 0.0, verdict: KnownError | None = None
    ) -> None:
        super().__init__()
        self.reached = reached
        self.wait_s = wait_s
        self.verdict = verdict


@dataclass(slots=True)
class Traffic:
    """Bytes on the wire, headers included, and requests; of one transport since it was made."""

    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


PhotoPlace = Literal["open", "complete", "erased", "unwanted"]


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """Where a photo stands at the office: it has the first `offset` bytes.

    `unwanted`: no record that the office has names this photo (its record may come later).
    """

    place: PhotoPlace
    offset: int = 0


class Transport(Protocol):
    """One way to the office.

    Raises (all methods):
        Interrupted: see there. Any other KnownError: repeating now would not help.
    """

    @property
    def traffic(self) -> Traffic: ...

    def trust(self, certificate: dict[str, Any]) -> None:
        """Believe an issuing key that was kept from an earlier sync, if the root certified it."""
        ...

    def level(self, at: str) -> str | None:
        """Return the office's time if this laptop stands where the office does; else None."""
        ...

    def hello(self, message: Hello) -> HelloAnswer: ...

    def push(self, header: BatchHeader, lines: Sequence[bytes]) -> Receipt: ...

    def reoffer(self, message: ReofferRequest) -> ReofferAnswer: ...

    def feed(self, *, after: int, limit: int) -> FeedPage: ...

    def digest(self, message: DigestRequest) -> DigestAnswer: ...

    def contents(self, message: ContentsRequest) -> ContentsAnswer | None:
        """Return what records say; None if this office is too old to be asked."""
        ...

    def document(self, name: str) -> bytes | None:
        """Return the bytes of a document, or None if the office has none of this name."""
        ...

    def part(self, sha256: str) -> bytes | None:
        """Return a part of a document, or None if the office has no such part now."""
        ...

    def photo_place(self, sha256: str) -> PhotoAnswer: ...

    def send_photo(self, sha256: str, *, offset: int, size: int, chunk: bytes) -> PhotoAnswer:
        """Add bytes at `offset` of a photo of `size` bytes; the answer says where it goes on."""
        ...
