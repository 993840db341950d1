"""One batch, one transaction: lock the device, read, lock the identities, apply, write, receipt."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.form_policy import FormPolicy
from enumerator_app.domain.instants import instant_to_text
from sync.protocol.messages import OtherOutcome, Outcome, Receipt
from sync.protocol.signing import RECEIPT, sign
from sync.server.bulk import Row, Write, write_all
from sync.server.chain import ServerChain, read_chain
from sync.server.database import Database
from sync.server.feed import Feeds, read_heads
from sync.server.ingest.applying import Application, Result
from sync.server.ingest.batch import Batch, Line
from sync.server.ingest.cases import CASES, Case, pairs_with
from sync.server.ingest.judging import Judge
from sync.server.ingest.notices import Notices
from sync.server.ingest.reading import (
    NO_PERSON,
    KnownEntry,
    Surroundings,
    descendants,
    read_known,
    read_surroundings,
)
from sync.server.ingest.rekeys import KEYS
from sync.server.ingest.remarks import ANSWERS, listed_answers, reasons_for
from sync.server.ingest.visits import VISITS
from sync.server.keys import Issuer
from sync.server.quota.settling import claim_of, settle
from sync.server.tables import (
    ENTRY_ROWS,
    HELD_ROWS,
    IDENTITY_LOCK_ROWS,
    PHOTO_ROWS,
    SUBJECT_ROWS,
    TIP_ROWS,
)

ENTRIES: Final = Write(
    ENTRY_ROWS,
    (
        "hash", "device", "epoch", "seq", "prev", "kind", "subject", "header", "salt", "body",
        "outcome", "code", "received_at", "is_leaf", "has_child",
    ),
    updates=("salt", "body", "outcome", "code", "is_leaf", "has_child"),
    rules={
        "salt": "fill", "body": "fill", "outcome": "unless_empty", "code": "fill",
        "is_leaf": "least", "has_child": "most",
    },
    numbered=True,
)  # fmt: skip
SUBJECTS: Final = Write(
    SUBJECT_ROWS,
    (
        "id", "revision", "content", "state", "number", "device", "nik", "name", "birth_date",
        "village_code", "visit_id", "severity", "registered_at", "received_at",
    ),
    updates=(
        "revision", "content", "state", "number", "nik", "name", "birth_date", "village_code",
        "visit_id", "severity", "registered_at",
    ),
)  # fmt: skip
TIPS: Final = Write(TIP_ROWS, ("hash", "sig"))
HELD: Final = Write(HELD_ROWS, ("hash", "device", "line", "received_at"))
PHOTOS: Final = Write(
    PHOTO_ROWS,
    ("hash", "device", "size", "held", "refs", "is_complete"),
    updates=("refs",),
    rules={"refs": "add"},
)
_IDENTITIES: Final = Write(IDENTITY_LOCK_ROWS, ("key",), updates=("key",))
_REREAD: Final = frozenset({"stub", "damaged"})


@dataclass(frozen=True, slots=True)
class Ingest:
    """Reads batches in. `lock_identities` is off only in the control of its own test."""

    database: Database
    issuer: Issuer
    judge: Callable[[FormPolicy], Judge]
    clock: Callable[[], datetime]
    lock_identities: bool = True
    unlisted: set[str] = field(default_factory=set)
    """Devices of whose keys the list for checking cards must say something new."""

    def receive(
        self, batch: Batch, lock_device: Callable[[Connection], str], server_epoch: str
    ) -> Receipt:
        """Store and apply a batch; return its receipt, the same for the same entries.

        `lock_device` locks the device's row in this transaction and returns its state.
        """
        now = instant_to_text(self.clock())
        with self.database.writing() as connection:
            state = lock_device(connection)
            work = _Work(self, connection, batch, state, server_epoch, now)
            results = work.run()
        return self._receipt(batch, results, work.head, server_epoch, now)

    def take_waiting(
        self, connection: Connection, batch: Batch, device_state: str, server_epoch: str
    ) -> None:
        """Apply lines that waited, though their ancestor is not here."""
        now = instant_to_text(self.clock())
        _Work(self, connection, batch, device_state, server_epoch, now, is_released=True).run()

    def take_again(
        self,
        connection: Connection,
        batch: Batch,
        server_epoch: str,
        left_out: frozenset[str],
        device_state: str = "active",
    ) -> Counter[Outcome]:
        """Apply entries that were kept without effect; return how many had which outcome.

        `left_out`: others that are still to have none, whatever becomes of their record. They
        count as those of an active device, unless `device_state` says otherwise.
        """
        now = instant_to_text(self.clock())
        work = _Work(self, connection, batch, device_state, server_epoch, now, True, left_out)
        return Counter(result.outcome for result in work.run_again().values())

    def _receipt(
        self,
        batch: Batch,
        results: Mapping[str, Result],
        head: str | None,
        server_epoch: str,
        now: str,
    ) -> Receipt:
        epoch = batch.lines[-1].epoch
        plain = [
            line.seq
            for line in batch.lines
            if line.epoch == epoch and results[line.hash].outcome == "accepted"
        ]
        others = [
            OtherOutcome(hash=line.hash, outcome=result.outcome, code=result.code)
            for line in batch.lines
            if (result := results[line.hash]).outcome != "accepted" or line.epoch != epoch
        ]
        receipt = Receipt(
            batch_id=batch.header.batch_id, server_epoch=server_epoch, epoch=epoch,
            accepted=_ranges(plain), others=others, server_head=head, time=now,
            kid=self.issuer.kid, sig="",
        )  # fmt: skip
        message = canonical_bytes(receipt.model_dump(mode="json", exclude={"sig"}))
        return receipt.model_copy(update={"sig": sign(self.issuer.key, RECEIPT, message)})


@dataclass(slots=True)
class _Work:
    """The steps of one transaction."""

    ingest: Ingest
    connection: Connection
    batch: Batch
    device_state: str
    server_epoch: str
    now: str
    is_released: bool = False
    left_out: frozenset[str] = frozenset()
    known: dict[str, KnownEntry] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    new: list[Line] = field(default_factory=list)
    head: str | None = None

    @property
    def device(self) -> str:
        return self.batch.header.device

    def run(self) -> dict[str, Result]:
        lines = list(self.batch.lines)
        self.known, waiting = read_known(self.connection, self.device, self.batch.names)
        first = lines[0]
        is_orphan = first.hash not in self.known and first.prev and first.prev not in self.known
        if is_orphan and not self.is_released:
            return self._hold(lines, waiting)
        self._settle_known(lines)
        fresh = [line for line in lines if line.hash not in self.results]
        fresh += descendants(waiting, {line.hash for line in lines} | set(self.known))
        if fresh:
            self._apply(fresh, {line.hash for line in waiting})
        return self.results

    def run_again(self) -> dict[str, Result]:
        """Apply lines that are all here already, whatever was answered for them before."""
        self.known, _ = read_known(self.connection, self.device, self.batch.names)
        self._apply(self.batch.lines, self.batch.names)
        return self.results

    def _hold(self, lines: Sequence[Line], waiting: Iterable[Line]) -> dict[str, Result]:
        """The ancestor is not here: keep the lines, apply nothing."""
        there = {line.hash for line in waiting}
        rows = [(line.hash, self.device, line.raw, self.now) for line in lines]
        newly = [line for line in lines if line.hash not in there]
        write_all(self.connection, [(HELD, rows), (TIPS, self._tip()), self._photos(newly)])
        return {line.hash: Result("held") for line in lines}

    def _settle_known(self, lines: Iterable[Line]) -> None:
        """Entries that are here get their first answer; a stub that now has its body is read."""
        for line in lines:
            known = self.known.get(line.hash)
            if known is None:
                continue
            if known.outcome in _REREAD and not known.has_body and line.wholeness == "whole":
                continue
            self.results[line.hash] = Result(known.outcome, known.code)  # type: ignore[arg-type]

    def _apply(self, fresh: Sequence[Line], waited: set[str]) -> None:
        found = self._read(fresh)
        for subject in found.subjects.values():
            subject.quarantined = [one for one in subject.quarantined if one not in self.left_out]
        application = self._application(found)
        for line in fresh:
            self.results[line.hash] = application.apply(line)
            self._notice_fork(line, application)
        self.new = [line for line in fresh if line.hash not in self.known or line.hash in waited]
        self._find_equals(application)
        for case in application.cases.opened.values():
            for name in case.subjects or (None,):
                application.notices.case(case, name, found)
        counted = [line for line in self.new if line.hash not in waited]
        self._write(application, fresh, counted)
        if application.found.keys.rows:
            self.ingest.unlisted.add(self.device)
        self._settle(application)
        self.head = application.chain.hash

    def _read(self, fresh: Sequence[Line]) -> Surroundings:
        niks = sorted({nik for line in fresh if (nik := _nik_in(line))})
        if self.connection.dialect.name == "postgresql" and self.ingest.lock_identities:
            subjects = {line.subject for line in fresh if line.subject}
            lock_identities(self.connection, subjects=subjects, niks=niks)
        found = read_surroundings(self.connection, self.device, fresh, niks=niks)
        if self.connection.dialect.name == "postgresql":
            holders = {device for devices in found.holders.values() for device in devices}
            heads = read_heads(self.connection, holders | {self.device}, lock=True)
            found.heads = {head.device: head for head in heads}
            if found.subjects:  # only then a merge may add to the office's chain
                chain = read_chain(self.connection, self.ingest.issuer, lock=True)
                found.chain = (chain.n, chain.hash)
        return found

    def _settle(self, application: Application) -> None:
        """Give places in the budget."""
        if application.found.has_budget:
            settle(self.connection, map(claim_of, application.changed.values()), self.now)

    def _application(self, found: Surroundings) -> Application:
        feeds = Feeds(found.heads)
        for subject in found.subjects.values():
            for holder in subject.holders:
                feeds.acknowledged[holder, subject.id] = subject.revision
        issuer = self.ingest.issuer
        return Application(
            found=found,
            judge=self.ingest.judge(found.form_policy),
            notices=Notices(feeds, issuer, self.device, self.server_epoch, self.now),
            chain=ServerChain(issuer, *found.chain),
            device=self.device,
            device_state=self.device_state,
            now=self.now,
        )

    def _notice_fork(self, line: Line, application: Application) -> None:
        """Two entries that follow one: an old copy of the laptop goes on, or two copies do."""
        parent = self.known.get(line.prev or "")
        if parent is None or not parent.has_child or line.hash in self.known:
            return
        kind = "rollback" if line.kind == "epoch_start" else "copied_device"
        self.ingest.unlisted.add(self.device)
        application.cases.open(Case(kind, self.device, about=line.prev or ""))

    def _find_equals(self, application: Application) -> None:
        """The same NIK or number on two records: both stand, and a person decides."""
        found = application.found
        for subject in found.subjects.values():
            if subject.nik and subject.state not in NO_PERSON:
                found.same_nik[subject.nik].add(subject.id)
            if subject.number:
                found.same_number[subject.number].add(subject.id)
        contents: dict[str, list[dict[str, Any]]] = {}
        for line in self.new:
            contents.setdefault(line.subject or "", []).append(line.content or {})
        for subject in application.changed.values():
            if subject.nik != subject.nik_before and subject.state not in NO_PERSON:
                for pair in pairs_with(subject.id, found.same_nik[subject.nik]):
                    reasons = reasons_for(pair, contents.get(subject.id, ()))
                    application.cases.open(Case("same_nik", self.device, pair, reasons, 100))
            if subject.number != subject.number_before:
                for pair in pairs_with(subject.id, found.same_number[subject.number or ""]):
                    application.cases.open(Case("number_clash", self.device, pair))

    def _write(
        self, application: Application, fresh: Sequence[Line], counted: Sequence[Line]
    ) -> None:
        subjects = [
            tuple(getattr(subject, name) for name in SUBJECTS.columns)
            for subject in application.changed.values()
        ]
        write_all(
            self.connection,
            [
                (ENTRIES, self._entry_rows(fresh, application.superseded)),
                (TIPS, self._tip()),
                (SUBJECTS, subjects),
                self._photos(counted),
                (CASES, application.cases.rows(self.now)),
                (VISITS, application.visits.rows()),
                (KEYS, application.found.keys.rows),
                (ANSWERS, listed_answers(fresh, self.results, self.device, self.now)),
                *application.chain.writes(),
                *application.feeds.writes(),
            ],
        )

    def _entry_rows(self, fresh: Sequence[Line], superseded: Iterable[str]) -> list[Row]:
        flags = {line.hash: [1, 0] for line in fresh}
        epochs = {line.hash: line.epoch for line in fresh}
        epochs |= {name: known.epoch for name, known in self.known.items()}
        for line in fresh:
            if line.prev in epochs:  # else it is lost, and its children were released
                parent = flags.setdefault(line.prev, [1, 0])
                parent[1] = 1
                parent[0] &= epochs.get(line.prev) != line.epoch
        rows: list[Row] = []
        for line in fresh:
            result = self.results[line.hash]
            rows.append(
                (
                    line.hash, self.device, line.epoch, line.seq, line.prev, line.kind,
                    line.subject, line.header, line.salt, line.body, result.outcome, result.code,
                    self.now, *flags.pop(line.hash),
                )
            )  # fmt: skip
        written = {row[0] for row in rows}
        outdated = {name for name in superseded if name not in written}
        for name in flags.keys() | outdated:
            outcome = "superseded" if name in outdated else ""
            rows.append(_touched(name, outcome, *flags.get(name, (1, 0)), now=self.now))
        return rows

    def _tip(self) -> list[Row]:
        if self.is_released:
            return []  # kept when the lines came
        return [(self.batch.header.tip, self.batch.header.sig)]

    def _photos(self, lines: Iterable[Line]) -> tuple[Write, list[Row]]:
        refs = Counter(photo for line in lines for photo in line.photos)
        return PHOTOS, [(name, self.device, 0, 0, n, 0) for name, n in refs.items()]


def lock_identities(
    connection: Connection, *, subjects: Iterable[str], niks: Iterable[str]
) -> None:
    """Make transactions about the same record or the same NIK wait for each other.

    The rows are locked in one order, so that two of them never wait in a circle. SQLite has one
    writer at a time, from BEGIN IMMEDIATE on: there nothing is left to wait for.
    """
    if connection.dialect.name == "sqlite":
        return
    keys = sorted([f"n:{nik}" for nik in niks] + [f"s:{subject}" for subject in subjects])
    write_all(connection, [(_IDENTITIES, [(key,) for key in keys])])


def _touched(name: str, outcome: str, is_leaf: int, has_child: int, *, now: str) -> Row:
    """Return a row that only updates an entry which is here; the rest of it is never written."""
    return (
        name, "", "", 0, None, "", None, b"", None, None, outcome, None, now, is_leaf, has_child,
    )  # fmt: skip


def _nik_in(line: Line) -> str:
    nik = (line.content or {}).get("nik")
    return nik if isinstance(nik, str) else ""


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for n in numbers:
        if ranges and ranges[-1][1] == n - 1:
            ranges[-1] = (ranges[-1][0], n)
        else:
            ranges.append((n, n))
    return ranges
