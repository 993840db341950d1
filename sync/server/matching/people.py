"""What everybody is compared by, kept in tables: traits by record, and the keys that few share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select

from enumerator_app.domain.alike import MOST_OF_A_KEY, Traits, traits_of
from enumerator_app.domain.duplicates import blocking_keys
from enumerator_app.domain.registration import OTHER_THAN
from sync.server.bulk import Row, Write, bound, one_of, write_all
from sync.server.case_tables import PERSON_KEY_ROWS, PERSON_ROWS

_TRAITS: Final = (
    "nik", "name", "birth_date", "sex", "mother_name", "village_code", "rt", "rw", "phone",
    "phone_owner",
)  # fmt: skip
PEOPLE: Final = Write(
    PERSON_ROWS,
    ("subject", *_TRAITS, "other_than"),
    updates=(*_TRAITS, "other_than"),
)
KEYS: Final = Write(PERSON_KEY_ROWS, ("key", "subject"))
_APART: Final = " "


@dataclass(frozen=True, slots=True)
class Known:
    """A person by what is compared, and whom an enumerator said it is not."""

    traits: Traits
    other_than: frozenset[str]
    keys: frozenset[str] = frozenset()
    """Only of who is being compared: others are found by the keys in the table."""


def known_of(body: Mapping[str, Any]) -> Known | None:
    """Return what a body says of a person; None if it names nobody."""
    if not body.get("name"):
        return None
    said = frozenset(map(str, body.get(OTHER_THAN) or ()))
    traits = traits_of(dict(body))
    return Known(traits, said, blocking_keys(traits))


def keep_people(connection: Connection, people: Mapping[str, Known | None]) -> None:
    """Write traits and keys of these records anew; of who is no person, none stay."""
    forget_people(connection, people)
    rows = [_row(name, known) for name, known in people.items() if known]
    keys: list[Row] = [
        (key, name) for name, known in people.items() if known for key in sorted(known.keys)
    ]
    write_all(connection, [(PEOPLE, rows)])
    write_all(connection, [(KEYS, keys)])


def forget_people(connection: Connection, subjects: Iterable[str]) -> None:
    dialect = connection.dialect.name
    values = {"subjects": bound(dialect, sorted(subjects))}
    for table in (PERSON_ROWS, PERSON_KEY_ROWS):
        connection.execute(
            delete(table).where(one_of(table.c.subject, dialect, "subjects")), values
        )


def sharing_a_key(
    connection: Connection, people: Mapping[str, Known | None]
) -> set[tuple[str, str]]:
    """Return the pairs of one of these with anybody that share a key; each pair in one order."""
    ours: defaultdict[str, list[str]] = defaultdict(list)
    for name, known in people.items():
        for key in known.keys if known else ():
            ours[key].append(name)
    telling = sorted(ours.keys() - _crowded(connection, ours))
    pairs: set[tuple[str, str]] = set()
    for key, other in _holders(connection, telling):
        for name in ours[key]:
            if name != other:
                pairs.add((name, other) if name < other else (other, name))
    return pairs


def read_people(connection: Connection, subjects: Iterable[str]) -> Iterator[tuple[str, Known]]:
    dialect = connection.dialect.name
    query = select(PERSON_ROWS).where(one_of(PERSON_ROWS.c.subject, dialect, "subjects"))
    for row in connection.execute(query, {"subjects": bound(dialect, sorted(subjects))}):
        yield row.subject, _known(row)


def _crowded(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Return the keys that so many share that they tell nobody apart."""
    dialect, key = connection.dialect.name, PERSON_KEY_ROWS.c.key
    query = (
        select(key)
        .where(one_of(key, dialect, "keys"))
        .group_by(key)
        .having(func.count() > MOST_OF_A_KEY)
    )
    return set(connection.execute(query, {"keys": bound(dialect, sorted(keys))}).scalars())


def _holders(connection: Connection, keys: Sequence[str]) -> Iterator[Any]:
    dialect, table = connection.dialect.name, PERSON_KEY_ROWS.c
    query = select(table.key, table.subject).where(one_of(table.key, dialect, "keys"))
    yield from connection.execute(query, {"keys": bound(dialect, keys)})


def _row(name: str, known: Known) -> Row:
    one = known.traits
    born = one.birth_date.isoformat() if one.birth_date else ""
    said = _APART.join(sorted(known.other_than))
    return (
        name, one.nik, one.name, born, one.sex, one.mother_name, one.village_code, one.rt, one.rw,
        one.phone, one.phone_owner, said,
    )  # fmt: skip


def _known(row: Any) -> Known:
    _, nik, name, born, *rest, said = row
    traits = Traits(nik, name, date.fromisoformat(born) if born else None, *rest)
    return Known(traits, frozenset(said.split(_APART)) if said else frozenset())
