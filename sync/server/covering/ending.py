"""The end of somebody's cover: why, and on which day. After it nothing is paid or sealed."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.states import may_move
from enumerator_app.texts import text
from sync.server.active_cards import active_card, end_of_cover, person_of
from sync.server.batches.months import last_day, month_text, read_month
from sync.server.batches.trouble import EndingWrong
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import (
    ENDING_ROWS,
    PAYMENT_STOP_ROWS,
    SENT_ROWS,
    STOPPED_COVER_ROWS,
)
from sync.server.covering.alone import alone_on_months
from sync.server.covering.kept_beside import require_stops, write_stop
from sync.server.covering.paying import age_limit_day, paid_months, standing_stops
from sync.server.covering.stopping import STOPPED
from sync.server.deciding import Verdict, decide, find_by_number
from sync.server.errors import DecisionNotAllowed
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import REVISION_ROWS
from sync.server.trust import refresh_trust

REASONS: Final = ("died", "moved", "age_65", "formal_work", "withdrew", "self_paid")
_ENDINGS: Final = Write(
    ENDING_ROWS,
    ("subject", "reason", "ended_on", "at", "officer"),
    updates=("reason", "ended_on", "at", "officer"),
)


def endable(office: Office, number: str, reason: str, on: date) -> Any:
    """Return the record that may end on this day for this reason.

    Raises:
        NumberUnknown: nobody has this number.
        EndingWrong: the day is after today, before the registration, or before the age is reached.
        DecisionNotAllowed: it ended before, or the record is a double or withdrawn.
    """
    record = find_by_number(office, number)
    registered = day_in_wib(instant_from_text(record.registered_at or record.received_at))
    is_too_young = reason == "age_65" and not _reached(record.birth_date, on)
    if is_too_young or not registered <= on <= day_in_wib(office.clock()):
        raise EndingWrong(day=f"{on:%d-%m-%Y}", number=record.number)
    if not may_move(record.state, "ended", "officer"):
        raise DecisionNotAllowed(number=record.number, state=record.state)
    return record


def _reached(born: str | None, on: date) -> bool:
    limit = age_limit_day(date.fromisoformat(born) if born else None, on)
    return limit is None or limit <= on


@alone_on_months
def end_cover(
    office: Office,
    number: str,
    reason: str,
    on: date,
    *,
    officer: str,
    account: str = COMMAND_LINE,
) -> str:
    """End somebody's cover, or their way to it; return the number.

    Raises as `endable`.
    """
    record = endable(office, number, reason, on)
    ended = {"ended_on": on.isoformat(), "ended_reason": reason}
    columns = _cover_until(record, on)
    verdict = Verdict(
        record.id, "ended", reason=text(f"insurer.end_{reason}", "id"),
        details={**ended, **columns}, columns=columns,
    )  # fmt: skip

    def note(connection: Connection, done: list[str]) -> None:
        rows = [(subject, reason, on.isoformat(), office.now(), officer) for subject in done]
        write_all(connection, [(_ENDINGS, rows)])
        for subject in done:
            audit(office, connection, account, f"ended_{reason}", subject)

    if not decide(office, [verdict], officer=officer, actor="officer", beside=note):
        raise DecisionNotAllowed(number=record.number, state=record.state)
    refresh_trust(office)  # its card is told to be stopped
    return str(record.number)


def _cover_until(record: Any, on: date) -> dict[str, str | None]:
    """Return the columns of cover that ends on a day; before its first day it never began."""
    if not record.cover_to:
        return {}
    if on.isoformat() < record.cover_from:
        return {"cover_from": None, "cover_to": None}
    return {"cover_to": min(record.cover_to, on.isoformat())}


def paid_after(office: Office, number: str, on: date) -> list[str]:
    """Return the months that were noted as paid for somebody and begin after a day, in order."""
    with office.database.reading() as connection:
        paid = paid_months(connection, find_by_number(office, number).id)
    return [month for month in paid if month > month_text(on)]


@alone_on_months
def undo_end(office: Office, number: str, *, officer: str, account: str = COMMAND_LINE) -> str:
    """Take back an end that was said in error: cover goes on as the insurer gave it; the number.

    A stop of payment that was noted since and stands ends it as everybody's there. Somebody who
    stands on a list that was not refused waits for its answer again, or for somebody to take the
    one that came meanwhile. Anybody else is registered again, to be looked at.

    Raises:
        NumberUnknown: nobody has this number.
        DecisionNotAllowed: this cover was not ended here.
        StopUnreadable: whose payment was stopped cannot be read, so cover may be over.
    """
    require_stops(office)
    record = find_by_number(office, number)
    with office.database.reading() as connection:
        was_ended_here = ending_of(connection, record.id) is not None
        given = _given_cover(connection, record.id)
        if given is not None:
            given["cover_to"] = min(given["cover_to"], _end_that_stands(connection, record.id))
        stops = _after_stops(connection, record, given) if given else ()
        is_on_a_list = _is_on_a_list(connection, record)
    if record.state != "ended" or not was_ended_here:
        raise DecisionNotAllowed(number=record.number, state=record.state)
    verdict = Verdict(record.id, "registered", reason=text("insurer.end_undone", "id"))
    if record.kpj and given is not None:
        verdict = _reopened(office, record, given)
    elif is_on_a_list:
        verdict = Verdict(
            record.id, "submitted", reason=text("insurer.end_undone", "id"),
            details={"export": record.export_id}, reopens=True,
        )  # fmt: skip

    def note(connection: Connection, done: list[str]) -> None:
        for subject in done:
            connection.execute(delete(ENDING_ROWS).where(ENDING_ROWS.c.subject == subject))
            write_all(connection, [(STOPPED, stops)])
            for stop, *_ in stops:
                write_stop(office, connection, stop)
            audit(office, connection, account, "end_undone", subject)

    if not decide(office, [verdict], officer=officer, actor="officer", beside=note):
        raise DecisionNotAllowed(number=record.number, state=record.state)
    refresh_trust(office)
    return str(record.number)


def _is_on_a_list(connection: Connection, record: Any) -> bool:
    """Return whether the insurer was asked about somebody and did not refuse."""
    row = SENT_ROWS.c
    query = select(row.n).where(
        row.subject == record.id, row.batch == record.export_id, row.state != "refused"
    )
    return connection.execute(query).first() is not None


def _reopened(office: Office, record: Any, given: dict[str, Any]) -> Verdict:
    person = person_of(office, record.id)
    start = date.fromisoformat(given["cover_from"])
    end = end_of_cover(start, date.fromisoformat(given["cover_to"]), person.born)
    columns = {"cover_from": start.isoformat(), "cover_to": end.isoformat()}
    card = active_card(office, person, start, end)
    details = {"kpj": record.kpj, "card": card, **columns}
    return Verdict(
        record.id, "enrolled", reason=text("insurer.end_undone", "id"), details=details,
        columns=columns, reopens=True,
    )  # fmt: skip


def _given_cover(connection: Connection, subject: str) -> dict[str, Any] | None:
    """Return what the last decision that gave cover said."""
    table = REVISION_ROWS.c
    query = select(table.bytes).where(table.subject == subject).order_by(table.n.desc())
    for written in connection.execute(query).scalars():
        fields = from_canonical(written.encode())["fields"] if written else {}
        if fields.get("decision") == "enrolled":
            return dict(fields)
    return None


def _end_that_stands(connection: Connection, subject: str) -> str:
    """Return the last day to which the insurer's word and paid months give somebody cover.

    A payment that was taken back since the end does not count, nor what a stop that stands took.
    """
    table, cover = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.c
    undone = select(cover.before).where(
        cover.subject == subject, table.id == cover.stop, table.undone_at.is_not(None)
    )
    ends: list[str] = [_insurers_end(connection, subject)]
    ends += connection.execute(undone).scalars()
    ends += [last_day(read_month(one)).isoformat() for one in paid_months(connection, subject)]
    lasts = [last_day(read_month(one.after)) for one in standing_stops(connection, subject)]
    return min([max(ends), *(last.isoformat() for last in lasts)])


def _insurers_end(connection: Connection, subject: str) -> str:
    """Return the end that the insurer said last: with the number, or where it put that right."""
    table, said, before = REVISION_ROWS.c, "", ""
    query = select(table.bytes).where(table.subject == subject).order_by(table.n)
    for written in connection.execute(query).scalars():
        fields = from_canonical(written.encode())["fields"] if written else {}
        decision = fields.get("decision") or before
        is_theirs = "corrected" in fields or before not in ("enrolled", "ended")
        if decision == "enrolled" and (is_theirs or not said):
            said = str(fields["cover_to"])
        before = decision
    return said


def _after_stops(
    connection: Connection, record: Any, given: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Move the end in `given` as the stops of payment would have done that came while it was ended.

    Returns the rows that keep this person's earlier ends of these stops.
    """
    table, cover, rows = PAYMENT_STOP_ROWS.c, STOPPED_COVER_ROWS.c, []
    undone = (
        select(table.after, cover.before)
        .join_from(STOPPED_COVER_ROWS, PAYMENT_STOP_ROWS, table.id == cover.stop)
        .where(cover.subject == record.id, table.undone_at.is_not(None))
        .order_by(table.at.desc(), table.id)
    )
    for stop in connection.execute(undone):
        if given["cover_to"] == last_day(read_month(stop.after)).isoformat():
            given["cover_to"] = stop.before
    since = select(PAYMENT_STOP_ROWS).where(table.undone_at.is_(None), table.at > given["at"])
    for stop in connection.execute(since.order_by(table.at, table.id)):
        last = last_day(read_month(stop.after)).isoformat()
        is_here = str(record.village_code).startswith(stop.area)
        if is_here and given["cover_from"] <= last < given["cover_to"]:
            rows.append((stop.id, record.id, given["cover_to"]))
            given["cover_to"] = last
    return rows


def ending_of(connection: Connection, subject: str) -> date | None:
    """Return the day on which the office ended somebody's cover; None if it did not."""
    query = select(ENDING_ROWS.c.ended_on).where(ENDING_ROWS.c.subject == subject)
    found = connection.execute(query).scalar()
    return date.fromisoformat(found) if found else None
