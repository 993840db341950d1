"""Parts of the counts beside the records, joined: PostgreSQL writes one for each transaction."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from sync.server.office import Office
from sync.server.tally_tables import DAY_TALLY_ROWS, VILLAGE_TALLY_ROWS

_OWN_PART: Final = literal_column("pg_current_xact_id()::text::bigint", BigInteger)


def fold_tallies(office: Office) -> None:
    """Join the parts of each count in one transaction; nobody who counts meanwhile waits for it."""
    if office.database.dialect != "postgresql":
        return
    with office.database.writing() as connection:
        for table in (VILLAGE_TALLY_ROWS, DAY_TALLY_ROWS):
            parts = select(func.count(table.c.part.distinct()))
            if connection.execute(parts).scalar_one() > 1:
                _fold(connection, table)


def _fold(connection: Connection, table: Table) -> None:
    keys = [name for name in table.c.keys() if name not in {"part", "n"}]  # noqa: SIM118 - a column collection
    gone = delete(table).returning(table).cte("gone")
    n = cast(func.sum(gone.c.n), BigInteger)
    named = [gone.c[name] for name in keys]
    joined = select(*named, _OWN_PART, n).group_by(*named).having(n != 0)
    connection.execute(insert(table).from_select([*keys, "part", "n"], joined))
