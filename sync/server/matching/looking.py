"""Looks at every record that changed since it was last compared: opens cases, and closes them.

Runs after the batch's own transaction, so that no laptop waits for it. Three steps a portion: write
the keys, look who shares one, write what was found. Of two records that arrive at once each has
its keys written before either looks, so the pair is seen by one of them whoever works on which.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Connection, select, text, update

from enumerator_app.domain.alike import MOST_OF_A_KEY, judged_alike
from enumerator_app.domain.duplicates import Likeness
from sync.server.bulk import bound, one_of
from sync.server.ingest.cases import Case, Cases
from sync.server.ingest.reading import NO_PERSON
from sync.server.ingest.remarks import DISTRICT, SAID_OTHER
from sync.server.matching.people import (
    Known,
    keep_people,
    known_of,
    read_people,
    sharing_a_key,
)
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.resolving.telling import ALIKE, SAME_NIK, close_settled, open_cases
from sync.server.tables import IS_NEWS, SUBJECT_ROWS

AT_ONCE: Final = 2_000
_CACHED: Final = 150_000


@dataclass(frozen=True, slots=True)
class Looked:
    """How many records were compared, and how many cases that opened and closed."""

    records: int = 0
    opened: int = 0
    closed: int = 0

    def __add__(self, other: "Looked") -> "Looked":
        return Looked(
            self.records + other.records, self.opened + other.opened, self.closed + other.closed
        )


def find_alike(office: Office, *, everybody: bool = False) -> Looked:
    """Compare whoever changed since the last look (or everybody anew) with the whole district.

    A pair that somebody decided stays decided.
    """
    if everybody:
        with office.database.writing() as connection:
            connection.execute(update(SUBJECT_ROWS).values(matched=None))
    found, cache = Looked(), dict[str, Known]()
    while (step := look_at_news(office, cache=cache)).records:
        found += step
    return found


def look_at_news(
    office: Office, most: int = AT_ONCE, *, cache: dict[str, Known] | None = None
) -> Looked:
    """Compare a portion of the records that changed; none left gives no records."""
    with office.database.reading() as connection:
        changed = list(_changed(connection, most))
    if not changed:
        return Looked()
    people = {row.id: None if row.state in NO_PERSON else known for row, known in changed}
    with office.database.writing() as connection:
        keep_people(connection, people)
    with office.database.reading() as connection:
        cases = _cases(find_like(connection, people, {} if cache is None else cache))
        for pair in _of_one_nik(connection, people):
            cases.open(Case(SAME_NIK, None, pair, (SAME_NIK,), 100))
    return _note(office, [row for row, _ in changed], cases)


def find_like(
    connection: Connection, people: dict[str, Known | None], cache: dict[str, Known]
) -> Iterator[tuple[str, str, Likeness]]:
    """Yield who may be one person with one of these; the same NIK is a case of its own."""
    if len(cache) > _CACHED:
        cache.clear()
    cache |= {name: known for name, known in people.items() if known}
    pairs = sharing_a_key(connection, people)
    missing = {name for pair in pairs for name in pair} - cache.keys()
    cache |= dict(read_people(connection, missing))
    for one, other in sorted(pairs):
        ours, theirs = cache.get(one), cache.get(other)
        judged = judged_alike(ours.traits, theirs.traits) if ours and theirs else None
        if ours and theirs and judged:
            said = ours.other_than & {other, DISTRICT} or theirs.other_than & {one, DISTRICT}
            reasons = (*judged.reasons, SAID_OTHER) if said else judged.reasons
            yield one, other, Likeness(judged.score, reasons)


def _changed(connection: Connection, most: int) -> Iterator[tuple[Any, Known | None]]:
    newest = select(SUBJECT_ROWS.c.id).where(IS_NEWS).order_by(SUBJECT_ROWS.c.id).limit(most)
    names = list(connection.execute(newest).scalars())
    dialect = connection.dialect.name
    query = with_contents().where(one_of(SUBJECT_ROWS.c.id, dialect, "subjects"))
    for row, body in stream(connection, query.params(subjects=bound(dialect, names))):
        yield row, known_of(body)


def _cases(likely: Iterable[tuple[str, str, Likeness]]) -> Cases:
    cases = Cases()
    for one, other, judged in likely:
        cases.open(Case(ALIKE, None, (one, other), judged.reasons, judged.score))
    return cases


def _of_one_nik(
    connection: Connection, people: Mapping[str, Known | None]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of these with anybody of their NIK: a case that settled may hold again."""
    ours: dict[str, list[str]] = {
        known.traits.nik: [] for known in people.values() if known and known.traits.nik
    }
    dialect, table = connection.dialect.name, SUBJECT_ROWS.c
    query = select(table.id, table.nik).where(
        one_of(table.nik, dialect, "niks"), table.state.not_in(NO_PERSON)
    )
    for row in connection.execute(query, {"niks": bound(dialect, sorted(ours))}):
        ours[row.nik].append(row.id)
    for names in ours.values():
        if len(names) <= MOST_OF_A_KEY:
            pairs = combinations(sorted(names), 2)
            yield from (pair for pair in pairs if not people.keys().isdisjoint(pair))


def _note(office: Office, rows: Iterable[Any], cases: Cases) -> Looked:
    """Write what was found, and that these records were looked at as they were read."""
    seen = {row.id: f"{row.content}:{row.state}" for row in rows}
    with office.database.writing() as connection:
        opened = open_cases(office, connection, cases)
        closed = close_settled(office, connection, seen.keys(), cases.opened)
        _mark(connection, seen)
    return Looked(len(seen), opened, closed)


def _mark(connection: Connection, seen: dict[str, str]) -> None:
    if connection.dialect.name == "postgresql":
        statement = text(
            "UPDATE subject SET matched = given.seen"
            " FROM unnest(CAST(:names AS text[]), CAST(:seen AS text[])) AS given(id, seen)"
            " WHERE subject.id = given.id"
        )
        connection.execute(statement, {"names": list(seen), "seen": list(seen.values())})
        return
    statement = text(
        "UPDATE subject SET matched = given.value FROM json_each(:seen) AS given"
        " WHERE subject.id = given.key"
    )
    connection.execute(statement, {"seen": json.dumps(seen)})
