"""Writing many rows in one statement, whatever their number, on SQLite and PostgreSQL.

SQLite reads the rows out of one JSON parameter (bytes out of one blob, by offset); PostgreSQL out
of one array a column. On PostgreSQL writes to several tables become one statement.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from sync.server.tables import INGEST_NUMBER

INGEST_COLUMN = "ingest_n"
Row = Sequence[Any]
OneInsert = TypeVar("OneInsert", postgresql.Insert, sqlite.Insert)


@dataclass(frozen=True)
class Write:
    """Rows for one table. Rows that are there already are updated in `updates`, else left alone.

    `rules` says how an update takes its value where that is not simply the new one.
    """

    table: Table
    columns: tuple[str, ...]
    updates: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict, hash=False)
    numbered: bool = False


def write_all(connection: Connection, writes: Sequence[tuple[Write, Sequence[Row]]]) -> None:
    """Write the rows of all tables: one statement a table, one for all on PostgreSQL."""
    wanted = [(write, rows) for write, rows in writes if rows]
    if not wanted:
        return
    if connection.dialect.name == "postgresql":
        values: dict[str, Any] = {}
        for n, (write, rows) in enumerate(wanted):
            values |= _arrays(write, rows, n)
        connection.execute(_joined(tuple(write for write, _ in wanted)), values)
        return
    for write, rows in wanted:
        connection.execute(_from_json(write), _document(write, rows))


def one_of(
    column: ColumnElement[str], dialect: str, name: str, values: Sequence[str] | None = None
) -> ColumnElement[bool]:
    """Return the condition that `column` is one of the values bound to `name`: these ones, or those
    that come with the statement as `bound` makes them.
    """
    given = {} if values is None else {"value": bound(dialect, values)}
    if dialect == "postgresql":
        return column == func.any(bindparam(name, **given, type_=ARRAY(Text)))
    rows = func.json_each(bindparam(name, **given, type_=Text)).table_valued("value")
    return column.in_(select(rows.c.value))


def bound(dialect: str, values: Sequence[str]) -> Any:
    return list(values) if dialect == "postgresql" else json.dumps(values)


def _arrays(write: Write, rows: Sequence[Row], n: int) -> dict[str, Any]:
    columns = zip(*rows, strict=True)
    return {f"w{n}_{name}": list(col) for name, col in zip(write.columns, columns, strict=True)}


@cache
def _joined(writes: tuple[Write, ...]) -> Insert:
    """All but the last become parts of the last one's WITH clause; they run in any order."""
    *first, last = (_from_arrays(write, n) for n, write in enumerate(writes))
    return last.add_cte(*(part.cte(f"part_{n}") for n, part in enumerate(first)))


def _from_arrays(write: Write, n: int) -> postgresql.Insert:
    given = (
        func.unnest(
            *(
                bindparam(f"w{n}_{name}", type_=ARRAY(write.table.c[name].type))
                for name in write.columns
            )
        )
        .table_valued(*write.columns, name=f"given_{n}")
        .render_derived()
    )
    values: list[ColumnElement[Any]] = [given.c[name] for name in write.columns]
    if write.numbered:
        values.append(INGEST_NUMBER.next_value())
    insert = postgresql.insert(write.table).from_select(_names(write), select(*values))
    return _on_conflict(write, insert)


@cache
def _from_json(write: Write) -> sqlite.Insert:
    rows = func.json_each(bindparam("rows", type_=Text)).table_valued("key", "value")
    values: list[ColumnElement[Any]] = []
    place = 0
    for name in write.columns:
        if isinstance(write.table.c[name].type, LargeBinary):
            start, length = (func.json_extract(rows.c.value, f"$[{place + i}]") for i in (0, 1))
            blob = bindparam("blob", type_=LargeBinary)
            values.append(func.substr(blob, start, length, type_=LargeBinary))
            place += 2
        else:
            values.append(func.json_extract(rows.c.value, f"$[{place}]"))
            place += 1
    if write.numbered:
        newest = select(func.coalesce(func.max(write.table.c[INGEST_COLUMN]), 0)).scalar_subquery()
        values.append(newest + cast(rows.c.key, BigInteger) + literal(1))
    source: Select[Any] = select(*values).where(true())  # SQLite wants a WHERE before ON CONFLICT
    return _on_conflict(write, sqlite.insert(write.table).from_select(_names(write), source))


def _names(write: Write) -> list[str]:
    return [*write.columns, *([INGEST_COLUMN] if write.numbered else [])]


def _on_conflict(write: Write, insert: OneInsert) -> OneInsert:
    key = [column.name for column in write.table.primary_key]
    if not write.updates:
        return insert.on_conflict_do_nothing(index_elements=key)
    changed = {name: _updated(write, insert, name) for name in write.updates}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def _updated(write: Write, insert: Any, name: str) -> Any:
    new, old = insert.excluded[name], write.table.c[name]
    rule = write.rules.get(name)
    if rule == "fill":
        return func.coalesce(old, new)
    if rule == "unless_empty":
        return func.coalesce(func.nullif(new, ""), old)
    if rule == "most":
        return func.max(old, new) if isinstance(insert, sqlite.Insert) else func.greatest(old, new)
    if rule == "least":
        return func.min(old, new) if isinstance(insert, sqlite.Insert) else func.least(old, new)
    if rule == "add":
        return old + new
    return new


def _document(write: Write, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the JSON of the rows, with offset (from 1) and length in place of bytes."""
    raw = [isinstance(write.table.c[name].type, LargeBinary) for name in write.columns]
    if not any(raw):
        return {"rows": json.dumps(rows)}
    parts: list[bytes] = []
    written, end = [], 1
    for row in rows:
        line: list[Any] = []
        for value, is_raw in zip(row, raw, strict=True):
            if not is_raw:
                line.append(value)
            elif value is None:
                line += [None, None]
            else:
                line += [end, len(value)]
                parts.append(value)
                end += len(value)
        written.append(line)
    return {"rows": json.dumps(written), "blob": b"".join(parts)}
