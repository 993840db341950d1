"""A record's content changed by the office: a signed revision that keeps what it replaces."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, select, update

from sync.server.bulk import write_all
from sync.server.chain import read_chain
from sync.server.feed import Feeds, Notice, holders_of, read_heads
from sync.server.ingest.judging import content_of
from sync.server.office import Office
from sync.server.quota.settling import settle_subjects
from sync.server.reading_contents import with_contents
from sync.server.resolving.errors import AnswerNotPossible
from sync.server.tables import SUBJECT_ROWS


def content_at(connection: Connection, subject: str) -> tuple[Any, dict[str, Any]]:
    """Return a record's row and what it says now; empty if it says nothing that can be read."""
    row = connection.execute(with_contents().where(SUBJECT_ROWS.c.id == subject)).one()
    written = row.body if row.body is not None else (row.bytes or "").encode()
    return row, content_of(bytes(written)) or {}


def revise(
    office: Office,
    connection: Connection,
    subject: str,
    body: Mapping[str, Any],
    *,
    kept: Sequence[Mapping[str, Any]],
    officer: str,
) -> str:
    """Let a record say `body` from now on, and tell who holds it; return the revision.

    Raises:
        AnswerNotPossible: no record may say that.
    """
    verdict = office.judge()(dict(body), int(cast("int", body.get("schema", 1))), None)
    if verdict.code is not None:
        raise AnswerNotPossible
    record = connection.execute(select(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == subject)).one()
    holders = holders_of(connection, [subject]).get(subject, [])
    feeds = Feeds({head.device: head for head in read_heads(connection, holders, lock=True)})
    chain = read_chain(connection, office.issuer, lock=True)
    fields = {
        "kind": "revision", "subject": subject, "number": record.number, "state": record.state,
        "at": office.now(), "server_epoch": office.server_epoch, "officer": officer,
        "base": record.revision, "body": dict(body), "kept": list(kept),
    }  # fmt: skip
    signed = chain.add(fields, author=officer, content=None, parents=[record.revision])
    for device in holders:
        feeds.acknowledged[device, subject] = record.revision
        feeds.emit(device, Notice("revision", subject, signed.hash, signed.bytes))
    write_all(connection, [*chain.writes(), *feeds.writes()])
    change = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.id == subject)
    values = columns_of(body) | {"severity": verdict.severity}
    connection.execute(change.values(revision=signed.hash, content=signed.hash, **values))
    settle_subjects(connection, [subject], office.now())
    return signed.hash


def columns_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that lists and comparisons need out of the content."""
    return {
        "nik": str(body.get("nik") or ""),
        "name": str(body.get("name") or ""),
        "village_code": str(body.get("village_code") or ""),
        "birth_date": body.get("birth_date"),
    }
