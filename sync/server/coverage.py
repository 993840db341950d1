"""How many people each kecamatan has registered, submitted and enrolled: counts, and no names."""

from dataclasses import asdict, dataclass
from typing import Any

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from sync.server.figures.counting import VillageCount, by_district, count_villages
from sync.server.office import Office


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
    today = day_in_wib(office.clock())
    with office.database.reading() as connection:
        counted = by_district(count_villages(connection, today, today))
    names = {one.code: one.name for one in load_places().districts}
    codes = sorted(names.keys() | {code for code, one in counted.items() if one.registered})
    return [
        _district(names.get(code, code), counted.get(code, VillageCount(code))) for code in codes
    ]


def _district(name: str, one: VillageCount) -> District:
    return District(one.code, name, one.registered, one.submitted, one.enrolled, one.covered)
