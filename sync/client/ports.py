"""What the sync engine asks of a laptop's storage; `enumerator_app.storage` satisfies it by shape.

Every method that changes something commits before it returns, and may be repeated after a cut.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sync.protocol.device import DeviceIdentity, PhotoToSend, Position
from sync.protocol.messages import FeedItem, FeedPage, Receipt, RecordContent
from sync.protocol.parts import Part

__all__ = ["DeviceIdentity", "PhotoToSend", "Position", "SyncStore"]


class SyncStore(Protocol):
    """The laptop's side of a sync."""

    def identity(self) -> DeviceIdentity: ...

    def position(self) -> Position: ...

    def next_counter(self) -> int:
        """Return a request counter that was never used, and keep that it is used now."""
        ...

    def raise_counter(self, seen: int) -> None:
        """Make later counters larger than `seen` (the office saw it; this file went back)."""
        ...

    def holds(self, entry: str) -> bool:
        """Return whether the journal has an entry of this hash."""
        ...

    def start_epoch(self, reason: str) -> None:
        """Open a new epoch after the present head: this copy is behind or was forked."""
        ...

    def settle_keys(self, named: Sequence[str], *, renew: bool) -> None:
        """The office has these keys of this device: use the newest of them, and journal a new one
        (with `renew`) where this epoch is not that of the enrolment and has none.
        """
        ...

    def enter_server_epoch(self, server_epoch: str) -> None:
        """The office was restored or changed: owe it all notices, feed from 0, void `received`."""
        ...

    def pending_after(self, known: str | None) -> tuple[int, int]:
        """Return (entries, bytes) that follow `known` on the chain to the head."""
        ...

    def lines_after(self, known: str | None, *, max_bytes: int, max_entries: int) -> list[bytes]:
        """Return the next wire lines after `known`, oldest first, at least one if any is left."""
        ...

    def lines_of(self, entries: Sequence[str]) -> list[bytes]:
        """Return the wire lines of these entries, as far as they are here."""
        ...

    def settle(self, entries: Sequence[str], receipt: Receipt) -> None:
        """Mark what the receipt says of `entries` (the hashes of the batch, in order)."""
        ...

    def office_knows(self, entry: str, server_epoch: str) -> None:
        """Mark `entry` and all before it on its chain as received: the office named it as known.

        This is how entries whose receipt was lost on the way get their mark.
        """
        ...

    def notices_kept(self, after: int, limit: int) -> list[FeedItem]:
        """Return kept notices for a re-offer, oldest first, leaving out the first `after`."""
        ...

    def reoffer_finished(self) -> None:
        """The feed was read to its head: owe nothing, and journal again what it did not name.

        That is content of another branch of this laptop, which is in no entry of this journal.
        """
        ...

    def apply_page(self, page: FeedPage) -> int:
        """Apply the notices and move the cursor in one transaction; return how many were new.

        Raises:
            OfficeNotProven: a running hash does not continue this device's feed.
        """
        ...

    def subjects_lacking(self) -> list[str]:
        """Return the records that the feed says were accepted and whose content is not here."""
        ...

    def take_contents(self, records: Mapping[str, RecordContent]) -> int:
        """Show these records with what the office has kept of them; return how many it were."""
        ...

    def photos_to_send(self) -> list[PhotoToSend]:
        """Return photos whose record is received and which the office has not confirmed."""
        ...

    def photo(self, sha256: str) -> bytes | None: ...

    def photo_settled(self, sha256: str, *, erased: bool) -> None: ...

    def bucket_sums(self) -> list[int]: ...

    def document(self, name: str) -> bytes | None:
        """Return a document as it was kept last."""
        ...

    def keep_document(self, name: str, raw: bytes) -> None:
        """Keep a signed document of the office (after its signature was checked)."""
        ...

    def parts_wanted(self) -> list[Part]:
        """Return the parts that kept documents name and that are not here."""
        ...

    def keep_part(self, part: Part, content: bytes) -> None:
        """Keep a part; the last one of a document makes the whole of it count.

        Raises:
            OfficeNotProven: these are not the bytes that the document names.
        """
        ...

    def drop_stale_parts(self) -> int:
        """Delete parts of documents that another version has replaced; return how many."""
        ...

    def keep_locked(self, *, locked: bool, at: str) -> None:
        """Keep whether the office has stopped this laptop, and by its clock since when.

        Writes nothing if that is known.
        """
        ...

    def sync_finished(self, *, office_time: str, heads_agree: bool) -> None: ...
