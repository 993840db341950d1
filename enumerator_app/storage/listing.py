"""Lines of lists: read with prepared SQL, because a list is asked for at every key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.numbers import RegistrationNumber
from enumerator_app.domain.registration import Programme
from enumerator_app.storage.worker import ListedWorker

if TYPE_CHECKING:
    from sqlite3 import Connection

# In the order of the fields of `ListedWorker`.
_COLUMNS: Final = (
    "r.id, r.subject, r.number, r.name, r.nik, r.birth_date, r.sex, r.mother_name, "
    "r.village_code, r.programmes, r.state, r.custody, r.registered_at, r.photo, "
    "r.returned_field, r.returned_reason, r.kpj, r.cover_from, r.cover_to, r.card_seal, r.issue, "
    "r.printed_at, r.printed_kind, r.case_kind, r.pending IS NOT NULL, r.works_now"
)
_FROM_ROWS: Final = "FROM registration r"
_FROM_INDEX: Final = "FROM registration_search s JOIN registration r ON r.id = s.rowid"
# A laptop seals slips of its own numbers only; what it took over from another one has a paper here
# once there is a card, which the office has sealed.
IS_SEALED_HERE: Final = (
    "(card_seal IS NOT NULL OR NOT EXISTS (SELECT 1 FROM identity "
    "WHERE number NOT LIKE '____-' || device_code || '-%'))"
)
_NO_PAPER: Final = (
    f"r.state NOT IN ('withdrawn', 'duplicate', 'ended', 'refused') AND {IS_SEALED_HERE}"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause, written here, and the values that it binds."""

    sql: str
    values: tuple[Any, ...] = ()


# The office sent it back, or the insurer refused it: somebody has to look at it again.
TO_CORRECT: Final = Condition("r.state IN ('returned', 'refused')")
HAS_PAPER: Final = Condition(_NO_PAPER)
_DUE: Final = (
    "(r.printed_at IS NULL OR (r.card_seal IS NOT NULL AND r.printed_kind IS NOT 'active'))"
)
# A question for everybody has no answer, in a record that somebody may still complete.
UNANSWERED: Final = Condition(
    "(r.sex = '' OR r.birth_date IS NULL OR r.works_now = '') "
    "AND r.state NOT IN ('withdrawn', 'duplicate', 'ended')"
)
HAS_ITS_PAPER: Final = Condition(f"{_NO_PAPER} AND NOT {_DUE}")


def workers(
    connection: "Connection",
    *conditions: Condition,
    match: str | None = None,
    order: str = "r.id DESC",
    limit: int = -1,
) -> list[ListedWorker]:
    """Return the lines that meet all conditions; `match` is a query of the search index."""
    source, values = select_from(*conditions, match=match)
    # Every part of the text is written in this package; what people typed is bound.
    query = f"SELECT {_COLUMNS} {source} ORDER BY {order} LIMIT ?"
    found = connection.execute(query, (*values, limit))
    return [_worker(row) for row in found]


def select_from(*conditions: Condition, match: str | None = None) -> tuple[str, list[Any]]:
    """Return FROM and WHERE of those who meet all conditions, and the values that they bind."""
    parts = [condition.sql for condition in conditions]
    values = [value for condition in conditions for value in condition.values]
    source = _FROM_ROWS
    if match is not None:
        source, parts = _FROM_INDEX, ["registration_search MATCH ?", *parts]
        values = [match, *values]
    return f"{source} WHERE {' AND '.join(parts)}" if parts else source, values


def waits_for_print(copies: Sequence[UUID]) -> Condition:
    """Return the condition of those who wait for a paper; `copies` wait for another one."""
    if not copies:
        return Condition(f"{_NO_PAPER} AND {_DUE}")
    again = one_of("r.subject", tuple(map(str, copies)))
    return Condition(f"{_NO_PAPER} AND ({_DUE} OR {again.sql})", again.values)


def one_of(column: str, values: tuple[str, ...]) -> Condition:
    """Return the condition that `column` has one of these values."""
    query = f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608  our own column names
    return Condition(query, (json.dumps(values),))


def _worker(row: tuple[Any, ...]) -> ListedWorker:
    (
        id_, subject, number, name, nik, birth_date, sex, mother_name, village_code, programmes,
        state, custody, registered_at, photo, returned_field, returned_reason, kpj, cover_from,
        cover_to, card, issue, printed_at, printed_kind, case_kind, pending, works_now,
    ) = row  # fmt: skip
    return ListedWorker(
        id_,
        UUID(subject),
        RegistrationNumber(number),
        name,
        nik,
        _date(birth_date),
        sex,
        mother_name,
        village_code,
        _programmes(programmes),
        state,
        custody,
        instant_from_text(registered_at),
        photo,
        returned_field,
        returned_reason,
        kpj,
        _date(cover_from),
        _date(cover_to),
        card,
        issue,
        instant_from_text(printed_at) if printed_at else None,
        printed_kind,
        case_kind,
        bool(pending),
        works_now,
    )


@cache
def _programmes(text: str) -> tuple[Programme, ...]:
    return tuple(json.loads(text))  # there are few combinations


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
