"""How a record stands with its office, while a page of notices is applied to it."""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(slots=True)
class Standing:
    """The columns that notices may change; `position` is None for a record not here yet."""

    subject: str
    position: int | None
    number: str
    state: str
    revision: str
    source: str
    pending: str | None
    kpj: str | None
    cover_from: str | None
    cover_to: str | None
    card_seal: str | None
    returned_field: str | None
    returned_reason: str | None
    case_kind: str | None
    printed_at: str | None


_STORED: Final = tuple(
    field.name for field in fields(Standing) if field.name not in {"subject", "position"}
)
# The names are our own constants; values are bound.
_SELECT: Final = (
    f"SELECT subject, id, {', '.join(_STORED)} FROM registration "  # noqa: S608  our own names
    "WHERE subject IN (SELECT value FROM json_each(?))"
)
_UPDATE: Final = (
    f"UPDATE registration SET {', '.join(f'{name} = ?' for name in _STORED)} "  # noqa: S608  our own names
    "WHERE id = ?"
)
# Not received is: an own change without its receipt; content of another branch of this laptop that
# the office has not named; and content that reached the office without its bytes, or damaged.
_CUSTODY: Final = """
UPDATE registration SET custody = CASE
  WHEN EXISTS (SELECT 1 FROM entry WHERE entry.subject = registration.subject
    AND entry.stage = 'open' AND entry.kind IN ('register', 'correct', 'withdraw')) THEN 'saved'
  WHEN pending IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.hash = pending)
    THEN 'saved'
  WHEN NOT EXISTS (SELECT 1 FROM entry WHERE entry.subject = registration.subject
    AND entry.kind IN ('register', 'correct'))
    AND NOT EXISTS (SELECT 1 FROM acknowledged a WHERE a.subject = registration.subject)
    THEN 'saved'
  WHEN (SELECT outcome FROM entry WHERE entry.subject = registration.subject
    AND entry.kind IN ('register', 'correct') ORDER BY n DESC LIMIT 1) IN ('stub', 'damaged')
    THEN 'saved'
  WHEN EXISTS (SELECT 1 FROM photo WHERE photo.sha256 = registration.photo AND photo.sent = 0
    AND length(photo.jpeg) > 0)
    THEN 'received'
  WHEN EXISTS (SELECT 1 FROM wiped WHERE wiped.subject = registration.subject) THEN 'backed_up'
  ELSE 'complete' END
WHERE subject = ?
"""


def unknown(subject: str) -> Standing:
    """Return the standing of a record that is not here."""
    return Standing(
        subject, None, "", "registered", "", "", None, None, None, None, None, None, None, None,
        None,
    )  # fmt: skip


def read_standings(connection: "Connection", subjects: Iterable[str]) -> dict[str, Standing]:
    rows = connection.execute(_SELECT, (json.dumps(list(subjects)),))
    return {row[0]: Standing(*row) for row in rows}


def write_standings(connection: "Connection", changed: Iterable[Standing]) -> None:
    connection.executemany(_UPDATE, (_values(standing) for standing in changed))


def refresh_custody(connection: "Connection", subjects: Iterable[str]) -> None:
    """Derive again where these records lie, from the marks of their entries and photos."""
    connection.executemany(_CUSTODY, ((subject,) for subject in subjects))


def _values(standing: Standing) -> tuple[Any, ...]:
    _, position, *stored = astuple(standing)
    return (*stored, position)
