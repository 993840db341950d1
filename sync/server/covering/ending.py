"""The end of somebody's cover: why, and on which day. After it nothing is paid or sealed."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.states import may_move
from enumerator_app.texts import text
from sync.server.batches.trouble import EndingWrong
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import ENDING_ROWS
from sync.server.deciding import Verdict, decide, find_by_number
from sync.server.errors import DecisionNotAllowed
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.trust import refresh_trust

REASONS: Final = ("died", "moved", "age_65", "formal_work", "withdrew", "self_paid")
_ENDINGS: Final = Write(
    ENDING_ROWS,
    ("subject", "reason", "ended_on", "at", "officer"),
    updates=("reason", "ended_on", "at", "officer"),
)


def endable(office: Office, number: str, on: date) -> Any:
    """Return the record that may end on this day.

    Raises:
        NumberUnknown: nobody has this number.
        EndingWrong: the day is after today, or before the registration.
        DecisionNotAllowed: the insurer has not answered yet, or it ended before.
    """
    record = find_by_number(office, number)
    registered = day_in_wib(instant_from_text(record.registered_at or record.received_at))
    if not registered <= on <= day_in_wib(office.clock()):
        raise EndingWrong(day=f"{on:%d-%m-%Y}", number=record.number)
    if not may_move(record.state, "ended", "officer"):
        raise DecisionNotAllowed(number=record.number, state=record.state)
    return record


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
    record = endable(office, number, on)
    ended = {"ended_on": on.isoformat(), "ended_reason": reason}
    columns: dict[str, Any] = {}
    if record.cover_to:
        columns["cover_to"] = min(record.cover_to, on.isoformat())
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


def ending_of(connection: Connection, subject: str) -> date | None:
    """Return the day on which the office ended somebody's cover; None if it did not."""
    query = select(ENDING_ROWS.c.ended_on).where(ENDING_ROWS.c.subject == subject)
    found = connection.execute(query).scalar()
    return date.fromisoformat(found) if found else None
