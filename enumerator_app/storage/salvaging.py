"""Reading what can still be read of a damaged file: row by row, past the pages that are gone."""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlcipher3 import dbapi2

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from enumerator_app.domain.journal import Entry, body_matches, entry_hash

if TYPE_CHECKING:
    from sqlite3 import Connection

Row = dict[str, Any]
_UNREADABLE: Final = (dbapi2.Error, sqlite3.Error, UnicodeDecodeError)
_BLIND_STEPS: Final = 300  # so many places in a row without a row are taken for the end


class DamagedFile:
    """A file some of whose pages do not open. A bad page blocks its connection: each gets anew."""

    def __init__(self, connect: Callable[[], "Connection"]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self.is_whole = True  # until something could not be read

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
        """Yield every row that can be read, in the order of their places."""
        names = ", ".join(columns)
        place = yield from self._run(table, names, columns)
        if place is None:
            return
        self.is_whole = False
        top, blind = self._top(table), 0
        while (top is None and blind < _BLIND_STEPS) or (top is not None and place < top):
            place += 1
            query = f"SELECT {names} FROM {table} WHERE rowid = ?"  # noqa: S608  our own names
            found = self._one(query, (place,))
            blind = 0 if found else blind + 1
            if found:
                yield dict(zip(columns, found, strict=True))

    def one(self, query: str) -> tuple[Any, ...] | None:
        """Return the first row of a query; None if there is none or it cannot be read."""
        return self._one(query, ()) or None

    def close(self) -> None:
        if self._connection is not None:
            with suppress(dbapi2.Error):
                self._connection.close()
        self._connection = None

    def _run(
        self, table: str, names: str, columns: tuple[str, ...]
    ) -> Generator[Row, None, int | None]:
        """Yield rows up to the first damage; return the last place before it, None without one."""
        place = 0
        try:
            query = f"SELECT rowid, {names} FROM {table} ORDER BY rowid"  # noqa: S608  our own names
            for found in self._opened().execute(query):
                place = found[0]
                yield dict(zip(columns, found[1:], strict=True))
        except _UNREADABLE:
            self.close()
            return place
        return None

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return a row, an empty tuple where there is none, None where nobody can say."""
        try:
            return self._opened().execute(query, values).fetchone() or ()
        except _UNREADABLE:
            self.close()
            return None

    def _top(self, table: str) -> int | None:
        found = self._one(f"SELECT max(rowid) FROM {table}", ())  # noqa: S608  our own names
        return int(found[0] or 0) if found else None

    def _opened(self) -> "Connection":
        if self._connection is None:
            self._connection = self._connect()
        return self._connection


def is_true(row: Row, device: str) -> bool:
    """Is a row of the journal what its hash, its device and its body's hash say?"""
    try:
        header = from_canonical(row["header"])
        entry = Entry(row["header"], row["salt"], row["body"])
        whole = row["body"] is None or body_matches(entry, header)
        return bool(
            entry_hash(row["header"]) == row["hash"] and header["device"] == device and whole
        )
    except (NotCanonical, KeyError, TypeError):
        return False


def unbroken(entries: list[Row]) -> list[Row]:
    """Return the entries from the first on, as far as each follows the one before it."""
    kept: list[Row] = []
    for row in entries:
        previous = kept[-1]["hash"] if kept else None
        if row["n"] != len(kept) + 1 or from_canonical(row["header"])["prev"] != previous:
            break
        kept.append(row)
    return kept
