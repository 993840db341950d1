"""Who has a place. Called inside the transaction that changes a record, so that nobody is ever
confirmed beyond the budget: the village's row is locked first, and counts stand in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, func, or_, select

from sync.server.bulk import Row, Write, bound, one_of, write_all
from sync.server.field_tables import QUOTA_ROWS, SEAT_ROWS
from sync.server.tables import SUBJECT_ROWS

SeatState = Literal["confirmed", "waiting", "returned"]

SEATED: Final = frozenset({"registered", "returned", "verified", "submitted", "enrolled"})
"""States of a record that has, or waits for, a place; a NIK is needed besides."""

SPENT: Final = frozenset({"submitted", "enrolled"})
"""Those of them that left for the insurer."""

SEATS: Final = Write(
    SEAT_ROWS,
    ("subject", "village_code", "device", "state", "n", "at"),
    updates=("village_code", "state", "n", "at"),
)
COUNTS: Final = Write(
    QUOTA_ROWS,
    (
        "village_code", "seats", "confirmed", "waiting", "programmes", "starts_on", "ends_on",
        "months", "monthly", "table_version", "imported_at",
    ),
    updates=("confirmed", "waiting"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """What a record asks for now: a place in its village, or none any more.

    `is_spent`: it left for the insurer, and its place cannot be another's.
    """

    subject: str
    village_code: str
    device: str
    wants: bool
    is_spent: bool = False


@dataclass(slots=True)
class _Place:
    subject: str
    village_code: str
    device: str
    state: SeatState
    n: int
    at: str


@dataclass(slots=True)
class _Settlement:
    """One transaction's changes to places of some villages, whose rows are locked."""

    connection: Connection
    quotas: dict[str, dict[str, Any]]
    places: dict[str, _Place]
    last: dict[str, int]
    now: str
    changed: dict[str, _Place] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def take(self, claim: Claim) -> None:
        place = self.places.get(claim.subject)
        village = claim.village_code if claim.wants else None
        if place is not None and place.state != "returned" and place.village_code != village:
            self._give_back(place)
        if village in self.quotas and (place is None or place.state == "returned"):
            self._queue(claim)

    def promote(self) -> None:
        """Give what is free to those who wait, in the order in which they came."""
        free = {
            code: row["seats"] - row["confirmed"]
            for code, row in self.quotas.items()
            if row["waiting"] and row["seats"] > row["confirmed"]
        }
        if not free:
            return
        for place in self._waiting(free):
            if free[place.village_code]:
                free[place.village_code] -= 1
                self._move(place, "confirmed")

    def make_room(self, claims: Iterable[Claim]) -> None:
        """Give a place to who left for the insurer, of the last who did not.

        After a restore others may have come first: the budget is spent on those who left.
        """
        for claim in claims:
            place = self.places.get(claim.subject)
            if not claim.is_spent or place is None or place.state != "waiting":
                continue
            last = self._last_unspent(place.village_code)
            if last is not None:
                self._move(last, "waiting")
                self._move(place, "confirmed")

    def _last_unspent(self, village: str) -> _Place | None:
        table, subject = SEAT_ROWS.c, SUBJECT_ROWS.c
        query = (
            select(SEAT_ROWS)
            .join_from(SEAT_ROWS, SUBJECT_ROWS, subject.id == table.subject)
            .where(
                table.village_code == village, table.state == "confirmed",
                subject.state.not_in(sorted(SPENT)),
            )
        )  # fmt: skip
        rows = self.connection.execute(query)
        found = [self.places.get(row.subject) or _place(row) for row in rows]
        here = [one for one in found if one.state == "confirmed" and one.village_code == village]
        last = max(here, key=lambda place: place.n, default=None)
        if last is not None:
            self.places[last.subject] = last
        return last

    def writes(self) -> list[tuple[Write, Sequence[Row]]]:
        rows = [
            (p.subject, p.village_code, p.device, p.state, p.n, p.at) for p in self.changed.values()
        ]
        villages = {place.village_code for place in self.changed.values()} | self.left
        counts = [
            tuple(row[name] for name in COUNTS.columns)
            for code, row in sorted(self.quotas.items())
            if code in villages
        ]
        return [(SEATS, rows), (COUNTS, counts)]

    def _give_back(self, place: _Place) -> None:
        self._count(place, -1)
        self.left.add(place.village_code)
        place.state, place.at = "returned", self.now
        self.changed[place.subject] = place

    def _queue(self, claim: Claim) -> None:
        village = claim.village_code
        self.last[village] = self.last.get(village, 0) + 1
        place = _Place(
            claim.subject, village, claim.device, "waiting", self.last[village], self.now
        )
        self.places[claim.subject] = self.changed[claim.subject] = place
        self._count(place, 1)

    def _move(self, place: _Place, state: SeatState) -> None:
        self._count(place, -1)
        place.state, place.at = state, self.now
        self._count(place, 1)
        self.changed[place.subject] = place

    def _count(self, place: _Place, step: int) -> None:
        quota = self.quotas.get(place.village_code)
        if quota is not None and place.state in quota:
            quota[place.state] += step

    def _waiting(self, free: dict[str, int]) -> list[_Place]:
        """Return who waits in these villages: what the table says, with what changed since."""
        table, dialect = SEAT_ROWS.c, self.connection.dialect.name
        query = select(SEAT_ROWS).where(
            table.state == "waiting", one_of(table.village_code, dialect, "villages")
        )
        rows = self.connection.execute(query, {"villages": bound(dialect, sorted(free))})
        known = {row.subject: self.places.get(row.subject) or _place(row) for row in rows}
        known |= self.changed
        here = [p for p in known.values() if p.state == "waiting" and p.village_code in free]
        return sorted(here, key=lambda place: (place.village_code, place.n))


