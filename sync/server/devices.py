"""Laptops of the office: one-time codes, device codes for numbers, keys, revocation."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from enumerator_app import __version__
from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.protocol.messages import PROTOCOL, EnrolAnswer, EnrolRequest
from sync.protocol.signing import ENROLMENT, is_signed, key_id
from sync.server.device_notices import tell_device
from sync.server.documents import announce_kept
from sync.server.errors import DeviceUnknown
from sync.server.feed import NO_SUMS
from sync.server.home import read_json, write_json
from sync.server.office import Office
from sync.server.one_time import code_hash, new_code
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.refusal import Refused
from sync.server.replacing import replacements, take_over
from sync.server.tables import (
    DEVICE_KEY_ROWS,
    DEVICE_ROWS,
    ENROLMENT_ROWS,
    ENTRY_ROWS,
    FEED_HEAD_ROWS,
    OFFICE_ROWS,
    SETTING_ROWS,
)
from sync.server.trust import NAME as TRUST_LIST
from sync.server.trust import refresh_trust
from sync.server.worklist.publishing import publish_to

CODE_LIVES: Final = timedelta(hours=24)
_CODES_A_LETTER: Final = 99
_CODE: Final = re.compile(r"[A-Z](?!00)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """What the office tells a laptop, once. `code` is never stored; `replaces` is a device code."""

    code: str
    device_code: str
    expires_at: str
    replaces: str | None = None


def device_code(n: int) -> str:
    """Return the n-th device code, from 0: A01 ... A99, B01 ... Z99."""
    letter, rest = divmod(n, _CODES_A_LETTER)
    return f"{chr(ord('A') + letter)}{rest + 1:02d}"


def place_of_code(code: str) -> int | None:
    """Return which code this is, from 0; None if it is none."""
    if _CODE.fullmatch(code) is None:
        return None
    return (ord(code[0]) - ord("A")) * _CODES_A_LETTER + int(code[1:]) - 1


def _codes_given(office: Office, connection: Connection) -> int:
    """Return how many device codes were given, also after the day that a copy was made."""
    columns = (ENROLMENT_ROWS.c.device_code, DEVICE_ROWS.c.code)
    named = [code for one in columns for code in connection.execute(select(one)).scalars()]
    places = [place for code in named if (place := place_of_code(code)) is not None]
    file = office.home.device_codes_file
    noted = int(read_json(file)["given"]) if file.exists() else 0
    return max(noted, max(places, default=-1) + 1)


def _note_codes_given(office: Office, given: int) -> None:
    """Write it down before the transaction ends: a code may be left out, never given twice."""
    write_json(office.home.device_codes_file, {"given": given})


def add_device(
    office: Office, label: str, *, by: str = COMMAND_LINE, replaces: str | None = None
) -> OneTimeCode:
    """Make a one-time code for a new laptop, valid for 24 hours.

    One that it `replaces` is stopped at once; its records are handed over when the code is used.

    Raises:
        DeviceUnknown: there is no laptop to replace. Nothing was changed.
    """
    code = new_code()
    now = office.clock()
    until = instant_to_text(now + CODE_LIVES)
    with office.database.writing() as connection:
        connection.execute(select(OFFICE_ROWS.c.id).with_for_update())  # one device code at a time
        given = _codes_given(office, connection)
        name = device_code(given)
        old = None if replaces is None else _stop(office, connection, replaces, by)
        row = {
            "code_hash": code_hash(code), "label": label, "device_code": name,
            "created_at": instant_to_text(now), "expires_at": until,
            "replaces": old.id if old else None,
        }  # fmt: skip
        connection.execute(insert(ENROLMENT_ROWS).values(row))
        audit(office, connection, by, "device_code_given", name)
        _note_codes_given(office, given + 1)
    if old:
        refresh_trust(office)
    return OneTimeCode(code + fingerprint_suffix(office), name, until, old.code if old else None)


def fingerprint_suffix(office: Office) -> str:
    """Return what pins the office's own certificate authority, if it serves by TLS."""
    if not office.home.address_file.exists():
        return ""
    fingerprint = read_json(office.home.address_file).get("ca_fingerprint")
    return f".{fingerprint[:32]}" if fingerprint else ""


def enrol(office: Office, request: EnrolRequest) -> EnrolAnswer:
    """Make a device of whoever holds the code; the same request again gets the same answer.

    A laptop of this office that a restored database does not know comes back in by a fresh code,
    and keeps the device code that its numbers begin with.

    Raises:
        Refused: another version of the protocol, an unknown, expired or used code, another office,
            or the key is not proven.
    """
    if request.protocol != PROTOCOL:
        raise Refused(426, "protocol_too_old", detail=__version__)
    message = f"{request.code}\n{request.device}\n{request.nonce}".encode()
    if not is_signed(request.public_key, ENROLMENT, message, request.proof):
        raise Refused(401, "bad_signature")
    if request.office not in {None, office.public.office}:
        raise Refused(403, "other_office")
    with office.database.writing() as connection:
        row = _enrolment(connection, request.code)
        if row.device is None:
            _use_code(office, connection, row, request)
        elif (row.device, row.public_key) != (request.device, request.public_key):
            raise Refused(409, "code_used")
    refresh_trust(office, but=request.device)
    with office.database.writing() as connection:
        publish_to(office, connection, {request.device})
    return _answer(office, request.device)


