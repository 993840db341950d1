"""Worklists as documents: parts by village, and for each laptop one that names its villages."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.worklist import ListedPerson, line_of
from sync.protocol.documents import certified_document
from sync.protocol.parts import WORKLIST, Part, packed, part_hash
from sync.server.bulk import Write, bound, one_of, write_all
from sync.server.documents import active_devices, announce, keep_document, last_document
from sync.server.field_tables import (
    DOCUMENT_PART_ROWS,
    LISTED_PERSON_ROWS,
    LISTED_VILLAGE_ROWS,
)
from sync.server.office import Office

PEOPLE_IN_A_PART: Final = 2000
PARTS: Final = Write(DOCUMENT_PART_ROWS, ("hash", "document", "content"))


def publish(office: Office, connection: Connection, villages: Collection[str]) -> set[str]:
    """Make the parts of these villages anew, and tell every laptop whose list is another now.

    Returns the laptops that are told.
    """
    _make_parts(connection, villages)
    told = publish_to(office, connection, active_devices(connection))
    _drop_orphans(connection)
    return told


def publish_to(office: Office, connection: Connection, devices: Collection[str]) -> set[str]:
    """Keep a new document for each of these laptops whose villages changed, and announce it."""
    lists = connection.execute(
        select(LISTED_VILLAGE_ROWS).order_by(LISTED_VILLAGE_ROWS.c.village_code)
    ).all()
    told: dict[int, set[str]] = defaultdict(set)
    for device in sorted(devices):
        version, last = last_document(connection, WORKLIST, device)
        fields = _fields(office, device, lists)
        if last is None and not fields["parts"]:
            continue
        if last is not None and _stated(last) == _news(fields):
            continue
        fields |= {"version": version + 1, "made_at": office.now()}
        issuer = office.issuer
        document = certified_document(issuer.key, issuer.certificate, fields)
        keep_document(connection, WORKLIST, version + 1, document, device)
        told[version + 1].add(device)
    for version, some in sorted(told.items()):
        announce(office, connection, WORKLIST, version, some)
    return {device for some in told.values() for device in some}


def _fields(office: Office, device: str, lists: Sequence[Any]) -> dict[str, Any]:
    mine = [row for row in lists if row.devices is None or device in json.loads(row.devices)]
    parts = [part for row in mine for part in json.loads(row.parts)]
    return {
        "name": WORKLIST, "office": office.public.office, "parts": parts,
        "count": sum(part["count"] for part in parts),
        "villages": {row.village_code: row.version for row in mine},
    }  # fmt: skip


def _stated(document: bytes) -> dict[str, Any]:
    outer = from_canonical(document)
    fields: dict[str, Any] = from_canonical(outer["document"].encode())["fields"]
    return _news(fields)


def _news(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in ("parts", "villages")}


def _make_parts(connection: Connection, villages: Collection[str]) -> None:
    people = _people(connection, villages)
    for village in sorted(villages):
        made = list(_parts(village, people[village]))
        rows = [(part.hash, WORKLIST, content) for part, content in made]
        write_all(connection, [(PARTS, rows)])
        written = json.dumps([asdict(part) for part, _ in made])
        change = update(LISTED_VILLAGE_ROWS).where(LISTED_VILLAGE_ROWS.c.village_code == village)
        connection.execute(change.values(parts=written))


def _people(connection: Connection, villages: Iterable[str]) -> dict[str, list[ListedPerson]]:
    table, dialect = LISTED_PERSON_ROWS.c, connection.dialect.name
    query = (
        select(LISTED_PERSON_ROWS)
        .where(table.is_listed == 1, one_of(table.village_code, dialect, "villages"))
        .order_by(table.village_code, table.n)
    )
    found: dict[str, list[ListedPerson]] = defaultdict(list)
    for row in connection.execute(query, {"villages": bound(dialect, sorted(villages))}):
        found[row.village_code].append(person_in(row))
    return found


def person_in(row: Any) -> ListedPerson:
    """Return the person of a row of the list."""
    return ListedPerson(
        row.code, row.village_code, row.name, row.nik,
        date.fromisoformat(row.birth_date) if row.birth_date else None,
        row.address, row.group_name, row.source, row.birth_place,
    )  # fmt: skip


def _parts(village: str, people: Sequence[ListedPerson]) -> Iterator[tuple[Part, bytes]]:
    for start in range(0, len(people), PEOPLE_IN_A_PART):
        some = people[start : start + PEOPLE_IN_A_PART]
        said = {"village": village, "people": [line_of(person) for person in some]}
        content = packed(canonical_bytes(said))
        yield Part(part_hash(content), len(content), len(some), village), content


def _drop_orphans(connection: Connection) -> None:
    """Delete parts of lists that no laptop's list names any more."""
    rows = connection.execute(select(LISTED_VILLAGE_ROWS.c.parts)).scalars()
    named = {part["hash"] for written in rows for part in json.loads(written)}
    table = DOCUMENT_PART_ROWS
    query = select(table.c.hash).where(table.c.document == WORKLIST)
    gone = sorted(set(connection.execute(query).scalars()) - named)
    if gone:
        dialect = connection.dialect.name
        condition = one_of(table.c.hash, dialect, "gone")
        connection.execute(delete(table).where(condition), {"gone": bound(dialect, gone)})
