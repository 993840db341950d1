"""How far each village's list is: counts for people at the office, and a table of who is open."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.invitations import shown_invitation
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.worklist import ANSWERS, OPEN, REGISTERED
from sync.server.field_tables import (
    LISTED_ANSWER_ROWS,
    LISTED_PERSON_ROWS,
    LISTED_VILLAGE_ROWS,
)
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS, SUBJECT_ROWS
from sync.server.tabulating import write_table

STATES: Final = (REGISTERED, *ANSWERS, OPEN)
NOT_THERE: Final = frozenset({"withdrawn", "duplicate", "erased", "quarantined"})
_HEADER: Final = (
    "code", "name", "nik", "birth_date", "birth_place", "address", "village_code", "village",
    "group", "source", "state", "number", "device", "answered_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one listed person: the number if registered, else who said what and when."""

    state: str
    number: str = ""
    device: str = ""
    at: str = ""


def standing(office: Office, area: str = "") -> list[dict[str, Any]]:
    """Return the counts of each village whose code begins with `area`, by code."""
    with office.database.reading() as connection:
        found = _found(connection)
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for row in _listed(connection, area):
            counts[row.village_code][found.get(row.code, Found(OPEN)).state] += 1
        codes = dict(connection.execute(select(DEVICE_ROWS.c.id, DEVICE_ROWS.c.code)).all())
        lists = connection.execute(
            select(LISTED_VILLAGE_ROWS).order_by(LISTED_VILLAGE_ROWS.c.village_code)
        ).all()
    return [
        _village(row, counts[row.village_code], codes)
        for row in lists
        if row.village_code.startswith(area) and counts[row.village_code]
    ]


def export_listed(office: Office, path: Path, area: str = "") -> int:
    """Write one row a listed person, with what came of it; return how many.

    Raises:
        UsageWrong, FileUnwritable: no table was written.
    """
    with office.database.reading() as connection:
        found = _found(connection)
        codes = dict(connection.execute(select(DEVICE_ROWS.c.id, DEVICE_ROWS.c.code)).all())
        rows = (_row(row, found.get(row.code), codes) for row in _listed(connection, area))
        return write_table(path, _HEADER, rows)


def open_lines(connection: Connection, area: str) -> Iterator[Any]:
    """Yield the lines of people of whom nothing came yet, in the order of their lists."""
    found = _found(connection)
    for row in _listed(connection, area):
        if found.get(row.code, Found(OPEN)).state == OPEN:
            yield row


def _listed(connection: Connection, area: str) -> Iterator[Any]:
    table = LISTED_PERSON_ROWS
    is_there = table.c.village_code.startswith(area, autoescape=True)
    query = select(table).where(table.c.is_listed == 1, is_there)
    yield from connection.execute(query.order_by(table.c.village_code, table.c.n))


def _found(connection: Connection) -> dict[str, Found]:
    """Return what is known of each code. Whoever is registered is: nothing said later undoes it."""
    answer, subject = LISTED_ANSWER_ROWS.c, SUBJECT_ROWS.c
    said = (
        select(answer.code, answer.answer, answer.device, answer.at, subject.number, subject.state)
        .outerjoin(SUBJECT_ROWS, subject.id == answer.subject)
        .order_by(answer.received_at, answer.at, answer.entry)
    )
    latest: dict[str, Found] = {}
    registered: dict[str, Found] = {}
    for row in connection.execute(said):
        if row.answer != REGISTERED:
            latest[row.code] = Found(row.answer, "", row.device, row.at)
        elif row.state is not None and row.state not in NOT_THERE:
            found = Found(REGISTERED, row.number or "", row.device, row.at)
            registered.setdefault(row.code, found)
    person = LISTED_PERSON_ROWS.c
    by_nik = (
        select(person.code, subject.number, subject.device, subject.registered_at)
        .join(SUBJECT_ROWS, subject.nik == person.nik)
        .where(person.is_listed == 1, person.nik != "", subject.state.not_in(NOT_THERE))
    )
    for code, number, device, at in connection.execute(by_nik):
        registered.setdefault(code, Found(REGISTERED, number or "", device, at))
    return {**latest, **registered}


def _village(row: Any, counts: Counter[str], codes: dict[str, str]) -> dict[str, Any]:
    village = load_places().village(row.village_code)
    devices = None if row.devices is None else json.loads(row.devices)
    return {
        "village_code": row.village_code,
        "village": village.name if village else "",
        "district": village.district_name if village else "",
        "listed": sum(counts.values()),
        **{state: counts[state] for state in STATES},
        "version": row.version,
        "devices": None if devices is None else sorted(codes.get(one, one) for one in devices),
    }


def _row(row: Any, found: Found | None, codes: dict[str, str]) -> list[str]:
    what = found or Found(OPEN)
    village = load_places().village(row.village_code)
    return [
        shown_invitation(row.code), row.name, row.nik, row.birth_date, row.birth_place, row.address,
        row.village_code, village.name if village else "", row.group_name, row.source,
        what.state, what.number, codes.get(what.device, ""), what.at,
    ]  # fmt: skip