def _enrolment(connection: Connection, code: str) -> Any:
    table = ENROLMENT_ROWS
    query = select(table).where(table.c.code_hash == code_hash(code)).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Refused(404, "code_unknown")
    return row


def _use_code(office: Office, connection: Connection, row: Any, request: EnrolRequest) -> None:
    now = office.clock()
    if instant_from_text(row.expires_at) < now:
        raise Refused(410, "code_unknown")
    known = select(DEVICE_KEY_ROWS.c.public_key).where(DEVICE_KEY_ROWS.c.device == request.device)
    known_keys = connection.execute(known).scalars().all()
    if request.public_key in known_keys and request.office is not None:
        return  # this office knows the laptop: the code stays for another
    if known_keys:
        raise Refused(409, "device_known")
    written = instant_to_text(now)
    device = {
        "id": request.device, "label": row.label,
        "code": _kept_code(office, connection, request) or row.device_code,
        "public_key": request.public_key, "state": "active", "counter": 0,
        "operator": request.operator, "operator_id": request.operator_id,
        "enrolled_at": written, "last_seen": written,
    }  # fmt: skip
    connection.execute(insert(DEVICE_ROWS).values(device))
    key = {
        "device": request.device, "n": 1, "kid": key_id(request.public_key),
        "public_key": request.public_key, "added_at": written,
    }  # fmt: skip
    connection.execute(insert(DEVICE_KEY_ROWS).values(key))
    head = {"device": request.device, "n": 0, "hash": None, "sums": NO_SUMS}
    connection.execute(insert(FEED_HEAD_ROWS).values(head))
    announce_kept(office, connection, request.device, but=TRUST_LIST)
    if row.replaces is not None:
        take_over(connection, row.replaces, request.device)
    used = {"device": request.device, "public_key": request.public_key}
    change = update(ENROLMENT_ROWS).where(ENROLMENT_ROWS.c.code_hash == row.code_hash)
    connection.execute(change.values(used))


def _kept_code(office: Office, connection: Connection, request: EnrolRequest) -> str | None:
    """Return the device code of a laptop that had one; nobody is given it from now on."""
    place = place_of_code(request.device_code or "")
    if place is None:
        return None
    _note_codes_given(office, max(_codes_given(office, connection), place + 1))
    return request.device_code


def _answer(office: Office, device: str) -> EnrolAnswer:
    table = DEVICE_ROWS.c
    with office.database.reading() as connection:
        query = select(table.code, table.label).where(table.id == device)
        row = connection.execute(query).one()
        settings = connection.execute(select(SETTING_ROWS.c.name, SETTING_ROWS.c.value)).all()
    public = office.public
    return EnrolAnswer(
        office=public.office,
        regency=public.regency,
        device_code=row.code,
        label=row.label,
        root_key=public.root_key,
        server_key=office.issuer.certificate,
        recovery_recipient=public.recovery_recipient,
        server_epoch=office.server_epoch,
        time=office.now(),
        settings={row.name: row.value for row in settings},
        trust_list=office.home.trust_file.read_text(encoding="utf-8"),
    )


def list_devices(office: Office) -> list[dict[str, Any]]:
    """Return the laptops with what the office has of each, by code; `replaces` and `replaced_by`
    are device codes, empty if none.
    """
    table = DEVICE_ROWS.c
    entries = (
        select(ENTRY_ROWS.c.device, func.count().label("entries"))
        .group_by(ENTRY_ROWS.c.device)
        .subquery()
    )
    query = (
        select(
            table.id, table.code, table.label, table.operator, table.state, table.enrolled_at,
            table.last_seen, func.coalesce(entries.c.entries, 0).label("entries"),
        )
        .outerjoin(entries, entries.c.device == table.id)
        .order_by(table.code)
    )  # fmt: skip
    with office.database.reading() as connection:
        later = replacements(connection)
        rows = connection.execute(query).mappings().all()
    earlier = {new: old for old, new in later.items()}
    return [
        {
            **row,
            "replaces": earlier.get(row["code"], ""),
            "replaced_by": later.get(row["code"], ""),
        }
        for row in rows
    ]


def revoke_device(office: Office, named: str, *, by: str = COMMAND_LINE) -> dict[str, Any]:
    """Stop a laptop: what it still sends is kept but has no effect, and its papers stop.

    Raises:
        DeviceUnknown: no such laptop.
    """
    with office.database.writing() as connection:
        device = _stop(office, connection, named, by)
    refresh_trust(office)
    return {"id": device.id, "code": device.code}


def _stop(office: Office, connection: Connection, named: str, by: str) -> Any:
    device = find_device(connection, named)
    if device.state == "revoked":
        return device
    change = update(DEVICE_ROWS).where(DEVICE_ROWS.c.id == device.id)
    connection.execute(change.values(state="revoked"))
    tell_device(office, connection, device.id, "revoked", device=device.id)
    audit(office, connection, by, "device_revoked", device.code)
    return device


def find_device(connection: Connection, named: str) -> Any:
    """Return the one device with this id, code or label.

    Raises:
        DeviceUnknown: none, or several, are called so.
    """
    table = DEVICE_ROWS
    is_it = (table.c.id == named) | (table.c.code == named.upper()) | (table.c.label == named)
    rows = connection.execute(select(table).where(is_it)).all()
    if len(rows) != 1:
        raise DeviceUnknown(name=named)
    return rows[0]
