"""A member number or cover that the insurer put right: the earlier number and card are void."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import clean_text
from enumerator_app.domain.instants import day_in_wib
from sync.server.active_cards import active_card, end_of_cover, person_of
from sync.server.awaiting import require_heard
from sync.server.batches.covers import list_months
from sync.server.batches.months import last_day, month_text, months_after, read_month
from sync.server.batches.reply_files import close_answered
from sync.server.batches.trouble import CorrectionStopped, CorrectionWrong, MemberNumberTaken
from sync.server.bulk import Row, Write, write_all
from sync.server.cover_tables import ENDING_ROWS, STOPPED_COVER_ROWS
from sync.server.covering.alone import alone_on_months
from sync.server.covering.kept_beside import require_stops, write_stop
from sync.server.covering.paying import paid_months, standing_stops
from sync.server.deciding import Verdict, decide, find_by_number
from sync.server.errors import DecisionNotAllowed, IssuingKeyEnded
from sync.server.insurer_reply import KPJ_LENGTH, ReplyRow, spaceless
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.resolving.errors import DecidedBefore
from sync.server.rotating import days_left
from sync.server.tables import SUBJECT_ROWS
from sync.server.trust import refresh_trust

MOST_REASON: Final = 200
_STATED: Final = ("kpj", "cover_from", "cover_to")
_MOVED: Final = Write(STOPPED_COVER_ROWS, ("stop", "subject", "before"), updates=("before",))


@dataclass(frozen=True, slots=True)
class Told:
    """What the insurer says now; what is left out stays. `reason`: by which letter, and why."""

    reason: str
    kpj: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What the record says after it; `stops` keep ends for standing stops of payment."""

    record: Any
    kpj: str
    start: date
    end: date
    stops: tuple[Row, ...] = ()

    @property
    def has_other_end(self) -> bool:
        return bool(self.end.isoformat() != self.record.cover_to)

    @property
    def has_other_dates(self) -> bool:
        return self.has_other_end or self.start.isoformat() != self.record.cover_from

    @property
    def columns(self) -> dict[str, str]:
        return {
            "kpj": self.kpj, "cover_from": self.start.isoformat(), "cover_to": self.end.isoformat(),
        }  # fmt: skip


def look_at_correction(office: Office, number: str, told: Told) -> Corrected:
    """Return what a correction would make of somebody's number and cover; nothing is changed.

    A stop of payment that stands ends the cover as before. Of somebody whose cover was ended only
    the number may be put right: it stands in the papers of a claim.

    Raises:
        NumberUnknown: nobody has this number.
        DecisionNotAllowed: the insurer has not accepted this person.
        CorrectionWrong: number or dates are none that the insurer gives, no reason is told, or
            nothing differs from what is known.
        CorrectionStopped: cover would start after a stop of payment that stands for them.
        MemberNumberTaken: the member number is another person's.
        IssuingKeyEnded: the key may seal no cards any more.
        OfficeRecovering: a laptop that is awaited may know a later number.
    """
    with office.database.reading() as connection:
        require_heard(connection)
    record = find_by_number(office, number)
    if record.state not in ("enrolled", "ended") or not all(getattr(record, n) for n in _STATED):
        raise DecisionNotAllowed(number=record.number, state=record.state)
    if record.state == "enrolled" and days_left(office.issuer, day_in_wib(office.clock())) < 0:
        raise IssuingKeyEnded
    new = Corrected(
        record, spaceless(told.kpj) or record.kpj,
        told.start or date.fromisoformat(record.cover_from),
        told.end or date.fromisoformat(record.cover_to),
    )  # fmt: skip
    born = person_of(office, record.id).born
    with office.database.reading() as connection:
        months = list_months(connection, SUBJECT_ROWS.c.id == record.id, {})
        month = months.get(record.id, new.start)
        is_told = bool(clean_text(told.reason).strip())
        if not (is_told and _is_another(new) and _fits(connection, new, month, born)):
            raise CorrectionWrong(
                number=record.number, kpj=new.kpj, start=f"{new.start:%d-%m-%Y}",
                end=f"{new.end:%d-%m-%Y}", month=f"{month:%m-%Y}",
            )  # fmt: skip
        _require_free(connection, new)
        return _within_stops(connection, new, born)


