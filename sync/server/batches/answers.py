"""What came back for a list: refusals by our reason, with the insurer's own words beside it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from sync.server.cover_tables import LISTED_REPLY_ROWS, REPLY_FILE_ROWS, SENT_ROWS
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS


@dataclass(slots=True)
class Refusals:
    """How many were refused for a reason, and the words they came with, the commonest first."""

    code: str
    n: int = 0
    words: list[str] = field(default_factory=list)


def refusals(office: Office, batch: str) -> list[Refusals]:
    """Return the reasons of one list, the commonest first."""
    row = SENT_ROWS.c
    query = (
        select(row.code, row.raw, func.count().label("n"))
        .where(row.batch == batch, row.state == "refused")
        .group_by(row.code, row.raw)
        .order_by(func.count().desc(), row.raw)
    )
    found: dict[str, Refusals] = defaultdict(lambda: Refusals(""))
    with office.database.reading() as connection:
        for code, raw, n in connection.execute(query):
            one = found[code or "other"]
            one.code, one.n = code or "other", one.n + n
            if raw:
                one.words.append(raw)
    return sorted(found.values(), key=lambda one: (-one.n, one.code))


def refused_people(office: Office, batch: str, code: str, limit: int) -> list[Any]:
    """Return who was refused for a reason, by number."""
    row, table = SENT_ROWS.c, SUBJECT_ROWS.c
    query = (
        select(table.id, table.number, table.name, table.village_code, table.state, row.raw)
        .join_from(SENT_ROWS, SUBJECT_ROWS, table.id == row.subject)
        .where(row.batch == batch, row.state == "refused", row.code == code)
        .order_by(table.number)
        .limit(limit)
    )
    with office.database.reading() as connection:
        return list(connection.execute(query).all())


def find_reply(office: Office, name: str) -> dict[str, Any] | None:
    query = select(REPLY_FILE_ROWS).where(REPLY_FILE_ROWS.c.id == name)
    with office.database.reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def count_listed(office: Office) -> int:
    """Return how many rows of replies wait for a person."""
    query = select(func.count()).where(LISTED_REPLY_ROWS.c.closed_at.is_(None))
    with office.database.reading() as connection:
        return int(connection.execute(query).scalar_one())
