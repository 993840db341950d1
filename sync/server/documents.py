"""Documents that laptops fetch by name: kept whole, counted by version, told by one small notice.

A document may be for one laptop alone; then it is kept under the name and the laptop's id. Where it
is too long for one answer it names parts by their hash, which are fetched one by one.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sync.protocol.parts import DISTRICT_NIKS, WORKLIST
from sync.protocol.signing import REVISION, signed_document
from sync.server.bulk import write_all
from sync.server.feed import Feeds, Notice, read_heads
from sync.server.field_tables import DOCUMENT_PART_ROWS
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS, DOCUMENT_ROWS

FOR_ACTIVE: Final = frozenset({WORKLIST, DISTRICT_NIKS})
"""Documents about people: a laptop that was stopped gets no more of them."""

_FOR: Final = "@"


def last_document(
    connection: Connection, name: str, device: str | None = None
) -> tuple[int, bytes | None]:
    """Return version and bytes of a document as it is now, locked; (0, None) if there is none."""
    table = DOCUMENT_ROWS.c
    query = select(table.version, table.bytes).where(table.name == _kept_name(name, device))
    row = connection.execute(query.with_for_update()).one_or_none()
    return (0, None) if row is None else (row.version, row.bytes.encode())


def keep_document(
    connection: Connection, name: str, version: int, document: bytes, device: str | None = None
) -> None:
    """Keep a document in the place of its earlier version."""
    values = {"name": _kept_name(name, device), "version": version, "bytes": document.decode()}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(DOCUMENT_ROWS).values(values)
    changes = {"version": insert.excluded.version, "bytes": insert.excluded.bytes}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changes))


def all_devices(connection: Connection) -> set[str]:
    return set(connection.execute(select(DEVICE_ROWS.c.id)).scalars())


def active_devices(connection: Connection) -> set[str]:
    query = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.state == "active")
    return set(connection.execute(query).scalars())


def announce(
    office: Office, connection: Connection, name: str, version: int, devices: Collection[str]
) -> None:
    """Tell these laptops that there is a new version: one small notice each."""
    fields = {
        "kind": "document", "subject": None, "number": None, "revision": None, "state": None,
        "at": office.now(), "server_epoch": office.server_epoch, "name": name, "version": version,
    }  # fmt: skip
    written = signed_document(office.issuer.key, REVISION, fields).decode()
    heads = read_heads(connection, sorted(devices), lock=True)
    feeds = Feeds({head.device: head for head in heads})
    for head in heads:
        feeds.emit(head.device, Notice("document", None, None, written))
    write_all(connection, feeds.writes())


def announce_kept(office: Office, connection: Connection, device: str, *, but: str) -> None:
    """Tell a laptop that is new of the documents for all, but of the one its enrolment brought."""
    table = DOCUMENT_ROWS.c
    query = select(table.name, table.version).where(table.name != but).order_by(table.name)
    for name, version in connection.execute(query).all():
        if _FOR not in name:
            announce(office, connection, name, version, {device})


def read_document(office: Office, name: str, device: str | None = None) -> bytes | None:
    """Return the document that a laptop asks for by `name`: its own, or the one for all."""
    if _FOR in name:
        return None
    names = [_kept_name(name, device), name]
    table = DOCUMENT_ROWS.c
    with office.database.reading() as connection:
        query = select(table.name, table.bytes).where(table.name.in_(names))
        found = {row.name: row.bytes for row in connection.execute(query)}
    written = next((found[one] for one in names if one in found), None)
    return None if written is None else written.encode()


def read_part(office: Office, name: str) -> bytes | None:
    """Return a part of a document by its hash."""
    with office.database.reading() as connection:
        query = select(DOCUMENT_PART_ROWS.c.content).where(DOCUMENT_PART_ROWS.c.hash == name)
        found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def _kept_name(name: str, device: str | None) -> str:
    return name if device is None else f"{name}{_FOR}{device}"
