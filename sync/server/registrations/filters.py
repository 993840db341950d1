"""What a list of registrations is filtered by: codes and dates that may stand in an address.

An address is typed by anybody: what is not understood is left out, never an error. Names are no
part of it; they are searched for by a form.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.instants import shown_date
from enumerator_app.domain.reference import load_places
from enumerator_app.domain.typed import NotUnderstood

STATES: Final = (
    "registered", "decide", "waiting_nik", "returned", "verified", "submitted", "enrolled",
    "covered", "refused", "duplicate", "withdrawn", "ended",
)  # fmt: skip
"""All that a record can be asked for: the decisions, and what follows from cases and dates."""
LOOK: Final = frozenset({"decide", "waiting_nik", "returned", "refused"})
SORTS: Final = ("registered", "number", "name", "village", "state", "birth")
MONTHS_TO_65: Final = 3


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. Empty: everything. `sort` begins with "-" where it goes down."""

    district: str = ""
    village: str = ""
    states: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    device: str = ""
    is_nearly_65: bool = False
    sort: str = "-registered"
    page: int = 1

    @property
    def is_empty(self) -> bool:
        return replace(self, sort="-registered", page=1) == Filter()

    def query(self, **changes: Any) -> str:
        """Return the filter as an address has it, with these changes; defaults are left out."""
        one = replace(self, **changes)
        said = {
            "district": one.district,
            "village": one.village,
            "state": ",".join(name for name in STATES if name in one.states),
            "since": shown_date(one.since) if one.since else "",
            "until": shown_date(one.until) if one.until else "",
            "device": one.device,
            "age": "65" if one.is_nearly_65 else "",
            "sort": "" if one.sort == "-registered" else one.sort,
            "page": "" if one.page == 1 else str(one.page),
        }
        return urlencode({name: value for name, value in said.items() if value}, safe=",")

    def address(self, **changes: Any) -> str:
        written = self.query(**changes)
        return f"/people?{written}" if written else "/people"


def read_filter(asked: Mapping[str, str]) -> Filter:
    """Return what an address or a form asks for."""
    places = load_places()
    village = places.village(asked.get("village", ""))
    district = asked.get("district", "")
    known = {one.code for one in places.districts}
    if village is not None and district not in {"", village.district_code}:
        village = None  # another kecamatan was chosen: its villages begin anew
    sort = asked.get("sort", "")
    page = asked.get("page", "")
    device = asked.get("device", "").upper()
    return Filter(
        district=village.district_code if village else district if district in known else "",
        village=village.code if village else "",
        states=_states(asked.get("state", "")),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        device=device if device.isalnum() and device.isascii() and len(device) <= 4 else "",
        is_nearly_65=asked.get("age") == "65",
        sort=sort if sort.removeprefix("-") in SORTS else "-registered",
        page=min(int(page), 1_000_000) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def _states(written: str) -> frozenset[str]:
    if written == "look":
        return LOOK
    return frozenset(written.split(",")) & frozenset(STATES)


def _day(written: str) -> date | None:
    try:
        return read_date(written) if written.strip() else None
    except NotUnderstood:
        return None


def scoped(one: Filter, districts: Collection[str] | None) -> bool:
    """Return whether what is asked for can lie in these kecamatan."""
    return districts is None or not one.district or one.district in districts
