"""When the regency stops paying: whose cover ends, on which day, village by village."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_places, load_programme_tables
from enumerator_app.texts import Language, text
from sync.server.batches.months import last_day, months_after
from sync.server.covering.paying import GRACE_MONTHS, Due, due_people, move_ends
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tabulating import write_table
from sync.server.trust import refresh_trust

_HEADER: Final = (
    "village", "district", "name", "number", "kpj", "covered_to", "ask_by", "self_pay_monthly",
    "what_to_do",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who loses cover after the last paid month; `moved` of them had a later day before."""

    last: date
    people: tuple[Due, ...]
    moved: int

    @property
    def by_village(self) -> dict[str, int]:
        return dict(sorted(Counter(one.village_code for one in self.people).items()))


def stop_payment(
    office: Office,
    after: date,
    area: str,
    *,
    officer: str,
    only_look: bool = False,
    account: str = COMMAND_LINE,
) -> Stopped:
    """End the cover of everybody in an area with the last paid month, or only say whose it is."""
    last = last_day(after)
    found = tuple(
        one
        for one in due_people(office, after, with_paid=True)
        if one.village_code.startswith(area) and one.cover_to >= after
    )
    later = [one for one in found if one.cover_to > last]
    if only_look or not later:
        return Stopped(last, found, 0)
    moved = move_ends(office, later, lambda _: last, officer=officer)
    with office.database.writing() as connection:
        audit(office, connection, account, "payment_stopped", f"{area or 'all'}:{last}")
    refresh_trust(office)
    return Stopped(last, found, moved)


def write_stopped(found: Stopped, path: Path, language: Language) -> int:
    """Write the list, village by village: name, until when, and what each can do alone."""
    return write_table(path, _HEADER, _rows(found, language))


def _rows(found: Stopped, language: Language) -> Iterator[list[str]]:
    places = load_places()
    ask_by, alone = ask_until(found.last), alone_monthly(found.last)
    for one in sorted(found.people, key=lambda due: (due.village_code, due.name, due.number)):
        village = places.village(one.village_code)
        yield [
            village.name if village else "", village.district_name if village else "",
            one.name, one.number, one.kpj, min(one.cover_to, found.last).isoformat(),
            ask_by.isoformat(), str(alone), text("insurer.stopped_do", language),
        ]  # fmt: skip


def ask_until(last: date) -> date:
    """Return the last day on which a payment of one's own goes on without a new registration."""
    return last_day(months_after(last.replace(day=1), GRACE_MONTHS))


def alone_monthly(last: date) -> int:
    """Return what the least contribution costs somebody alone in the month after `last`."""
    start = months_after(last.replace(day=1), 1)
    return monthly_contribution(None, ("JKK", "JKM"), start, "self", load_programme_tables()).total


def counts(found: Stopped) -> dict[str, Any]:
    return {
        "last_day": found.last.isoformat(), "people": len(found.people), "moved": found.moved,
        "villages": [
            {"village_code": code, "people": n} for code, n in found.by_village.items()
        ],
    }  # fmt: skip
