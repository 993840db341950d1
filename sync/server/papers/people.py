"""People as lists on paper want them: village by village, by name."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select, text

from enumerator_app.cards.papers.office.occasion import Place
from enumerator_app.domain.canonical import clean_text
from enumerator_app.domain.errors import VillageUnknown
from enumerator_app.domain.instants import WIB, instant_to_text
from enumerator_app.domain.names import folded_name
from enumerator_app.domain.reference import load_places
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import SUBJECT_ROWS

NOBODY: Final = ("quarantined", "erased")


class Person(NamedTuple):
    """A record's row, and what it says: visible letters only, each text on one line."""

    row: Any
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.body.get("name") or self.row.name)

    def said(self, field: str) -> str:
        return str(self.body.get(field) or "")


def by_village(
    connection: Connection, *conditions: ColumnElement[bool]
) -> Iterator[tuple[str, list[Person]]]:
    """Yield the people of each village, by code and then by name, as they are at one moment.

    One village is held at a time, here and in the database, which would sort all bodies in memory.
    """
    _hold_still(connection)
    table = SUBJECT_ROWS.c
    wanted = (table.state.not_in(NOBODY), *conditions)
    codes = select(table.village_code).distinct().where(*wanted).order_by(table.village_code)
    for code in connection.execute(codes).scalars().all():
        found = stream(connection, with_contents().where(*wanted, table.village_code == code))
        people = (Person(row, _visible(body)) for row, body in found)
        yield str(code), sorted(people, key=_by_name)


def _visible(value: Any) -> Any:
    """Return a body without what turns or hides letters: a laptop that lies could have sent it."""
    if isinstance(value, str):
        plain = value.isascii() and value.isprintable()  # nearly all: nothing to look for
        return value if plain else " ".join(clean_text(value).split())
    if isinstance(value, dict):
        return {key: _visible(one) for key, one in value.items()}
    return [_visible(one) for one in value] if isinstance(value, list) else value


def _hold_still(connection: Connection) -> None:
    """Let all further statements of this transaction see the same records (SQLite's always do)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def people_of(connection: Connection, *conditions: ColumnElement[bool]) -> list[Person]:
    return [one for _, people in by_village(connection, *conditions) for one in people]


def _by_name(person: Person) -> tuple[str, str, str]:
    return folded_name(person.name), str(person.row.number or ""), str(person.row.id)


def village_code(typed: str) -> str:
    """Return the code of a village of this regency, by code or by name.

    Raises:
        VillageUnknown: it is none.
    """
    code = load_places().read_village(typed)
    if load_places().village(code) is None:
        raise VillageUnknown(village=typed or "-")
    return code


def place_of(code: str) -> Place:
    village = load_places().village(code)
    if village is None:
        return Place(code, "desa", "", code)
    return Place(village.name, village.kind, village.district_name, code)


def recorded_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions that somebody was recorded in these days (in WIB), both included."""
    at = SUBJECT_ROWS.c.registered_at
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(at >= _instant(first, time.min))
    if last is not None:
        found.append(at <= _instant(last, time.max))
    return found


def _instant(day: date, at: time) -> str:
    return instant_to_text(datetime.combine(day, at, WIB))
