"""What an office that was put back has from nobody else: journalled again from what stands here.

A record may say what this journal never said: an older copy of this laptop, or another one, saved
it, and it came down from the office. Its own entry would have to come from that other disk, which
may be dead. So once the feed was read to its head, whatever the office did not name is said again
as this laptop shows it. If the other disk comes after all, its entry says nothing new.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.journal import EntryKind
from enumerator_app.storage import journal, photos
from enumerator_app.storage.feed import page_effects
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.rows import content_at
from sync.protocol.messages import FeedItem

if TYPE_CHECKING:
    from sqlite3 import Connection

# Content that no entry of this journal holds, or a state that waits for an entry which is not here.
_NOT_OWN: Final = """
SELECT r.id, r.subject, r.number, r.state, r.revision, r.source, r.pending, a.revision
FROM registration r LEFT JOIN acknowledged a ON a.subject = r.subject
WHERE r.subject NOT IN (SELECT subject FROM wiped) AND (
  NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = r.source)
  OR r.pending IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = r.pending))
ORDER BY r.id
"""
_NOTICES: Final = (
    "SELECT n, feed_hash, digest, salt, kind, subject, revision, content FROM notice ORDER BY n"
)
_FIRST_NAMED: Final = "SELECT min(id) FROM notice WHERE subject = ? AND revision = ?"
_OWN_REGISTER: Final = "SELECT 1 FROM entry WHERE subject = ? AND kind = 'register'"
_IS_SIGNED: Final = "SELECT 1 FROM notice WHERE revision = ? AND kind != 'accepted'"
_SAID: Final = (
    "UPDATE registration SET custody = 'saved', revision = :entry, pending = :entry, "
    "source = iif(:is_content, :entry, source) WHERE id = :position"
)


@dataclass(frozen=True, slots=True)
class _Record:
    """One record; `acknowledged`: the revision that the office as it is now has of it."""

    position: int
    subject: str
    number: str
    state: str
    revision: str
    source: str
    pending: str | None
    acknowledged: str | None


def owe_nothing(file: OpenFile, connection: "Connection") -> None:
    """Note that the feed of a changed office was read to its head; what it lacks goes up next."""
    say_again(file, connection)
    connection.execute("UPDATE sync SET owed = 0 WHERE id = 1")


def say_again(file: OpenFile, connection: "Connection") -> int:
    """Journal what is shown here and the office's feed does not name; return how many records.

    To be called when the feed was read to its head: only then is silence an answer.
    """
    records = [_Record(*row) for row in connection.execute(_NOT_OWN)]
    if not records:
        return 0
    feed = _present_feed(connection)
    named = set(_names(feed))
    return sum(_settle(file, connection, record, feed, named) for record in records)


def _settle(
    file: OpenFile,
    connection: "Connection",
    record: _Record,
    feed: list[FeedItem],
    named: set[str],
) -> bool:
    is_content = record.source not in named and not journal.holds(connection, record.source)
    is_withdrawal = record.state == "withdrawn" and (
        is_content  # an own one came before what it was about
        if journal.holds(connection, record.revision)
        else record.revision not in named and not _is_signed(connection, record.revision)
    )
    if is_content:
        _say_content(file, connection, record)
    if is_withdrawal:
        # Its reason lies with the other branch; the office has it when that one comes.
        _say(file, connection, record, "withdraw", {"reason": ""})
    if not (is_content or is_withdrawal):
        _go_by_the_office(file, connection, record, feed)
    return is_content or is_withdrawal


def _is_signed(connection: "Connection", revision: str) -> bool:
    """Whether the office made it: such notices were offered again as they are."""
    return connection.execute(_IS_SIGNED, (revision,)).fetchone() is not None


def _say_content(file: OpenFile, connection: "Connection", record: _Record) -> None:
    body = {**content_at(connection, record.position), "number": record.number}
    is_known = (
        record.acknowledged is not None
        or connection.execute(_OWN_REGISTER, (record.subject,)).fetchone()
    )
    n = _say(file, connection, record, "correct" if is_known else "register", body)
    photos.attach(connection, body["photo"], None, n)


def _say(
    file: OpenFile,
    connection: "Connection",
    record: _Record,
    kind: EntryKind,
    body: dict[str, Any],
) -> int:
    statement = file.statement(
        kind,
        UUID(record.subject),
        body,
        at=file.now(),
        base=_base(connection, record),
        photos=(body["photo"],) if body.get("photo") else (),
    )
    end = journal.journal_end(connection)
    serial = max(end.serial, _serial_in(file, record.number))
    entry, end = journal.append(connection, end, statement, device=file.device, serial=serial)
    is_content = kind != "withdraw"
    values = {"entry": entry.hash, "is_content": is_content, "position": record.position}
    connection.execute(_SAID, values)
    return end.n


def _serial_in(file: OpenFile, number: str) -> int:
    """Return the serial of a number that this laptop gave; it must not give it again."""
    place = file.numbers_from()
    is_own = number.startswith(f"{place.regency}-{place.device_code}-")
    return int(number.split("-")[2]) if is_own else 0


def _base(connection: "Connection", record: _Record) -> str | None:
    """Return what the author of the lost entry was looking at, as far as it can be told.

    What the office has now, if it was told of that before the lost entry; else, since somebody
    changed the record after the office was put back, the lost entry itself: both changes count.
    """
    if record.acknowledged is None:
        return None
    times = [
        connection.execute(_FIRST_NAMED, (record.subject, revision)).fetchone()[0]
        for revision in (record.acknowledged, record.source)
    ]
    is_older = None not in times and times[0] < times[1]
    return record.acknowledged if is_older else record.source


def _go_by_the_office(
    file: OpenFile, connection: "Connection", record: _Record, feed: list[FeedItem]
) -> None:
    """Wait no longer for an entry of which nothing is here: show what the office says."""
    if record.pending is None or journal.holds(connection, record.pending):
        return
    query = "UPDATE registration SET pending = NULL WHERE id = ?"
    connection.execute(query, (record.position,))
    page_effects(file, connection, [item for item in feed if item.subject == record.subject])


def _present_feed(connection: "Connection") -> list[FeedItem]:
    """Return the notices of the feed as it is now, oldest first.

    Those of the office's earlier life are kept beside them; by the running hash they are told
    apart.
    """
    n, hash_ = connection.execute("SELECT feed_n, feed_hash FROM sync WHERE id = 1").fetchone()
    places: dict[int, list[FeedItem]] = {}
    for kept in _kept(connection):
        places.setdefault(kept.n, []).append(kept)
    found: list[FeedItem] = []
    item = next((kept for kept in places.get(n, ()) if kept.hash == hash_), None)
    while item is not None:
        found.append(item)
        item = next((p for p in places.get(item.n - 1, ()) if _follows(item, p.hash)), None)
    return found[::-1]


def _kept(connection: "Connection") -> Iterator[FeedItem]:
    names = ("n", "hash", "digest", "salt", "kind", "subject", "revision", "bytes")
    for row in connection.execute(_NOTICES):
        yield FeedItem(**dict(zip(names, row, strict=True)))


def _follows(item: FeedItem, previous: str) -> bool:
    link = bytes.fromhex(previous) + bytes.fromhex(item.digest)
    return hashlib.sha256(link).hexdigest() == item.hash


def _names(feed: list[FeedItem]) -> Iterator[str]:
    """Yield each entry and each revision of the office that these notices say is there."""
    for item in feed:
        if item.revision is not None:
            yield item.revision
        if item.kind == "accepted" and item.bytes is not None:
            yield str(from_canonical(item.bytes.encode())["fields"]["entry"])
