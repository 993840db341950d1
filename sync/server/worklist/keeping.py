"""A new list takes the place of the old one in each village it names; codes stay with people."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.invitations import RANDOM_BITS, invitation_code
from enumerator_app.domain.names import name_key
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.worklist import UNKNOWN_DIGIT
from sync.server.bulk import Row, Write, bound, one_of, write_all
from sync.server.devices import find_device
from sync.server.errors import NobodyListed
from sync.server.field_tables import (
    LISTED_ANSWER_ROWS,
    LISTED_PERSON_ROWS,
    LISTED_VILLAGE_ROWS,
)
from sync.server.list_files import RejectedRow
from sync.server.office import Office
from sync.server.tables import OFFICE_ROWS
from sync.server.worklist.publishing import publish
from sync.server.worklist.reading import WantedPerson, read_worklist

_PEOPLE_AT_ONCE: Final = 5000
PEOPLE: Final = Write(
    LISTED_PERSON_ROWS,
    (
        "code", "village_code", "n", "name", "nik", "birth_date", "address", "group_name",
        "source", "is_listed", "birth_place",
    ),
    updates=(
        "village_code", "n", "name", "nik", "birth_date", "address", "group_name", "source",
        "is_listed", "birth_place",
    ),
)  # fmt: skip
VILLAGES: Final = Write(
    LISTED_VILLAGE_ROWS,
    ("village_code", "version", "devices", "parts", "imported_at"),
    updates=("version", "devices", "imported_at"),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: whom it lists, in which villages, and who is told."""

    version: int
    people: int
    new: int
    villages: int
    devices: int
    rejected: Sequence[RejectedRow]


def import_worklist(
    office: Office, path: Path, *, mapping: Path | None = None, devices: Sequence[str] = ()
) -> Imported:
    """Read a list and give it to these laptops, or to all; other villages' lists stay.

    Raises:
        FileUnreadable, FileKindUnknown, HeaderMissing, ColumnsUnknown: it is no list.
        DeviceUnknown: nothing was changed.
    """
    read = read_worklist(path, load_places(), today=day_in_wib(office.clock()), mapping=mapping)
    villages = sorted({person.village_code for person in read.people})
    with office.database.writing() as connection:
        version = _next_version(connection)
        given = _devices(connection, devices)
        codes = _Codes(connection)
        rows, new = _rows(codes, read.people)
        _retire(connection, villages)
        for start in range(0, len(rows), _PEOPLE_AT_ONCE):
            write_all(connection, [(PEOPLE, rows[start : start + _PEOPLE_AT_ONCE])])
        now = office.now()
        write_all(connection, [(VILLAGES, [(v, version, given, "[]", now) for v in villages])])
        told = publish(office, connection, codes.left.union(villages))
    return Imported(version, len(rows), new, len(villages), len(told), read.rejected)


def assign(office: Office, area: str, devices: Sequence[str]) -> int:
    """Give the lists of a village or a kecamatan to these laptops, or to all; return how many.

    Raises:
        NobodyListed: there is no list in that place.
        DeviceUnknown: nothing was changed.
    """
    with office.database.writing() as connection:
        _next_version(connection)  # one change at a time
        given = _devices(connection, devices)
        is_there = LISTED_VILLAGE_ROWS.c.village_code.startswith(area, autoescape=True)
        change = update(LISTED_VILLAGE_ROWS).where(is_there).values(devices=given)
        changed = connection.execute(change).rowcount if area else 0
        if not changed:
            raise NobodyListed(place=area)
        publish(office, connection, ())
    return changed


