"""Whether the file says what was saved: pages, chain, bodies, columns, portraits, sums.

Problems name numbers, hashes and places, never content.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from enumerator_app.domain.errors import NotCanonical
from enumerator_app.storage.acknowledging import acknowledged, kept_sums
from enumerator_app.storage.bodies import body_at
from enumerator_app.storage.feed import valid_body
from enumerator_app.storage.journal import chain_faults, journal_end
from enumerator_app.storage.records import Problem
from enumerator_app.storage.rows import CONTENT_COLUMNS, content_values
from sync.protocol.digest import bucket_sums

if TYPE_CHECKING:
    from sqlite3 import Connection

_NAMED: Final = 20  # more places than this help nobody

_PORTRAITS: Final = "SELECT sha256, jpeg FROM photo WHERE length(jpeg) > 0"
_INDEXES: Final = ("registration_search", "registration_likeness")

# Two branches of this laptop may have given one serial; their numbers differ in the end alone.
_GIVEN: Final = """
SELECT count(*) - (SELECT count(*) - count(DISTINCT substr(r.number, 1, length(r.number) - 5))
  FROM registration r WHERE EXISTS (
    SELECT 1 FROM entry e WHERE e.subject = r.subject AND e.kind = 'register'))
FROM entry WHERE kind = 'register'
"""

Check = Callable[["Connection"], Iterator[Problem]]


def page_seals(connection: "Connection") -> Iterator[Problem]:
    """Every page's own seal where it lies; the file has to be at rest and complete."""
    broken = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if broken:
        yield Problem("pages_damaged", len(broken))


def structure(connection: "Connection") -> Iterator[Problem]:
    """What the pages make together, each read (and its seal checked) on the way."""
    # An index remembers its segments from this connection's last search, and only a search makes
    # it look again: without one, segments that saves have merged since then look damaged.
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for name in there.intersection(_INDEXES):  # a file of an earlier version has fewer
        query = f"SELECT rowid FROM {name} WHERE {name} MATCH 'a'"  # noqa: S608  our own names
        connection.execute(query).fetchall()
    found = connection.execute(f"PRAGMA integrity_check({_NAMED})").fetchall()
    if found != [("ok",)]:
        yield Problem("structure_damaged", len(found))


def chain(connection: "Connection") -> Iterator[Problem]:
    """Hashes, links and bodies of the journal."""
    faults = chain_faults(connection)
    for code in sorted({fault.code for fault in faults}):
        places = [str(fault.n) for fault in faults if fault.code == code]
        yield _problem(code, places)


def columns(connection: "Connection") -> Iterator[Problem]:
    """What lists show, against the bytes that were saved."""
    names = ", ".join(CONTENT_COLUMNS)
    query = f"SELECT number, source, {names} FROM registration"  # noqa: S608  our own names
    differing = [
        number
        for number, source, *shown in connection.execute(query)
        if not _is_derived(connection, source, tuple(shown))
    ]
    if differing:
        yield _problem("row_differs", differing)


def index(connection: "Connection") -> Iterator[Problem]:
    """Whether each record can be found by its name, and as somebody who is here already."""
    for name in _INDEXES:
        (missing,) = connection.execute(
            "SELECT count(*) FROM registration "  # noqa: S608  our own names
            f"WHERE id NOT IN (SELECT id FROM {name}_docsize)"
        ).fetchone()
        if missing:
            yield Problem("search_incomplete", missing)


def portraits(connection: "Connection") -> Iterator[Problem]:
    """Each portrait against its hash, and each own record's portrait against the file."""
    changed = [
        sha256
        for sha256, jpeg in connection.execute(_PORTRAITS)
        if hashlib.sha256(jpeg).hexdigest() != sha256
    ]
    if changed:
        yield _problem("photo_changed", changed)
    missing = connection.execute(
        "SELECT number FROM registration WHERE photo IS NOT NULL "
        "AND photo NOT IN (SELECT sha256 FROM photo) "
        "AND EXISTS (SELECT 1 FROM entry WHERE entry.hash = registration.source)"
    ).fetchall()
    if missing:
        yield _problem("photo_missing", [row[0] for row in missing])


def notices(connection: "Connection") -> Iterator[Problem]:
    """Kept notices against their digests, and the sums against what was acknowledged."""
    rows = connection.execute(
        "SELECT feed_hash, digest, salt, content FROM notice WHERE content IS NOT NULL"
    )
    changed = [
        feed_hash
        for feed_hash, digest, salt, content in rows
        if hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest() != digest
    ]
    if changed:
        yield _problem("notice_changed", changed)
    if bucket_sums(acknowledged(connection)) != kept_sums(connection):
        yield Problem("sums_wrong")


def serial(connection: "Connection") -> Iterator[Problem]:
    """A serial that was given must never be given again."""
    end = journal_end(connection)
    (given,) = connection.execute(_GIVEN).fetchone()
    if end.serial < given:
        yield Problem("serial_behind", given - end.serial)


CHECKS: Final[tuple[Check, ...]] = (structure, chain, columns, index, portraits, notices, serial)


def _is_derived(connection: "Connection", source: str, shown: tuple[object, ...]) -> bool:
    try:
        body = valid_body(body_at(connection, source))
    except NotCanonical:
        return False
    return body is None or _unordered(content_values(body)) == _unordered(shown)


def _unordered(columns: tuple[object, ...]) -> list[object]:
    """The seconds of the sections are kept in the order of work, a body's keys by the alphabet."""
    values = dict(zip(CONTENT_COLUMNS, columns, strict=True))
    return list((values | {"paradata": json.loads(str(values["paradata"]))}).values())


def _problem(code: str, places: Iterable[str]) -> Problem:
    named = list(places)
    return Problem(code, len(named), ", ".join(named[:_NAMED]))
