"""Papers about one person: the claim file, and the slip for who goes on alone."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select

from enumerator_app.cards.papers.office.claim_file import ClaimFile, Event, HeirLine, claim_file
from enumerator_app.cards.papers.office.self_pay import SelfPay, prices_from, self_pay_slip
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.dates import reaches_age_on
from enumerator_app.domain.heirs import legal_classes
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import (
    load_heir_order,
    load_programme_tables,
    load_rulebook,
)
from enumerator_app.domain.registration import Heir, Registration, registration_from_body
from sync.server.batches.months import read_month
from sync.server.covering.ending import ending_of
from sync.server.covering.paying import paid_months
from sync.server.deciding import find_by_number
from sync.server.errors import NothingToPrint
from sync.server.office import Office
from sync.server.papers.people import Person, people_of, place_of
from sync.server.papers.wishes import Made, Wish, made, occasion_of
from sync.server.tables import ENTRY_ROWS, REVISION_ROWS, SUBJECT_ROWS

_TOLD: Final = ("verified", "submitted", "enrolled", "refused", "ended")
_TAKEN: Final = ("accepted", "merged")


def claim_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the claim file of one person.

    Raises:
        NumberUnknown: nobody has this number.
        NothingToPrint: nothing readable is kept about this person.
    """
    person = _person(office, wish.number)
    content = _claim(office, person, wish)
    return made(claim_file(content, occasion_of(office, wish)), output, 1, case=wish.case)


def _person(office: Office, number: str) -> Person:
    found = find_by_number(office, number)
    with office.database.reading() as connection:
        people = people_of(connection, SUBJECT_ROWS.c.id == found.id)
    if not people:
        raise NothingToPrint
    return people[0]


def _record(person: Person) -> Registration:
    try:
        return registration_from_body(person.body)
    except ValidationError as error:
        raise NothingToPrint from error


def _claim(office: Office, person: Person, wish: Wish) -> ClaimFile:
    row, record, tables = person.row, _record(person), load_programme_tables()
    benefits = tables.benefits_on(wish.day)
    start, end = _day(row.cover_from), _day(row.cover_to)
    with office.database.reading() as connection:
        paid = paid_months(connection, row.id)
        ending = ending_of(connection, row.id)
        events = tuple(sorted(_events(connection, row.id), key=lambda event: event.day))
    until = None
    if start and paid:  # an early death is counted from the first paid month
        since = max(start, read_month(min(paid)))
        until = _months_later(since, benefits.early_death_months)
    return ClaimFile(
        case=wish.case,
        record=record,
        number=row.number,
        place=place_of(row.village_code),
        registered_on=day_in_wib(instant_from_text(row.registered_at)),
        consent_on=day_in_wib(record.consent_at) if record.consent_at else None,
        kpj=row.kpj or "",
        cover_from=start,
        cover_to=end,
        ended_on=ending or record.ended_on,
        heirs=heir_lines(record.heirs),
        events=events,
        benefits=benefits,
        contribution=monthly_contribution(
            record.monthly_income, record.programmes, wish.day, "apbd", tables
        ),
        early_until=until,
        paid=tuple(read_month(month) for month in sorted(paid)),
    )


def heir_lines(heirs: tuple[Heir, ...]) -> tuple[HeirLine, ...]:
    """Return the heirs in the order of the law, each with its class and no share."""
    return tuple(
        HeirLine(number, heir.relation, heir.name, _born(heir))
        for number, members in enumerate(legal_classes(heirs, load_heir_order()), start=1)
        for heir in members
    )


def _born(heir: Heir) -> str:
    if heir.birth_date is not None:
        return shown_date(heir.birth_date)
    return str(heir.birth_year or "")


def _events(connection: Connection, subject: str) -> Iterator[Event]:
    """Yield when the office got the record, corrections of it, and what was decided."""
    entry, revision = ENTRY_ROWS.c, REVISION_ROWS.c
    entries = (
        select(entry.kind, entry.received_at)
        .where(entry.subject == subject, entry.outcome.in_(_TAKEN))
        .order_by(entry.ingest_n)
    )
    for row in connection.execute(entries):
        if row.kind in {"register", "correct"}:
            key = "office_accepted" if row.kind == "register" else "laptop_correct"
            yield Event(day_in_wib(instant_from_text(row.received_at)), key, {})
    decisions = select(revision.bytes).where(revision.subject == subject).order_by(revision.n)
    for written in connection.execute(decisions).scalars():
        fields = from_canonical(written.encode())["fields"] if written else {}
        if fields.get("decision") in _TOLD:
            yield _decided(fields)


def _decided(fields: dict[str, Any]) -> Event:
    values = {
        "reason": str(fields.get("reason") or "-"),
        "kpj": str(fields.get("kpj") or "-"),
        "cover_from": _shown(fields.get("cover_from")),
        "cover_to": _shown(fields.get("cover_to")),
    }
    day = day_in_wib(instant_from_text(fields["at"]))
    return Event(day, f"office_{fields['decision']}", values)


def self_pay_of(office: Office, wish: Wish, output: Path) -> Made:
    """Write the slip, for one person or, without a number, for anybody.

    Raises:
        NumberUnknown: nobody has this number.
    """
    content = _self_pay(office, wish)
    first = content.prices[0]
    more = {"monthly": first.least, "tables": first.version}
    ready = self_pay_slip(content, occasion_of(office, wish))
    return made(ready, output, 1 if content.name else 0, **more)


def _self_pay(office: Office, wish: Wish) -> SelfPay:
    tables = load_programme_tables()
    if not wish.number:
        base = tables.contributions_on(wish.day).base(None)
        return SelfPay(prices=prices_from(wish.day, None, tables), base=base)
    person = _person(office, wish.number)
    row, record = person.row, _record(person)
    covered_until = _day(row.cover_to)
    start = max(wish.day, covered_until + timedelta(days=1)) if covered_until else wish.day
    return SelfPay(
        prices=prices_from(start, record.monthly_income, tables),
        base=tables.contributions_on(start).base(record.monthly_income),
        name=record.name,
        number=row.number,
        kpj=row.kpj or "",
        covered_until=covered_until,
        last_day=_last_day(record.birth_date, start),
    )


def _last_day(born: date | None, start: date) -> date | None:
    """Return the day before the age limit of joining; None without a birth date."""
    if born is None:
        return None
    limit = load_rulebook().age_limits(start).before_age
    return reaches_age_on(born, limit) - timedelta(days=1)


def _months_later(start: date, months: int) -> date:
    """Return the last day of so many months that begin on `start`."""
    month = start.year * 12 + start.month - 1 + months
    year, place = divmod(month, 12)
    day = min(start.day, calendar.monthrange(year, place + 1)[1])
    return date(year, place + 1, day) - timedelta(days=1)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _shown(written: object) -> str:
    return shown_date(date.fromisoformat(str(written))) if written else "-"
