"""Months that the regency pays: for whom a month is due, and what it cost, once for each person."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, select

from enumerator_app.domain.dates import reaches_age_on
from enumerator_app.domain.reference import load_rulebook
from sync.server.active_cards import Person, active_card, end_of_cover
from sync.server.batches.months import last_day, month_text, months_after
from sync.server.batches.totals import contribution
from sync.server.batches.trouble import NothingToPay, PaymentUnreadable
from sync.server.bulk import Write, bound, one_of, write_all
from sync.server.cover_tables import (
    EXTENDED_COVER_ROWS,
    PAID_MONTH_ROWS,
    PAYMENT_ROWS,
    PAYMENT_STOP_ROWS,
    STOPPED_COVER_ROWS,
)
from sync.server.covering.alone import alone_on_months
from sync.server.covering.kept_beside import (
    require_stops,
    unreadable_payments,
    write_payment,
    written_first,
)
from sync.server.deciding import Verdict, decide
from sync.server.long_work.counting import counted
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.reading_contents import stream, with_contents
from sync.server.reissues import cards_sealed
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import cell
from sync.server.tally_tables import VILLAGE_TALLY_ROWS

GRACE_MONTHS: Final = 3
"""A payment after more unpaid months than this is a new first registration to the insurer."""
AT_ONCE: Final = 5_000
_EXTENDED: Final = Write(EXTENDED_COVER_ROWS, ("payment", "subject", "before"))
_PAID: Final = Write(PAID_MONTH_ROWS, ("subject", "month", "amount", "payment"))


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody for whom a month is to be paid."""

    subject: str
    number: str
    name: str
    kpj: str
    village_code: str
    cover_from: date
    cover_to: date
    born: date | None
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment: its id, and what it was for; nobody where it only finished an earlier one."""

    id: str
    month: str
    people: int
    amount: int
    extended: int


def due_people(
    office: Office, month: date, *, with_paid: bool = False, with_stopped: bool = False
) -> list[Due]:
    """Return for whom a month is due: covered by then, not ended, below the age limit.

    Whoever's payment was stopped before it is left out, unless asked for.
    """
    table, paid = SUBJECT_ROWS.c, PAID_MONTH_ROWS.c
    query = with_contents().where(
        table.state == "enrolled",
        table.cover_from <= last_day(month).isoformat(),
        table.cover_to >= months_after(month, -GRACE_MONTHS).isoformat(),
    )
    if not with_paid:
        already = select(paid.subject).where(paid.month == month_text(month))
        query = query.where(table.id.not_in(already))
    if not with_stopped:
        query = query.where(table.id.not_in(stopped_before(month)))
    with office.database.reading() as connection:
        found = (_due(row, body, month) for row, body in counted(stream(connection, query)))
        return [one for one in found if not _is_over(one, month)]


def starting_after(office: Office, day: date, area: str) -> list[Due]:
    """Return the people of an area whose cover starts after a day."""
    table = SUBJECT_ROWS.c
    query = with_contents().where(
        table.state == "enrolled",
        table.cover_from > day.isoformat(),
        table.cover_to >= table.cover_from,
        table.village_code.startswith(area),
    )
    with office.database.reading() as connection:
        found = (_due(row, body, day) for row, body in stream(connection, query))
        return sorted(found, key=lambda one: (one.village_code, one.name, one.number))


def stopped_before(month: date) -> Select[Any]:
    """Return the query for the records whose payment was stopped before a month, and stands.

    It stands until it is taken back, or a later month is noted for the person all the same.
    """
    return _standing(STOPPED_COVER_ROWS.c.subject).where(
        PAYMENT_STOP_ROWS.c.after < month_text(month)
    )


def standing_stops(connection: Connection, subject: str) -> Sequence[Any]:
    """Return the stops of payment that stand for somebody, the earliest first."""
    stop = PAYMENT_STOP_ROWS.c
    query = _standing(stop.id, stop.after).where(STOPPED_COVER_ROWS.c.subject == subject)
    return connection.execute(query.order_by(stop.at, stop.id)).all()


def _standing(*columns: Any) -> Select[Any]:
    stop, cover = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.c
    paid, payment = PAID_MONTH_ROWS.c, PAYMENT_ROWS.c
    again = exists().where(
        paid.subject == cover.subject,
        paid.month > stop.after,
        payment.id == paid.payment,
        payment.at >= stop.at,
    )
    return (
        select(*columns)
        .join_from(STOPPED_COVER_ROWS, PAYMENT_STOP_ROWS, stop.id == cover.stop)
        .where(stop.undone_at.is_(None), ~again)
    )


def not_extended(people: Sequence[Due], month: date) -> list[Due]:
    """Return those whose cover ends before the month does, and could last longer."""
    last = last_day(month)
    return [one for one in people if one.cover_to < end_of_cover(one.cover_from, last, one.born)]


def count_covered(office: Office) -> int:
    """Return how many people may be due: whom the insurer took and whose cover was not ended."""
    table = VILLAGE_TALLY_ROWS.c
    query = select(func.coalesce(func.sum(table.n), 0)).where(table.state == "enrolled")
    with office.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _due(row: Any, body: dict[str, Any], month: date) -> Due:
    income, programmes = cell(body.get("monthly_income")), cell(body.get("programmes"))
    born = body.get("birth_date")
    return Due(
        row.id, row.number or "", row.name, row.kpj or "", row.village_code,
        date.fromisoformat(row.cover_from), date.fromisoformat(row.cover_to),
        date.fromisoformat(born) if born else None,
        contribution(income, programmes, month).total,
    )  # fmt: skip


def _is_over(one: Due, month: date) -> bool:
    limit = age_limit_day(one.born, month)
    return limit is not None and limit <= month


def too_old(month: date) -> ColumnElement[bool]:
    """Return the condition that a record is beyond the age limit on the first of a month.

    A birthday on 29 February is on the 28th in common years: no first of a month tells them apart.
    """
    born, limit = SUBJECT_ROWS.c.birth_date, load_rulebook().age_limits(month).before_age
    return and_(born > "", born <= month.replace(year=month.year - limit).isoformat())


def age_limit_day(born: date | None, day: date) -> date | None:
    """Return the day on which somebody reaches the age limit that holds on `day`."""
    limit = load_rulebook().age_limits(day).before_age
    return None if born is None else reaches_age_on(born, limit)


@alone_on_months
def record_payment(
    office: Office,
    month: date,
    *,
    officer: str,
    account: str = COMMAND_LINE,
    with_stopped: bool = False,
) -> Paid:
    """Note that a month was paid for everybody for whom it is due, each once.

    Cover that ends before the month does is extended to its last day, with a new card; also that
    of people for whom the month stands as paid already, where an earlier call was cut off.
    `with_stopped` pays again for those whose payment was stopped.

    Raises:
        MonthsBusy: another deed on months goes on.
        PaymentUnreadable: the file that says for whom it was paid before cannot be read.
        StopUnreadable: the file that says whose payment was stopped before cannot be read; for
            those it is paid `with_stopped` all the same.
        NothingToPay: the month is due for nobody, or was paid for everybody.
    """
    if files := unreadable_payments(office, month_text(month)):
        raise PaymentUnreadable(month=month_text(month), file=", ".join(files))
    if not with_stopped:
        require_stops(office, month_text(month))
    due = due_people(office, month, with_paid=True, with_stopped=with_stopped)
    late = not_extended(due, month)
    with office.database.reading() as connection:
        before = paid_in(connection, month_text(month))
    people = [one for one in due if one.subject not in before]
    if not people and not late:
        raise NothingToPay(month=month_text(month))
    paid = _note(office, month, people, officer, account) if people else _noted(office, month)
    extended = move_ends(office, late, lambda _: last_day(month), officer=officer)
    return replace(paid, extended=extended)


def _note(office: Office, month: date, people: Sequence[Due], officer: str, account: str) -> Paid:
    name, text = f"{month_text(month)}-{secrets.token_hex(3)}", month_text(month)
    with written_first(office, name), office.database.writing() as connection:
        for start in range(0, len(people), AT_ONCE):
            some = people[start : start + AT_ONCE]
            rows = [(one.subject, text, one.amount, name) for one in some]
            ends = [
                (name, one.subject, one.cover_to.isoformat()) for one in not_extended(some, month)
            ]
            write_all(connection, [(_PAID, rows), (_EXTENDED, ends)])
        # Somebody else may have noted the same month meanwhile: what stands is counted.
        mine = PAID_MONTH_ROWS.c.payment == name
        sums = select(func.count(), func.coalesce(func.sum(PAID_MONTH_ROWS.c.amount), 0))
        people_paid, amount = connection.execute(sums.where(mine)).one()
        if not people_paid:
            raise NothingToPay(month=text)  # which also takes back what this call wrote
        values: dict[str, Any] = {
            "id": name, "month": text, "at": office.now(), "officer": officer,
            "people": people_paid, "amount": int(amount),
        }  # fmt: skip
        connection.execute(insert(PAYMENT_ROWS).values(values))
        audit(office, connection, account, "month_paid", name)
        write_payment(office, connection, name)
    return Paid(name, text, people_paid, int(amount), 0)


def _noted(office: Office, month: date) -> Paid:
    """Return the last payment of a month that was noted before, as one that is for nobody more."""
    table, text = PAYMENT_ROWS.c, month_text(month)
    query = select(table.id).where(table.month == text).order_by(table.at.desc(), table.id)
    with office.database.reading() as connection:
        return Paid(connection.execute(query).scalars().first() or "", text, 0, 0, 0)


def move_ends(
    office: Office, people: Sequence[Due], end: Callable[[Due], date], *, officer: str
) -> int:
    """Give people's cover another last day, never beyond the age limit, and a card that says so."""
    found = {one.subject: one for one in people}
    verdicts = []
    with office.database.reading() as connection:
        for row, body in _records(connection, list(found)):
            one = found[row.id]
            until = end_of_cover(one.cover_from, end(one), one.born)
            if until == one.cover_to or until < one.cover_from:
                continue
            sealed = cards_sealed(connection, [row.id]).get(row.id, 0)
            person = Person(row.id, sealed, one.number, row.nik, row.state, row.village_code, body)
            columns = {
                "cover_from": one.cover_from.isoformat(), "cover_to": until.isoformat(),
            }  # fmt: skip
            card = active_card(office, person, one.cover_from, until)
            details = {"kpj": one.kpj, "card": card, **columns}
            verdicts.append(
                Verdict(row.id, "enrolled", details=details, columns=columns, stays=True)
            )
    return len(decide(office, verdicts, officer=officer, actor="officer"))


def _records(connection: Connection, subjects: list[str]) -> Iterator[tuple[Any, dict[str, Any]]]:
    dialect = connection.dialect.name
    query = with_contents().where(one_of(SUBJECT_ROWS.c.id, dialect, "subjects"))
    return stream(connection, query.params(subjects=bound(dialect, subjects)))


def list_payments(office: Office) -> list[dict[str, Any]]:
    """Return the payments that were noted, the newest month first."""
    table = PAYMENT_ROWS.c
    query = select(PAYMENT_ROWS).order_by(table.month.desc(), table.at.desc())
    with office.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def paid_in(connection: Connection, month: str) -> dict[str, int]:
    """Return for whom a month was paid, and what."""
    table = PAID_MONTH_ROWS.c
    query = select(table.subject, table.amount).where(table.month == month)
    return {row.subject: row.amount for row in connection.execute(query)}


def paid_months(connection: Connection, subject: str) -> dict[str, int]:
    """Return what was paid for a person, by month."""
    table = PAID_MONTH_ROWS.c
    query = select(table.month, table.amount).where(table.subject == subject)
    return {row.month: row.amount for row in connection.execute(query.order_by(table.month))}
