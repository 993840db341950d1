"""What a batch needs to know of the database, in two statements whatever its size.

The first names the entries that are here already and those that wait for an ancestor; after the
locks, the second brings the records that are touched, who holds them, and their equals.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from enumerator_app.domain.form_policy import FORM_POLICY, FormPolicy
from sync.protocol.rekey import KIND as REKEY
from sync.server.bulk import bound, one_of
from sync.server.feed import FeedHead, head_of
from sync.server.field_tables import QUOTA_ROWS
from sync.server.form_policy import NOTHING_SAID, policy_in
from sync.server.ingest.batch import Line, read_line
from sync.server.ingest.rekeys import DeviceKeys, read_keys
from sync.server.ingest.removals import Removals, read_removals
from sync.server.tables import (
    DOCUMENT_ROWS,
    ENTRY_ROWS,
    ERASURE_ROWS,
    FEED_HEAD_ROWS,
    FEED_ROWS,
    HELD_ROWS,
    REMOVED_OPERATOR_ROWS,
    REVISION_ROWS,
    SERVER_HEAD_ROWS,
    SUBJECT_ROWS,
)

_WIDTH: Final = 14
_ENTRY, _HELD, _SUBJECT = ENTRY_ROWS.c, HELD_ROWS.c, SUBJECT_ROWS.c
_REVISION, _FEED = REVISION_ROWS.c, FEED_ROWS.c
_FEED_HEAD, _SERVER_HEAD = FEED_HEAD_ROWS.c, SERVER_HEAD_ROWS.c


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that is here: what was answered then, and what follows it."""

    outcome: str
    code: str | None
    epoch: str
    is_leaf: bool
    has_child: bool
    has_body: bool


@dataclass(slots=True)
class Subject:
    """One record as this transaction sees and changes it. `body` is its content, if it is here."""

    id: str
    revision: str
    content: str
    state: str
    number: str | None
    device: str
    nik: str
    name: str
    birth_date: str | None
    village_code: str
    visit_id: str | None
    severity: str
    registered_at: str
    received_at: str
    body: bytes | None = None
    nik_before: str = ""
    number_before: str | None = None
    holders: set[str] = field(default_factory=set)
    quarantined: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Surroundings:
    """What the second statement found."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    same_nik: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    same_number: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    holders: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    heads: dict[str, FeedHead] = field(default_factory=dict)
    chain: tuple[int, str | None] = (0, None)
    has_budget: bool = False
    form_policy: FormPolicy = NOTHING_SAID
    removed: set[str] = field(default_factory=set)
    """Operators of this laptop whose work has ended."""
    removals: Removals = field(default_factory=Removals)
    keys: DeviceKeys = field(default_factory=DeviceKeys)
    """Read only where a line tells a new one."""


def read_known(
    connection: Connection, device: str, hashes: Iterable[str]
) -> tuple[dict[str, KnownEntry], list[Line]]:
    """Return which of the entries are here, and the device's entries that wait."""
    dialect = connection.dialect.name
    values = {"device": device, "hashes": bound(dialect, list(hashes))}
    known: dict[str, KnownEntry] = {}
    waiting: list[Line] = []
    for row in connection.execute(_known_query(dialect), values):
        if row.line is not None:
            waiting.append(read_line(bytes(row.line)))
        else:
            known[row.hash] = KnownEntry(
                row.outcome, row.code, row.epoch, bool(row.is_leaf), bool(row.has_child),
                bool(row.has_body),
            )  # fmt: skip
    return known, waiting


@cache
def _known_query(dialect: str) -> CompoundSelect[Any]:
    entries = select(
        _ENTRY.hash, _ENTRY.outcome, _ENTRY.code, _ENTRY.epoch, _ENTRY.is_leaf, _ENTRY.has_child,
        case((_ENTRY.body.is_(None), 0), else_=1).label("has_body"),
        cast(null(), LargeBinary).label("line"),
    ).where(one_of(_ENTRY.hash, dialect, "hashes"))  # fmt: skip
    here = select(literal(1)).where(_ENTRY.hash == _HELD.hash).exists()
    nothing = [cast(null(), Text) for _ in range(3)]
    held = select(
        _HELD.hash, *nothing, literal(0), literal(0), literal(0), _HELD.line
    ).where(_HELD.device == bindparam("device"), ~here)  # fmt: skip
    return union_all(entries, held)


