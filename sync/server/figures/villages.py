"""Villages with their seats, their list, the next visit and their papers: counts, and no names."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true

from enumerator_app.domain.places import Village
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.worklist import REGISTERED
from sync.server.bulk import bound, one_of
from sync.server.case_tables import MINUTES_ROWS
from sync.server.field_tables import LISTED_ANSWER_ROWS, LISTED_PERSON_ROWS, QUOTA_ROWS
from sync.server.figures.counting import NOT_COUNTED, between, people_by, within
from sync.server.office import Office
from sync.server.plans.keeping import PlannedVisit, visits_to_come
from sync.server.tables import ENTRY_ROWS, IS_PRINTED, SUBJECT_ROWS
from sync.server.tally_tables import VILLAGE_TALLY_ROWS
from sync.server.worklist.standing import NOT_THERE

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Seats:
    """Places in the budget of one village, or of many together."""

    seats: int = 0
    taken: int = 0
    waiting: int = 0

    @property
    def left(self) -> int:
        return self.seats - self.taken


@dataclass(frozen=True, slots=True)
class VillageStanding:
    """One village. `answered` of the `listed` are registered, or somebody said why not."""

    village: Village
    seats: Seats | None
    listed: int
    answered: int
    visit: PlannedVisit | None

    @property
    def open(self) -> int:
        return self.listed - self.answered


@dataclass(frozen=True, slots=True)
class Standings:
    """Some villages, and the sums of all that were asked for."""

    rows: list[VillageStanding]
    villages: int
    seats: Seats
    seat_villages: int
    listed: int
    listed_villages: int


def village_standings(
    office: Office,
    districts: Collection[str] | None = None,
    district: str = "",
    *,
    first: int = 0,
    most: int | None = None,
) -> Standings:
    """Return `most` villages from the `first` one on, those with people who wait before others."""
    villages = [
        one
        for one in load_places().villages
        if (districts is None or one.district_code in districts)
        and (not district or one.district_code == district)
    ]
    with office.database.reading() as connection:
        seats = _seats(connection, districts, district)
        listed = _listed(connection, districts, district)
        visits = _next_visits(office, connection, districts)
        villages.sort(key=lambda one: (-(seats.get(one.code, Seats()).waiting), one.code))
        shown = villages[first : first + most] if most is not None else villages
        answered = _answered(connection, [one.code for one in shown if listed[one.code]])
    rows = [
        VillageStanding(
            one, seats.get(one.code), listed[one.code], answered[one.code], visits.get(one.code)
        )
        for one in shown
    ]
    return Standings(
        rows, len(villages), _sum(seats.values()), len(seats), listed.total(), len(listed)
    )


def _sum(some: Collection[Seats]) -> Seats:
    return Seats(
        *(sum(getattr(one, name) for one in some) for name in ("seats", "taken", "waiting"))
    )


def _area(column: Any, districts: Collection[str] | None, district: str) -> Any:
    return and_(within(column, districts), between(column, district) if district else true())


def _seats(
    connection: Connection, districts: Collection[str] | None, district: str
) -> dict[str, Seats]:
    table = QUOTA_ROWS.c
    query = select(table.village_code, table.seats, table.confirmed, table.waiting)
    rows = connection.execute(query.where(_area(table.village_code, districts, district)))
    return {row[0]: Seats(*map(int, row[1:])) for row in rows}


def _listed(
    connection: Connection, districts: Collection[str] | None, district: str
) -> Counter[str]:
    table = LISTED_PERSON_ROWS.c
    query = (
        select(table.village_code, func.count())
        .where(table.is_listed == 1, _area(table.village_code, districts, district))
        .group_by(table.village_code)
    )
    return Counter({row[0]: int(row[1]) for row in connection.execute(query)})


def _answered(connection: Connection, villages: Sequence[str]) -> Counter[str]:
    """Count who is registered by code or NIK, or of whom a laptop said something."""
    dialect = connection.dialect.name
    person, answer, subject = LISTED_PERSON_ROWS.c, LISTED_ANSWER_ROWS.c, SUBJECT_ROWS.c
    is_there = _some(subject.id, subject.id == answer.subject, subject.state.not_in(NOT_THERE))
    is_said = or_(answer.answer != REGISTERED, is_there)
    said = _some(answer.code, answer.code == person.code, is_said)
    by_nik = _some(subject.id, subject.nik == person.nik, subject.state.not_in(NOT_THERE))
    query = (
        select(person.village_code, func.count())
        .where(
            person.is_listed == 1,
            one_of(person.village_code, dialect, "villages"),
            or_(said, and_(person.nik != "", by_nik)),
        )
        .group_by(person.village_code)
    )
    rows = connection.execute(query, {"villages": bound(dialect, sorted(villages))})
    return Counter({row[0]: int(row[1]) for row in rows})


def _some(column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that there is such a row, looked up in an index for each row outside.

    Of an EXISTS PostgreSQL makes a join at will, and goes through everybody for one page.
    """
    return select(column).where(*conditions).limit(1).scalar_subquery().is_not(None)


