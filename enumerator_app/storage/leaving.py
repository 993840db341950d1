"""Content that leaves this laptop: only what the office would have again from each of its copies.

Two steps. First a record is announced: the office says that every copy of itself holds all of it.
`CONFIRM_AFTER` later, by the office's signed clock and never by this one, the same is asked again;
if the answer is the same, in the same life of the office, the content goes. What a list shows, what
tells two people apart and what a paper needs stays; see `_EMPTIED`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from enumerator_app.domain.alike import TRAITS
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from enumerator_app.storage.likened import drop_keys, write_keys
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.photos import IS_OF_OTHERS
from sync.protocol.messages import WatermarkAnswer

if TYPE_CHECKING:
    from sqlite3 import Connection

KEEP_DAYS: Final = "keep_days"
"""The setting: after how many days content may leave; empty or 0: it stays."""
CONFIRM_AFTER: Final = timedelta(days=7)
ASK_AGAIN: Final = timedelta(days=1)
STAYS_AFTER_RETURN: Final = timedelta(days=30)

_EMPTIED: Final = (
    "kk_number", "birth_place", "address", "rt", "rw", "phone", "phone_owner", "email",
    "workplace", "consent_witness",
)  # fmt: skip
_FORGOTTEN: Final = (
    "works_since", "monthly_income", "latitude_udeg", "longitude_udeg",
)  # fmt: skip
_WIPE_ROW: Final = (
    "UPDATE registration SET custody = 'backed_up', heirs = '[]', paradata = '{}', "  # noqa: S608  our own names
    + "".join(f"{name} = '', " for name in _EMPTIED)
    + ", ".join(f"{name} = NULL" for name in _FORGOTTEN)
    + " WHERE subject = ?"
)
# Received whole, nothing waits for anybody at this table, and the paper was seen.
_MAY_LEAVE: Final = """
SELECT r.subject FROM {among} LEFT JOIN leaving l ON l.subject = r.subject
WHERE r.custody = 'complete' AND r.pending IS NULL AND r.case_kind IS NULL
  AND (r.state IN ('withdrawn', 'duplicate', 'ended')
    OR r.state IN ('registered', 'verified', 'submitted', 'enrolled')
      AND r.printed_at IS NOT NULL AND NOT (r.card_seal IS NOT NULL AND r.printed_kind != 'active'))
  AND max(r.registered_at, coalesce(r.printed_at, '')) < :before
  AND (l.ask_after IS NULL OR l.ask_after <= :now)
  AND r.subject NOT IN (SELECT subject FROM wiped)
  AND EXISTS (SELECT 1 FROM entry WHERE entry.subject = r.subject AND entry.body IS NOT NULL
    AND entry.kind IN ('register', 'correct'))