def _is_another(new: Corrected) -> bool:
    """Return whether it differs from what is known, and its number can be one."""
    stated = {name: getattr(new.record, name) for name in _STATED}
    is_number = len(new.kpj) == KPJ_LENGTH and new.kpj.isascii() and new.kpj.isalnum()
    return new.columns != stated and is_number


def _fits(connection: Connection, new: Corrected, month: date, born: date | None) -> bool:
    """Return whether the dates may be so: in the list's month or later, for a year at most.

    An end that stays may be later: months that were paid have moved it. None is before a paid one.
    """
    if not new.has_other_dates:
        return True
    if new.record.state == "ended" or not month <= new.start <= end_of_cover(
        new.start, new.end, born
    ):
        return False
    if not new.has_other_end:
        return True
    paid = max(paid_months(connection, new.record.id), default="")
    is_paid_later = bool(paid) and new.end < last_day(read_month(paid))
    return new.end < months_after(new.start, 12) and not is_paid_later


def _within_stops(connection: Connection, new: Corrected, born: date | None) -> Corrected:
    """Return it with the end that the stops of payment leave; the insurer's is kept beside them."""
    stops = standing_stops(connection, new.record.id)
    for stop in stops:
        if new.has_other_dates and new.start > last_day(read_month(stop.after)):
            raise CorrectionStopped(number=new.record.number, month=stop.after)
    if not new.has_other_end:
        return new
    end, rows = end_of_cover(new.start, new.end, born), []
    for stop in stops:
        last = last_day(read_month(stop.after))
        if new.start <= last < end:
            rows.append((stop.id, new.record.id, end.isoformat()))
            end = last
    return replace(new, end=end, stops=tuple(rows))


def _require_free(connection: Connection, new: Corrected) -> None:
    table = SUBJECT_ROWS.c
    others = select(table.number).where(table.kpj == new.kpj, table.id != new.record.id)
    owner = connection.execute(others).scalars().first()
    if new.kpj != new.record.kpj and owner is not None:
        raise MemberNumberTaken(kpj=new.kpj, number=owner)


@alone_on_months
def correct_cover(
    office: Office,
    number: str,
    told: Told,
    *,
    officer: str,
    account: str = COMMAND_LINE,
    seen: str | None = None,
) -> Corrected:
    """Put a member number or dates of cover right, with a new card; the earlier ones are void.

    `seen` is the revision that a page showed.

    Raises as `look_at_correction`, and:
        DecidedBefore: somebody changed the record since it was shown.
        StopUnreadable: the file of a stop before the new end cannot be read.
    """
    new = look_at_correction(office, number, told)
    if new.has_other_end:
        require_stops(office, month_text(new.end))
    verdict = _verdict(office, new, told, seen)

    def note(connection: Connection, done: list[str]) -> None:
        for subject in done:
            write_all(connection, [(_MOVED, new.stops)])
            for stop, *_ in new.stops:
                write_stop(office, connection, stop)
            audit(office, connection, account, "cover_corrected", subject)

    if not decide(office, [verdict], officer=officer, actor="officer", beside=note):
        with office.database.reading() as connection:
            _require_free(connection, new)
        raise DecidedBefore
    row = ReplyRow(0, new.record.number, "", "accepted", new.kpj, "")
    close_answered(office, [(new.record.number, new.record.nik, row)])
    refresh_trust(office)
    return new


def _verdict(office: Office, new: Corrected, told: Told, seen: str | None) -> Verdict:
    record = new.record
    details: dict[str, Any] = {
        "corrected": {name: getattr(record, name) for name in _STATED}, **new.columns,
    }  # fmt: skip
    if record.state == "enrolled":
        details["card"] = active_card(office, person_of(office, record.id), new.start, new.end)
    else:
        details |= _ending(office, record.id)
    reason = clean_text(told.reason).strip()[:MOST_REASON]
    return Verdict(
        record.id, record.state, reason=reason, details=details, columns=dict(new.columns),
        stays=True, seen=seen,
    )  # fmt: skip


def _ending(office: Office, subject: str) -> dict[str, str]:
    """Return what the decision that ended the cover said: laptops may bring this one alone."""
    table = ENDING_ROWS.c
    query = select(table.ended_on, table.reason).where(table.subject == subject)
    with office.database.reading() as connection:
        found = connection.execute(query).one_or_none()
    return {} if found is None else {"ended_on": found.ended_on, "ended_reason": found.reason}