def read_surroundings(
    connection: Connection, device: str, lines: Sequence[Line], *, niks: Sequence[str]
) -> Surroundings:
    """Return the records that `lines` touch, with everything their outcome depends on."""
    dialect = connection.dialect.name
    numbers = {str((line.content or {}).get("number")) for line in lines if line.content}
    values = {
        "device": device,
        "subjects": bound(dialect, sorted({line.subject for line in lines if line.subject})),
        "bases": bound(dialect, sorted({line.base for line in lines if line.base})),
        "niks": bound(dialect, niks),
        "numbers": bound(dialect, sorted(numbers)),
    }
    found = Surroundings()
    rows = connection.execute(_surroundings_query(dialect), values).all()
    for row in sorted(rows, key=lambda row: row.tag != "subject"):
        _TAKE[row.tag](found, row)
    for name, subject in found.subjects.items():
        subject.holders = found.holders[name]
    found.removals = read_removals(connection, device, found.removed)
    if any(line.kind == REKEY for line in lines):
        found.keys = read_keys(connection, device)
    return found


def descendants(waiting: Sequence[Line], here: set[str]) -> list[Line]:
    """Return the entries that waited for what is here now, ancestors first."""
    ready: list[Line] = []
    left = [line for line in waiting if line.hash not in here]
    while following := [line for line in left if line.prev in here]:
        ready += following
        here |= {line.hash for line in following}
        left = [line for line in left if line.hash not in here]
    return ready


@cache
def _surroundings_query(dialect: str) -> CompoundSelect[Any]:
    parts = [
        _subjects(dialect), _quarantined(dialect), _holders(dialect), _erased(dialect),
        _holders_of_equals(dialect),
        _base_entries(dialect), _base_revisions(dialect), _equals(dialect, "nik"),
        _equals(dialect, "number"), _chain(), _budget(), _form_policy(), _removed(),
    ]  # fmt: skip
    if dialect == "sqlite":  # PostgreSQL reads these under their locks, in a statement of their own
        parts.append(_heads(dialect))
    return union_all(*parts)


def _part(
    tag: str, texts: Sequence[ColumnElement[Any]], raw: Any = None, n: Any = None
) -> Select[Any]:
    """Return one part of the union: a tag, texts filled up to the common width, bytes, number."""
    missing = [cast(null(), Text) for _ in range(_WIDTH - len(texts))]
    named = [column.label(f"t{i}") for i, column in enumerate((*texts, *missing))]
    blob = cast(null(), LargeBinary) if raw is None else raw
    number = literal(0) if n is None else n
    return select(literal(tag).label("tag"), *named, blob.label("raw"), number.label("n"))


def _subjects(dialect: str) -> Select[Any]:
    columns = [getattr(_SUBJECT, name) for name in _SUBJECT_COLUMNS]
    held_in = REVISION_ROWS.alias("held_in")
    raw = func.coalesce(_ENTRY.body, _utf8(held_in.c.bytes, dialect))
    return (
        _part("subject", columns, raw)
        .select_from(SUBJECT_ROWS)
        .outerjoin(ENTRY_ROWS, _ENTRY.hash == _SUBJECT.content)
        .outerjoin(held_in, held_in.c.hash == _SUBJECT.content)
        .where(one_of(_SUBJECT.id, dialect, "subjects"))
    )


_SUBJECT_COLUMNS: Final = (
    "id", "revision", "content", "state", "number", "device", "nik", "name", "birth_date",
    "village_code", "visit_id", "severity", "registered_at", "received_at",
)  # fmt: skip


