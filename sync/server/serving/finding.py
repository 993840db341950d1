"""Finding a person at the desk by name and birth date; faces and places are compared by eye."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, or_, select

from enumerator_app.domain.names import folded_words
from sync.server.figures.counting import within
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.tables import SUBJECT_ROWS

MOST_FOUND: Final = 20
_READ: Final = 500
_DIGITS_OF_A_NUMBER: Final = 5  # a registration number or a KPJ has more of them than any name
_NEVER_SHOWN: Final = ("quarantined", "erased")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who may be the one in front of the desk."""

    row: Any
    body: dict[str, Any]

    @property
    def photo(self) -> str:
        return str(self.body.get("photo") or "")


def find_people(
    office: Office, name: str, born: date | None, districts: Collection[str] | None
) -> tuple[list[FoundPerson], bool]:
    """Return who fits name and birth date (or the number or KPJ typed as name), and if it is cut.

    Every word of the name must begin a word of theirs; twin spellings count as one. Without a birth
    date the first word must stand in the name as it was typed.
    """
    table, typed = SUBJECT_ROWS.c, name.strip().upper()
    wanted = folded_words(name)
    conditions = [table.state.not_in(_NEVER_SHOWN), within(table.village_code, districts)]
    is_number = sum(sign.isdigit() for sign in typed) >= _DIGITS_OF_A_NUMBER
    if is_number:
        conditions.append(or_(table.number == typed, table.kpj == typed.replace(" ", "")))
    if born is not None:
        conditions.append(table.birth_date == born.isoformat())
    elif not is_number:
        first = typed.split()[0] if typed.split() else typed
        conditions.append(table.name.contains(first, autoescape=True))
    # The ids come first: with their contents joined, no database sorts by name quickly.
    query = select(table.id, table.name).where(and_(*conditions)).order_by(table.name).limit(_READ)
    with office.database.reading() as connection:
        rows = connection.execute(query).all()
        fit = [one.id for one in rows if is_number or _fits(one.name, wanted)]
        contents = with_contents().where(table.id.in_(fit[:MOST_FOUND]))
        found = [FoundPerson(row, body) for row, body in stream(connection, contents)]
    found.sort(key=lambda one: (one.row.name, one.row.number or ""))
    return found, len(fit) > MOST_FOUND or len(rows) == _READ


def _fits(name: str, wanted: Collection[str]) -> bool:
    theirs = folded_words(name)
    return all(any(word.startswith(part) for word in theirs) for part in wanted)
