"""Counts for the status line and the day report, each set read from one moment."""

from datetime import date
from typing import TYPE_CHECKING, Final

from enumerator_app.storage.listing import IS_SEALED_HERE
from enumerator_app.storage.records import Counts, DayCount

if TYPE_CHECKING:
    from sqlite3 import Connection

# Two counts, each with an index of its own: together they would read every row.
_NO_PAPER = (
    "SELECT count(*) FROM registration WHERE printed_at IS NULL "  # noqa: S608  our own names
    f"AND state NOT IN ('withdrawn', 'duplicate', 'ended', 'refused') AND {IS_SEALED_HERE}"
)
_NEW_CARD = (
    "SELECT count(*) FROM registration WHERE card_seal IS NOT NULL "
    "AND printed_kind IS NOT 'active' AND printed_at IS NOT NULL "
    "AND state NOT IN ('withdrawn', 'duplicate', 'ended', 'refused')"
)
# Whoever's last change is kept by the office without effect; what was changed since waits again.
IS_WITHOUT_EFFECT: Final = (
    "registration.subject IN (SELECT e.subject FROM entry e "
    "WHERE e.outcome = 'quarantined' AND e.kind IN ('register', 'correct', 'withdraw') "
    "AND NOT EXISTS (SELECT 1 FROM entry later WHERE later.subject = e.subject "
    "AND later.n > e.n AND later.kind IN ('register', 'correct', 'withdraw')))"
)
_WITHOUT_EFFECT = f"SELECT count(*) FROM registration WHERE {IS_WITHOUT_EFFECT}"  # noqa: S608  our own words
_OF_DAY = "SELECT count(*) FROM registration WHERE day = ?"
_PER_DAY = (
    f"SELECT day, count(*), sum(custody = 'saved' OR {IS_WITHOUT_EFFECT}) "  # noqa: S608  our own words
    "FROM registration GROUP BY day ORDER BY day DESC"
)


def counts(connection: "Connection") -> Counts:
    by_state = dict(
        connection.execute("SELECT state, count(*) FROM registration GROUP BY state").fetchall()
    )
    total = sum(by_state.values())
    pending = _one(connection, "SELECT count(*) FROM registration WHERE custody = 'saved'")
    without_effect = _one(connection, _WITHOUT_EFFECT)
    return Counts(
        registrations=total,
        pending=pending,
        without_effect=without_effect,
        entries_pending=_one(connection, "SELECT count(*) FROM entry WHERE stage = 'open'"),
        by_state=by_state,
        received=total - pending - without_effect,
        complete=_one(
            connection,
            "SELECT count(*) FROM registration WHERE custody IN ('complete', 'backed_up')",
        ),
        to_correct=by_state.get("returned", 0) + by_state.get("refused", 0),
        waiting_print=_one(connection, _NO_PAPER) + _one(connection, _NEW_CARD),
        photos_pending=_one(
            connection,
            "SELECT count(*) FROM photo WHERE sent = 0 AND entry IS NOT NULL AND length(jpeg) > 0",
        ),
        drafts=_one(connection, "SELECT count(*) FROM draft"),
    )


def of_day(connection: "Connection", day: date) -> int:
    return int(connection.execute(_OF_DAY, (day.isoformat(),)).fetchone()[0])


def per_day(connection: "Connection") -> list[DayCount]:
    rows = connection.execute(_PER_DAY)
    return [DayCount(date.fromisoformat(day), total, pending) for day, total, pending in rows]


def _one(connection: "Connection", query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
