"""Rows of replies that a person must look at, and what the person said."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from sync.server.batches.covers import Cover, require_fitting
from sync.server.batches.replies import answer_listed
from sync.server.batches.reply_files import listed_row
from sync.server.batches.trouble import ReplyRowUnknown
from sync.server.cover_tables import LISTED_REPLY_ROWS, REPLY_FILE_ROWS
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit

NOBODY = "nobody"
UNREAD = frozenset({"status", "kpj", "kpj_taken"})
"""Why a row is listed whose own words a person may put right."""


def list_open(office: Office) -> list[dict[str, Any]]:
    """Return the rows that wait for a person, by reply and place in it."""
    table = LISTED_REPLY_ROWS.c
    query = select(LISTED_REPLY_ROWS).where(table.closed_at.is_(None))
    with office.database.reading() as connection:
        rows = connection.execute(query.order_by(table.reply, table.place)).all()
    return [_shown(row) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    content = json.loads(row.content)
    return {
        "reply": row.reply,
        "row": row.place,
        "reason": row.reason,
        "perhaps": json.loads(row.candidates),
        "content": content,
    }


def close_listed(
    office: Office,
    reply: str,
    place: int,
    number: str | None,
    cover: Cover,
    *,
    officer: str,
    account: str = COMMAND_LINE,
    right: Mapping[str, str] | None = None,
) -> str:
    """Carry out a listed row for the person with this number, or note that it means nobody.

    `right` has the status and KPJ that the insurer says of a row whose own could not be read.

    Returns:
        What came of it: `accepted`, `refused`, `unchanged`, `nobody`, or why nothing was done.

    Raises:
        ReplyRowUnknown: no such row waits.
        CoverWrong: the dates of cover do not fit; nothing was changed.
    """
    table = LISTED_REPLY_ROWS.c
    here = (table.reply == reply) & (table.place == place) & table.closed_at.is_(None)
    with office.database.reading() as connection:
        listed = connection.execute(select(table.content, table.reason).where(here)).first()
    if listed is None:
        raise ReplyRowUnknown(reply=reply, row=place)
    said = NOBODY
    if number is not None:
        row = listed_row(listed.content)
        if listed.reason in UNREAD:
            given: dict[str, Any] = {name: said for name, said in (right or {}).items() if said}
            row = replace(row, **given)
        require_fitting(office, [replace(row, number=number, nik="")], cover)
        done = answer_listed(office, row, number, cover, officer=officer)
        if done.unmatched:
            return str(done.unmatched[0]["reason"])
        said = next(name for name in ("accepted", "refused", "unchanged") if getattr(done, name))
    with office.database.writing() as connection:
        values = {"closed_at": office.now(), "answer": number or NOBODY}
        connection.execute(update(LISTED_REPLY_ROWS).where(here).values(values))
        audit(office, connection, account, "reply_row_settled", f"{reply}:{place}")
    return said


def list_replies(office: Office) -> list[dict[str, Any]]:
    """Return the replies that were read, the newest first."""
    query = select(REPLY_FILE_ROWS).order_by(REPLY_FILE_ROWS.c.at.desc())
    with office.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