ORDER BY l.ask_after, r.id LIMIT :most
"""
_ANYBODY: Final = _MAY_LEAVE.format(among="registration r")
# Named ones are looked up, since that is in a transaction: a save waits for it.
_OF_THESE: Final = _MAY_LEAVE.format(
    among="json_each(:among) named CROSS JOIN registration r ON r.subject = named.value"
)
_BODIES: Final = (
    "SELECT hash, header FROM entry WHERE subject = ? AND body IS NOT NULL "
    "AND kind IN ('register', 'correct')"
)
_NOTICED: Final = (
    "SELECT id, revision FROM notice WHERE subject = ? AND content IS NOT NULL "
    "AND revision IS NOT NULL AND content LIKE '%\"body\":%'"
)
_PORTRAITS: Final = (
    "SELECT sha256 FROM photo WHERE length(jpeg) > 0 "  # noqa: S608  our own names
    f"AND sha256 IN (SELECT value FROM json_each(:named)) AND NOT {IS_OF_OTHERS}"
)
_NOTE: Final = (
    "INSERT INTO leaving (subject, ask_after, announced_at, server_epoch) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (subject) DO UPDATE SET ask_after = excluded.ask_after, "
    "announced_at = excluded.announced_at, server_epoch = excluded.server_epoch"
)

_HERE_AGAIN: Final = (
    "UPDATE registration SET custody = 'complete' WHERE subject = ? AND custody = 'backed_up'"
)


@dataclass(frozen=True, slots=True)
class LeavingStanding:
    """People: `announced` will have left by `next_on` at the earliest, `wiped` have left."""

    keep_days: int
    announced: int
    next_on: datetime | None
    wiped: int
    wanted: int


@dataclass(frozen=True, slots=True)
class _Content:
    """What would go of one record, by hash; `notices` by their place."""

    entries: tuple[str, ...]
    photos: tuple[str, ...]
    revisions: tuple[str, ...]
    notices: tuple[int, ...]

    @property
    def things(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.entries, *self.photos, *self.revisions)))


class Leaving:
    """The part of the store that lets content go, and has it back."""

    _file: OpenFile

    def may_leave(self, limit: int) -> Mapping[str, Sequence[str]]:
        """Return who may leave, by subject: the hashes of what would go of each."""
        return self._file.engine.read(lambda c: dict(_may_leave(c, limit)))

    def confirmed(self, asked: Mapping[str, Sequence[str]], answer: WatermarkAnswer) -> int:
        """Announce, or let go, what the office's copies hold; return how many records went.

        Looks again at each record first: it may have changed since it was asked about.
        """
        return self._file.write(lambda c: _take(c, asked, answer))

    def is_wiped(self, subject: UUID) -> bool:
        """Return whether only a list's line of this record is here."""
        return self._file.engine.read(lambda c: is_wiped(c, subject))

    def want_back(self, subject: UUID) -> None:
        """Ask the office for the content at the next sync."""
        query = "UPDATE wiped SET is_wanted = 1 WHERE subject = ?"
        self._file.write(lambda c: c.execute(query, (str(subject),)))

    def wanted(self) -> list[str]:
        """Return whose content left and is asked for again."""
        query = "SELECT subject FROM wiped WHERE is_wanted = 1 ORDER BY subject"
        return [row[0] for row in self._file.engine.read(lambda c: c.execute(query).fetchall())]

    def leaving_standing(self) -> LeavingStanding:
        return self._file.engine.read(_standing)


def is_wiped(connection: "Connection", subject: UUID | str) -> bool:
    query = "SELECT 1 FROM wiped WHERE subject = ?"
    return connection.execute(query, (str(subject),)).fetchone() is not None


def note_returned(connection: "Connection", subject: str, now: datetime) -> None:
    """The content of a record is here again, and stays for a while."""
    if connection.execute("DELETE FROM wiped WHERE subject = ?", (subject,)).rowcount:
        stays = instant_to_text(now + STAYS_AFTER_RETURN)
        connection.execute(_NOTE, (subject, stays, None, None))
        connection.execute(_HERE_AGAIN, (subject,))


