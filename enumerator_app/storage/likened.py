"""Who of those kept here is worth comparing with somebody: found by an index of their keys."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from enumerator_app.domain.alike import TRAITS, Traits, traits_of
from enumerator_app.domain.duplicates import blocking_keys
from enumerator_app.domain.instants import instant_from_text

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_COMPARED: Final = 400
_NEAR: Final = (
    "SELECT r.subject, r.number, r.state, r.registered_at, r.photo, "  # noqa: S608  our own names
    + ", ".join(f"r.{name}" for name in TRAITS)
    + " FROM registration_likeness k JOIN registration r ON r.id = k.rowid "
    "WHERE registration_likeness MATCH ? LIMIT ?"
)
_WRITE: Final = "INSERT INTO registration_likeness (rowid, keys) VALUES (?, ?)"
_DROP: Final = "DELETE FROM registration_likeness WHERE rowid = ?"


@dataclass(frozen=True, slots=True)
class KnownPerson(Traits):
    """One of those kept here."""

    subject: UUID
    number: str
    state: str
    registered_at: datetime
    photo: str | None


def write_keys(connection: "Connection", position: int, body: dict[str, Any]) -> None:
    """Let a record be found by what its body says."""
    connection.execute(_WRITE, (position, " ".join(blocking_keys(traits_of(body)))))


def drop_keys(connection: "Connection", position: int) -> None:
    connection.execute(_DROP, (position,))


def near(connection: "Connection", keys: Collection[str]) -> list[KnownPerson]:
    """Return those who share one of these keys, withdrawn ones too."""
    wanted = " OR ".join(f'"{key}"' for key in sorted(keys))
    found = connection.execute(_NEAR, (wanted, MOST_COMPARED)) if wanted else ()
    return [_person(*row) for row in found]


def fill(connection: "Connection") -> None:
    """Write the keys of every record: the index is new."""
    # Every part of the text is written in this package.
    query = f"SELECT id, {', '.join(TRAITS)} FROM registration"  # noqa: S608
    for position, *values in connection.execute(query).fetchall():
        write_keys(connection, position, dict(zip(TRAITS, values, strict=True)))


def _person(
    subject: str, number: str, state: str, at: str, photo: str | None, *traits: Any
) -> KnownPerson:
    nik, name, born, sex, mother_name, village_code, rt, rw, phone, phone_owner = traits
    return KnownPerson(
        nik, name, _day(born), sex, mother_name, village_code, rt, rw, phone, phone_owner,
        UUID(subject), number, state, instant_from_text(at), photo,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
