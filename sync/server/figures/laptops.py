"""Laptops as the office sees them: what has arrived of each, what is missing, how fast it goes.

All numbers are counted by the database; a list of missing serials is made for one laptop only.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median_low
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    cast,
    func,
    literal,
    select,
    true,
)

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server.device_keys import count_waiting
from sync.server.figures.counting import NOT_COUNTED, people_by, within
from sync.server.office import Office
from sync.server.replacing import replacements
from sync.server.tables import (
    CASE_ROWS,
    DEVICE_ROWS,
    HELD_ROWS,
    PHOTO_ROWS,
    SUBJECT_ROWS,
)
from sync.server.tally_tables import VILLAGE_TALLY_ROWS

QUIET_DAYS: Final = 3
"""After so many days without a word somebody calls."""
PACE_DAYS: Final = 30
LONGEST_S: Final = 20 * 60
"""A longer time between two people is a pause, not a person."""
LEAST_PEOPLE: Final = 20
_STEP_S: Final = 5
KEPT_FOR: Final = timedelta(minutes=10)
_COPIED: Final = ("copied_device", "rollback")


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop. `missing`: serials below its last one that are not here; `replaces` and
    `replaced_by`: device codes.
    """

    id: str
    code: str
    label: str
    operator: str
    state: str
    enrolled_at: datetime
    last_seen: datetime | None
    people: int
    last_number: int
    missing: int
    held: int
    photos: int
    copies: int
    keys_waiting: int
    quiet_days: int
    districts: tuple[str, ...]
    replaces: str = ""
    replaced_by: str = ""

    @property
    def worry(self) -> tuple[int, ...]:
        """Return what to sort by: the one that needs somebody first comes first."""
        is_active = self.state == "active"
        return (
            int(is_active and self.copies > 0),
            self.quiet_days if is_active and self.quiet_days >= QUIET_DAYS else 0,
            self.missing if is_active else 0,
            self.keys_waiting if is_active else 0,
            int(is_active),
            self.quiet_days,
        )

    @property
    def needs_somebody(self) -> bool:
        return any(self.worry[:4])


@dataclass(frozen=True, slots=True)
class Speed:
    """How one enumerator's laptop goes: people, the middle time between two, share sent back."""

    operator: str
    code: str
    people: int
    seconds: int | None
    returned: int


@dataclass(frozen=True, slots=True)
class Speeds:
    """All of them, slowest last, and the middle of everybody; `at`: when this was reckoned."""

    at: datetime
    each: tuple[Speed, ...]
    seconds: int | None
    people: int
    returned: int


def laptops(office: Office, districts: Collection[str] | None = None) -> list[Laptop]:
    """Return the laptops that worked in these kecamatan (None: all), the worst first."""
    found = _laptops(office, districts, true())
    _LOOKED[office.home.path, None if districts is None else frozenset(districts)] = (
        office.clock(), sum(one.needs_somebody for one in found)
    )  # fmt: skip
    return found


def find_laptop(
    office: Office, code: str, districts: Collection[str] | None = None
) -> Laptop | None:
    """Return the laptop with this code, if it worked in these kecamatan."""
    return next(iter(_laptops(office, districts, DEVICE_ROWS.c.code == code)), None)


def is_laptop(office: Office, code: str, districts: Collection[str] | None = None) -> bool:
    """Return whether `find_laptop` finds one; only where it worked is looked up."""
    table = VILLAGE_TALLY_ROWS.c
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.code == code)
        device = connection.execute(query).scalar()
        if device is None or districts is None:
            return device is not None
        is_here = table.state.not_in(sorted(NOT_COUNTED)) & (table.device == device)
        villages = people_by(connection, table.village_code, where=is_here)
    here = {village[:6] for village, _ in villages}
    return not here or bool(here & set(districts))


