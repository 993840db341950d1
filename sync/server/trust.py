"""The list by which cards are judged without internet, and the files that carry it.

It is signed by the issuing key and travels with that key's certificate: a reader who knows the
root key needs nothing else. Laptops are told when it says something new, and once a week so that
theirs does not grow old; they fetch it with their next sync.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.cards.trust import DeviceKey, OfficeKey, TrustList, sign_trust_list
from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.instants import day_in_wib
from sync.server.copied import Parting, partings
from sync.server.documents import all_devices, announce, keep_document, last_document
from sync.server.home import write_json, write_privately
from sync.server.ingest.batch import Line
from sync.server.office import Office
from sync.server.reissues import PRINTED, NewestIssues, newest_issues, slip_issue
from sync.server.rotating import lives
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, SUBJECT_ROWS

NAME: Final = "trust_list"
_STOPPED: Final = ("duplicate", "withdrawn", "ended", "erased")
_FIRST_SERIAL: Final = 1
_NEW_AFTER: Final = timedelta(days=7)


def refresh_trust(office: Office, *, but: str | None = None) -> bytes:
    """Return the list as the database has it now, and write its files.

    One that says something new, or is a week old, is kept as a new version, and all laptops are
    told, but the one that gets it in another way.
    """
    office.list_day = day_in_wib(office.clock())
    with office.database.reading() as connection:
        issues = newest_issues(connection)  # the longest part, and nobody waits for it
    with office.database.writing() as connection:
        version, document = last_document(connection, NAME)
        made = _document(office, connection, version + 1, issues)
        if document is None or _is_news(made, document):
            document = made
            keep_document(connection, NAME, version + 1, document)
            announce(office, connection, NAME, version + 1, all_devices(connection) - {but})
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


def refresh_daily(office: Office) -> None:
    """Look once a day whether the list grew old: a server may run for months without a change."""
    if office.list_day != day_in_wib(office.clock()):
        refresh_trust(office)


def refresh_after(office: Office, lines: Sequence[Line], device: str) -> None:
    """Renew the list where a batch took a number back, gave a paper of it again, told a new key, or
    came from one of two copies of a laptop.
    """
    if any(line.kind == "withdraw" or _is_reprint(line) for line in lines):
        refresh_trust(office)
    else:
        refresh_if_unlisted(office, device)


def refresh_if_unlisted(office: Office, device: str) -> None:
    """Renew the list if a batch showed two copies of this laptop, whose key must stop at once, or
    told a new key of it.
    """
    if device in office.ingest.unlisted:
        office.ingest.unlisted.discard(device)
        refresh_trust(office)


def _is_reprint(line: Line) -> bool:
    return line.kind == PRINTED and slip_issue(line.body) > 1


def _document(office: Office, connection: Connection, version: int, issues: NewestIssues) -> bytes:
    trust = TrustList(
        office=office.public.office,
        regency=office.public.regency,
        issued_on=day_in_wib(office.clock()),
        version=version,
        office_keys=tuple(
            OfficeKey(kid=x.kid, public_key=x.public_key, not_before=x.first, not_after=x.last)
            for x in lives(office.issuer)
        ),
        device_keys=_device_keys(connection),
        revoked=frozenset(_revoked(connection)),
        superseded=issues,
    )
    signed = sign_trust_list(trust, office.issuer.key).decode()
    return canonical_bytes({"certificate": office.issuer.certificate, "list": signed})


def _is_news(made: bytes, last: bytes) -> bool:
    signers = (from_canonical(one)["certificate"] for one in (made, last))
    if len({str(signer["kid"]) for signer in signers}) > 1:
        return True  # an old certificate must not travel on
    new, old = (
        from_canonical(from_canonical(one)["list"].encode())["list"] for one in (made, last)
    )
    today, day = (date.fromisoformat(one.pop("issued_on")) for one in (new, old))
    del new["version"], old["version"]
    return bool(new != old) or not timedelta(0) <= today - day < _NEW_AFTER


def _device_keys(connection: Connection) -> tuple[DeviceKey, ...]:
    key, device = DEVICE_KEY_ROWS.c, DEVICE_ROWS.c
    query = (
        select(
            key.kid, key.public_key, key.entry, key.signed_by, key.confirmed_at, key.vouches_to,
            device.id, device.code, device.state,
        )
        .join_from(DEVICE_KEY_ROWS, DEVICE_ROWS, key.device == device.id)
        .order_by(device.code, key.n)
    )  # fmt: skip
    copied = partings(connection)
    vouched: dict[str, int | None] = {}
    rows = connection.execute(query).all()
    for row in rows:
        vouched[row.kid] = _vouched_for(connection, row, copied.get(row.id), vouched)
    return tuple(
        DeviceKey(
            kid=row.kid,
            device_code=row.code,
            public_key=row.public_key,
            serial_from=_FIRST_SERIAL,
            serial_to=None,
            revoked=row.state == "revoked",
            valid_serials_up_to=vouched[row.kid],
        )
        for row in rows
    )


def _vouched_for(
    connection: Connection, key: Any, parting: Parting | None, vouched: Mapping[str, int | None]
) -> int | None:
    """Return the last serial whose papers a key still vouches for; None: for all.

    One that its laptop declared itself vouches for no more than the one that vouched for it.
    """
    limits = [key.vouches_to, None if key.confirmed_at else vouched.get(key.signed_by)]
    if parting and not (key.confirmed_at and parting.is_of_one_copy(key.entry)):
        limits.append(parting.last_serial)
    if key.state == "revoked":
        limits.append(last_serial(connection, key.id, key.code))
    return min((limit for limit in limits if limit is not None), default=None)


def last_serial(connection: Connection, device: str, device_code: str) -> int:
    """Return the last number of a laptop that the office has.

    What came after a revocation is in quarantine, and has no number here.
    """
    numbers = select(SUBJECT_ROWS.c.number).where(
        SUBJECT_ROWS.c.device == device, SUBJECT_ROWS.c.number.is_not(None)
    )
    parts = (number.split("-") for number in connection.execute(numbers).scalars())
    return max((int(serial) for _, code, serial, _ in parts if code == device_code), default=0)


def _revoked(connection: Connection) -> list[str]:
    table = SUBJECT_ROWS.c
    query = select(table.number).where(table.state.in_(_STOPPED), table.number.is_not(None))
    return sorted(connection.execute(query).scalars())
