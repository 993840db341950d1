"""A list of many people goes to the insurer only after a second person agreed to it.

They agree to a month, a branch and to at most so many people; it counts for one list of the person
who asked, for a day.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, select

from enumerator_app.domain.instants import instant_to_text
from sync.server.cover_tables import BATCH_ROWS
from sync.server.office import Office
from sync.server.people import mass_exports
from sync.server.people.mass_exports import COUNTS_FOR, KIND, needs_second
from sync.server.people.tables import PAIR_ROWS
from sync.server.people.visitor import Visitor
from sync.server.tables import EXPORT_ROWS

TABLE: Final = "batches"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether so many people may go out: alone, agreed to, asked for at a time, or not yet."""

    kind: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class ListFor:
    """What a list is for: a month, and a branch of the insurer (empty: the letterhead's)."""

    month: str
    branch: str = ""

    def filter(self, people: int) -> str:
        asked = {"month": self.month, "people": people}
        return urlencode(asked | ({"branch": self.branch} if self.branch else {}))


def gate_of(office: Office, visitor: Visitor, wanted: ListFor, people: int) -> Gate:
    if people <= mass_exports.MOST_ALONE:
        return Gate("alone")
    if most_people(office, visitor, wanted) >= people:
        return Gate("agreed")
    for row in _asked(office, visitor, "open"):
        if _people_in(row, wanted) >= people and row.over_at > office.now():
            return Gate("asked", row.asked_at)
    return Gate("ask")


def most_people(office: Office, visitor: Visitor, wanted: ListFor) -> int:
    """Return how many people this visitor may hand over in one list."""
    since = instant_to_text(office.clock() - COUNTS_FOR)
    with office.database.reading() as connection:
        last = connection.execute(_last_list_of(wanted.branch)).scalar() or ""
    agreed = [
        _people_in(row, wanted)
        for row in _asked(office, visitor, "done")
        if row.answered_at > max(since, last)
    ]
    return max([mass_exports.MOST_ALONE, *agreed])


def may_download(office: Office, visitor: Visitor, wanted: ListFor, rows: int, asked: str) -> bool:
    """Return whether a list that was made may be fetched: who was agreed to, or asked again."""
    since = instant_to_text(office.clock() - COUNTS_FOR)
    made_it = any(
        row.answered_at > since and _people_in(row, wanted) >= rows
        for row in _asked(office, visitor, "done")
    )
    return made_it or not needs_second(office, visitor, TABLE, asked, rows)


def _asked(office: Office, visitor: Visitor, state: str) -> list[Any]:
    table = PAIR_ROWS.c
    query = select(PAIR_ROWS).where(
        table.kind == KIND, table.state == state, table.asked_by == visitor.account
    )
    with office.database.reading() as connection:
        return list(connection.execute(query).all())


def _last_list_of(branch: str) -> Any:
    query = select(func.max(EXPORT_ROWS.c.at)).outerjoin(
        BATCH_ROWS, BATCH_ROWS.c.id == EXPORT_ROWS.c.id
    )
    return query.where(func.coalesce(BATCH_ROWS.c.branch, "") == branch)


def _people_in(row: Any, wanted: ListFor) -> int:
    """Return how many people of such a list a request is for; 0 if it is about something else."""
    payload = json.loads(row.payload)
    asked = dict(parse_qsl(payload["filter"]))
    of = ListFor(asked.get("month", ""), asked.get("branch", ""))
    is_it = payload["table"] == TABLE and of == wanted
    n = asked.get("people", "")
    return int(n) if is_it and n.isdecimal() else 0