def forget_listed(
    office: Office, connection: Connection, subject: str, niks: Iterable[str]
) -> None:
    """Take an erased person off the lists, here and with the next sync of every laptop."""
    table = LISTED_PERSON_ROWS
    said = select(LISTED_ANSWER_ROWS.c.code).where(LISTED_ANSWER_ROWS.c.subject == subject)
    is_it = table.c.code.in_(said) | table.c.nik.in_([nik for nik in niks if nik])
    rows = connection.execute(select(table.c.code, table.c.village_code).where(is_it)).all()
    if not rows:
        return
    blank = dict.fromkeys(
        ("name", "nik", "birth_date", "birth_place", "address", "group_name", "source"), ""
    )
    codes = [row.code for row in rows]
    change = update(table).where(table.c.code.in_(codes))
    connection.execute(change.values(**blank, is_listed=0))
    publish(office, connection, {row.village_code for row in rows})


def _next_version(connection: Connection) -> int:
    connection.execute(select(OFFICE_ROWS.c.id).with_for_update())  # one list at a time
    newest = select(func.coalesce(func.max(LISTED_VILLAGE_ROWS.c.version), 0))
    return int(connection.execute(newest).scalar_one()) + 1


def _devices(connection: Connection, named: Sequence[str]) -> str | None:
    """Return the laptops as a row holds them; none named are all."""
    if not named:
        return None
    return json.dumps(sorted(str(find_device(connection, name).id) for name in named))


def _retire(connection: Connection, villages: Sequence[str]) -> None:
    table, dialect = LISTED_PERSON_ROWS, connection.dialect.name
    change = update(table).where(one_of(table.c.village_code, dialect, "villages"))
    connection.execute(change.values(is_listed=0), {"villages": bound(dialect, villages)})


def _rows(codes: "_Codes", people: Sequence[WantedPerson]) -> tuple[list[Row], int]:
    """Return the rows of the people, with the codes that earlier letters gave them."""
    rows: list[Row] = []
    new = 0
    for n, person in enumerate(people, start=1):
        code, is_new = codes.code_of(person)
        new += is_new
        rows.append(
            (
                code, person.village_code, n, person.name, person.nik, person.birth_date,
                person.address, person.group, person.source, 1, person.birth_place,
            )
        )  # fmt: skip
    return rows, new


class _Codes:
    """Who has which code; nobody's is given twice, not even that of who left the list."""

    def __init__(self, connection: Connection) -> None:
        table = LISTED_PERSON_ROWS.c
        query = select(table.code, table.village_code, table.name, table.nik, table.birth_date)
        self._known: dict[str, Any] = {row.code: row for row in connection.execute(query)}
        self._by_nik: dict[str, str] = {}
        self._by_name: dict[tuple[str, str, str], str] = {}
        self._used: set[str] = set()
        self.left: set[str] = set()  # villages that somebody moved away from
        for row in self._known.values():
            self._note(row, row.code)

    def code_of(self, person: WantedPerson) -> tuple[str, bool]:
        """Return the code of a person, and whether it is a new one."""
        code = self._by_nik.get(person.nik) or self._by_name.get(_name_key(person))
        known = self._known.get(code or "")
        if code is None or code in self._used or not _can_be(known, person):
            code, known = self._draw(), None
        self._used.add(code)
        if known is not None and known.village_code != person.village_code:
            self.left.add(known.village_code)
        return code, known is None

    def _note(self, person: Any, code: str) -> None:
        if person.nik and UNKNOWN_DIGIT not in person.nik:
            self._by_nik[person.nik] = code
        if person.name:  # nothing is left of who was erased
            self._by_name[_name_key(person)] = code

    def _draw(self) -> str:
        while True:
            code = invitation_code(secrets.randbits(RANDOM_BITS))
            if code not in self._known and code not in self._used:
                return code


def _can_be(known: Any, person: WantedPerson) -> bool:
    """Return whether what is known of both NIKs lets them be one person."""
    if known is None or not known.nik or not person.nik:
        return known is not None
    pairs = zip(known.nik, person.nik, strict=False)
    return all(a == b or UNKNOWN_DIGIT in (a, b) for a, b in pairs)


def _name_key(person: Any) -> tuple[str, str, str]:
    return (person.village_code, name_key(person.name), person.birth_date)
