"""What laptops remark beside records: about people on a worklist, and that two are not one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select, update

from enumerator_app.domain.worklist import answer_in
from sync.server.bulk import Row, Write
from sync.server.field_tables import LISTED_ANSWER_ROWS
from sync.server.ingest.batch import Line
from sync.server.tables import CASE_ROWS

SAID_OTHER: Final = "said_other_person"
ANSWERS: Final = Write(
    LISTED_ANSWER_ROWS,
    ("entry", "code", "device", "subject", "answer", "at", "received_at"),
)


@dataclass(slots=True)
class Remarks:
    """The remarks of one batch. `others`: records whose author was asked and said: another."""

    device: str
    now: str
    rows: list[Row] = field(default_factory=list)
    others: set[str] = field(default_factory=set)

    def take(self, line: Line) -> None:
        if line.kind == "other_person" and line.subject is not None:
            self.others.add(line.subject)
        said = answer_in(line.content) if line.kind == "listed" else None
        if said is not None:
            code, answer = said
            at = line.claimed_time or self.now
            self.rows.append((line.hash, code, self.device, line.subject, answer, at, self.now))

    def look_through(self, lines: Sequence[Line]) -> None:
        """Read ahead, so that a case opened by an earlier line of the batch has its reason."""
        for line in lines:
            if line.kind == "other_person" and line.subject is not None:
                self.others.add(line.subject)

    def reasons(self, pair: tuple[str, str]) -> tuple[str, ...]:
        return ("same_nik", SAID_OTHER) if self.others.intersection(pair) else ("same_nik",)

    def writes(self) -> list[tuple[Write, Sequence[Row]]]:
        return [(ANSWERS, self.rows)]


def mark_cases(connection: Connection, others: set[str]) -> None:
    """Add the remark to cases that are open already: the record came in an earlier batch."""
    table = CASE_ROWS
    for subject in sorted(others):
        is_about = table.c.subjects.contains(subject, autoescape=True)
        query = select(table.c.id, table.c.reasons).where(
            table.c.kind == "same_nik", table.c.closed_at.is_(None), is_about
        )
        for row in connection.execute(query).all():
            reasons = json.loads(row.reasons)
            if SAID_OTHER not in reasons:
                change = update(table).where(table.c.id == row.id)
                connection.execute(change.values(reasons=json.dumps([*reasons, SAID_OTHER])))
