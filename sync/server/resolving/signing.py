"""One signature for the clean records of a visit, and the Berita Acara that it rests on."""

import hashlib
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from enumerator_app.domain.instants import day_in_wib, shown_date
from sync.server.case_tables import MINUTES_ROWS
from sync.server.deciding import Verdict, decide_in
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import MinutesAhead, NothingClean, ScanUnusable
from sync.server.resolving.holding import hold
from sync.server.resolving.officer import Officer
from sync.server.resolving.sampling import Review, review
from sync.server.resolving.visitless import is_of
from sync.server.tables import SUBJECT_ROWS

VISIT: Final = "visit"
MOST_SCAN_BYTES: Final = 5 * 1024 * 1024
_KINDS: Final = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def attach_minutes(
    office: Office, officer: Officer, visit: str, content: bytes, signed_on: str
) -> None:
    """Keep the scan of a visit's signed Berita Acara; a later one takes its place.

    Raises:
        MinutesAhead: nobody has signed on a day to come.
        ScanUnusable: it is no PDF, JPEG or PNG by its own first bytes, or too large.
    """
    if signed_on > day_in_wib(office.clock()).isoformat():
        raise MinutesAhead(day=shown_date(date.fromisoformat(signed_on)))
    kind = next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)
    if kind is None or len(content) > MOST_SCAN_BYTES:
        raise ScanUnusable(most=MOST_SCAN_BYTES // 1024 // 1024)
    values = {
        "visit": visit, "sha256": hashlib.sha256(content).hexdigest(), "media_type": kind,
        "signed_on": signed_on, "account": officer.account, "at": office.now(), "content": content,
    }  # fmt: skip
    with office.database.writing() as connection:
        connection.execute(delete(MINUTES_ROWS).where(MINUTES_ROWS.c.visit == visit))
        connection.execute(insert(MINUTES_ROWS).values(values))
        audit(office, connection, officer.account, "minutes_attached", visit)


def read_minutes(office: Office, visit: str) -> tuple[bytes, str] | None:
    """Return the scan and its media type."""
    table = MINUTES_ROWS.c
    query = select(table.content, table.media_type).where(table.visit == visit)
    with office.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return (bytes(row.content), row.media_type) if row else None


def sign(office: Office, officer: Officer, visit: str) -> tuple[str, int]:
    """Approve the clean records of a visit, held for ten seconds; return the id and how many.

    The caller took the signer's code (`Site.confirm`).

    Raises:
        RecordByRecord, NothingClean, SampleNotSeen, MinutesMissing, DecidedBefore
    """
    with office.database.writing() as connection:
        found = _locked(connection, visit)
        found.require_signable()
        records = [[row.id, row.revision] for row in found.clean]
        name = hold(office, connection, officer, VISIT, visit, {"records": records})
    return name, len(records)


def approve_signed(
    office: Office, connection: Connection, officer: Officer, visit: str, payload: dict[str, Any]
) -> None:
    """Approve what was signed; a record that changed since is left for the next signature.

    Raises:
        NothingClean: all of them changed.
    """
    verdicts = [Verdict(name, "verified", seen=seen) for name, seen in payload["records"]]
    done = decide_in(office, connection, verdicts, officer=officer.name, actor="officer")
    if not done:
        raise NothingClean
    audit(office, connection, officer.account, "visit_approved", visit)


def _locked(connection: Connection, visit: str) -> Review:
    """Return how far a visit is, its records locked: of two who sign at once one comes first."""
    table = SUBJECT_ROWS.c
    query = select(table.id).where(is_of(visit)).order_by(table.id).with_for_update()
    connection.execute(query).all()
    return review(connection, visit)
