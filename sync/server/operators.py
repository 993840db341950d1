"""The people at the laptops: who wrote what there, and the deed that ends somebody's work.

The office knows by name who enrolled a laptop. Others who were given a passphrase there are known
by their id alone, from the entries that they wrote.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSON

from sync.server.device_notices import tell_device
from sync.server.devices import find_device
from sync.server.errors import OperatorUnknown
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import ENTRY_ROWS, REMOVED_OPERATOR_ROWS

REMOVED: Final = "operator_removed"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at a laptop; `name` is empty for who did not enrol it. `entries` arrived of them."""

    id: str
    name: str
    entries: int
    removed_at: str | None

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


def operators_of(office: Office, device: str) -> list[Operator]:
    """Return who works or worked at a laptop, who enrolled it first.

    Raises:
        DeviceUnknown: no such laptop.
    """
    with office.database.reading() as connection:
        return _operators(connection, find_device(connection, device))


def remove_operator(office: Office, device: str, named: str, *, by: str = COMMAND_LINE) -> Operator:
    """End somebody's work at a laptop, by id or name; a second time changes nothing.

    Raises:
        DeviceUnknown, OperatorUnknown
    """
    with office.database.writing() as connection:
        row = find_device(connection, device)
        wanted = named.strip().casefold()
        everybody = _operators(connection, row)
        found = [one for one in everybody if wanted in {one.id, one.name.casefold()}]
        if not wanted or len(found) != 1:
            raise OperatorUnknown(name=named, device=row.code)
        if not found[0].is_removed:
            note_removed(connection, row.id, found[0].id, office.now())
            tell_device(office, connection, row.id, REMOVED, operator=found[0].id)
            audit(office, connection, by, REMOVED, found[0].id)
    return found[0]


def note_removed(connection: Connection, device: str, operator: str, at: str) -> bool:
    """Remember that somebody's work at a laptop has ended; return whether that is new."""
    table = REMOVED_OPERATOR_ROWS
    known = select(table.c.operator).where(table.c.operator == operator, table.c.device == device)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(insert(table).values(device=device, operator=operator, at=at))
    return True


def _operators(connection: Connection, device: Any) -> list[Operator]:
    author = _author(connection.dialect.name)
    written = select(author, func.count()).where(ENTRY_ROWS.c.device == device.id).group_by(author)
    entries = {str(row[0]): int(row[1]) for row in connection.execute(written)}
    table = REMOVED_OPERATOR_ROWS.c
    ended = select(table.operator, table.at).where(table.device == device.id)
    removed = {row.operator: row.at for row in connection.execute(ended)}
    first = {device.operator_id: device.operator}
    return [
        Operator(name, first.get(name, ""), entries.get(name, 0), removed.get(name))
        for name in [*first, *sorted(entries.keys() - first.keys())]
    ]


def _author(dialect: str) -> ColumnElement[Any]:
    """Return who wrote an entry, out of its header."""
    header = ENTRY_ROWS.c.header
    if dialect == "postgresql":
        written: ColumnElement[Any] = cast(func.convert_from(header, "UTF8"), JSON)["operator"]
        return written.astext  # type: ignore[no-any-return]
    return func.json_extract(cast(header, Text), "$.operator")