def _may_leave(
    connection: "Connection", limit: int, among: Sequence[str] | None = None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    office_time, days = _office_time(connection), keep_days(connection)
    if days is None or office_time is None:
        return
    before = instant_to_text(instant_from_text(office_time) - timedelta(days=days))
    named = None if among is None else json.dumps(list(among))
    values = {"before": before, "now": office_time, "most": limit, "among": named}
    query = _ANYBODY if among is None else _OF_THESE
    for (subject,) in connection.execute(query, values).fetchall():
        yield subject, _content(connection, subject).things


def _take(
    connection: "Connection", asked: Mapping[str, Sequence[str]], answer: WatermarkAnswer
) -> int:
    (server_epoch,) = connection.execute("SELECT server_epoch FROM sync WHERE id = 1").fetchone()
    if answer.server_epoch != server_epoch:
        return 0
    held, present = set(answer.held), dict(_may_leave(connection, -1, list(asked)))
    gone = 0
    for subject in asked:
        if subject not in present:
            continue
        if not held.issuperset(present[subject]):
            _note(connection, subject, answer, ASK_AGAIN, announced=False)
        elif _is_announced(connection, subject, answer):
            _wipe(connection, subject, answer.time)
            gone += 1
        else:
            _note(connection, subject, answer, CONFIRM_AFTER, announced=True)
    return gone


def _is_announced(connection: "Connection", subject: str, answer: WatermarkAnswer) -> bool:
    row = connection.execute(
        "SELECT announced_at, server_epoch FROM leaving WHERE subject = ?", (subject,)
    ).fetchone()
    if row is None or row[0] is None or row[1] != answer.server_epoch:
        return False
    return instant_from_text(row[0]) + CONFIRM_AFTER <= instant_from_text(answer.time)


def _note(
    connection: "Connection",
    subject: str,
    answer: WatermarkAnswer,
    wait: timedelta,
    *,
    announced: bool,
) -> None:
    ask_after = instant_to_text(instant_from_text(answer.time) + wait)
    at = answer.time if announced else None
    connection.execute(_NOTE, (subject, ask_after, at, answer.server_epoch))


def _content(connection: "Connection", subject: str) -> _Content:
    rows = connection.execute(_BODIES, (subject,)).fetchall()
    named = [photo for _, header in rows for photo in from_canonical(header)["photos"]]
    photos = connection.execute(_PORTRAITS, {"named": json.dumps(named), "subject": subject})
    notices = connection.execute(_NOTICED, (subject,)).fetchall()
    # What another branch of this laptop saved last: it stands in the record's row alone.
    shown = connection.execute("SELECT source FROM registration WHERE subject = ?", (subject,))
    return _Content(
        tuple(hash_ for hash_, _ in rows),
        tuple(row[0] for row in photos),
        (*(revision for _, revision in notices), *(row[0] for row in shown)),
        tuple(place for place, _ in notices),
    )


def _wipe(connection: "Connection", subject: str, at: str) -> None:
    content = _content(connection, subject)
    for query, which in (
        ("UPDATE entry SET salt = NULL, body = NULL WHERE hash = ?", content.entries),
        ("UPDATE photo SET jpeg = x'' WHERE sha256 = ?", content.photos),
        ("UPDATE notice SET salt = NULL, content = NULL WHERE id = ?", content.notices),
    ):
        connection.executemany(query, ((one,) for one in which))
    connection.execute(_WIPE_ROW, (subject,))
    _rewrite_keys(connection, subject)
    connection.execute("DELETE FROM leaving WHERE subject = ?", (subject,))
    connection.execute("INSERT INTO wiped (subject, at) VALUES (?, ?)", (subject, at))


def _rewrite_keys(connection: "Connection", subject: str) -> None:
    """Let the person be found as somebody who is here already, by what is left of them."""
    query = f"SELECT id, {', '.join(TRAITS)} FROM registration WHERE subject = ?"  # noqa: S608  our own names
    position, *values = connection.execute(query, (subject,)).fetchone()
    drop_keys(connection, position)
    write_keys(connection, position, dict(zip(TRAITS, values, strict=True)))


def keep_days(connection: "Connection") -> int | None:
    """Return after how many days content may leave; None: it stays."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (KEEP_DAYS,)).fetchone()
    return int(row[0]) if row and row[0].isdigit() else None


def _office_time(connection: "Connection") -> str | None:
    row: tuple[str | None] = connection.execute(
        "SELECT office_time FROM sync WHERE id = 1"
    ).fetchone()
    return row[0]


def _standing(connection: "Connection") -> LeavingStanding:
    announced, next_at = connection.execute(
        "SELECT count(*), min(ask_after) FROM leaving WHERE announced_at IS NOT NULL"
    ).fetchone()
    wiped, wanted = connection.execute(
        "SELECT count(*), coalesce(sum(is_wanted), 0) FROM wiped"
    ).fetchone()
    next_on = instant_from_text(next_at) if next_at else None
    return LeavingStanding(keep_days(connection) or 0, announced, next_on, wiped, wanted)