def _laptops(
    office: Office, districts: Collection[str] | None, wanted: ColumnElement[bool]
) -> list[Laptop]:
    now = office.clock()
    with office.database.reading() as connection:
        people, places = _people(connection)
        serials = _serials(connection, office.public.regency, wanted)
        copies = dict(_counted(connection, CASE_ROWS.c.device, CASE_ROWS.c.kind.in_(_COPIED),
                               CASE_ROWS.c.closed_at.is_(None)))  # fmt: skip
        held = dict(_counted(connection, HELD_ROWS.c.device))
        photos = dict(_counted(connection, PHOTO_ROWS.c.device, PHOTO_ROWS.c.is_complete == 0))
        keys = count_waiting(connection)
        later = replacements(connection)
        rows = connection.execute(select(DEVICE_ROWS).where(wanted)).all()
    earlier = {new: old for old, new in later.items()}
    found = []
    for row in rows:
        here = places.get(row.id, ())
        if districts is not None and here and not set(districts) & set(here):
            continue
        last, distinct = serials.get(row.code, (0, 0))
        seen = instant_from_text(row.last_seen) if row.last_seen else None
        enrolled = instant_from_text(row.enrolled_at)
        found.append(
            Laptop(
                id=row.id, code=row.code, label=row.label, operator=row.operator, state=row.state,
                enrolled_at=enrolled, last_seen=seen, people=people.get(row.id, 0),
                last_number=last, missing=max(last - distinct, 0), held=held.get(row.id, 0),
                photos=photos.get(row.id, 0), copies=copies.get(row.id, 0),
                keys_waiting=keys.get(row.id, 0),
                quiet_days=max((now - (seen or enrolled)) // timedelta(days=1), 0), districts=here,
                replaces=earlier.get(row.code, ""), replaced_by=later.get(row.code, ""),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (*(-n for n in one.worry), one.code))


_LOOKED: Final[dict[tuple[Path, frozenset[str] | None], tuple[datetime, int]]] = {}
_LOOK_AGAIN: Final = timedelta(seconds=30)


def to_look_at(office: Office, districts: Collection[str] | None = None) -> int:
    """Return how many laptops need somebody, as of half a minute ago at most."""
    key = (office.home.path, None if districts is None else frozenset(districts))
    at, n = _LOOKED.get(key, (None, 0))
    now = office.clock()
    if at is None or not now - _LOOK_AGAIN < at <= now:
        return sum(one.needs_somebody for one in laptops(office, districts))
    return n


def _people(connection: Connection) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Return how many people each laptop registered, and in which kecamatan, most first."""
    table = VILLAGE_TALLY_ROWS.c
    is_counted = table.state.not_in(sorted(NOT_COUNTED))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    by = (table.device, table.village_code)
    for device, village, n in people_by(connection, *by, where=is_counted):
        counts[device][village[:6]] += n
    places = {name: tuple(code for code, _ in one.most_common()) for name, one in counts.items()}
    return {name: one.total() for name, one in counts.items()}, places


def _serials(
    connection: Connection, regency: str, wanted: ColumnElement[bool]
) -> dict[str, tuple[int, int]]:
    """Return the last serial of each device code, and how many different ones are here."""
    number, code = SUBJECT_ROWS.c.number, DEVICE_ROWS.c.code
    start = literal(f"{regency}-") + code + "-"
    is_own = and_(number >= start, number < start + "~")
    last = select(func.max(number)).where(is_own).scalar_subquery()
    # In the order of the index: a number that two records have counts once.
    each = select(number).where(is_own).group_by(number).correlate(DEVICE_ROWS).subquery()
    here = select(func.count()).select_from(each).scalar_subquery()
    rows = connection.execute(select(code, last, here).where(wanted))
    return {row[0]: (_serial(row[1]), int(row[2])) for row in rows}


def _serial(number: str | None) -> int:
    return int(number.split("-")[2]) if number else 0


def missing_serials(office: Office, code: str, most: int) -> list[int]:
    """Return the first `most` serials below the last one of a device code that are not here."""
    number = SUBJECT_ROWS.c.number
    start = f"{office.public.regency}-{code}-"
    query = select(func.substr(number, 10, 5)).where(number >= start, number < f"{start}~")
    with office.database.reading() as connection:
        here = {int(one) for one in connection.execute(query).scalars()}
    return [n for n in range(1, max(here, default=0)) if n not in here][:most]


def _counted(connection: Connection, column: Any, *conditions: Any) -> list[tuple[str, int]]:
    query = select(column, func.count()).where(*conditions).group_by(column)
    return [(row[0], int(row[1])) for row in connection.execute(query)]


_KEPT: Final[dict[tuple[Path, frozenset[str] | None], Speeds]] = {}


def speeds(office: Office, districts: Collection[str] | None = None) -> Speeds:
    """Return the pace of the last 30 days; what was reckoned lately is not reckoned again."""
    scope = None if districts is None else frozenset(districts)
    kept = _KEPT.get((office.home.path, scope))
    now = office.clock()
    if kept is None or not now - KEPT_FOR < kept.at <= now:
        kept = _KEPT[office.home.path, scope] = _speeds(office, now, scope)
    return kept


def _speeds(office: Office, now: datetime, districts: frozenset[str] | None) -> Speeds:
    """Reckon the pace from the times between two people of one laptop."""
    since = instant_to_text(now - timedelta(days=PACE_DAYS))
    table = SUBJECT_ROWS.c
    with office.database.reading() as connection:
        gaps = _gaps(connection, since, districts)
        query = (
            select(table.device, table.state, func.count())
            .where(
                table.registered_at >= since,
                table.state.not_in(sorted(NOT_COUNTED)),
                within(table.village_code, districts),
            )
            .group_by(table.device, table.state)
        )
        states: dict[str, Counter[str]] = defaultdict(Counter)
        for device, state, n in connection.execute(query):
            states[device][state] += int(n)
        named = {row.id: row for row in connection.execute(select(DEVICE_ROWS)).all()}
    each = [
        Speed(
            named[device].operator if device in named else "",
            named[device].code if device in named else "",
            counts.total(),
            _middle(gaps.get(device, Counter())),
            counts["returned"],
        )
        for device, counts in states.items()
        if counts.total() >= LEAST_PEOPLE
    ]
    everybody: Counter[int] = Counter()
    for some in gaps.values():
        everybody += some
    return Speeds(
        now,
        tuple(sorted(each, key=lambda one: (one.seconds or LONGEST_S, one.code))),
        _middle(everybody),
        sum(one.total() for one in states.values()),
        sum(one["returned"] for one in states.values()),
    )


def _gaps(
    connection: Connection, since: str, districts: Collection[str] | None
) -> dict[str, Counter[int]]:
    """Return how often each time between two people came, in steps of five seconds, by laptop."""
    table = SUBJECT_ROWS.c
    at = _seconds(connection, table.registered_at)
    before = func.lag(at).over(partition_by=table.device, order_by=table.registered_at)
    step = cast((at - before) / _STEP_S, BigInteger).label("step")
    inner = (
        select(table.device, step)
        .where(table.registered_at >= since, within(table.village_code, districts))
        .subquery()
    )
    query = (
        select(inner.c.device, inner.c.step, func.count())
        .where(inner.c.step.between(1, LONGEST_S // _STEP_S))
        .group_by(inner.c.device, inner.c.step)
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for device, n, times in connection.execute(query):
        found[device][int(n) * _STEP_S] += int(times)
    return found


def _seconds(connection: Connection, column: Any) -> Any:
    """Return an instant's text as whole seconds."""
    if connection.dialect.name == "postgresql":
        written = func.to_timestamp(func.substr(column, 1, 19), 'YYYY-MM-DD"T"HH24:MI:SS')
        return cast(func.extract("epoch", written), BigInteger)
    return cast(func.strftime("%s", column), BigInteger)


def _middle(times: Counter[int]) -> int | None:
    """Return the middle of what was counted, or None for fewer than twenty."""
    if times.total() < LEAST_PEOPLE:
        return None
    return median_low(times.elements())
