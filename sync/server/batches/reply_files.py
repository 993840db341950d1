"""Replies that were read, and their rows that a person must look at."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from sync.server.active_cards import Person
from sync.server.batches.covers import Cover
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import LISTED_REPLY_ROWS, REPLY_FILE_ROWS
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.people.audit import audit

_LISTED: Final = Write(LISTED_REPLY_ROWS, ("reply", "place", "reason", "content", "candidates"))
_OF_THE_ROW: Final = frozenset({"status", "kpj", "age", "cover", "not_submitted"})
_READ_AGAIN: Final = "read_again"
_MOST_CANDIDATES: Final = 5


@dataclass(slots=True)
class Imported:
    """What became of a reply: all its rows are accepted, refused, unchanged or unmatched.

    `unmatched` names rows and why nothing was done about them; `unchanged` were known before.
    """

    id: str = ""
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    unchanged: int = 0
    unmatched: list[dict[str, Any]] = field(default_factory=list)
    by_code: dict[str, int] = field(default_factory=dict)

    def leave(self, row: ReplyRow, reason: str, candidates: Sequence[Person] = ()) -> None:
        numbers = [one.number for one in candidates][:_MOST_CANDIDATES]
        left = {"row": row.place, "number": row.number, "reason": reason, "perhaps": numbers}
        self.unmatched.append(left)


def keep_reply(
    office: Office,
    result: Imported,
    rows: list[ReplyRow],
    cover: Cover,
    *,
    officer: str,
    account: str,
) -> None:
    """Keep the reply and what a person must look at.

    Read again it stays as it was; if that changed something, the new reading is kept as well, under
    a name of its own, and its listed rows replace those of the readings before.
    """
    if not rows:
        return
    with office.database.writing() as connection:
        before = _readings(connection, result.id)
        if before and not (result.accepted or result.refused):
            return
        if before:
            _close(connection, office, LISTED_REPLY_ROWS.c.reply.in_(before), _READ_AGAIN)
            result.id = f"{result.id}-{len(before) + 1}"
        values = {
            "id": result.id, "at": office.now(), "officer": officer, "rows": result.rows,
            "accepted": result.accepted, "refused": result.refused, "unchanged": result.unchanged,
            "listed": len(result.unmatched), "batch": "",
        }  # fmt: skip
        connection.execute(insert(REPLY_FILE_ROWS).values(values))
        write_all(connection, [(_LISTED, _listed(result, rows, cover))])
        audit(office, connection, account, "reply_taken", result.id)


def _readings(connection: Connection, name: str) -> list[str]:
    table = REPLY_FILE_ROWS.c
    is_it = (table.id == name) | table.id.startswith(f"{name}-")
    return list(connection.execute(select(table.id).where(is_it)).scalars())


def _listed(result: Imported, rows: list[ReplyRow], cover: Cover) -> list[tuple[Any, ...]]:
    by_place = {row.place: row for row in rows}
    dates = {
        "cover_from": cover.start.isoformat() if cover.start else "",
        "cover_to": cover.end.isoformat() if cover.end else "",
    }
    return [
        (
            result.id, left["row"], left["reason"],
            json.dumps(asdict(by_place[left["row"]]) | dates), json.dumps(left["perhaps"]),
        )
        for left in result.unmatched
    ]  # fmt: skip


def listed_row(content: str) -> ReplyRow:
    """Return the row that was listed; the dates of cover of its reply lie beside it."""
    fields = json.loads(content)
    return ReplyRow(**{name: fields[name] for name in ReplyRow.__slots__ if name in fields})


def close_answered(
    office: Office, answered: Iterable[tuple[str, str, ReplyRow]], *, but: str = ""
) -> None:
    """Close the rows of other replies that an answer to their person settled.

    `answered` are (number, NIK, row). A row that says something else than the answer stays.
    """
    table = LISTED_REPLY_ROWS.c
    query = select(LISTED_REPLY_ROWS).where(table.closed_at.is_(None), table.reply != but)
    with office.database.reading() as connection:
        waiting = connection.execute(query).all()
    if not waiting:
        return
    found = {number: (number, row) for number, _, row in answered}
    found |= {nik: (number, row) for number, nik, row in answered if nik}
    with office.database.writing() as connection:
        for one in waiting:
            number = _settled_by(one, found)
            if number:
                here = (table.reply == one.reply) & (table.place == one.place)
                _close(connection, office, here, number)


def _settled_by(listed: Any, answered: dict[str, tuple[str, ReplyRow]]) -> str | None:
    """Return the number of the person whose answer settles a listed row."""
    row, perhaps = listed_row(listed.content), json.loads(listed.candidates)
    for name in (row.number, row.nik, *perhaps):
        number, said = answered.get(name, ("", None)) if name else ("", None)
        if said is None:
            continue
        is_same = (said.status, said.kpj) == (row.status, row.kpj)
        if is_same or (name in (row.number, row.nik) and listed.reason in _OF_THE_ROW):
            return number
    return None


def _close(connection: Connection, office: Office, which: Any, answer: str) -> None:
    open_now = which & LISTED_REPLY_ROWS.c.closed_at.is_(None)
    values = {"closed_at": office.now(), "answer": answer}
    connection.execute(update(LISTED_REPLY_ROWS).where(open_now).values(values))
