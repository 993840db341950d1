"""What a stopped laptop had saved before it was lost: who waits, and letting them in.

Whatever comes from a laptop after it was stopped is kept without effect. Most of it was written by
its enumerator before anybody missed the laptop, and came late, or by its drive. An officer says
until when the laptop was in good hands; what was saved before that day is read once more as if it
had come in time. Nothing but the laptop's own clock says when something was saved, so an entry
counts as saved no earlier than what stands before it in the journal: a clock that somebody puts
back afterwards lets nothing in.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, select, update

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.journal import Entry, to_line
from sync.protocol.messages import Outcome
from sync.server.bulk import bound, one_of
from sync.server.devices import find_device
from sync.server.errors import LetInGrown
from sync.server.ingest.batch import Line, read_line
from sync.server.ingest.cases import parked_case
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.releasing import as_batch
from sync.server.replacing import hand_on
from sync.server.resolving.telling import Closing, close_cases
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, ENTRY_ROWS
from sync.server.trust import refresh_trust

AFTER_REVOCATION: Final = "after_revocation"
ANSWER: Final = "let_in"
_AT_ONCE: Final = 500
_RECORDS: Final = frozenset({"register", "correct", "withdraw", "consent"})
_NEVER: Final = date.max


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is kept without effect; `day`: not saved before it, by the journal (WIB)."""

    hash: str
    day: date
    kind: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class KeptDay:
    """What a laptop saved on one day and is kept without effect."""

    day: date
    people: int
    entries: int


@dataclass(frozen=True, slots=True)
class LetIn:
    """What a deed let in, or would: `left` entries of the laptop stay without effect."""

    code: str
    entries: int = 0
    people: int = 0
    left: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)


def kept_days(office: Office, named: str) -> list[KeptDay]:
    """Return by day what is kept of a laptop without effect, because it was stopped.

    Raises:
        DeviceUnknown: no laptop is called so.
    """
    with office.database.reading() as connection:
        kept = _kept(connection, find_device(connection, named).id)
    days = sorted({one.day for one in kept})
    by_day = {day: [one for one in kept if one.day == day] for day in days}
    return [KeptDay(day, people_in(some), len(some)) for day, some in by_day.items()]


def count_kept(connection: Connection) -> dict[str, int]:
    """Return how many entries are kept so, by stopped laptop."""
    stopped = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.state == "revoked")
    devices = connection.execute(stopped).scalars().all()
    table, found = ENTRY_ROWS.c, {}
    for device in devices:
        rows = connection.execute(_quarantined(device, table.hash, table.subject)).all()
        found[device] = len(rows) - len(_decided(connection, rows))
    return found


def people_in(kept: Sequence[Kept]) -> int:
    """Return how many people these entries are about."""
    return len({one.subject for one in kept if one.kind in _RECORDS})


def let_in(
    office: Office,
    named: str,
    before: date,
    *,
    by: str = COMMAND_LINE,
    most: int | None = None,
    dry_run: bool = False,
) -> LetIn:
    """Let in what a laptop saved before a day; again lets in nothing twice.

    Raises:
        DeviceUnknown: no laptop is called so.
        LetInGrown: it is about more than `most` people. Nothing was changed.
    """
    if dry_run:
        with office.database.reading() as connection:
            device = find_device(connection, named)
            return _seen(device, _kept(connection, device.id), before)
    with office.database.writing() as connection:
        done = let_in_within(office, connection, named, before, by=by, most=most)
    if done.entries:
        office.keep_head_outside()
        refresh_trust(office)  # slips that the laptop had printed are genuine again
    return done


