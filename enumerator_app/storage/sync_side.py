"""The laptop's side of a sync: what `sync.client.ports.SyncStore` asks for, by shape."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.domain.journal import Entry, to_line
from enumerator_app.storage import journal
from enumerator_app.storage.acknowledging import forget_all, kept_sums
from enumerator_app.storage.brought import take_whole
from enumerator_app.storage.carrying_side import leave_epoch
from enumerator_app.storage.device_keys import is_settled, key_waits, settle_keys
from enumerator_app.storage.feed import apply_page
from enumerator_app.storage.marking import mark_known, mark_settled, mark_void
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.records import LastSync
from enumerator_app.storage.returning import subjects_lacking, take_contents
from enumerator_app.storage.saying_again import owe_nothing
from enumerator_app.storage.self_knowledge import write_document, write_setting
from enumerator_app.storage.standing import refresh_custody
from sync.protocol.device import PhotoToSend, Position
from sync.protocol.digest import digest_of
from sync.protocol.messages import FeedItem, FeedPage, Receipt, RecordContent

if TYPE_CHECKING:
    from sqlite3 import Connection

# Counters are taken from the file in blocks: a request need not wait for the disk, and after a
# crash the rest of a block is left unused.
_COUNTERS_AT_ONCE: Final = 64
_CLOCK_IS_OFF: Final = timedelta(days=1)
_SALT_AND_SEPARATORS: Final = 35  # of a wire line: 32 digits, two tabs, a line feed

_NOTICES: Final = (
    "SELECT n, feed_hash, digest, salt, kind, subject, revision, content FROM notice "
    "WHERE content IS NOT NULL ORDER BY id LIMIT ? OFFSET ?"
)
_PHOTOS: Final = (
    "SELECT sha256, size FROM photo WHERE sent = 0 AND length(jpeg) > 0 AND EXISTS "
    "(SELECT 1 FROM entry WHERE entry.n = photo.entry AND entry.stage != 'open') ORDER BY entry"
)
# The first condition says what the last does not: by which index they are found.
_WAITS_FOR: Final = (
    "SELECT subject FROM registration "
    "WHERE custody != 'saved' AND photo = ? AND custody = 'received'"
)


class SyncSide:
    """The part of the store that a sync works on."""

    _file: OpenFile

    def position(self) -> Position:
        return self._file.engine.read(_position)

    def next_counter(self) -> int:
        """Return a request counter that was never used before."""
        with self._file.counter.lock:
            counter = self._file.counter
            counter.last += 1
            if counter.last > counter.reserved:
                self._reserve(counter.last + _COUNTERS_AT_ONCE)
            return counter.last

    def raise_counter(self, seen: int) -> None:
        """Make later counters larger than `seen`."""
        with self._file.counter.lock:
            counter = self._file.counter
            counter.last = max(counter.last, seen)
            if counter.last > counter.reserved:
                self._reserve(counter.last + _COUNTERS_AT_ONCE)

    def holds(self, entry: str) -> bool:
        """Return whether the journal has an entry of this hash."""
        return self._file.engine.read(lambda connection: journal.holds(connection, entry))

    def start_epoch(self, reason: str) -> None:
        """Open a new epoch after the present head."""
        self._file.start_epoch(reason)

    def settle_keys(self, named: Sequence[str], *, renew: bool) -> None:
        """Use the newest key that the office named; make one if this epoch has none."""
        if not self._file.engine.read(lambda connection: is_settled(connection, named)):
            self._file.write(
                lambda connection: settle_keys(self._file, connection, named, renew=renew)
            )

    def enter_server_epoch(self, server_epoch: str) -> None:
        """Owe the office all notices, read its feed from the start, believe no earlier receipt."""

        def work(connection: "Connection") -> None:
            (old,) = connection.execute("SELECT server_epoch FROM sync WHERE id = 1").fetchone()
            connection.execute(
                "UPDATE sync SET server_epoch = ?, owed = 1, feed_n = 0, feed_hash = NULL "
                "WHERE id = 1",
                (server_epoch,),
            )
            if old not in {None, server_epoch}:
                leave_epoch(connection, old)
            forget_all(connection)
            mark_void(connection, photos_too=old != server_epoch)

        self._file.write(work)

    def pending_after(self, known: str | None) -> tuple[int, int]:
        """Return (entries, bytes) that follow `known` on the chain to the head."""

        def work(connection: "Connection") -> tuple[int, int]:
            count, size = connection.execute(
                "SELECT count(*), sum(length(header) + coalesce(length(body), 1)) FROM entry "
                "WHERE n > ?",
                (journal.place_of(connection, known),),
            ).fetchone()
            return count, (size or 0) + count * _SALT_AND_SEPARATORS

        return self._file.engine.read(work)

    def lines_after(self, known: str | None, *, max_bytes: int, max_entries: int) -> list[bytes]:
        """Return the next wire lines after `known`, oldest first, at least one if any is left."""

        def work(connection: "Connection") -> list[bytes]:
            lines: list[bytes] = []
            room = max_bytes
            since = journal.place_of(connection, known) + 1
            for _, _, entry in journal.entries_from(connection, since):
                line = to_line(entry)
                room -= len(line)
                if lines and (room < 0 or len(lines) >= max_entries):
                    break
                lines.append(line)
            return lines

        return self._file.engine.read(work)

    def lines_of(self, entries: Sequence[str]) -> list[bytes]:
        """Return the wire lines of these entries, as far as they are here."""

        def work(connection: "Connection") -> list[bytes]:
            query = "SELECT header, salt, body FROM entry WHERE hash = ?"
            rows = (connection.execute(query, (entry,)).fetchone() for entry in entries)
            return [to_line(Entry(*row)) for row in rows if row is not None]

        return self._file.engine.read(work)

    def settle(self, entries: Sequence[str], receipt: Receipt) -> None:
        """Mark what the receipt says of `entries`; one of another server epoch marks nothing."""
        self._file.write(lambda connection: mark_settled(connection, entries, receipt))

    def office_knows(self, entry: str, server_epoch: str) -> None:
        """Mark `entry` and all before it as received; writes nothing if they are."""

        def waits(connection: "Connection") -> bool:
            query = "SELECT 1 FROM entry WHERE stage = 'open' AND n <= ? LIMIT 1"
            place = journal.place_of(connection, entry)
            return connection.execute(query, (place,)).fetchone() is not None

        if self._file.engine.read(waits):
            self._file.write(lambda connection: mark_known(connection, entry, server_epoch))

    def notices_kept(self, after: int, limit: int) -> list[FeedItem]:
        """Return kept notices for a re-offer, oldest first, leaving out the first `after`."""
        rows = self._file.engine.read(
            lambda connection: connection.execute(_NOTICES, (limit, after)).fetchall()
        )
        return [_item(*row) for row in rows]

    def reoffer_finished(self) -> None:
        self._file.write(lambda connection: owe_nothing(self._file, connection))

    def apply_page(self, page: FeedPage) -> int:
        """Apply notices and move the cursor in one transaction; return how many were new.

        Raises:
            OfficeNotProven: a running hash does not continue this device's feed.
        """
        return self._file.write(lambda connection: apply_page(self._file, connection, page))

    def subjects_lacking(self) -> list[str]:
        """Return the records that the feed says were accepted and whose content is not here."""
        return self._file.engine.read(subjects_lacking)

    def take_contents(self, records: Mapping[str, RecordContent]) -> int:
        """Show these records with what the office has kept of them; return how many it were."""
        return self._file.write(lambda connection: take_contents(self._file, connection, records))

    def photos_to_send(self) -> list[PhotoToSend]:
        """Return photos whose record is received and which the office has not confirmed."""
        rows = self._file.engine.read(lambda connection: connection.execute(_PHOTOS).fetchall())
        return [PhotoToSend(*row) for row in rows]

    def photo_settled(self, sha256: str, *, erased: bool) -> None:
        """Mark a portrait as being with the office; delete it here if it was erased there."""

        def work(connection: "Connection") -> None:
            subjects = [row[0] for row in connection.execute(_WAITS_FOR, (sha256,))]
            if erased:
                connection.execute("DELETE FROM photo WHERE sha256 = ?", (sha256,))
            else:
                connection.execute("UPDATE photo SET sent = 1 WHERE sha256 = ?", (sha256,))
            refresh_custody(connection, subjects)

        self._file.write(work)

    def bucket_sums(self) -> list[int]:
        return self._file.engine.read(kept_sums)

    def keep_document(self, name: str, raw: bytes) -> None:
        """Keep a signed document of the office."""
        at = instant_to_text(self._file.now())

        def work(connection: "Connection") -> None:
            write_document(connection, name, raw, at)
            take_whole(connection, at)

        self._file.write(work)

    def sync_finished(self, *, office_time: str, heads_agree: bool) -> None:
        at = instant_to_text(moment_by(self._file.now(), office_time))

        def work(connection: "Connection") -> None:
            connection.execute(
                "UPDATE sync SET office_time = ?, finished_at = ?, heads_agree = ? WHERE id = 1",
                (office_time, at, int(heads_agree)),
            )
            write_setting(connection, "office_time", office_time)

        self._file.write(work)
        self._file.learn_office_time(office_time)

    def last_sync(self) -> LastSync | None:
        """Return when a sync last came to its end; None if none ever did."""
        query = "SELECT finished_at, heads_agree, office_time FROM sync WHERE id = 1"
        at, agree, office_time = self._file.engine.read(
            lambda connection: connection.execute(query).fetchone()
        )
        if at is None:
            return None
        known = instant_from_text(office_time) if office_time else None
        return LastSync(instant_from_text(at), bool(agree), known)

    def _reserve(self, reserved: int) -> None:
        query = "UPDATE sync SET counter = ? WHERE id = 1"
        self._file.write(lambda connection: connection.execute(query, (reserved,)))
        self._file.counter.reserved = reserved


def moment_by(claimed: datetime, office_time: str) -> datetime:
    """Return the moment by this machine; by the office where its clock is a day off or more."""
    said = instant_from_text(office_time)
    return said if abs(claimed - said) >= _CLOCK_IS_OFF else claimed


def _position(connection: "Connection") -> Position:
    end = journal.journal_end(connection)
    server_epoch, feed_n, feed_hash, owed = connection.execute(
        "SELECT server_epoch, feed_n, feed_hash, owed FROM sync WHERE id = 1"
    ).fetchone()
    (first_open,) = connection.execute("SELECT min(n) FROM entry WHERE stage = 'open'").fetchone()
    received = connection.execute(
        "SELECT hash FROM entry WHERE n = ?", (end.n if first_open is None else first_open - 1,)
    ).fetchone()
    return Position(
        epoch=end.head.epoch,
        head=end.head.hash,
        locator=journal.locator(connection, end.n),
        feed_n=feed_n,
        feed_hash=feed_hash,
        digest=digest_of(kept_sums(connection)),
        server_epoch=server_epoch,
        owed=bool(owed),
        received=received[0] if received else None,
        key_waits=key_waits(connection),
    )


def _item(*row: Any) -> FeedItem:
    n, hash_, digest, salt, kind, subject, revision, content = row
    return FeedItem(
        n=n,
        hash=hash_,
        digest=digest,
        salt=salt,
        kind=kind,
        subject=subject,
        revision=revision,
        bytes=content,
    )
