"""Filters of the list that somebody saved for themselves: a name, and what an address says."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from sqlalchemy import delete, func, insert, select

from sync.server.office import Office
from sync.server.people.errors import ViewsFull
from sync.server.registrations.filters import Filter, read_filter
from sync.server.table_kit import OfficeTable, key_column, table_of, text_column

MOST_NAME: Final = 40
MOST_VIEWS: Final = 12


class SavedViewRow(OfficeTable, table=True):
    """One saved filter of one account."""

    __tablename__ = "saved_view"
    account: str = key_column()
    name: str = key_column()
    query: str = text_column()


SAVED_VIEW_ROWS: Final = table_of(SavedViewRow)


@dataclass(frozen=True, slots=True)
class OwnView:
    name: str
    asked: Filter


def own_views(office: Office, account: str) -> list[OwnView]:
    """Return the filters of an account, by name."""
    table = SAVED_VIEW_ROWS.c
    query = select(table.name, table.query).where(table.account == account).order_by(table.name)
    with office.database.reading() as connection:
        rows = connection.execute(query).all()
    return [OwnView(row.name, read_filter(dict(parse_qsl(row.query)))) for row in rows]


def save_view(office: Office, account: str, name: str, asked: Filter) -> None:
    """Save a filter; one of the same name is replaced.

    Raises:
        ViewsFull: there are as many as the page has room for.
    """
    table = SAVED_VIEW_ROWS.c
    with office.database.writing() as connection:
        connection.execute(
            delete(SAVED_VIEW_ROWS).where(table.account == account, table.name == name)
        )
        count = select(func.count()).where(table.account == account)
        if connection.execute(count).scalar_one() >= MOST_VIEWS:
            raise ViewsFull(most=MOST_VIEWS)
        values = {"account": account, "name": name, "query": asked.query(page=1)}
        connection.execute(insert(SAVED_VIEW_ROWS).values(values))


def forget_view(office: Office, account: str, name: str) -> None:
    table = SAVED_VIEW_ROWS.c
    with office.database.writing() as connection:
        connection.execute(
            delete(SAVED_VIEW_ROWS).where(table.account == account, table.name == name)
        )
