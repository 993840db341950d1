"""The sample of a visit that somebody looks at before one signature approves the clean records.

Five in a hundred, at least two, drawn by chance once and kept. Records that arrive later, or that
were corrected since, are drawn anew; a verdict is about the content that was looked at.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import SystemRandom
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from sync.server.bulk import Write, write_all
from sync.server.case_tables import MINUTES_ROWS, REVIEW_ROWS, SAMPLE_ROWS
from sync.server.office import Office
from sync.server.people.audit import audit
from sync.server.resolving.errors import (
    DecidedBefore,
    MinutesMissing,
    NothingClean,
    RecordByRecord,
    SampleNotSeen,
)
from sync.server.resolving.officer import Officer
from sync.server.resolving.telling import cases_of
from sync.server.resolving.visitless import is_of, village_of
from sync.server.tables import IS_WAITING, SUBJECT_ROWS

LEAST: Final = 2
ONE_IN: Final = 20  # 5 %
FITS: Final = "fits"
DIFFERS: Final = "differs"
BY_SAMPLE: Final = "sample"
BY_RECORD: Final = "records"
CLEAN: Final = ("", "note")
_SAMPLES: Final = Write(
    SAMPLE_ROWS,
    ("visit", "subject", "n", "content", "verdict", "account", "at"),
    updates=("content", "verdict", "account", "at"),
)
_CHANCE: Final = SystemRandom()


@dataclass(frozen=True, slots=True)
class Sampled:
    """One record of the sample, with what was said of it ("" for nothing yet)."""

    record: Any
    verdict: str


@dataclass(frozen=True, slots=True)
class Review:
    """How far a visit is: its clean and its noted records, the sample, and what is missing."""

    visit: str
    clean: tuple[Any, ...]
    noted: tuple[Any, ...]
    sample: tuple[Sampled, ...]
    is_by_record: bool
    minutes: Any

    @property
    def has_visit(self) -> bool:
        """Whether there was a visit at all; without one there are no minutes to ask for."""
        return not village_of(self.visit)

    @property
    def unseen(self) -> int:
        return sum(one.verdict != FITS for one in self.sample)

    def require_signable(self) -> None:
        """Raise what stands against a signature.

        Raises:
            RecordByRecord, NothingClean, SampleNotSeen, MinutesMissing
        """
        if self.is_by_record:
            raise RecordByRecord
        if not self.clean:
            raise NothingClean
        if self.unseen:
            raise SampleNotSeen(n=self.unseen)
        if self.minutes is None and self.has_visit:
            raise MinutesMissing


def sample_size(clean: int) -> int:
    """Return how many of so many clean records are looked at."""
    return min(clean, max(LEAST, -(-clean // ONE_IN)))


def review(connection: Connection, visit: str) -> Review:
    """Return how far a visit is; the sample as it was drawn last."""
    clean, noted = _people(connection, visit)
    by_name = {row.id: row for row in clean}
    drawn = SAMPLE_ROWS.c
    query = select(SAMPLE_ROWS).where(drawn.visit == visit).order_by(drawn.n)
    sample = [
        _sampled(row, by_name[row.subject])
        for row in connection.execute(query)
        if row.subject in by_name
    ]
    table = MINUTES_ROWS.c
    minutes = connection.execute(
        select(table.sha256, table.media_type, table.signed_on, table.account, table.at).where(
            table.visit == visit
        )
    ).one_or_none()
    by_record = _is_by_record(connection, visit, (*clean, *noted))
    return Review(visit, clean, noted, tuple(sample), by_record, minutes)


def drawn_review(office: Office, visit: str) -> Review:
    """Return how far a visit is, after drawing what its sample lacks."""
    with office.database.reading() as connection:
        found = review(connection, visit)
    if found.is_by_record or len(found.sample) >= sample_size(len(found.clean)):
        return found
    with office.database.writing() as connection:
        connection.execute(  # two who open the page at once draw one sample
            select(SUBJECT_ROWS.c.id)
            .where(SUBJECT_ROWS.c.id == found.clean[0].id)
            .with_for_update()
        )
        found = review(connection, visit)
        _draw(office, connection, found)
        return review(connection, visit)


def look(
    office: Office, officer: Officer, visit: str, subject: str, *, content: str, fits: bool
) -> None:
    """Write down whether a record of the sample is as the person, the KTP and the sheet say.

    One that does not fit ends the signature for the whole visit: each record is looked at then.

    Raises:
        DecidedBefore: it is not in the sample any more, or says something else than was shown.
    """
    with office.database.writing() as connection:
        found = review(connection, visit)
        one = next((one.record for one in found.sample if one.record.id == subject), None)
        if one is None or one.content != content:
            raise DecidedBefore
        verdict = FITS if fits else DIFFERS
        change = update(SAMPLE_ROWS).where(
            SAMPLE_ROWS.c.visit == visit, SAMPLE_ROWS.c.subject == subject
        )
        connection.execute(change.values(
            content=content, verdict=verdict, account=officer.account, at=office.now()
        ))  # fmt: skip
        audit(office, connection, officer.account, f"sample_{verdict}", subject)
        if not fits and not found.is_by_record:
            values = {"visit": visit, "mode": BY_RECORD}
            values |= {"account": officer.account, "at": office.now()}
            connection.execute(delete(REVIEW_ROWS).where(REVIEW_ROWS.c.visit == visit))
            connection.execute(insert(REVIEW_ROWS).values(values))
            audit(office, connection, officer.account, "visit_by_record", visit)


def in_open_cases(connection: Connection, subjects: Collection[str]) -> dict[str, Any]:
    """Return the oldest open case of each of these records that has one."""
    found: dict[str, Any] = {}
    for row in cases_of(connection, subjects):
        for name in (row.one, row.other):
            if name in subjects:
                found.setdefault(name, row)
    return found


def _is_by_record(connection: Connection, visit: str, rows: Collection[Any]) -> bool:
    """Return whether each record is looked at, since one of a sample did not fit.

    A village's group without a visit never ends: there it holds for what had come by then.
    """
    table = REVIEW_ROWS.c
    query = select(table.at).where(table.visit == visit, table.mode == BY_RECORD)
    since = connection.execute(query).scalar()
    if since is None or not village_of(visit):
        return since is not None
    return any(row.received_at <= since for row in rows)


def _people(connection: Connection, visit: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return who waits for the office: clean records, and those with something to look at."""
    table = SUBJECT_ROWS.c
    query = select(SUBJECT_ROWS).where(is_of(visit), IS_WAITING)
    rows = connection.execute(query.order_by(table.number, table.id)).all()
    cases = in_open_cases(connection, {row.id for row in rows})
    clean = [row for row in rows if _is_clean(row) and row.id not in cases]
    names = {row.id for row in clean}
    return tuple(clean), tuple(row for row in rows if row.id not in names)


def _sampled(row: Any, record: Any) -> Sampled:
    return Sampled(record, row.verdict if row.content == record.content else "")


def _is_clean(row: Any) -> bool:
    return row.state == "registered" and row.severity in CLEAN


def _draw(office: Office, connection: Connection, found: Review) -> None:
    """Draw what is missing, of those who are not in the sample yet."""
    has = {one.record.id for one in found.sample}
    left = [row for row in found.clean if row.id not in has]
    missing = sample_size(len(found.clean)) - len(has)
    drawn = _CHANCE.sample(left, max(0, min(missing, len(left))))
    write_all(connection, [(_SAMPLES, list(_rows(office, found, drawn)))])


def _rows(office: Office, found: Review, drawn: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    for n, row in enumerate(drawn, start=len(found.sample)):
        yield (found.visit, row.id, n, row.content, "", "", office.now())
