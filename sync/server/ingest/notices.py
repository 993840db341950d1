"""The notices that entries cause: for everyone who holds the record, the author included."""

from dataclasses import dataclass
from typing import Any

from sync.protocol.signing import REVISION, signed_document
from sync.server.feed import Feeds, Notice, unsigned_bytes
from sync.server.ingest.batch import Line
from sync.server.ingest.cases import Case
from sync.server.ingest.reading import Subject, Surroundings
from sync.server.keys import Issuer


@dataclass(slots=True)
class Notices:
    """Writes notices of one transaction, by one device's batch, into the feeds."""

    feeds: Feeds
    issuer: Issuer
    device: str
    server_epoch: str
    now: str

    def common(self, kind: str, subject: Subject | None, state: str | None) -> dict[str, Any]:
        """Return the fields that every notice has, without `revision`."""
        return {
            "kind": kind,
            "subject": subject.id if subject else None,
            "number": subject.number if subject else None,
            "state": state,
            "at": self.now,
            "server_epoch": self.server_epoch,
        }

    def accepted(self, line: Line, outcome: str, code: str | None, subject: Subject | None) -> None:
        """Tell the author what became of an entry, and other holders what they hold now."""
        is_held = subject is not None and self.device in subject.holders
        revision = subject.revision if subject and is_held else None
        state = subject.state if subject and subject.state != "quarantined" else None
        fields = self.common("accepted", subject, state)
        fields |= {"subject": line.subject, "revision": revision, "entry": line.hash}
        fields |= {"outcome": outcome, "code": code}
        written = unsigned_bytes(fields)
        self.feeds.emit(self.device, Notice("accepted", line.subject, revision, written))
        if subject and revision == line.hash and len(subject.holders) > 1:
            stated = {"body": line.content} if "name" in (line.content or {}) else {}
            shown = unsigned_bytes({**fields, **stated})
            for device in sorted(subject.holders - {self.device}):
                self.feeds.emit(device, Notice("accepted", line.subject, revision, shown))

    def tell(self, subject: Subject, kind: str, revision: str, written: str) -> None:
        for device in sorted(subject.holders):
            self.feeds.emit(device, Notice(kind, subject.id, revision, written))

    def erase(self, device: str, subject: str) -> None:
        fields = {**self.common("erase", None, None), "subject": subject, "revision": None}
        self.feeds.emit(device, Notice("erase", subject, None, self._signed(fields)))

    def case(self, case: Case, name: str | None, found: Surroundings) -> None:
        """Tell of a case everyone who holds this member of it; the laptop itself without one."""
        subject = found.subjects.get(name or "")
        fields = self.common("case", subject, subject.state if subject else None)
        fields |= {"subject": name, "revision": None, "case": case.id, "case_kind": case.kind}
        written = self._signed(fields)
        for device in sorted(found.holders[name] if name else {case.device or ""}):
            self.feeds.emit(device, Notice("case", name, None, written))

    def _signed(self, fields: dict[str, Any]) -> str:
        return signed_document(self.issuer.key, REVISION, fields).decode()
