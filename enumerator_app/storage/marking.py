"""Marks of reception on entries, and the custody of records that follows from them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from enumerator_app.storage.journal import place_of
from enumerator_app.storage.standing import refresh_custody
from sync.protocol.messages import RECEIVED, Receipt

if TYPE_CHECKING:
    from sqlite3 import Connection

_MARK: Final = "UPDATE entry SET stage = 'received', outcome = ?, code = ? WHERE hash = ?"
_NOTE: Final = "UPDATE entry SET outcome = ?, code = ? WHERE hash = ?"

_WAIT: Final = """
UPDATE registration SET custody = 'saved', pending = CASE
  WHEN EXISTS (SELECT 1 FROM entry WHERE entry.hash = registration.revision) THEN revision
  WHEN EXISTS (SELECT 1 FROM wiped WHERE wiped.subject = registration.subject) THEN NULL
  WHEN NOT EXISTS (SELECT 1 FROM notice WHERE notice.subject = registration.subject
    AND notice.revision = registration.revision AND notice.kind != 'accepted') THEN revision
  WHEN NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = registration.source) THEN source END
"""


def mark_settled(connection: "Connection", entries: Sequence[str], receipt: Receipt) -> None:
    """Mark the entries of a batch by its receipt, if it is of the present server epoch."""
    if receipt.server_epoch != _server_epoch(connection):
        return
    received = list(_outcomes(connection, entries, receipt))
    for outcome, code, hash_ in received:
        query = _MARK if outcome in RECEIVED else _NOTE
        connection.execute(query, (outcome, code, hash_))
    _refresh(connection, (hash_ for _, _, hash_ in received))


def mark_known(connection: "Connection", entry: str, server_epoch: str) -> None:
    """Mark an entry and all before it as received: the office named it as known."""
    if server_epoch != _server_epoch(connection):
        return
    query = "SELECT hash FROM entry WHERE stage = 'open' AND n <= ?"
    waiting = [row[0] for row in connection.execute(query, (place_of(connection, entry),))]
    connection.executemany(
        "UPDATE entry SET stage = 'received' WHERE hash = ?", ((hash_,) for hash_ in waiting)
    )
    _refresh(connection, waiting)


def mark_void(connection: "Connection", *, photos_too: bool) -> None:
    """Believe no earlier receipt: the office may have lost what it confirmed.

    What is shown as an own change waits again for its outcome; and what another branch of this
    laptop saved, for the office's naming it (`saying_again`). Content that left cannot be brought.
    """
    connection.execute(
        "UPDATE entry SET stage = 'open', outcome = NULL, code = NULL WHERE stage = 'received'"
    )
    if photos_too:
        connection.execute("UPDATE photo SET sent = 0")
    connection.execute(_WAIT)


def _outcomes(
    connection: "Connection", entries: Sequence[str], receipt: Receipt
) -> Iterator[tuple[str, str | None, str]]:
    others = {other.hash: other for other in receipt.others}
    for hash_ in entries:
        if hash_ in others:
            yield others[hash_].outcome, others[hash_].code, hash_
        elif _is_accepted(connection, hash_, receipt):
            yield "accepted", None, hash_


def _is_accepted(connection: "Connection", hash_: str, receipt: Receipt) -> bool:
    row = connection.execute("SELECT epoch, seq FROM entry WHERE hash = ?", (hash_,)).fetchone()
    if row is None or row[0] != receipt.epoch:
        return False
    return any(first <= row[1] <= last for first, last in receipt.accepted)


def _refresh(connection: "Connection", hashes: Iterable[str]) -> None:
    query = "SELECT subject FROM entry WHERE hash = ? AND subject IS NOT NULL"
    found = (connection.execute(query, (hash_,)).fetchone() for hash_ in hashes)
    refresh_custody(connection, {row[0] for row in found if row})


def _server_epoch(connection: "Connection") -> str | None:
    row: tuple[str | None] = connection.execute(
        "SELECT server_epoch FROM sync WHERE id = 1"
    ).fetchone()
    return row[0]
