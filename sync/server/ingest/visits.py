"""What entries say of visits: kept beside the records, one row for each thing said.

Twins (a close that comes twice, a visit that two copies of a laptop opened) meet in one row or
stand beside one another; nothing here ever changes a person's record.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.ticket_queue import ANSWERS
from enumerator_app.domain.visits import check_code, counts_from_body, visit_from_body
from sync.server.bulk import Row, Write
from sync.server.ingest.batch import Line
from sync.server.tables import VISIT_ROWS

_HIGHEST_SLIP: Final = 999_999
_SAID: Final = frozenset((*ANSWERS, None))
VISIT_KINDS: Final = frozenset({"visit_open", "visit_close", "attend", "ticket", "rest"})
VISITS: Final = Write(
    VISIT_ROWS,
    ("id", "kind", "visit", "subject", "device", "operator", "at", "content"),
    updates=("content", "at", "operator"),
    rules={"at": "least"},
)


@dataclass(slots=True)
class VisitFacts:
    """The rows of one transaction, by id: of two that say the same thing the later one counts."""

    found: dict[str, Row] = field(default_factory=dict)

    def take(self, line: Line) -> bool:
        """Keep what the entry says; False if its body says nothing that can be kept."""
        content = line.content or {}
        try:
            visit = str(UUID(content["visit"]))
            take = {
                "visit_open": self._opened, "visit_close": self._closed, "ticket": self._answered,
                "rest": self._rested,
            }.get(line.kind, self._attended)  # fmt: skip
            take(line, visit, content)
        except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
            return False
        return True

    def rows(self) -> list[Row]:
        return list(self.found.values())

    def _opened(self, line: Line, visit: str, content: dict[str, Any]) -> None:
        read = visit_from_body(content)
        groups = content.get("groups", [])
        said = {key: value for key, value in content.items() if key not in ("groups", "schema")}
        self._keep(line, visit, f"v:{visit}", "visit", said)
        for group, written in zip(read.groups, groups, strict=True):
            self._keep(line, visit, f"g:{group.id}", "group", written)

    def _closed(self, line: Line, visit: str, content: dict[str, Any]) -> None:
        counts = counts_from_body(content)
        if counts is None:
            raise ValueError("counts")
        proven = check_code(UUID(visit), line.prev, counts) == content.get("code")
        said = {**content, "counts": counts.as_dict(), "code_agrees": proven}
        self._keep(line, visit, line.hash, "close", said)

    def _attended(self, line: Line, visit: str, content: dict[str, Any]) -> None:
        if not isinstance(content.get("present"), bool):
            raise TypeError("present")
        who = line.subject or str(UUID(content["who"]))  # whom only the district's list knows
        self._keep(line, visit, f"a:{visit}:{who}", "attendance", content, line.subject)

    def _answered(self, line: Line, visit: str, content: dict[str, Any]) -> None:
        ticket, answer = content["ticket"], content["answer"]
        if type(ticket) is not int or not 0 < ticket <= _HIGHEST_SLIP or answer not in _SAID:
            raise ValueError(ticket)
        self._keep(line, visit, f"t:{visit}:{ticket}", "ticket", content)

    def _rested(self, line: Line, visit: str, content: dict[str, Any]) -> None:
        began, ended = content["began_at"], content["ended_at"]
        instant_from_text(began)
        if ended is not None:
            instant_from_text(ended)
        self._keep(line, visit, f"r:{visit}:{began}", "rest", content)

    def _keep(
        self,
        line: Line,
        visit: str,
        name: str,
        kind: str,
        content: dict[str, Any],
        subject: str | None = None,
    ) -> None:
        header = from_canonical(line.header)
        written = canonical_bytes(content).decode()
        operator, at = str(header["operator"]), str(header["claimed_time"])
        self.found[name] = (name, kind, visit, subject, line.device, operator, at, written)
