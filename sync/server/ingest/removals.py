"""Which entries somebody wrote after their laptop had heard that they work here no more.

Order is that of the chain, not of any clock: an entry is after the removal if it descends from one
that says `operator_removed_seen` of its author. Whoever did not know yet worked in good faith.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, case, select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.server.ingest.batch import Line
from sync.server.tables import ENTRY_ROWS

SEEN: Final = "operator_removed_seen"
REMOVED_LATER: Final = "operator_removed_later"
OF_THE_PROGRAM: Final = frozenset({"epoch_start", "erased_here", SEEN, "rekey"})
"""Kinds that nobody decides to write: who sits at the laptop then does not matter."""


@dataclass(slots=True)
class Removals:
    """The removed operators of one laptop, and by each the entries that descend from its notice."""

    operators: frozenset[str] = frozenset()
    after: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def follow(self, line: Line) -> None:
        """Take in an entry whose ancestors were taken in; called once for each, in order."""
        for known in self.after.values():
            if line.prev in known:
                known.add(line.hash)
        if line.kind == SEEN and (operator := _operator_in(line.body)) in self.operators:
            self.after[operator].add(line.hash)

    def is_by_removed(self, line: Line) -> bool:
        return line.operator in self.operators and line.kind not in OF_THE_PROGRAM

    def is_after(self, line: Line) -> bool:
        """Return whether the author's laptop knew of the removal when this was written."""
        return self.is_by_removed(line) and line.prev in self.after.get(line.operator, ())


def read_removals(connection: Connection, device: str, operators: Iterable[str]) -> Removals:
    """Return what of a laptop's journal descends from the notice of a removal."""
    found = Removals(frozenset(operators))
    if not found.operators:
        return found
    table = ENTRY_ROWS.c
    body = case((table.kind == SEEN, table.body), else_=None).label("said")
    query = select(table.hash, table.prev, body).where(table.device == device)
    children: defaultdict[str | None, list[Any]] = defaultdict(list)
    seen: dict[str, str] = {}
    for row in connection.execute(query):
        children[row.prev].append(row.hash)
        if row.said is not None and (operator := _operator_in(bytes(row.said))) in found.operators:
            seen[row.hash] = operator
    for name, operator in seen.items():
        left = [name]
        while left:
            entry = left.pop()
            if entry not in found.after[operator]:
                found.after[operator].add(entry)
                left += children[entry]
    return found


def _operator_in(body: bytes | None) -> str:
    try:
        return str(from_canonical(body or b"{}").get("operator"))
    except (NotCanonical, AttributeError):
        return ""
