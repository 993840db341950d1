"""Records by the number of their slip, with where that slip was from."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from enumerator_app.domain.tickets import ticket_words

if TYPE_CHECKING:
    from sqlite3 import Connection

_QUERY: Final = (
    "SELECT subject, village_code, day, visit_id FROM registration "
    "WHERE ticket IN (?, ?) AND state NOT IN ('withdrawn', 'duplicate', 'ended') ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Ticketed:
    """A record with a slip; the visit, if there was one, says where the slip was from."""

    subject: UUID
    village_code: str
    day: date
    visit: UUID | None


def with_ticket(connection: "Connection", number: int) -> list[Ticketed]:
    """Return those whose slip has this number, scanned (`014`) or typed (`14`)."""
    written = (ticket_words(number), str(number))
    return [
        Ticketed(UUID(subject), village, date.fromisoformat(day), UUID(visit) if visit else None)
        for subject, village, day, visit in connection.execute(_QUERY, written)
    ]
