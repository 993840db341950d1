"""Registrations by a filter: how many, one page of them, and all of them one by one."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    true,
    union,
)

from enumerator_app.domain.instants import WIB, day_in_wib, instant_to_text
from sync.server.bulk import bound, one_of
from sync.server.figures.counting import between, within
from sync.server.office import Office
from sync.server.registrations.filters import MONTHS_TO_65, Filter
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, REVISION_ROWS, SUBJECT_ROWS
from sync.server.tally_tables import VILLAGE_TALLY_ROWS

PAGE: Final = 50
MOST_FOUND: Final = 200
_AT_ONCE: Final = 500
_NEVER_SHOWN: Final = ("quarantined", "erased")
_RETIRES_AT: Final = 65
_SORTED_BY: Final = {
    "registered": SUBJECT_ROWS.c.registered_at,
    "number": SUBJECT_ROWS.c.number,
    "name": SUBJECT_ROWS.c.name,
    "village": SUBJECT_ROWS.c.village_code,
    "state": SUBJECT_ROWS.c.state,
    "birth": SUBJECT_ROWS.c.birth_date,
}
_IN_ORDER: Final = {"registered": "subject_registered", "name": "subject_name"}
_ROW_COSTS: Final = 5
_TOLD: Final = frozenset({"returned", "refused", "ended", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One registration in a list; `state` as people are told it, `reason` what the office said."""

    id: str
    number: str
    name: str
    nik: str
    birth_date: date | None
    village_code: str
    registered_on: date | None
    state: str
    device: str
    reason: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of a list, and how long the whole is."""

    rows: list[Listed]
    total: int
    number: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)

    @property
    def pages(self) -> int:
        return max(-(-self.total // PAGE), 1)


def find_page(office: Office, asked: Filter, districts: Collection[str] | None) -> PageOf:
    """Return the page that is asked for, or the last one if there are fewer."""
    today = day_in_wib(office.clock())
    with office.database.reading() as connection:
        members = open_members(connection)
        matches = _matches(asked, districts, today, _is_open(connection, members))
        total = _total(connection, asked, districts, today, matches)
        number = min(asked.page, max(-(-total // PAGE), 1))
        order, first = _order(asked.sort), (number - 1) * PAGE
        ids = select(SUBJECT_ROWS.c.id).where(matches).order_by(*order).limit(PAGE).offset(first)
        hint = _index(asked, total, first, _everybody(connection))
        rows = _rows_of(connection, ids.with_hint(SUBJECT_ROWS, hint, "sqlite"), order)
        return PageOf(_listed(connection, rows, members, today), total, number)


def search(
    office: Office, words: str, asked: Filter, districts: Collection[str] | None
) -> tuple[list[Listed], int]:
    """Return the first 200 whose name, number or NIK holds what was typed, and how many do."""
    today = day_in_wib(office.clock())
    with office.database.reading() as connection:
        members = open_members(connection)
        is_open = _is_open(connection, members)
        matches = and_(_matches(asked, districts, today, is_open), _holds(words))
        order = (SUBJECT_ROWS.c.name, SUBJECT_ROWS.c.id)
        ids = select(SUBJECT_ROWS.c.id).where(matches).order_by(*order).limit(MOST_FOUND + 1)
        rows = _rows_of(connection, ids, order)
        total = len(rows) if len(rows) <= MOST_FOUND else _count(connection, matches)
        return _listed(connection, rows[:MOST_FOUND], members, today), total


def each_listed(
    office: Office, connection: Connection, asked: Filter, districts: Collection[str] | None
) -> Iterator[Listed]:
    """Yield all that a filter matches, in its order, without holding them all."""
    today, members = day_in_wib(office.clock()), open_members(connection)
    matches = _matches(asked, districts, today, _is_open(connection, members))
    query = _rows().where(matches).order_by(*_order(asked.sort))
    streamed = connection.execution_options(yield_per=_AT_ONCE)
    with streamed.execute(query) as rows:
        for some in rows.partitions(_AT_ONCE):
            yield from _listed(connection, some, members, today)


def open_members(connection: Connection) -> set[str]:
    """Return the records that some open case is about."""
    case = CASE_ROWS.c
    one, other = (
        select(column).where(case.closed_at.is_(None)) for column in (case.one, case.other)
    )
    return {one for one in connection.execute(union(one, other)).scalars() if one}


def _is_open(connection: Connection, members: Collection[str]) -> ColumnElement[bool]:
    """Return the condition of being one of these: named, an index finds them beside states."""
    return one_of(SUBJECT_ROWS.c.id, connection.dialect.name, "members", sorted(members))


def _total(
    connection: Connection,
    asked: Filter,
    districts: Collection[str] | None,
    today: date,
    matches: ColumnElement[bool],
) -> int:
    """Return how many match: out of the counts beside the records, where those know what is asked.

    They know places, states, dates of cover and laptops.
    """
    is_in_tally = "decide" not in asked.states and not asked.is_nearly_65
    if not is_in_tally or asked.since or asked.until:
        return _count(connection, matches)
    table = VILLAGE_TALLY_ROWS
    query = select(func.coalesce(func.sum(table.c.n), 0))
    in_tally = _matches(asked, districts, today, false(), table)
    return int(connection.execute(query.where(in_tally)).scalar_one())


def _everybody(connection: Connection) -> int:
    query = select(func.coalesce(func.sum(VILLAGE_TALLY_ROWS.c.n), 0))
    return int(connection.execute(query).scalar_one())


def _index(asked: Filter, total: int, first: int, everybody: int) -> str:
    """Return the index that SQLite takes, which keeps no statistics and chooses badly.

    Either it goes along the order of the list until the page is full, or, where few match, it
    finds all of them by what is asked and sorts them: a row costs some entries of an index.
    """
    in_order = _IN_ORDER.get(asked.sort.removeprefix("-"))
    if in_order and (first + PAGE) * everybody <= _ROW_COSTS * total * total:
        return f"INDEXED BY {in_order}"
    if asked.is_nearly_65:
        return "INDEXED BY subject_birth"
    return "INDEXED BY subject_village" if asked.district else ""


def _count(connection: Connection, matches: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SUBJECT_ROWS).where(matches)
    return int(connection.execute(query).scalar_one())


def _rows() -> Select[Any]:
    table = SUBJECT_ROWS.c
    return select(
        table.id, table.number, table.name, table.nik, table.birth_date, table.village_code,
        table.registered_at, table.state, table.cover_from, table.cover_to, table.revision,
        DEVICE_ROWS.c.code.label("device_code"),
    ).outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)  # fmt: skip


def _rows_of(
    connection: Connection, ids: Select[Any], order: Sequence[ColumnElement[Any]]
) -> Sequence[Any]:
    """Return whole rows of the ids that an index gave: a deep page reads no row before its own."""
    chosen = connection.execute(ids).scalars().all()
    dialect = connection.dialect.name
    query = _rows().where(one_of(SUBJECT_ROWS.c.id, dialect, "chosen")).order_by(*order)
    return connection.execute(query, {"chosen": bound(dialect, chosen)}).all()


def _order(sort: str) -> Sequence[ColumnElement[Any]]:
    column = _SORTED_BY[sort.removeprefix("-")]
    if sort.startswith("-"):
        return column.desc(), SUBJECT_ROWS.c.id.desc()
    return column, SUBJECT_ROWS.c.id


def _matches(
    asked: Filter,
    districts: Collection[str] | None,
    today: date,
    is_open: ColumnElement[bool],
    rows: Table = SUBJECT_ROWS,
) -> ColumnElement[bool]:
    """Return the condition of a filter on the records, or on the counts beside them."""
    table = rows.c
    conditions = [table.state.not_in(_NEVER_SHOWN), within(table.village_code, districts)]
    if asked.village:
        conditions.append(table.village_code == asked.village)
    elif asked.district:
        conditions.append(between(table.village_code, asked.district))
    if asked.states:
        states = (_is(state, today, rows) for state in sorted(asked.states - {"decide"}))
        conditions.append(or_(*states, is_open if "decide" in asked.states else false()))
    if asked.since:
        conditions.append(table.registered_at >= _start(asked.since))
    if asked.until:
        conditions.append(table.registered_at < _start(asked.until + timedelta(days=1)))
    if asked.device:
        of_code = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.code == asked.device)
        conditions.append(table.device.in_(of_code))
    if asked.is_nearly_65:
        conditions.append(_is_nearly_65(today))
    return and_(true(), *conditions)


def _start(day: date) -> str:
    return instant_to_text(datetime.combine(day, time(), WIB).astimezone(UTC))


def _is(state: str, today: date, rows: Table) -> ColumnElement[bool]:
    """Return the condition of one state, as people are told it."""
    table, day = rows.c, today.isoformat()
    # Who has no date has an empty one in the counts.
    starts = and_(table.cover_from > "", table.cover_from <= day)
    holds = and_(table.state == "enrolled", starts, table.cover_to >= day)
    if state == "covered":
        return holds
    if state == "enrolled":
        return and_(table.state == "enrolled", not_(func.coalesce(holds, False)))
    return table.state == state


def _is_nearly_65(today: date) -> ColumnElement[bool]:
    """Return the condition of turning 65 from today on, within three months."""
    table = SUBJECT_ROWS.c
    first, last = (_years_before(day) for day in (today, _months_later(today)))
    living = table.state.not_in(("ended", "withdrawn", "duplicate"))
    return and_(living, table.birth_date >= first.isoformat(), table.birth_date < last.isoformat())


def _months_later(day: date) -> date:
    month = day.month - 1 + MONTHS_TO_65
    return day.replace(year=day.year + month // 12, month=month % 12 + 1, day=1) + timedelta(
        days=day.day - 1
    )


def _years_before(day: date) -> date:
    start = day.replace(day=1, year=day.year - _RETIRES_AT)
    return start + timedelta(days=day.day - 1)


def _holds(words: str) -> ColumnElement[bool]:
    """Return the condition that a name holds all words, or a number or NIK what was typed."""
    table = SUBJECT_ROWS.c
    typed = words.strip().upper()
    bare = typed.replace(" ", "").replace("-", "")
    if bare.isdigit() and bare.isascii():
        ends = table.nik.endswith(bare, autoescape=True)
        return or_(ends, table.number.contains(f"-{typed}", autoescape=True))
    if any(letter.isdigit() for letter in typed):
        return table.number.contains(typed, autoescape=True)
    return and_(true(), *(table.name.contains(word, autoescape=True) for word in typed.split()))


def _listed(
    connection: Connection, rows: Sequence[Any], members: set[str], today: date
) -> list[Listed]:
    told = {row.revision for row in rows if row.state in _TOLD}
    reasons = _reasons(connection, told)
    return [_one(row, members, reasons.get(row.revision, ("", "")), today) for row in rows]


def _one(row: Any, members: set[str], said: tuple[str, str], today: date) -> Listed:
    registered = row.registered_at[:19]
    return Listed(
        id=row.id,
        number=row.number or "",
        name=row.name,
        nik=row.nik,
        birth_date=date.fromisoformat(row.birth_date) if row.birth_date else None,
        village_code=row.village_code,
        registered_on=day_in_wib(datetime.fromisoformat(registered).replace(tzinfo=UTC))
        if registered
        else None,
        state=state_of(row, members, today),
        device=row.device_code or "",
        reason=said[0],
        field=said[1],
    )


def state_of(row: Any, members: Collection[str], today: date) -> str:
    """Return a record's state as people are told it: an open case first, then its dates.

    `covered` is within the dates of cover; months that were paid stand on the person's page.
    """
    if row.id in members:
        return "decide"
    day = today.isoformat()
    if row.state == "enrolled" and (row.cover_from or "9") <= day <= (row.cover_to or ""):
        return "covered"
    return str(row.state)


def _reasons(connection: Connection, revisions: set[str]) -> dict[str, tuple[str, str]]:
    """Return reason and field of decisions, by the revision that says them."""
    dialect = connection.dialect.name
    query = select(REVISION_ROWS.c.hash, REVISION_ROWS.c.bytes).where(
        one_of(REVISION_ROWS.c.hash, dialect, "revisions")
    )
    rows = connection.execute(query, {"revisions": bound(dialect, sorted(revisions))})
    found = {}
    for name, written in rows:
        fields = json.loads(written)["fields"] if written else {}
        found[name] = (fields.get("reason") or "", fields.get("field") or "")
    return found
