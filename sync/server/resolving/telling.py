"""Cases opened and closed, each told to every laptop that holds a record of it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, or_, select, update

from sync.protocol.signing import REVISION, signed_document
from sync.server.bulk import bound, one_of, write_all
from sync.server.feed import Feeds, Notice, holders_of, read_heads
from sync.server.ingest.cases import CASES, Cases
from sync.server.ingest.reading import NO_PERSON
from sync.server.office import Office
from sync.server.tables import CASE_ROWS, SUBJECT_ROWS

ALIKE: Final = "alike"
SAME_NIK: Final = "same_nik"
PAIRS: Final = frozenset({ALIKE, SAME_NIK})
"""Kinds of cases that are about two records being one person."""
GONE: Final = "gone"
DIFFERS: Final = "differs_now"
BY_ITSELF: Final = frozenset({GONE, DIFFERS})
"""Answers that nobody gave: what the records say now settled it, and may unsettle it again."""
ASKED: Final = "ask_ktp"
_SETTLED_BY: Final = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case ends: its answer, who gave it, and why if that was said."""

    answer: str
    by: str = _SETTLED_BY
    note: str = ""


def open_cases(office: Office, connection: Connection, cases: Cases) -> int:
    """Open the cases that are new, or that had settled by themselves; return how many."""
    known = {row.id: row for row in _rows(connection, CASE_ROWS.c.id, cases.opened)}
    again = [name for name, row in known.items() if row.closed_at and row.answer in BY_ITSELF]
    fresh = Cases({name: case for name, case in cases.opened.items() if name not in known})
    write_all(connection, [(CASES, fresh.rows(office.now()))])
    for name in again:
        case, table = cases.opened[name], CASE_ROWS.c
        change = update(CASE_ROWS).where(table.id == name)
        connection.execute(change.values(
            closed_at=None, answer=None, answered_by=None, answered_at=None, note=None,
            opened_at=office.now(), score=case.score, reasons=json.dumps(case.reasons),
            version=table.version + 1,
        ))  # fmt: skip
    opened = [*fresh.opened.values(), *(cases.opened[name] for name in again)]
    _tell(office, connection, [_Told(case.id, case.subjects, "") for case in opened])
    return len(opened)


def close_settled(
    office: Office, connection: Connection, subjects: Iterable[str], alike: Collection[str]
) -> int:
    """Close what the records themselves settle, and let come back what waited for a laptop.

    `alike`: the cases of these subjects that still hold. Returns how many closed.
    """
    rows = [row for row in cases_of(connection, subjects) if row.kind in PAIRS]
    people = _people(connection, {name for row in rows for name in (row.one, row.other) if name})
    closings = {}
    for row in rows:
        two = [people[name] for name in (row.one, row.other) if name in people]
        answer = _settled(row, two, alike)
        if answer:
            closings[row.id] = Closing(answer)
        elif row.answer == ASKED and not any(one.state == "returned" for one in two):
            _ask_again(connection, row.id)
    close_cases(office, connection, closings)
    return len(closings)


def close_cases(office: Office, connection: Connection, closings: Mapping[str, Closing]) -> None:
    """Close these cases and tell who holds their records, each with its answer."""
    rows = list(_rows(connection, CASE_ROWS.c.id, closings))
    table = CASE_ROWS.c
    for row in rows:
        said = closings[row.id]
        change = update(CASE_ROWS).where(table.id == row.id)
        connection.execute(change.values(
            closed_at=office.now(), answer=said.answer, answered_by=said.by or None,
            answered_at=office.now(), note=said.note or None, version=table.version + 1,
        ))  # fmt: skip
    told = [_Told(row.id, tuple(json.loads(row.subjects)), closings[row.id].answer) for row in rows]
    _tell(office, connection, told)


def cases_of(connection: Connection, subjects: Iterable[str]) -> list[Any]:
    """Return the open cases of these records, oldest first."""
    dialect, table = connection.dialect.name, CASE_ROWS.c
    is_member = or_(
        one_of(table.one, dialect, "subjects"), one_of(table.other, dialect, "subjects")
    )
    query = select(CASE_ROWS).where(table.closed_at.is_(None), is_member)
    values = {"subjects": bound(dialect, sorted(set(subjects)))}
    return list(connection.execute(query.order_by(table.opened_at, table.id), values))


def forget_case_notes(connection: Connection, subject: str) -> None:
    """What somebody typed about an erased person goes, too."""
    table = CASE_ROWS.c
    change = update(CASE_ROWS).where(or_(table.one == subject, table.other == subject))
    connection.execute(change.values(note=None))


def _settled(row: Any, two: Sequence[Any], alike: Collection[str]) -> str:
    if len(two) < len(json.loads(row.subjects)) or any(one.state in NO_PERSON for one in two):
        return GONE
    if row.kind == SAME_NIK:
        return "" if len({one.nik for one in two}) == 1 and two[0].nik else DIFFERS
    return "" if row.id in alike else DIFFERS


def _ask_again(connection: Connection, case: str) -> None:
    """The laptop answered and both still look like one person: somebody must look again."""
    table = CASE_ROWS.c
    change = update(CASE_ROWS).where(table.id == case)
    connection.execute(change.values(answer=None, note=None, version=table.version + 1))


def _rows(connection: Connection, column: Any, names: Iterable[str]) -> Iterator[Any]:
    dialect = connection.dialect.name
    query = select(CASE_ROWS).where(one_of(column, dialect, "names"))
    return iter(connection.execute(query, {"names": bound(dialect, sorted(names))}))


def _people(connection: Connection, subjects: Iterable[str]) -> dict[str, Any]:
    dialect, table = connection.dialect.name, SUBJECT_ROWS.c
    query = select(table.id, table.state, table.number, table.nik).where(
        one_of(table.id, dialect, "subjects")
    )
    rows = connection.execute(query, {"subjects": bound(dialect, sorted(subjects))})
    return {row.id: row for row in rows}


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a case; an empty answer says that it is open."""

    case: str
    subjects: tuple[str, ...]
    answer: str


def _tell(office: Office, connection: Connection, told: Sequence[_Told]) -> None:
    """Write the notices; each says what is still to be decided about its record."""
    subjects = sorted({name for one in told for name in one.subjects})
    if not subjects:
        return
    people, holders = _people(connection, subjects), holders_of(connection, subjects)
    left = _still_open(connection, subjects)
    devices = {device for names in holders.values() for device in names}
    feeds = Feeds({head.device: head for head in read_heads(connection, devices, lock=True)})
    for one in told:
        for name in one.subjects:
            person = people.get(name)
            if person is not None and person.state != "erased":
                written = _written(office, one, person, left.get(name))
                for device in holders.get(name, ()):
                    feeds.emit(device, Notice("case", name, None, written))
    write_all(connection, feeds.writes())


def _still_open(connection: Connection, subjects: Iterable[str]) -> dict[str, str]:
    """Return the kind of the oldest open case of each record that has one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in cases_of(connection, subjects):
        for name in json.loads(row.subjects):
            found[name].append(row.kind)
    return {name: kinds[0] for name, kinds in found.items()}


def _written(office: Office, told: _Told, person: Any, kind: str | None) -> str:
    state = None if person.state == "quarantined" else person.state
    fields = {
        "kind": "case", "subject": person.id, "number": person.number, "revision": None,
        "state": state, "at": office.now(), "server_epoch": office.server_epoch,
        "case": told.case, "case_kind": kind,
    }  # fmt: skip
    if told.answer:
        fields["answer"] = told.answer
    return signed_document(office.issuer.key, REVISION, fields).decode()
