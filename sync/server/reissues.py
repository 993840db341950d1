"""Papers that were given again: which issue of a number is the newest that the office knows of.

Slips count by what laptops journalled as printed, cards by the seals that the office made. A slip
that was printed again on a laptop which did not send since then is not known here.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    func,
    literal,
    literal_column,
    select,
)

from enumerator_app.cards.claims import PaperKind
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.server.bulk import bound, one_of
from sync.server.tables import ENTRY_ROWS, REVISION_ROWS, SUBJECT_ROWS

PRINTED: Final = "card_printed"
_SLIP: Final = b'"card":"provisional"'
_FIRST_SLIP: Final = _SLIP + b',"issue":1,'  # as the canonical form writes it
_SEALED: Final = '%"card":"TP1:%'
_DECISIONS_OF_TWO_CARDS: Final = 4  # verified, submitted, enrolled, and enrolled once more


NewestIssues = Mapping[str, Mapping[PaperKind, int]]


def newest_issues(connection: Connection) -> NewestIssues:
    """Return number -> kind -> newest issue, for papers that were issued more than once."""
    found: dict[str, dict[PaperKind, int]] = {}
    for number, issue in _slips(connection):
        kinds = found.setdefault(number, {})
        kinds["provisional"] = max(issue, kinds.get("provisional", 0))
    for number, issue in _cards(connection):
        found.setdefault(number, {})["active"] = issue
    return found


def cards_sealed(connection: Connection, subjects: Iterable[str]) -> dict[str, int]:
    """Return how many cards the office has sealed for each of these people, if any."""
    dialect, table = connection.dialect.name, REVISION_ROWS.c
    query = (
        select(table.subject, func.count())
        .where(one_of(table.subject, dialect, "subjects"), table.bytes.like(_SEALED))
        .group_by(table.subject)
    )
    rows = connection.execute(query, {"subjects": bound(dialect, sorted(subjects))})
    return {str(subject): int(count) for subject, count in rows}


def _slips(connection: Connection) -> Iterable[tuple[str, int]]:
    entry, dialect = ENTRY_ROWS.c, connection.dialect.name
    query = (
        select(SUBJECT_ROWS.c.number, entry.body)
        .join_from(ENTRY_ROWS, SUBJECT_ROWS, SUBJECT_ROWS.c.id == entry.subject)
        .where(
            entry.kind == literal_column(f"'{PRINTED}'"),  # as the partial index says it
            entry.outcome == "accepted",
            entry.device == SUBJECT_ROWS.c.device,  # nobody else's slip of this number is good
            ~_holds(entry.body, _FIRST_SLIP, dialect),  # nearly all are: only the rest is read
            _holds(entry.body, _SLIP, dialect),
            SUBJECT_ROWS.c.number.is_not(None),
        )
    )
    for number, body in connection.execute(query):
        issue = slip_issue(body)
        if issue > 1:
            yield number, issue


def _holds(column: ColumnElement[Any], part: bytes, dialect: str) -> ColumnElement[bool]:
    """Return the condition that bytes hold a part, in the words of each database."""
    wanted = literal(part, LargeBinary)
    if dialect == "postgresql":
        return func.position(wanted.op("IN")(column)) > 0
    return func.instr(column, wanted) > 0


def slip_issue(body: bytes | None) -> int:
    """Return which print of a slip a body speaks of; 0 if it is about none."""
    try:
        said: Any = from_canonical(bytes(body or b"{}"))
    except NotCanonical:
        return 0
    issue = said.get("issue") if isinstance(said, dict) else None
    is_slip = isinstance(said, dict) and said.get("card") == "provisional"
    return issue if is_slip and type(issue) is int else 0


def _cards(connection: Connection) -> Iterable[tuple[str, int]]:
    table = REVISION_ROWS.c
    often = (
        select(table.subject)
        .group_by(table.subject)
        .having(func.count() >= _DECISIONS_OF_TWO_CARDS)
        .subquery()
    )
    query = (
        select(SUBJECT_ROWS.c.number, func.count())
        .join_from(SUBJECT_ROWS, REVISION_ROWS, table.subject == SUBJECT_ROWS.c.id)
        .join(often, often.c.subject == table.subject)
        .where(table.bytes.like(_SEALED), SUBJECT_ROWS.c.number.is_not(None))
        .group_by(SUBJECT_ROWS.c.number)
        .having(func.count() > 1)
    )
    return [(str(number), int(count)) for number, count in connection.execute(query)]
