"""The list by which cards are judged without internet, and the files that carry it.

It is signed by the issuing key and travels with that key's certificate: a reader who knows the
root key needs nothing else.
"""

from datetime import date
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from enumerator_app.cards.trust import DeviceKey, OfficeKey, TrustList, sign_trust_list
from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.instants import day_in_wib
from sync.server.home import write_json, write_privately
from sync.server.office import Office
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, DOCUMENT_ROWS, SUBJECT_ROWS

NAME: Final = "trust_list"
_STOPPED: Final = ("duplicate", "withdrawn", "ended", "erased")
_FIRST_SERIAL: Final = 1


def refresh_trust(office: Office) -> bytes:
    """Make the list anew from what the database says, keep it as a document and write its files."""
    with office.database.writing() as connection:
        version = _next_version(connection)
        document = _document(office, connection, version)
        _keep(connection, version, document)
    write_privately(office.home.trust_file, document)
    public = office.public
    write_json(
        office.home.key_file,
        {
            "office": public.office,
            "regency": public.regency,
            "root_key": public.root_key,
            "trust": from_canonical(document),
        },
    )
    return document


def _document(office: Office, connection: Connection, version: int) -> bytes:
    certificate = office.issuer.certificate
    valid = (str(certificate[name])[:10] for name in ("not_before", "not_after"))
    not_before, not_after = map(date.fromisoformat, valid)
    key = OfficeKey(
        kid=office.issuer.kid,
        public_key=office.issuer.public_key,
        not_before=not_before,
        not_after=not_after,
    )
    trust = TrustList(
        office=office.public.office,
        regency=office.public.regency,
        issued_on=day_in_wib(office.clock()),
        version=version,
        office_keys=(key,),
        device_keys=_device_keys(connection),
        revoked=frozenset(_revoked(connection)),
    )
    signed = sign_trust_list(trust, office.issuer.key).decode()
    return canonical_bytes({"certificate": certificate, "list": signed})


def _device_keys(connection: Connection) -> tuple[DeviceKey, ...]:
    key, device = DEVICE_KEY_ROWS.c, DEVICE_ROWS.c
    query = (
        select(key.kid, key.public_key, device.code, device.state)
        .join_from(DEVICE_KEY_ROWS, DEVICE_ROWS, key.device == device.id)
        .order_by(device.code, key.n)
    )
    return tuple(
        DeviceKey(
            kid=row.kid,
            device_code=row.code,
            public_key=row.public_key,
            serial_from=_FIRST_SERIAL,
            serial_to=None,
            revoked=row.state == "revoked",
        )
        for row in connection.execute(query)
    )


def _revoked(connection: Connection) -> list[str]:
    table = SUBJECT_ROWS.c
    query = select(table.number).where(table.state.in_(_STOPPED), table.number.is_not(None))
    return sorted(connection.execute(query).scalars())


def _next_version(connection: Connection) -> int:
    query = select(DOCUMENT_ROWS.c.version).where(DOCUMENT_ROWS.c.name == NAME).with_for_update()
    return (connection.execute(query).scalar() or 0) + 1


def _keep(connection: Connection, version: int, document: bytes) -> None:
    values = {"name": NAME, "version": version, "bytes": document.decode()}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(DOCUMENT_ROWS).values(values)
    changes = {"version": insert.excluded.version, "bytes": insert.excluded.bytes}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changes))


def read_document(office: Office, name: str) -> bytes | None:
    with office.database.reading() as connection:
        query = select(DOCUMENT_ROWS.c.bytes).where(DOCUMENT_ROWS.c.name == name)
        written = connection.execute(query).scalar()
    return None if written is None else written.encode()
