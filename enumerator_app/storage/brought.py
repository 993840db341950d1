"""Documents of the office that come in parts: the old one counts until the new one is whole.

A part is kept as it arrives, in a transaction of its own; the last one makes the whole document
count, at once. Then the old one's parts are deleted, piece by piece.
"""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.domain.errors import OfficeNotProven
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.storage.open_file import OpenFile
from enumerator_app.storage.self_knowledge import write_document
from enumerator_app.storage.worklists import drop_listed, insert_listed
from sync.protocol.documents import opened_certified
from sync.protocol.parts import DISTRICT_NIKS, WORKLIST, Part, parts_in, unpacked

if TYPE_CHECKING:
    from sqlite3 import Connection

IN_PARTS: Final = (WORKLIST, DISTRICT_NIKS)
_TAKEN: Final = "/taken"
_DOCUMENT: Final = "SELECT content FROM document WHERE name = ?"
_STALE: Final = (
    "SELECT hash, document FROM document_part WHERE is_active = 0 ORDER BY document, hash"
)


class BroughtKeeping:
    """The part of the store that keeps documents in parts."""

    _file: OpenFile

    def parts_wanted(self) -> list[Part]:
        """Return the parts that documents name and that are not here yet."""
        return self._file.engine.read(_wanted)

    def keep_part(self, part: Part, content: bytes) -> None:
        """Keep a part that was fetched; the last one makes its document count.

        Raises:
            OfficeNotProven: these are not the bytes that the document names.
        """
        if hashlib.sha256(content).hexdigest() != part.hash:
            raise OfficeNotProven
        at = instant_to_text(self._file.now())

        def work(connection: "Connection") -> None:
            for name in IN_PARTS:
                if part.hash in {one.hash for one in _parts(_document(connection, name))}:
                    _keep(connection, name, part.hash, content)
            take_whole(connection, at)

        self._file.write(work)

    def drop_stale_parts(self) -> int:
        """Delete parts of documents that no longer count; return how many."""
        named = self._file.engine.read(_named)
        stale = [
            (hash_, document)
            for hash_, document in self._file.engine.read(lambda c: c.execute(_STALE).fetchall())
            if hash_ not in named
        ]
        for hash_, document in stale:
            self._file.write(lambda c, h=hash_, d=document: _drop(c, d, h))  # type: ignore[misc]
        return len(stale)

    def taken_document(self, name: str) -> dict[str, Any] | None:
        """Return the fields of the document that counts now."""
        return self._file.engine.read(lambda connection: _fields(connection, name, name + _TAKEN))

    def taken_parts(self, name: str) -> list[bytes]:
        """Return the contents of the parts of the document that counts now, in its order."""

        def work(connection: "Connection") -> list[bytes]:
            parts = _parts(_fields(connection, name, name + _TAKEN))
            query = "SELECT content FROM document_part WHERE hash = ? AND is_active = 1"
            rows = (connection.execute(query, (part.hash,)).fetchone() for part in parts)
            return [bytes(row[0]) for row in rows if row is not None]

        return self._file.engine.read(work)


def take_whole(connection: "Connection", at: str) -> None:
    """Let each document count of which all parts are here."""
    for name in IN_PARTS:
        raw = connection.execute(_DOCUMENT, (name,)).fetchone()
        taken = connection.execute(_DOCUMENT, (name + _TAKEN,)).fetchone()
        if raw is None or raw == taken:
            continue
        fields = _document(connection, name)
        if fields is not None and not _missing(connection, _parts(fields)):
            named = [part.hash for part in _parts(fields)]
            connection.execute("UPDATE document_part SET is_active = 0 WHERE document = ?", (name,))
            connection.executemany(
                "UPDATE document_part SET is_active = 1 WHERE hash = ?", [(h,) for h in named]
            )
            write_document(connection, name + _TAKEN, bytes(raw[0]), at)


def forget_brought(connection: "Connection") -> None:
    """Delete lists and short hashes: the office has stopped this laptop."""
    for statement in (
        "DELETE FROM listed_search WHERE rowid IN (SELECT id FROM listed_person)",
        "DELETE FROM listed_person",
        "DELETE FROM document_part",
    ):
        connection.execute(statement)
    for name in IN_PARTS:
        connection.execute("DELETE FROM document WHERE name IN (?, ?)", (name, name + _TAKEN))


def _wanted(connection: "Connection") -> list[Part]:
    wanted: dict[str, Part] = {}
    for name in IN_PARTS:
        for part in _missing(connection, _parts(_document(connection, name))):
            wanted.setdefault(part.hash, part)
    return list(wanted.values())


def _missing(connection: "Connection", parts: Iterable[Part]) -> list[Part]:
    query = "SELECT 1 FROM document_part WHERE hash = ?"
    return [p for p in parts if connection.execute(query, (p.hash,)).fetchone() is None]


def _named(connection: "Connection") -> set[str]:
    """Return the parts of the documents that count and of those on the way."""
    return {
        part.hash
        for name in IN_PARTS
        for kept in (name, name + _TAKEN)
        for part in _parts(_fields(connection, name, kept))
    }


def _document(connection: "Connection", name: str) -> dict[str, Any] | None:
    return _fields(connection, name, name)


def _fields(connection: "Connection", name: str, kept: str) -> dict[str, Any] | None:
    """Return what a kept document says; None if it is not this office's."""
    row = connection.execute(_DOCUMENT, (kept,)).fetchone()
    root = connection.execute("SELECT root_key FROM identity WHERE id = 1").fetchone()
    if row is None or root is None or root[0] is None:
        return None
    return opened_certified(bytes(row[0]), root[0], name)


def _parts(fields: dict[str, Any] | None) -> list[Part]:
    try:
        return parts_in(fields or {})
    except (ValueError, KeyError, TypeError):
        return []


def _keep(connection: "Connection", name: str, hash_: str, content: bytes) -> None:
    known = connection.execute("SELECT 1 FROM document_part WHERE hash = ?", (hash_,)).fetchone()
    if known is not None:
        return
    kept = content
    if name == WORKLIST:
        try:
            insert_listed(connection, hash_, unpacked(content))
        except (ValueError, KeyError, TypeError) as error:
            raise OfficeNotProven from error
        kept = b""
    connection.execute("INSERT INTO document_part VALUES (?, ?, ?, 0)", (hash_, name, kept))


def _drop(connection: "Connection", document: str, hash_: str) -> None:
    if document == WORKLIST:
        drop_listed(connection, hash_)
    connection.execute("DELETE FROM document_part WHERE hash = ?", (hash_,))
