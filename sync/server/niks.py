"""The district's short hashes of NIKs: for laptops without a line to see that somebody is known.

Each version has a key of its own, which travels in the signed document alone, and is replaced
whole: a laptop can never compare by one key what was made by another. Four bytes a person are a
hint and no proof; with the key a NIK can be guessed out of them, so the set is personal data.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib
from sync.protocol.documents import certified_document
from sync.protocol.parts import DISTRICT_NIKS, MAX_PART_BYTES, Part, part_hash
from sync.protocol.short_hashes import HASH_BYTES, HASHES_IN_ALL, KEY_BYTES, packed_hashes
from sync.server.bulk import Write, write_all
from sync.server.documents import active_devices, announce, keep_document, last_document
from sync.server.field_tables import DOCUMENT_PART_ROWS
from sync.server.office import Office
from sync.server.tables import OFFICE_ROWS, SUBJECT_ROWS

_PART_BYTES: Final = MAX_PART_BYTES - MAX_PART_BYTES % HASH_BYTES
_NOT_COUNTED: Final = ("withdrawn", "duplicate", "ended", "erased", "quarantined")
PARTS: Final = Write(DOCUMENT_PART_ROWS, ("hash", "document", "content"))


@dataclass(frozen=True, slots=True)
class Published:
    """What laptops will fetch. `changed`: this is a new version."""

    version: int
    key_id: str
    count: int
    made_on: date
    changed: bool

    @property
    def false_hits_in_a_million(self) -> float:
        return round(self.count * 1_000_000 / HASHES_IN_ALL, 3)


def publish_niks(office: Office) -> Published:
    """Make the set anew under a new key, and tell all laptops."""
    with office.database.writing() as connection:
        connection.execute(select(OFFICE_ROWS.c.id).with_for_update())  # one at a time
        return _publish(office, connection)


def refresh_niks(office: Office) -> None:
    """Once a day, at the first laptop that asks, make the set anew."""
    today = day_in_wib(office.clock())
    if office.done_on.get(DISTRICT_NIKS) == today:
        return
    with office.database.writing() as connection:
        connection.execute(select(OFFICE_ROWS.c.id).with_for_update())
        _, last = last_document(connection, DISTRICT_NIKS)
        is_there = last is not None and _made_on(last) == today
        if is_there or _publish(office, connection).changed:
            office.done_on[DISTRICT_NIKS] = today


def _publish(office: Office, connection: Connection) -> Published:
    version, last = last_document(connection, DISTRICT_NIKS)
    niks = _niks(connection)
    today = day_in_wib(office.clock())
    if not niks and last is None:
        return Published(0, "", 0, today, changed=False)
    key = secrets.token_bytes(KEY_BYTES)
    content = packed_hashes(key, niks)
    pieces = [content[at : at + _PART_BYTES] for at in range(0, len(content), _PART_BYTES)]
    parts = [Part(part_hash(piece), len(piece), len(piece) // HASH_BYTES) for piece in pieces]
    fields = {
        "name": DISTRICT_NIKS, "office": office.public.office, "version": version + 1,
        "made_on": today.isoformat(), "made_at": office.now(), "key": key.hex(),
        "key_id": secrets.token_hex(8), "count": len(content) // HASH_BYTES,
        "parts": [asdict(part) for part in parts],
    }  # fmt: skip
    document = certified_document(office.issuer.key, office.issuer.certificate, fields)
    _replace_parts(connection, [(p.hash, piece) for p, piece in zip(parts, pieces, strict=True)])
    keep_document(connection, DISTRICT_NIKS, version + 1, document)
    announce(office, connection, DISTRICT_NIKS, version + 1, active_devices(connection))
    return Published(version + 1, str(fields["key_id"]), len(content) // HASH_BYTES, today, True)


def _niks(connection: Connection) -> list[str]:
    table = SUBJECT_ROWS.c
    query = select(table.nik).distinct().where(table.nik != "", table.state.not_in(_NOT_COUNTED))
    return list(connection.execute(query).scalars())


def _replace_parts(connection: Connection, pieces: list[tuple[str, bytes]]) -> None:
    table = DOCUMENT_PART_ROWS
    connection.execute(delete(table).where(table.c.document == DISTRICT_NIKS))
    write_all(connection, [(PARTS, [(name, DISTRICT_NIKS, piece) for name, piece in pieces])])


def _made_on(document: bytes) -> date:
    fields: dict[str, Any] = from_canonical(from_canonical(document)["document"].encode())["fields"]
    return date.fromisoformat(fields["made_on"])
