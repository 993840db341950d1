"""What a person at the office must decide, found while a batch is read in."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sync.server.bulk import Row, Write
from sync.server.tables import CASE_ROWS

CASES: Final = Write(
    CASE_ROWS,
    (
        "id", "kind", "device", "subjects", "score", "reasons", "opened_at", "one", "other",
        "version",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """The same members give the same case, whoever finds it and how often."""

    kind: str
    device: str | None
    subjects: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    score: int = 0
    about: str = ""

    @property
    def id(self) -> str:
        parts = (self.kind, self.about, *sorted(self.subjects))
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    @property
    def members(self) -> tuple[str | None, str | None]:
        one, other, *_ = (*self.subjects, None, None)
        return one, other


def parked_case(device: str | None, subject: str, entry: str, code: str) -> Case:
    """Return the case of an entry about a record that stands, kept aside for what `code` says."""
    return Case("parked", device, (subject,), (code,), about=entry)


@dataclass(slots=True)
class Cases:
    opened: dict[str, Case] = field(default_factory=dict)

    def open(self, case: Case) -> None:
        self.opened.setdefault(case.id, case)

    def rows(self, now: str) -> list[Row]:
        return [
            (
                case.id, case.kind, case.device, json.dumps(case.subjects), case.score,
                json.dumps(case.reasons), now, *case.members, 0,
            )
            for case in self.opened.values()
        ]  # fmt: skip


def pairs_with(subject: str, others: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Return the pairs of one record with each other one, in one order."""
    for other in others:
        if other != subject:
            yield (subject, other) if subject < other else (other, subject)