def let_in_within(
    office: Office,
    connection: Connection,
    named: str,
    before: date,
    *,
    by: str,
    most: int | None = None,
) -> LetIn:
    """Do so as part of a transaction; raises as `let_in`.

    After its COMMIT the caller writes the chain's head outside and renews the trust list.
    """
    device = find_device(connection, named)
    locked = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.id == device.id)
    connection.execute(locked.with_for_update())
    kept = _kept(connection, device.id)
    seen = _seen(device, kept, before)
    if most is not None and seen.people > most:
        raise LetInGrown(device=device.code, people=seen.people, most=most)
    if not seen.entries:
        return seen
    chosen = [one.hash for one in kept if one.day < before]
    left_out = frozenset(one.hash for one in kept if one.day >= before)
    outcomes: Counter[Outcome] = Counter()
    for start in range(0, len(chosen), _AT_ONCE):
        lines = take_up(connection, chosen[start : start + _AT_ONCE])
        batch = as_batch(office, device.id, lines)
        outcomes += office.ingest.take_again(connection, batch, office.server_epoch, left_out)
        _end_cases(office, connection, lines, by)
    hand_on(connection, device.id)
    audit(office, connection, by, "device_let_in", device.code)
    return LetIn(seen.code, seen.entries, seen.people, len(left_out), outcomes)


def _seen(device: Any, kept: Sequence[Kept], before: date) -> LetIn:
    chosen = [one for one in kept if one.day < before]
    return LetIn(device.code, len(chosen), people_in(chosen), len(kept))


def _kept(connection: Connection, device: str) -> list[Kept]:
    """Return what is kept without effect, ancestors first, but for what an officer decided."""
    table = ENTRY_ROWS.c
    query = _quarantined(
        device, table.hash, table.prev, table.kind, table.subject, table.header
    ).order_by(table.ingest_n)
    days: dict[str, date] = {}
    found = []
    for row in connection.execute(query):
        days[row.hash] = max(_claimed_day(bytes(row.header)), days.get(row.prev or "", date.min))
        found.append(Kept(row.hash, days[row.hash], row.kind, row.subject))
    decided = _decided(connection, found)
    return [one for one in found if one.hash not in decided]


def _quarantined(device: str, *columns: Column[Any]) -> Select[Any]:
    table = ENTRY_ROWS.c
    return select(*columns).where(
        table.device == device,
        table.outcome == "quarantined",
        table.code == AFTER_REVOCATION,
    )


def _claimed_day(header: bytes) -> date:
    """Return the day by the laptop's clock; one that cannot be read is never before another."""
    try:
        return day_in_wib(instant_from_text(from_canonical(header)["claimed_time"]))
    except (KeyError, TypeError, ValueError):
        return _NEVER


def _decided(connection: Connection, kept: Sequence[Any]) -> set[str]:
    """Return the entries beside which somebody has chosen what the record says now."""
    cases = {_case_of(one): one.hash for one in kept if one.subject}
    query = select(CASE_ROWS.c.id).where(
        one_of(CASE_ROWS.c.id, connection.dialect.name, "cases"), CASE_ROWS.c.closed_at.is_not(None)
    )
    values = {"cases": bound(connection.dialect.name, list(cases))}
    return {cases[name] for name in connection.execute(query, values).scalars()}


def _case_of(entry: Any) -> str:
    return parked_case(None, str(entry.subject), entry.hash, AFTER_REVOCATION).id


def take_up(connection: Connection, hashes: Sequence[str]) -> list[Line]:
    """Return these entries as they came, and forget what was answered for them."""
    dialect, table = connection.dialect.name, ENTRY_ROWS.c
    values = {"hashes": bound(dialect, list(hashes))}
    is_one = one_of(table.hash, dialect, "hashes")
    query = select(table.header, table.salt, table.body).where(is_one).order_by(table.ingest_n)
    entries = [Entry(*row) for row in connection.execute(query, values)]
    lines = [read_line(to_line(one).removesuffix(b"\n")) for one in entries]
    connection.execute(update(ENTRY_ROWS).where(is_one).values(code=None), values)
    return lines


def _end_cases(office: Office, connection: Connection, lines: Sequence[Line], by: str) -> None:
    """Close the cases that stood open only because the laptop was stopped."""
    names = list(_open_cases(connection, [_case_of(line) for line in lines if line.subject]))
    close_cases(office, connection, dict.fromkeys(names, Closing(ANSWER, by)))


def _open_cases(connection: Connection, names: Sequence[str]) -> Iterator[str]:
    table, dialect = CASE_ROWS.c, connection.dialect.name
    query = select(table.id).where(one_of(table.id, dialect, "names"), table.closed_at.is_(None))
    return connection.execute(query, {"names": bound(dialect, names)}).scalars()
