"""A stop of payment that is taken back: everybody's earlier end again, exceptions named."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Exists, exists, func, select, update

from sync.server.batches.months import last_day, read_month
from sync.server.batches.trouble import StopContradicted, StopUnknown
from sync.server.cover_tables import PAID_MONTH_ROWS, PAYMENT_STOP_ROWS, STOPPED_COVER_ROWS
from sync.server.covering.alone import alone_on_months
from sync.server.covering.kept_beside import require_stops, write_undone, written_first
from sync.server.covering.paying import due_people, move_ends
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import SUBJECT_ROWS
from sync.server.trust import refresh_trust

AGAINST: Final = ("newer", "paid", "ended", "moved")


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody whose cover stays as it is, for something later speaks against the earlier end."""

    subject: str
    number: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Unstop:
    """What taking a stop back does: `before` is the earlier end of those who get it, by record.

    `left` stay as they are: a month was paid since, cover was ended, its end was moved again, or a
    newer stop stands for them, which is taken back first.
    """

    stop: Any
    before: dict[str, date]
    left: list[Left] = field(default_factory=list)

    @property
    def against(self) -> Counter[str]:
        return Counter(one.why for one in self.left)

    @property
    def is_possible(self) -> bool:
        return bool(self.before) and not self.against["newer"]

    @property
    def last(self) -> date:
        return last_day(read_month(self.stop.after))


def list_stops(office: Office) -> list[dict[str, Any]]:
    """Return the stops of payment with how many people each was about, the newest first."""
    table, cover = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.c
    people = select(func.count()).where(cover.stop == table.id).scalar_subquery()
    query = select(PAYMENT_STOP_ROWS, people.label("people")).order_by(table.at.desc(), table.id)
    with office.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def look_at_stop(office: Office, name: str) -> Unstop:
    """Return what taking a stop back would do, and what speaks against it.

    Raises:
        StopUnknown: there is no such stop, or it was taken back.
    """
    table, cover, subject = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.c, SUBJECT_ROWS.c
    with office.database.reading() as connection:
        query = select(PAYMENT_STOP_ROWS).where(table.id == name, table.undone_at.is_(None))
        stop = connection.execute(query).one_or_none()
        if stop is None:
            raise StopUnknown(stop=name)
        month = PAID_MONTH_ROWS.c
        later = exists().where(month.subject == cover.subject, month.month > stop.after)
        rows = connection.execute(
            select(
                cover.subject, cover.before, subject.state, subject.cover_to, subject.number,
                subject.name, later.label("paid"), _newer(connection, stop).label("newer"),
            )
            .join_from(STOPPED_COVER_ROWS, SUBJECT_ROWS, subject.id == cover.subject)
            .where(cover.stop == name)
            .order_by(subject.number)
        ).all()  # fmt: skip
    found = Unstop(stop, {})
    for row in rows:
        if why := _against(row, found.last):
            found.left.append(Left(row.subject, row.number or "", row.name or "", why))
        else:
            found.before[row.subject] = date.fromisoformat(row.before)
    return found


def _newer(connection: Connection, stop: Any) -> Exists:
    """Return the condition that a stop noted after this one stands for the same person.

    The stops are few and named: each person is then looked up in them. Joined, the database may
    look through everybody of all stops for each person.
    """
    other, of_other = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.alias("of_other").c
    standing = select(other.id).where(other.id != stop.id, other.undone_at.is_(None))
    return exists().where(
        of_other.subject == STOPPED_COVER_ROWS.c.subject,
        of_other.stop.in_(connection.execute(standing).scalars().all()),
        of_other.before == last_day(read_month(stop.after)).isoformat(),
    )


def _against(row: Any, last: date) -> str:
    """Return what happened since that somebody's earlier end does not fit to."""
    if row.state != "enrolled":
        return "ended"
    if row.newer:
        return "newer"
    if row.paid:
        return "paid"
    # An end that is the earlier one already was given back before the work was cut off.
    return "" if row.cover_to in {last.isoformat(), row.before} else "moved"


@alone_on_months
def undo_stop(office: Office, name: str, *, officer: str, account: str = COMMAND_LINE) -> int:
    """Give people their earlier end of cover again, with a card; return how many got it.

    Whoever something later speaks against stays as `look_at_stop` says.
    Cut off half-way, it may be begun again: who has the earlier end already is left alone.

    Raises:
        StopUnknown: there is no such stop, or it was taken back.
        StopContradicted: a newer stop stands for some of them, or nobody is left to whom the
            earlier end fits; nothing was changed.
        StopUnreadable: another stop may stand for them, whose file cannot be read.
    """
    require_stops(office)
    found = look_at_stop(office, name)
    if not found.is_possible:
        raise StopContradicted(n=found.against.total(), stop=name)
    month = read_month(found.stop.after)
    due = due_people(office, month, with_paid=True, with_stopped=True)
    people = [one for one in due if one.subject in found.before]
    moved = move_ends(office, people, lambda one: found.before[one.subject], officer=officer)
    table = PAYMENT_STOP_ROWS.c
    change = update(PAYMENT_STOP_ROWS).where(table.id == name, table.undone_at.is_(None))
    with (
        written_first(office, name, taken_back=True),
        office.database.writing() as connection,
    ):
        at = office.now()
        connection.execute(change.values(undone_at=at, undone_by=officer))
        audit(office, connection, account, "payment_not_stopped", name)
        write_undone(office, name, by=officer, at=at)
    refresh_trust(office)
    return moved