def settle(connection: Connection, claims: Iterable[Claim], now: str) -> None:
    """Give places to those who ask, take back those that are not needed, and pass them on.

    The caller holds the locks of the records themselves.
    """
    asked = {claim.subject: claim for claim in claims}
    if not asked:
        return
    villages = {claim.village_code for claim in asked.values() if claim.wants}
    quotas = _locked(connection, villages, asked)
    if not quotas:
        return
    settlement = _Settlement(connection, quotas, *_places(connection, quotas, asked), now)
    for claim in asked.values():
        settlement.take(claim)
    settlement.promote()
    settlement.make_room(asked.values())
    write_all(connection, settlement.writes())


def settle_subjects(connection: Connection, subjects: Iterable[str], now: str) -> None:
    """Settle records as they stand in the table, in the order in which they came."""
    table, dialect = SUBJECT_ROWS.c, connection.dialect.name
    query = (
        select(table.id, table.village_code, table.device, table.state, table.nik)
        .where(one_of(table.id, dialect, "subjects"))
        .order_by(table.received_at, table.id)
    )
    rows = connection.execute(query, {"subjects": bound(dialect, sorted(subjects))})
    settle(connection, [claim_of(row) for row in rows], now)


def waiting_for_a_place() -> Select[Any]:
    """Return the query of the records that the budget of their village does not reach yet."""
    return select(SEAT_ROWS.c.subject).where(SEAT_ROWS.c.state == "waiting")


def claim_of(record: Any) -> Claim:
    """Return what a record in this state asks for."""
    wants = record.state in SEATED and bool(record.nik)
    is_spent = record.state in SPENT
    return Claim(record.id, record.village_code, record.device, wants, is_spent)


def _locked(
    connection: Connection, villages: Iterable[str], subjects: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return the rows of the villages that are asked for or given up, locked in their order."""
    dialect, table = connection.dialect.name, QUOTA_ROWS.c
    held = select(SEAT_ROWS.c.village_code).where(
        one_of(SEAT_ROWS.c.subject, dialect, "subjects"), SEAT_ROWS.c.state != "returned"
    )
    is_meant = or_(one_of(table.village_code, dialect, "villages"), table.village_code.in_(held))
    query = select(QUOTA_ROWS).where(is_meant).order_by(table.village_code).with_for_update()
    values = {
        "villages": bound(dialect, sorted(villages)),
        "subjects": bound(dialect, sorted(subjects)),
    }
    rows = connection.execute(query, values)
    return {row.village_code: dict(row._mapping) for row in rows}  # noqa: SLF001 - public in SQLAlchemy


def _places(
    connection: Connection, quotas: dict[str, dict[str, Any]], subjects: Iterable[str]
) -> tuple[dict[str, _Place], dict[str, int]]:
    """Return the places of these records, and the last number given in each village."""
    dialect, table = connection.dialect.name, SEAT_ROWS.c
    query = select(SEAT_ROWS).where(one_of(table.subject, dialect, "subjects"))
    rows = connection.execute(query, {"subjects": bound(dialect, sorted(subjects))})
    places = {row.subject: _place(row) for row in rows}
    newest = (
        select(table.village_code, func.max(table.n))
        .where(one_of(table.village_code, dialect, "villages"))
        .group_by(table.village_code)
    )
    found = connection.execute(newest, {"villages": bound(dialect, sorted(quotas))})
    last: dict[str, int] = defaultdict(int, {row[0]: row[1] for row in found})
    return places, last


def _place(row: Any) -> _Place:
    return _Place(row.subject, row.village_code, row.device, row.state, row.n, row.at)
