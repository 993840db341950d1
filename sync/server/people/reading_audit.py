"""The deeds as they are read: filtered, a page at a time, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from sync.server.office import Office
from sync.server.people.tables import ACCOUNT_ROWS, DEED_ROWS

COLUMNS: Final = ("n", "at", "account", "login", "deed", "subject", "hash")
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deeds: of one account, of one kind, about one subject; empty is all."""

    account: str = ""
    deed: str = ""
    subject: str = ""


def read_deeds(office: Office, wanted: Wanted, *, page: int, size: int) -> tuple[int, list[Any]]:
    """Return how many deeds there are, and those of a page (from 1) with the name of who did it."""
    many = select(func.count()).select_from(DEED_ROWS).where(*_conditions(wanted))
    query = _newest_first(wanted).limit(size).offset((page - 1) * size)
    with office.database.reading() as connection:
        return int(connection.execute(many).scalar_one()), list(connection.execute(query))


def each_deed(connection: Connection, wanted: Wanted) -> Iterator[Any]:
    """Yield all deeds that are wanted, as `read_deeds` returns them; few at a time are held."""
    yield from connection.execution_options(yield_per=_AT_ONCE).execute(_newest_first(wanted))


def _newest_first(wanted: Wanted) -> Select[Any]:
    table = DEED_ROWS.c
    return (
        select(DEED_ROWS, ACCOUNT_ROWS.c.name, ACCOUNT_ROWS.c.login)
        .outerjoin(ACCOUNT_ROWS, ACCOUNT_ROWS.c.id == table.account)
        .where(*_conditions(wanted))
        .order_by(table.n.desc())
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [
        DEED_ROWS.c[name] == value
        for name in ("account", "deed", "subject")
        if (value := getattr(wanted, name))
    ]


def deed_kinds(office: Office) -> list[str]:
    """Return every kind of deed that there is."""
    query = select(DEED_ROWS.c.deed).distinct().order_by(DEED_ROWS.c.deed)
    with office.database.reading() as connection:
        return list(connection.execute(query).scalars())


def all_deeds(office: Office) -> list[dict[str, Any]]:
    """Return the whole chain, oldest first, as it goes to a file."""
    table = DEED_ROWS.c
    query = (
        select(table.n, table.at, table.account, ACCOUNT_ROWS.c.login, table.deed, table.subject,
               table.hash)
        .outerjoin(ACCOUNT_ROWS, ACCOUNT_ROWS.c.id == table.account)
        .order_by(table.n)
    )  # fmt: skip
    with office.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
