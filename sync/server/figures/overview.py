"""The numbers of the first page, read in one transaction: each part adds up to the whole."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.places import Village
from enumerator_app.domain.reference import load_places
from sync.server.batches.months import month_text
from sync.server.cover_tables import PAYMENT_ROWS
from sync.server.field_tables import QUOTA_ROWS
from sync.server.figures.counting import VillageCount, add, by_district, count_villages, within
from sync.server.figures.days import Day, Pace, pace, registered_by_day
from sync.server.figures.parts import Parts
from sync.server.office import Office
from sync.server.plans.keeping import PlannedVisit, last_day, visits_to_come
from sync.server.tables import DEVICE_ROWS


@dataclass(frozen=True, slots=True)
class Laptops:
    """Laptops in use; `silent` were not heard today. `heard_at`: the last word from any of them."""

    active: int
    silent: int
    heard_at: str | None


@dataclass(frozen=True, slots=True)
class Money:
    """Places in the budget and what they cost over the whole period, in whole rupiah."""

    seats: int
    taken: int
    waiting: int
    cost: int
    budget: int
    first_year: str


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """The last month, not after this one, that was noted as paid (`2027-01`), and for how many."""

    month: str
    people: int


@dataclass(frozen=True, slots=True)
class ZeroVillage:
    """A village where nobody is registered; `target` None: no places were given yet."""

    village: Village
    target: int | None
    visit: PlannedVisit | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page says, of the kecamatan that somebody may see."""

    today: date
    before: date
    laptops: Laptops
    total: VillageCount
    districts: dict[str, VillageCount]
    zero: list[ZeroVillage]
    money: Money | None
    paid: PaidMonth | None
    """Of the whole regency, whoever looks; None: no month was noted."""
    pace: Pace
    last_day: date | None
    parts: Parts = field(default_factory=Parts)

    @property
    def missing(self) -> int | None:
        """Return how many are still to be registered; None: nobody said how many there are."""
        target = self.total.target
        return None if target is None else max(target - self.total.registered, 0)


def overview(office: Office, districts: Collection[str] | None = None) -> Overview:
    """Return the numbers of these kecamatan; None: of the whole regency."""
    today = day_in_wib(office.clock())
    before = today.replace(day=1) - timedelta(days=1)
    with office.database.reading() as connection:
        villages = count_villages(connection, today, before, districts)
        total = add(villages.values())
        paid = _paid(connection, today)
        parts, no_visits, no_days = Parts(), list[PlannedVisit](), list[Day]()
        visits = parts.read(
            "zero", connection, lambda: visits_to_come(office, connection, districts), no_visits
        )
        last = parts.read("trend", connection, lambda: last_day(connection), None)
        days = parts.read(
            "trend", connection, lambda: registered_by_day(connection, today, districts), no_days
        )
        money = parts.read("money", connection, lambda: _money(connection, districts), None)
        laptops = parts.read(
            "laptops", connection, lambda: _laptops(connection, today), Laptops(0, 0, None)
        )
    missing = None if total.target is None else max(total.target - total.registered, 0)
    return Overview(
        today=today,
        before=before,
        laptops=laptops,
        total=total,
        districts=_all_districts(villages, districts),
        zero=_zero(villages, visits, districts),
        money=money,
        paid=paid,
        pace=pace(days, missing=missing, today=today, last_day=last),
        last_day=last,
        parts=parts,
    )


def _all_districts(
    villages: dict[str, VillageCount], scope: Collection[str] | None
) -> dict[str, VillageCount]:
    """Return every kecamatan in sight, by code; and places outside that records name."""
    counted = by_district(villages)
    known = {one.code for one in load_places().districts if scope is None or one.code in scope}
    return {code: counted.get(code, VillageCount(code)) for code in sorted(known | counted.keys())}


def _zero(
    villages: dict[str, VillageCount],
    visits: Collection[PlannedVisit],
    scope: Collection[str] | None,
) -> list[ZeroVillage]:
    """Return the villages at zero that have a target, or all at zero if none has: largest first."""
    next_visit: dict[str, PlannedVisit] = {}
    for visit in visits:
        next_visit.setdefault(visit.village_code, visit)
    has_targets = any(one.target for one in villages.values())
    found = []
    for village in load_places().villages:
        one = villages.get(village.code, VillageCount(village.code))
        is_meant = one.target if has_targets else True
        if is_meant and not one.registered and (scope is None or village.district_code in scope):
            found.append(ZeroVillage(village, one.target, next_visit.get(village.code)))
    return sorted(found, key=lambda one: (-(one.target or 0), one.village.code))


def _money(connection: Connection, districts: Collection[str] | None) -> Money | None:
    table = QUOTA_ROWS.c
    each = table.monthly * table.months
    query = select(
        func.sum(table.seats), func.sum(table.confirmed), func.sum(table.waiting),
        func.sum(table.confirmed * each), func.sum(table.seats * each), func.min(table.starts_on),
    ).where(within(table.village_code, districts))  # fmt: skip
    *sums, starts_on = connection.execute(query).one()
    if not sums[0]:
        return None
    seats, taken, waiting, cost, budget = (int(value) for value in sums)
    return Money(seats, taken, waiting, cost, budget, starts_on[:4])


def _paid(connection: Connection, today: date) -> PaidMonth | None:
    table = PAYMENT_ROWS.c
    query = (
        select(table.month, func.sum(table.people))
        .where(table.month <= month_text(today))
        .group_by(table.month)
        .order_by(table.month.desc())
    )
    found = connection.execute(query.limit(1)).first()
    return PaidMonth(found[0], int(found[1])) if found else None


def _laptops(connection: Connection, today: date) -> Laptops:
    table = DEVICE_ROWS.c
    query = select(table.last_seen).where(table.state == "active")
    seen = sorted(row or "" for row in connection.execute(query).scalars())
    silent = sum(not at or day_in_wib(instant_from_text(at)) < today for at in seen)
    return Laptops(len(seen), silent, seen[-1] if seen and seen[-1] else None)
