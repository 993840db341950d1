"""What the office decides about people: each a signed server revision, told to every holder.

Which moves exist, and for whom, is data in `enumerator_app.domain.states`; nothing else moves a
record here.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.states import DECISIONS, Actor, Decision, may_move
from sync.server.bulk import Row, Write, bound, one_of, write_all
from sync.server.chain import ServerChain, read_chain
from sync.server.errors import DecisionNotAllowed, RecordQuarantined
from sync.server.feed import Feeds, Notice, holders_of, read_heads
from sync.server.ingest.run import lock_identities
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.quota.settling import settle_subjects
from sync.server.resolving.unread import unread_with
from sync.server.resolving.visitless import is_of
from sync.server.tables import SUBJECT_ROWS

AT_ONCE: Final = 500
Beside = Callable[[Connection, list[str]], None]
"""What belongs into the transaction of decisions besides, given the records decided about."""

_COLUMNS: Final = tuple(column.name for column in SUBJECT_ROWS.c)
DECIDED: Final = Write(
    SUBJECT_ROWS,
    _COLUMNS,
    updates=("revision", "state", "kpj", "cover_from", "cover_to", "export_id"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision about one record; `details` go into the notice, `columns` into the record."""

    subject: str
    decision: Decision
    reason: str | None = None
    field: str | None = None
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)
    stays: bool = False
    """Whether the record is in that state already: something is stated anew about it."""
    reopens: bool = False
    """Whether an end of cover is taken back: it was said of the wrong person, or in error."""
    seen: str | None = None
    """The revision that was looked at: of a record that changed since then nothing is decided."""


def decide(
    office: Office,
    verdicts: Sequence[Verdict],
    *,
    officer: str,
    actor: Actor,
    beside: Beside | None = None,
) -> list[str]:
    """Carry out the decisions that are allowed, in transactions of 500; return their subjects.

    None gives a member number that is another record's by then. `beside` is called in each
    transaction with what it decided.
    """
    done: list[str] = []
    for some in _portions(verdicts):
        with office.database.writing() as connection:
            decided = Decisions(office, connection, officer, actor).carry_out(some)
            if beside is not None:
                beside(connection, decided)
            done += decided
    if done:
        office.keep_head_outside()
    return done


def decide_in(
    office: Office,
    connection: Connection,
    verdicts: Sequence[Verdict],
    *,
    officer: str,
    actor: Actor,
) -> list[str]:
    """Carry out the decisions that are allowed as part of a transaction; return their subjects.

    The caller writes the chain's head outside (`keep_head_outside`) after its COMMIT.
    """
    done: list[str] = []
    for some in _portions(verdicts):
        done += Decisions(office, connection, officer, actor).carry_out(some)
    return done


def decide_one(
    office: Office, verdict: Verdict, *, officer: str, actor: Actor, beside: Beside | None = None
) -> None:
    """Carry out one decision.

    Raises:
        DecisionNotAllowed: the record's state has no such move.
    """
    if not decide(office, [verdict], officer=officer, actor=actor, beside=beside):
        with office.database.reading() as connection:
            query = select(SUBJECT_ROWS.c.number, SUBJECT_ROWS.c.state)
            row = connection.execute(query.where(SUBJECT_ROWS.c.id == verdict.subject)).one()
        raise DecisionNotAllowed(number=row.number, state=row.state)


def journalled(office: Office, account: str, deed: str, about: str | None = None) -> Beside:
    """Return what writes a deed into the audit, in the transaction of the decisions."""

    def write(connection: Connection, decided: list[str]) -> None:
        if decided:
            audit(office, connection, account, deed, about)

    return write


def find_by_number(office: Office, typed: str) -> Any:
    """Return the row of the record with this number.

    Raises:
        RecordQuarantined: it is kept without effect.
        NumberUnknown: none has it, or it is no number.
    """
    number = parse_number(typed)
    with office.database.reading() as connection:
        query = select(SUBJECT_ROWS).where(SUBJECT_ROWS.c.number == number)
        rows = connection.execute(query).all() if number else []
        kept = unread_with(connection, number) if number and not rows else None
    if kept is not None:
        raise RecordQuarantined(number=number, device=kept.laptop)
    if len(rows) != 1:
        raise NumberUnknown(number=typed)
    return rows[0]


def owners_of(connection: Connection, members: Iterable[str]) -> dict[str, set[str]]:
    """Return the records that have each of these member numbers."""
    dialect, table = connection.dialect.name, SUBJECT_ROWS.c
    query = select(table.id, table.kpj).where(one_of(table.kpj, dialect, "members"))
    owners: dict[str, set[str]] = defaultdict(set)
    for subject, member in connection.execute(query, {"members": bound(dialect, sorted(members))}):
        owners[member].add(subject)
    return owners


