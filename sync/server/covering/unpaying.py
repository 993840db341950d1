"""A payment that was noted in error: taken back within a day, with the ends that it had moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, and_, or_, select

from enumerator_app.domain.instants import instant_from_text
from sync.server.active_cards import end_of_cover
from sync.server.batches.months import last_day, read_month
from sync.server.batches.trouble import PaymentFollowed, PaymentUnknown
from sync.server.cover_tables import EXTENDED_COVER_ROWS, PAID_MONTH_ROWS, PAYMENT_ROWS
from sync.server.covering.alone import alone_on_months
from sync.server.covering.kept_beside import forget_payment, write_undone, written_first
from sync.server.covering.paying import Due, due_people, move_ends
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit

UNDO_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Undone:
    """How many have their earlier end again; `stayed` had it moved by something later."""

    moved: int
    stayed: int


@alone_on_months
def undo_payment(office: Office, name: str, *, officer: str, account: str = COMMAND_LINE) -> Undone:
    """Take back a payment that was noted in error: months, and the ends that it had moved.

    Cut off half-way, it may be begun again: the months stay until all ends are back.

    Raises:
        MonthsBusy: another deed on months goes on.
        PaymentUnknown: no payment has this id, or it was noted longer ago than a day.
        PaymentFollowed: a payment noted later stands for some of these people: its earlier ends
            are those of this one.
    """
    table = PAYMENT_ROWS.c
    with office.database.reading() as connection:
        paid = connection.execute(select(table.at, table.month).where(table.id == name)).first()
        if paid is None or office.clock() - instant_from_text(paid.at) > UNDO_WITHIN:
            raise PaymentUnknown(payment=name)
        if newer := _newer(connection, name, paid):
            raise PaymentFollowed(payment=name, newer=newer)
        before = _ends_before(connection, name)
    people = _still_so(office, read_month(paid.month), before)
    moved = move_ends(office, people, lambda one: before[one.subject], officer=officer)
    with (
        written_first(office, name, taken_back=True),
        office.database.writing() as connection,
    ):
        forget_payment(office, connection, name)
        audit(office, connection, account, "month_not_paid", name)
        write_undone(office, name, by=officer, at=office.now())
    return Undone(moved, len(before) - moved)


def _newer(connection: Connection, name: str, paid: Any) -> str | None:
    """Return the last payment that was noted after this one for some of the same people."""
    mine, other = PAID_MONTH_ROWS.alias("mine").c, PAID_MONTH_ROWS.alias("other").c
    table = PAYMENT_ROWS.c
    at_once = and_(table.at == paid.at, table.month > paid.month)
    query = select(table.id).where(
        or_(table.at > paid.at, at_once),
        other.payment == table.id,
        other.subject == mine.subject,
        mine.payment == name,
        mine.month == paid.month,
    )
    newest = query.order_by(table.at.desc(), table.month.desc()).limit(1)
    return connection.execute(newest).scalars().first()


def _ends_before(connection: Connection, name: str) -> dict[str, date]:
    """Return the earlier ends of those whom this payment paid for and extended, by record."""
    cover, month = EXTENDED_COVER_ROWS.c, PAID_MONTH_ROWS.c
    query = (
        select(cover.subject, cover.before)
        .join(
            PAID_MONTH_ROWS,
            (month.subject == cover.subject) & (month.payment == cover.payment),
        )
        .where(cover.payment == name)
    )
    return {row.subject: date.fromisoformat(row.before) for row in connection.execute(query)}


def _still_so(office: Office, month: date, before: dict[str, date]) -> Sequence[Due]:
    """Return those whose cover ends where the payment had moved it."""
    last = last_day(month)
    return [
        one
        for one in due_people(office, month, with_paid=True, with_stopped=True)
        if one.subject in before and one.cover_to == end_of_cover(one.cover_from, last, one.born)
    ]
