"""Erasing a person (UU 27/2022): content and salt go, hashes and chains stay and still verify.

Who was erased also stands in a file beside the database: a backup put back is cleaned by it before
the office opens.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from enumerator_app.domain.canonical import from_canonical
from sync.protocol.signing import REVISION, signed_document
from sync.server.batches.cutting_out import cut_out, lists_of
from sync.server.batches.keeping import forget_sent
from sync.server.bulk import write_all
from sync.server.feed import Feeds, Notice, read_heads
from sync.server.home import Home, sync_folder
from sync.server.ingest.batch import read_line
from sync.server.matching.people import forget_people
from sync.server.office import Clock, Office, now_utc, open_office
from sync.server.photo_store import PART
from sync.server.quota.settling import settle_subjects
from sync.server.resolving.telling import GONE, Closing, cases_of, close_cases, forget_case_notes
from sync.server.tables import (
    ENTRY_ROWS,
    ERASURE_ROWS,
    FEED_ROWS,
    HELD_ROWS,
    IDENTITY_LOCK_ROWS,
    PHOTO_ROWS,
    REVISION_ROWS,
    SUBJECT_ROWS,
    VISIT_ROWS,
)
from sync.server.worklist.keeping import forget_listed


def erase(office: Office, subject: str, *, ground: str) -> None:
    """Erase a person here and tell every laptop that holds the record to do the same."""
    erasure = {"subject": subject, "at": office.now(), "ground": ground}
    _write_down(office, erasure)
    with office.database.writing() as connection:
        _erase(office, connection, erasure)


def erase_again(office: Office) -> int:
    """Erase whom the home's file names and this database still has; return how many."""
    written = list(_written_down(office))
    if not written:
        return 0
    with office.database.reading() as connection:
        known = set(connection.execute(select(ERASURE_ROWS.c.subject)).scalars())
    back = {erasure["subject"]: erasure for erasure in written if erasure["subject"] not in known}
    for erasure in back.values():
        with office.database.writing() as connection:
            _erase(office, connection, erasure)
    return len(back)


def open_cleaned(home: Home, url: str | None, clock: Clock = now_utc) -> Office:
    """Open an office, and erase again whom an older database or disk still has.

    Raises as `open_office` does.
    """
    office = open_office(home, url, clock)
    try:
        erase_again(office)
    except BaseException:
        office.close()
        raise
    return office


def _write_down(office: Office, erasure: dict[str, str]) -> None:
    with office.home.erasures_file.open("ab") as file:
        file.write(json.dumps(erasure).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(office.home.path)


def _written_down(office: Office) -> Iterator[dict[str, str]]:
    if office.home.erasures_file.exists():
        for line in office.home.erasures_file.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):  # a cut last line was never answered
                yield json.loads(line)


def _erase(office: Office, connection: Connection, erasure: dict[str, str]) -> None:
    subject = erasure["subject"]
    connection.execute(insert(ERASURE_ROWS).values(erasure))
    _erase_photos(office, connection, subject)
    _erase_held(connection, subject)
    lists, number = lists_of(connection, subject), _number_of(connection, subject)
    niks = _erase_rows(connection, subject)
    forget_listed(office, connection, subject, niks)
    forget_sent(connection, subject, niks)
    cut_out(office, connection, lists, number)
    settle_subjects(connection, [subject], office.now())
    _tell(office, connection, subject)
    forget_people(connection, [subject])
    forget_case_notes(connection, subject)
    open_cases = cases_of(connection, [subject])
    close_cases(office, connection, {case.id: Closing(GONE) for case in open_cases})


def _number_of(connection: Connection, subject: str) -> str:
    found = connection.execute(select(SUBJECT_ROWS.c.number).where(SUBJECT_ROWS.c.id == subject))
    return str(found.scalar() or "")


def _erase_rows(connection: Connection, subject: str) -> list[str]:
    """Delete what rows say of the subject; return the NIK they had."""
    found = connection.execute(select(SUBJECT_ROWS.c.nik).where(SUBJECT_ROWS.c.id == subject))
    niks = [nik for nik in found.scalars() if nik]
    changes: tuple[tuple[Any, dict[str, Any]], ...] = (
        (ENTRY_ROWS, {"salt": None, "body": None, "outcome": "erased", "code": None}),
        (REVISION_ROWS, {"bytes": None, "kept": "[]"}),
        (FEED_ROWS, {"salt": None, "bytes": None}),
    )
    keys = [f"n:{nik}" for nik in niks] + [f"s:{subject}"]
    for table, values in changes:
        connection.execute(update(table).where(table.c.subject == subject).values(values))
    columns = {
        "state": "erased", "nik": "", "name": "", "birth_date": None, "village_code": "",
        "visit_id": None, "severity": "", "kpj": None,
    }  # fmt: skip
    change = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == subject)
    connection.execute(change.values(columns))
    connection.execute(delete(VISIT_ROWS).where(VISIT_ROWS.c.subject == subject))
    table = IDENTITY_LOCK_ROWS
    connection.execute(delete(table).where(table.c.key.in_(keys)))
    return niks


def _erase_photos(office: Office, connection: Connection, subject: str) -> None:
    """Let go of the subject's photos; those that nobody else's record names lose their bytes."""
    query = select(ENTRY_ROWS.c.header).where(ENTRY_ROWS.c.subject == subject)
    headers = [from_canonical(bytes(raw)) for raw in connection.execute(query).scalars()]
    for name in [photo for header in headers for photo in header["photos"]]:
        table = PHOTO_ROWS.c
        row = connection.execute(select(table.refs).where(table.hash == name)).one_or_none()
        if row is None:
            continue
        values: dict[str, Any] = {"refs": row.refs - 1}
        if row.refs <= 1:
            for kept in (name, name + PART):
                office.photos.remove(kept)
            values |= {"is_complete": 1, "held": 0, "size": 0, "erased_at": office.now()}
        connection.execute(update(PHOTO_ROWS).where(table.hash == name).values(values))


def _erase_held(connection: Connection, subject: str) -> None:
    """Lines that wait for an ancestor keep their header alone."""
    for row in connection.execute(select(HELD_ROWS.c.hash, HELD_ROWS.c.line)).all():
        line = read_line(bytes(row.line))
        if line.subject == subject:
            stub = line.header + b"\t-\t-"
            change = update(HELD_ROWS).where(HELD_ROWS.c.hash == row.hash)
            connection.execute(change.values(line=stub))


def _tell(office: Office, connection: Connection, subject: str) -> None:
    table = FEED_ROWS.c
    query = select(table.device).distinct().where(table.subject == subject)
    holders = sorted(connection.execute(query).scalars())
    fields = {
        "kind": "erase", "subject": subject, "number": None, "revision": None, "state": None,
        "at": office.now(), "server_epoch": office.server_epoch,
    }  # fmt: skip
    written = signed_document(office.issuer.key, REVISION, fields).decode()
    feeds = Feeds({head.device: head for head in read_heads(connection, holders, lock=True)})
    for device in holders:
        feeds.emit(device, Notice("erase", subject, None, written))
    write_all(connection, feeds.writes())