def _next_visits(
    office: Office, connection: Connection, districts: Collection[str] | None
) -> dict[str, PlannedVisit]:
    found: dict[str, PlannedVisit] = {}
    for visit in visits_to_come(office, connection, districts):
        found.setdefault(visit.village_code, visit)
    return found


@dataclass(frozen=True, slots=True)
class VillagePapers:
    """What is on paper in a village: slips printed, visits, and visits whose minutes are signed."""

    village: Village
    people: int
    printed: int
    accepted: int
    visits: int
    signed: int

    @property
    def unsigned(self) -> int:
        return self.visits - self.signed


@dataclass(frozen=True, slots=True)
class Papers:
    """Some villages, how many there are, and the unsigned visits of all of them."""

    rows: list[VillagePapers]
    villages: int
    unsigned: int


def village_papers(
    office: Office,
    districts: Collection[str] | None = None,
    district: str = "",
    *,
    first: int = 0,
    most: int | None = None,
) -> Papers:
    """Return villages where somebody is registered, those with most unsigned visits first."""
    with office.database.reading() as connection:
        visits = _visits(connection, districts, district)
        signed = set(connection.execute(select(MINUTES_ROWS.c.visit)).scalars())
        states = _states(connection, districts, district)
        unsigned = {code: len(some - signed) for code, some in visits.items()}
        codes = sorted(states, key=lambda code: (-unsigned.get(code, 0), code))
        shown = codes[first : first + most] if most is not None else codes
        printed = _printed(connection, shown)
    places = load_places()
    rows = [
        VillagePapers(
            village, states[code].total(), printed[code], states[code]["enrolled"],
            len(visits.get(code, ())), len(visits.get(code, set()) & signed),
        )
        for code in shown
        if (village := places.village(code)) is not None
    ]  # fmt: skip
    return Papers(rows, len(codes), sum(unsigned.values()))


def _states(
    connection: Connection, districts: Collection[str] | None, district: str
) -> dict[str, Counter[str]]:
    table = VILLAGE_TALLY_ROWS.c
    area = _area(table.village_code, districts, district)
    found: dict[str, Counter[str]] = {}
    for village, state, n in people_by(connection, table.village_code, table.state, where=area):
        if state not in NOT_COUNTED and load_places().village(village) is not None:
            found.setdefault(village, Counter())[state] += n
    return found


def _printed(connection: Connection, villages: Sequence[str]) -> Counter[str]:
    """Count people of whom at least one paper is known to be printed.

    The condition is written out: a small index has those entries, and a bound word would miss it.
    """
    dialect, subject, entry = connection.dialect.name, SUBJECT_ROWS.c, ENTRY_ROWS.c
    is_printed = exists().where(entry.subject == subject.id, IS_PRINTED)
    query = (
        select(subject.village_code, func.count())
        .where(
            one_of(subject.village_code, dialect, "villages"),
            subject.state.not_in(sorted(NOT_COUNTED)),
            is_printed,
        )
        .group_by(subject.village_code)
    )
    rows = connection.execute(query, {"villages": bound(dialect, sorted(villages))})
    return Counter({row[0]: int(row[1]) for row in rows})


def _visits(
    connection: Connection, districts: Collection[str] | None, district: str
) -> dict[str, set[str]]:
    """Return the visits of each village in which somebody was registered."""
    table = SUBJECT_ROWS.c
    by = (table.visit_id, table.village_code, table.state)
    query = select(*by).where(
        table.visit_id.is_not(None), _area(table.village_code, districts, district)
    )
    found: dict[str, set[str]] = {}
    for visit, village, state in connection.execute(query.group_by(*by)):
        if state not in NOT_COUNTED:
            found.setdefault(village, set()).add(visit)
    return found