def approve(
    office: Office,
    *,
    officer: str,
    clean_only: bool = False,
    visit: str | None = None,
    beside: Beside | None = None,
) -> int:
    """Verify all registered records (of a visit; only those without warnings); return how many."""
    table = SUBJECT_ROWS.c
    query = select(table.id).where(table.state == "registered").order_by(table.id)
    if clean_only:
        query = query.where(table.severity.in_(("", "note")))
    if visit is not None:
        query = query.where(is_of(visit))
    with office.database.reading() as connection:
        wanted = list(connection.execute(query).scalars())
    verdicts = [Verdict(subject, "verified") for subject in wanted]
    return len(decide(office, verdicts, officer=officer, actor="officer", beside=beside))


def _portions(verdicts: Sequence[Verdict]) -> Iterator[Sequence[Verdict]]:
    for start in range(0, len(verdicts), AT_ONCE):
        yield verdicts[start : start + AT_ONCE]


def _numbers_given(
    verdicts: Iterable[Verdict], records: Mapping[str, dict[str, Any]]
) -> dict[str, str]:
    """Return the member numbers that records get, by record; one that stays is none."""
    said = {one.subject: one.columns.get("kpj") for one in verdicts if one.subject in records}
    return {name: kpj for name, kpj in said.items() if kpj and kpj != records[name]["kpj"]}


@dataclass(slots=True)
class Decisions:
    """One transaction of decisions."""

    office: Office
    connection: Connection
    officer: str
    actor: Actor

    def carry_out(self, verdicts: Sequence[Verdict]) -> list[str]:
        wanted = {verdict.subject: verdict for verdict in verdicts}
        if self.connection.dialect.name == "postgresql":
            lock_identities(self.connection, subjects=wanted, niks=())
        records = self._records(list(wanted))
        holders = holders_of(self.connection, list(wanted))
        told = {device for devices in holders.values() for device in devices}
        heads = read_heads(self.connection, told, lock=True)
        feeds = Feeds({head.device: head for head in heads})
        chain = read_chain(self.connection, self.office.issuer, lock=True)
        given = _numbers_given(verdicts, records)
        # The chain is locked: whoever gives the same number at the same time waits until here.
        owners = owners_of(self.connection, given.values()) if given else {}
        rows: list[Row] = []
        for name, record in records.items():
            verdict = wanted[name]
            is_taken = bool(owners.get(given.get(name, ""), set()) - {name})
            is_as_seen = verdict.seen in {None, record["revision"]}
            if is_as_seen and not is_taken and self._is_allowed(verdict, record["state"]):
                self._carry_out_one(verdict, record, holders.get(name, []), feeds, chain)
                rows.append(tuple(record[column] for column in _COLUMNS))
        write_all(self.connection, [(DECIDED, rows), *chain.writes(), *feeds.writes()])
        decided = [str(row[0]) for row in rows]
        settle_subjects(self.connection, decided, self.office.now())
        return decided

    def _is_allowed(self, verdict: Verdict, state: str) -> bool:
        if verdict.stays:
            return state == verdict.decision
        if verdict.reopens:
            return state == "ended" and verdict.decision in ("enrolled", "submitted")
        return state in DECISIONS and may_move(state, verdict.decision, self.actor)

    def _carry_out_one(
        self,
        verdict: Verdict,
        record: dict[str, Any],
        holders: Sequence[str],
        feeds: Feeds,
        chain: ServerChain,
    ) -> None:
        before = record["revision"]
        fields = {
            "kind": "decision",
            "subject": verdict.subject,
            "number": record["number"],
            "state": verdict.decision,
            "at": self.office.now(),
            "server_epoch": self.office.server_epoch,
            "decision": verdict.decision,
            "officer": self.officer,
            "reason": verdict.reason,
            "field": verdict.field,
            "base": before,
            **verdict.details,
        }
        content = record["content"]
        signed = chain.add(fields, author=self.officer, content=content, parents=[before])
        for device in holders:
            feeds.acknowledged[device, verdict.subject] = before
            feeds.emit(device, Notice("decision", verdict.subject, signed.hash, signed.bytes))
        record.update(verdict.columns, revision=signed.hash, state=verdict.decision)

    def _records(self, subjects: list[str]) -> dict[str, dict[str, Any]]:
        dialect = self.connection.dialect.name
        query = select(SUBJECT_ROWS).where(one_of(SUBJECT_ROWS.c.id, dialect, "subjects"))
        rows = self.connection.execute(query, {"subjects": bound(dialect, subjects)})
        return {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 - public in SQLAlchemy
