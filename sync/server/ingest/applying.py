"""What each entry does to the record it is about (docs/protocol.md, Apply and Merge).

Works on values in memory: what to write is collected and written at the transaction's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from enumerator_app.domain.journal import EntryKind
from enumerator_app.domain.merge import FIELDS_OF_SCHEMA, merge
from enumerator_app.domain.states import DECISIONS, Decision, may_move
from sync.protocol.messages import Outcome
from sync.protocol.rekey import KIND as REKEY
from sync.server.chain import ServerChain
from sync.server.feed import Feeds
from sync.server.ingest.batch import Line
from sync.server.ingest.cases import Case, Cases, parked_case
from sync.server.ingest.judging import Judge, Judgement, content_of, number_in
from sync.server.ingest.notices import Notices
from sync.server.ingest.reading import Subject, Surroundings
from sync.server.ingest.removals import REMOVED_LATER
from sync.server.ingest.visits import VISIT_KINDS, VisitFacts

KINDS: Final = frozenset(EntryKind.__args__)  # type: ignore[attr-defined]
_ABOUT_A_RECORD: Final = frozenset({"register", "correct", "withdraw", "consent"})
_CHANGES_ONLY_STATE: Final = frozenset({"withdraw", "consent"})


def is_known_kind(kind: str) -> bool:
    return kind in KINDS


@dataclass(frozen=True, slots=True)
class Result:
    """What is answered for one entry, now and whenever it comes again."""

    outcome: Outcome
    code: str | None = None


ACCEPTED: Final = Result("accepted")
MERGED: Final = Result("merged")
SUPERSEDED: Final = Result("superseded")
CONFLICT: Final = Result("case", "conflict")
_TOLD_BY_A_REVISION: Final = (MERGED, CONFLICT)
UNKNOWN_KIND: Final = "unknown_kind"
AFTER_REVOCATION: Final = "after_revocation"
AFTER_REMOVAL: Final = "after_removal"
_WITHOUT_RIGHT: Final = frozenset({AFTER_REVOCATION, AFTER_REMOVAL})


@dataclass(slots=True)
class Application:
    """Applies the entries of one device, in order, to what `Surroundings` brought."""

    found: Surroundings
    judge: Judge
    notices: Notices
    chain: ServerChain
    device: str
    device_state: str
    now: str
    cases: Cases = field(default_factory=Cases)
    changed: dict[str, Subject] = field(default_factory=dict)
    superseded: list[str] = field(default_factory=list)
    visits: VisitFacts = field(default_factory=VisitFacts)

    @property
    def feeds(self) -> Feeds:
        return self.notices.feeds

    def apply(self, line: Line) -> Result:
        """Return the outcome of one entry whose ancestor is here, and do what it says."""
        self.found.removals.follow(line)
        if line.subject in self.found.erased and line.kind != "erased_here":
            return self._erased(line)
        result = _marked(self._result(line), self.found.removals.is_by_removed(line))
        if result not in _TOLD_BY_A_REVISION:
            subject = self.found.subjects.get(line.subject or "")
            self.notices.accepted(line, result.outcome, result.code, subject)
        return result

    def _result(self, line: Line) -> Result:
        if line.wholeness != "whole":
            return Result(line.wholeness)
        if not is_known_kind(line.kind):
            return Result("quarantined", UNKNOWN_KIND)
        if line.subject is None or line.kind not in _ABOUT_A_RECORD:
            return _beside_records(self, line)
        if line.kind in _CHANGES_ONLY_STATE and "name" not in (line.content or {}):
            return self._without_snapshot(line)
        return self._snapshot(line)

    def _snapshot(self, line: Line) -> Result:
        verdict = self.judge(line.content, line.schema, line.body)
        if ended := _right_ended(self, line):
            verdict = Judgement(ended)
        subject = self.found.subjects.get(cast("str", line.subject))
        if verdict.code is not None:
            return self._parked(line, subject, verdict.code)
        content = cast("dict[str, Any]", line.content)
        if subject is None or subject.state == "quarantined":
            return self._first(line, subject, content, verdict)
        if self.device not in subject.holders:
            return self._case(line, subject, "no_right")
        if line.hash == subject.content or _fills(line, subject):
            subject.content = line.hash
            self._become(subject, line.body, content, verdict)
            return ACCEPTED
        if line.base == subject.revision and line.schema >= _schema_of(subject):
            return self._next(line, subject, content, verdict)
        return self._merged(line, subject, content)

    def _first(
        self, line: Line, subject: Subject | None, content: dict[str, Any], verdict: Judgement
    ) -> Result:
        if subject is None:
            subject = self._new(line, "registered")
        else:
            self.superseded += subject.quarantined
            subject.quarantined = []
            subject.holders.add(self.device)
        subject.revision = subject.content = line.hash
        self._become(subject, line.body, content, verdict)
        subject.state = "withdrawn" if line.kind == "withdraw" else _state_by_nik(content)
        return ACCEPTED

    def _next(
        self, line: Line, subject: Subject, content: dict[str, Any], verdict: Judgement
    ) -> Result:
        """The author saw the current revision: what was written becomes the current one."""
        if line.kind == "withdraw" and not _may_withdraw(subject):
            return self._case(line, subject, "withdrawn_late")
        subject.revision = subject.content = line.hash
        self._become(subject, line.body, content, verdict)
        subject.state = _state_after(subject.state, line.kind, content)
        return ACCEPTED

    def _merged(self, line: Line, subject: Subject, content: dict[str, Any]) -> Result:
        """Somebody else changed the record meanwhile: merge by groups into a server revision."""
        if line.schema not in FIELDS_OF_SCHEMA:
            return self._case(line, subject, "schema_unknown")
        base = content_of(self.found.bodies.get(line.base)) if line.base else None
        if base is not None and "name" not in base:
            base = None  # the entry seen was a withdrawal: it states no fields
        current = content_of(subject.body) or {}
        merged = merge(base, current, content, entry_schema=line.schema)
        if line.kind != "withdraw" and not merged.kept and merged.body == current:
            return SUPERSEDED  # the record says all of it: nobody has to look again
        verdict = self.judge(merged.body, line.schema, None)
        if verdict.code is not None:
            return self._case(line, subject, "merge_invalid")
        if line.kind == "withdraw" and not _may_withdraw(subject):
            return self._case(line, subject, "withdrawn_late")
        kept = [one.written(current=subject.revision, entry=line.hash) for one in merged.kept]
        is_unread = subject.state == "returned" and line.kind != "withdraw"
        # Who had not read why the record was sent back cannot have answered it.
        state = "returned" if is_unread else _state_after(subject.state, line.kind, merged.body)
        self._take_over(line, subject, merged.body, kept, state, verdict)
        if merged.conflicts:
            self._open("conflict", line, subject, tuple(merged.conflicts))
            return CONFLICT
        return MERGED

    def _take_over(
        self,
        line: Line,
        subject: Subject,
        body: dict[str, Any],
        kept: list[dict[str, Any]],
        state: str,
        verdict: Judgement,
    ) -> None:
        parents = [subject.revision, line.hash]
        fields = {
            **self.notices.common("revision", subject, state),
            "body": body, "kept": kept, "base": subject.revision, "entry": line.hash,
        }  # fmt: skip
        signed = self.chain.add(fields, author=self.device, content=None, parents=parents)
        subject.revision = subject.content = signed.hash
        subject.state = state
        self._become(subject, signed.bytes.encode(), body, verdict)
        self.notices.tell(subject, "revision", signed.hash, signed.bytes)

    def _without_snapshot(self, line: Line) -> Result:
        """A withdrawal or a consent that states no fields leaves the content as it is."""
        subject = self.found.subjects.get(cast("str", line.subject))
        if ended := _right_ended(self, line):
            return Result("quarantined", ended)
        if subject is None:
            return Result("quarantined", "invalid")
        if self.device not in subject.holders:
            return self._case(line, subject, "no_right")
        if line.kind == "withdraw":
            if not _may_withdraw(subject):
                return self._case(line, subject, "withdrawn_late")
            subject.revision, subject.state = line.hash, "withdrawn"
            self.changed[subject.id] = subject
        return ACCEPTED

    def _parked(self, line: Line, subject: Subject | None, code: str) -> Result:
        """A body that cannot be a state: kept, shown to the office, and nothing else changes."""
        if subject is None:
            subject = self._new(line, "quarantined")
        elif subject.state != "quarantined":
            self.cases.open(parked_case(self.device, subject.id, line.hash, code))
            return Result("quarantined" if code in _WITHOUT_RIGHT else "case", code)
        subject.quarantined.append(line.hash)
        subject.revision = subject.content = line.hash
        subject.body = line.body
        subject.holders.add(self.device)
        self.changed[subject.id] = subject
        return Result("quarantined", code)

    def _erased(self, line: Line) -> Result:
        line.salt = line.body = line.content = None
        line.photos = ()
        self.notices.erase(self.device, cast("str", line.subject))
        return Result("erased")

    def _case(self, line: Line, subject: Subject, kind: str) -> Result:
        self._open(kind, line, subject, ())
        return Result("case", kind)

    def _open(self, kind: str, line: Line, subject: Subject, reasons: tuple[str, ...]) -> None:
        self.cases.open(Case(kind, self.device, (subject.id,), reasons, about=line.hash))

    def _new(self, line: Line, state: str) -> Subject:
        subject = Subject(
            id=cast("str", line.subject), revision=line.hash, content=line.hash, state=state,
            number=None, device=self.device, nik="", name="", birth_date=None, village_code="",
            visit_id=None, severity="", registered_at="", received_at=self.now,
            holders=self.found.holders[cast("str", line.subject)],
        )  # fmt: skip
        subject.holders.add(self.device)
        self.found.subjects[subject.id] = subject
        return subject

    def _become(
        self, subject: Subject, body: bytes | None, content: Mapping[str, Any], verdict: Judgement
    ) -> None:
        """Take the columns that lists and comparisons need out of the content."""
        subject.body = body
        subject.number = number_in(content) or subject.number
        subject.severity = verdict.severity
        for name in ("nik", "name", "village_code", "registered_at"):
            setattr(subject, name, str(content.get(name) or ""))
        for name in ("birth_date", "visit_id"):
            value = content.get(name)
            setattr(subject, name, None if value is None else str(value))
        self.changed[subject.id] = subject


def _fills(line: Line, subject: Subject) -> bool:
    """Whether the entry that a decision was made about is lost, and this one says what it said.

    A restored office takes back the decision; a laptop that holds the content, but not the entry,
    says it again as seen there.
    """
    return subject.body is None and line.kind == "correct" and line.base == subject.content


def _marked(result: Result, is_by_removed: bool) -> Result:  # noqa: FBT001 - a fact, no option
    return replace(result, code=REMOVED_LATER) if is_by_removed and result == ACCEPTED else result


def _may_withdraw(subject: Subject) -> bool:
    state = subject.state
    return state == "withdrawn" or may_move(cast("Decision", state), "withdrawn", "device")


def _right_ended(work: Application, line: Line) -> str | None:
    """Return why the author had no right any more to change anything; None if they had."""
    if work.device_state == "revoked":
        return AFTER_REVOCATION
    return AFTER_REMOVAL if work.found.removals.is_after(line) else None


def _beside_records(application: Application, line: Line) -> Result:
    """An entry that changes no record: what it says of a visit, or of a key, is kept."""
    if ended := _right_ended(application, line):
        return Result("quarantined", ended)
    is_valid = (line.kind not in VISIT_KINDS or application.visits.take(line)) and (
        line.kind != REKEY or application.found.keys.take(line, application.now)
    )
    return ACCEPTED if is_valid else Result("quarantined", "invalid")


def _state_by_nik(content: Mapping[str, Any]) -> Decision:
    return "registered" if content.get("nik") else "waiting_nik"


def _state_after(state: str, kind: str, content: Mapping[str, Any]) -> str:
    """Return the state after a laptop's change: its own move if it may make it, else as before."""
    wanted: Decision = "withdrawn" if kind == "withdraw" else _state_by_nik(content)
    if state in DECISIONS and may_move(state, wanted, "device"):
        return wanted
    return state


def _schema_of(subject: Subject) -> int:
    content = content_of(subject.body)
    schema = (content or {}).get("schema", 1)
    return schema if isinstance(schema, int) else 1
