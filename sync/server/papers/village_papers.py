"""Papers about one village or one visit: the receipt, the notice, the record of a verification."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Final

from enumerator_app.cards.papers.office.verification import (
    Sampled,
    Verification,
    verification_record,
)
from enumerator_app.cards.papers.office.village_lists import (
    CardLine,
    NoticeLine,
    card_receipt,
    village_notice,
)
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from sync.server.errors import NothingToPrint, PlaceMissing
from sync.server.office import Office
from sync.server.papers.people import (
    Person,
    people_of,
    place_of,
    recorded_between,
    village_code,
)
from sync.server.papers.wishes import Made, Wish, made, occasion_of
from sync.server.tables import SUBJECT_ROWS
from sync.server.visits import full_id, list_visits

SAMPLE_PERCENT: Final = 5
LEAST_SAMPLE: Final = 2
_WITH_SLIP: Final = (
    "registered", "waiting_nik", "returned", "verified", "submitted", "refused",
)  # fmt: skip
_WHO_GETS: Final = {
    "active": ("enrolled",),
    "provisional": _WITH_SLIP,
    "all": (*_WITH_SLIP, "enrolled"),
}
_ON_THE_BOARD: Final = _WHO_GETS["all"]


def receipt_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the receipt of cards of one village.

    Raises:
        VillageUnknown: no such village.
        NothingToPrint: nobody there has such a paper.
    """
    code, state = village_code(wish.village), SUBJECT_ROWS.c.state
    with office.database.reading() as connection:
        people = people_of(
            connection, SUBJECT_ROWS.c.village_code == code, state.in_(_WHO_GETS[wish.papers])
        )
    if not people:
        raise NothingToPrint
    cards = [CardLine(one.row.number or "-", one.name, _paper(one)) for one in people]
    return made(card_receipt(place_of(code), cards, occasion_of(office, wish)), output, len(cards))


def _paper(person: Person) -> Any:
    return "active" if person.row.state == "enrolled" else "provisional"


def notice_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the list for the board of one village; one without anybody says so.

    Raises:
        VillageUnknown: no such village.
    """
    code, table = village_code(wish.village), SUBJECT_ROWS.c
    with office.database.reading() as connection:
        people = people_of(connection, table.village_code == code, table.state.in_(_ON_THE_BOARD))
    lines = [
        NoticeLine(
            one.name, one.said("rt"), one.said("rw"), one.row.state,
            _day(one.row.cover_from), _day(one.row.cover_to),
        )
        for one in people
    ]  # fmt: skip
    notice = village_notice(place_of(code), lines, occasion_of(office, wish))
    return made(notice, output, len(lines))


def verification_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the record of a verification, for a visit or for a village and days.

    Raises:
        VillageUnknown, VisitUnknown, PlaceMissing: no such village or visit, or neither was named.
        NothingToPrint: nobody was recorded there.
    """
    content = _verification(office, wish)
    ready = verification_record(content, occasion_of(office, wish))
    counts = {name: content.of_row(name) for name in ("verified", "returned", "refused", "open")}
    return made(
        ready,
        output,
        content.total,
        counts={**counts, "recorded": content.total},
        sample=[one.number for one in content.sample],
        list_print=content.list_print,
    )


def _verification(office: Office, wish: Wish) -> Verification:
    visit, conditions = "", recorded_between(wish.first, wish.last)
    if wish.visit:
        name = full_id(office, wish.visit)
        visit = _visit_words(office, name)
        conditions.append(SUBJECT_ROWS.c.visit_id == name)
    elif wish.village:
        conditions.append(SUBJECT_ROWS.c.village_code == village_code(wish.village))
    else:
        raise PlaceMissing
    with office.database.reading() as connection:
        people = people_of(connection, *conditions)
    if not people:
        raise NothingToPrint
    village = Counter(one.row.village_code for one in people).most_common(1)[0][0]
    days = sorted(day_in_wib(instant_from_text(one.row.registered_at)) for one in people)
    list_print = print_of_list(people)
    return Verification(
        place=place_of(village),
        by_state=dict(Counter(one.row.state for one in people)),
        sample=_sample(people, list_print),
        sample_percent=SAMPLE_PERCENT,
        list_print=list_print,
        first_day=wish.first or days[0],
        last_day=wish.last or days[-1],
        visit=visit,
        village_head=wish.village_head,
        coordinator=wish.coordinator,
    )


def _visit_words(office: Office, name: str) -> str:
    """Return what a laptop called the visit; nothing, if none told of it."""
    seen = list_visits(office, name)
    return str(seen[0].said.get("place") or "") if seen else ""


def print_of_list(people: list[Person]) -> str:
    """Return a SHA-256 that names exactly these records in exactly this state."""
    lines = sorted(f"{one.row.number or one.row.id}\t{one.row.revision}\n" for one in people)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sample(people: list[Person], list_print: str) -> tuple[Sampled, ...]:
    """Draw by the hash of the list: the same for whoever draws, and nobody's choice."""

    def lot(person: Person) -> str:
        return hashlib.sha256(f"{list_print}\n{person.row.id}".encode()).hexdigest()

    wanted = max(LEAST_SAMPLE, -(-len(people) * SAMPLE_PERCENT // 100))
    drawn = sorted(people, key=lot)[:wanted]
    numbered = sorted(drawn, key=lambda one: (one.row.number or "", one.row.id))
    return tuple(Sampled(one.row.number or "-", one.name) for one in numbered)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