def _utf8(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return func.convert_to(column, "UTF8", type_=LargeBinary)
    return cast(column, LargeBinary)


def _quarantined(dialect: str) -> Select[Any]:
    return _part("quarantined", [_ENTRY.subject, _ENTRY.hash]).where(
        one_of(_ENTRY.subject, dialect, "subjects"), _ENTRY.outcome == "quarantined"
    )


def _holders(dialect: str) -> Select[Any]:
    query = _part("holder", [_FEED.subject, _FEED.device]).distinct()
    return query.where(one_of(_FEED.subject, dialect, "subjects"), _FEED.revision.is_not(None))


def _holders_of_equals(dialect: str) -> Select[Any]:
    """Who holds a record of the same NIK or number is told of the case, too."""
    query = _part("holder", [_FEED.subject, _FEED.device]).distinct()
    return query.where(_FEED.subject.in_(_equal_subjects(dialect)), _FEED.revision.is_not(None))


def _equal_subjects(dialect: str) -> CompoundSelect[Any]:
    return union_all(
        *(
            select(_SUBJECT.id).where(one_of(getattr(_SUBJECT, name), dialect, f"{name}s"))
            for name in ("nik", "number")
        )
    )


def _erased(dialect: str) -> Select[Any]:
    subject = ERASURE_ROWS.c.subject
    return _part("erased", [subject]).where(one_of(subject, dialect, "subjects"))


def _base_entries(dialect: str) -> Select[Any]:
    query = _part("base", [_ENTRY.hash], _ENTRY.body)
    return query.where(one_of(_ENTRY.hash, dialect, "bases"), _ENTRY.body.is_not(None))


def _base_revisions(dialect: str) -> Select[Any]:
    """A decision has the body of the revision it was made about."""
    holding = REVISION_ROWS.alias("holding")
    raw = func.coalesce(_ENTRY.body, _utf8(holding.c.bytes, dialect))
    return (
        _part("base", [_REVISION.hash], raw)
        .select_from(REVISION_ROWS)
        .outerjoin(ENTRY_ROWS, _ENTRY.hash == _REVISION.content)
        .outerjoin(holding, holding.c.hash == _REVISION.content)
        .where(one_of(_REVISION.hash, dialect, "bases"))
    )


def _equals(dialect: str, name: str) -> Select[Any]:
    column = getattr(_SUBJECT, name)
    query = _part(name, [column, _SUBJECT.id, _SUBJECT.state])
    return query.where(one_of(column, dialect, f"{name}s"))


def _chain() -> Select[Any]:
    return _part("chain", [_SERVER_HEAD.hash], n=_SERVER_HEAD.n)


def _budget() -> Select[Any]:
    """One row if any village has places in a budget: only then is anybody's place settled."""
    village = select(QUOTA_ROWS.c.village_code).limit(1).subquery()
    return _part("budget", [village.c.village_code])


def _form_policy() -> Select[Any]:
    table = DOCUMENT_ROWS.c
    return _part("form_policy", [table.bytes]).where(table.name == FORM_POLICY)


def _removed() -> Select[Any]:
    table = REMOVED_OPERATOR_ROWS.c
    return _part("removed", [table.operator]).where(table.device == bindparam("device"))


def _heads(dialect: str) -> Select[Any]:
    holding = select(_FEED.device).where(
        one_of(_FEED.subject, dialect, "subjects") | _FEED.subject.in_(_equal_subjects(dialect))
    )
    wanted = (_FEED_HEAD.device == bindparam("device")) | _FEED_HEAD.device.in_(holding)
    texts = [_FEED_HEAD.device, _FEED_HEAD.hash]
    return _part("head", texts, _FEED_HEAD.sums, _FEED_HEAD.n).where(wanted)


def _take_subject(found: Surroundings, row: Any) -> None:
    columns = dict(zip(_SUBJECT_COLUMNS, row[1 : 1 + _WIDTH], strict=True))
    body = None if row.raw is None else bytes(row.raw)
    found.subjects[row.t0] = Subject(
        **columns, body=body, nik_before=columns["nik"], number_before=columns["number"]
    )


def _take_quarantined(found: Surroundings, row: Any) -> None:
    if row.t0 in found.subjects:
        found.subjects[row.t0].quarantined.append(row.t1)


def _take_base(found: Surroundings, row: Any) -> None:
    if row.raw is not None:
        found.bodies[row.t0] = bytes(row.raw)


def _take_head(found: Surroundings, row: Any) -> None:
    found.heads[row.t0] = head_of(row.t0, row.n, row.t1, row.raw)


def _take_chain(found: Surroundings, row: Any) -> None:
    found.chain = (row.n, row.t0)


NO_PERSON: Final = frozenset({"duplicate", "withdrawn", "ended", "quarantined", "erased"})
"""States in which a record's NIK is no question any more."""


def _take_nik(found: Surroundings, row: Any) -> None:
    if row.t2 not in NO_PERSON:
        found.same_nik[row.t0].add(row.t1)


_TAKE: Final = {
    "subject": _take_subject,
    "quarantined": _take_quarantined,
    "holder": lambda found, row: found.holders[row.t0].add(row.t1),
    "erased": lambda found, row: found.erased.add(row.t0),
    "base": _take_base,
    "nik": _take_nik,
    "number": lambda found, row: found.same_number[row.t0].add(row.t1),
    "chain": _take_chain,
    "form_policy": lambda found, row: setattr(found, "form_policy", policy_in(row.t0.encode())),
    "removed": lambda found, row: found.removed.add(row.t0),
    "budget": lambda found, _: setattr(found, "has_budget", True),
    "head": _take_head,
}
