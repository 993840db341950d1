"""How many people each kecamatan has registered, submitted and enrolled: counts, and no names."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS

_NOBODY = (0, 0, 0, 0)
_NOT_COUNTED = ("quarantined", "erased", "withdrawn", "duplicate", "ended")


@dataclass(frozen=True, slots=True)
class District:
    """One kecamatan; four numbers that are never one word. `covered`: today, by the dates."""

    code: str
    name: str
    registered: int
    submitted: int
    enrolled: int
    covered: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def coverage(office: Office) -> list[District]:
    """Return all districts of the regency, by code; and places outside it that records name."""
    table = SUBJECT_ROWS.c
    district = func.substr(table.village_code, 1, 6).label("district")
    submitted = func.sum(case((table.state.in_(("submitted", "enrolled")), 1), else_=0))
    enrolled = func.sum(case((table.state == "enrolled", 1), else_=0))
    today = day_in_wib(office.clock()).isoformat()
    is_covered = and_(table.state == "enrolled", table.cover_from <= today, table.cover_to >= today)
    covered = func.sum(case((is_covered, 1), else_=0))
    query = (
        select(district, func.count(), submitted, enrolled, covered)
        .where(table.state.not_in(_NOT_COUNTED))
        .group_by(district)
    )
    with office.database.reading() as connection:
        counted = {row[0]: tuple(map(int, row[1:])) for row in connection.execute(query)}
    names = {one.code: one.name for one in load_places().districts}
    codes = sorted(names.keys() | counted.keys())
    return [District(code, names.get(code, code), *counted.get(code, _NOBODY)) for code in codes]
