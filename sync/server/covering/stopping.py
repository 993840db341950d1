"""When the regency stops paying: whose cover ends, on which day, village by village."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, case, func, insert, literal, select, true

from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_places, load_programme_tables
from enumerator_app.texts import Language, text
from sync.server.batches.months import last_day, month_text, months_after
from sync.server.bulk import Write, write_all
from sync.server.cover_tables import PAYMENT_STOP_ROWS, STOPPED_COVER_ROWS
from sync.server.covering.alone import months_alone
from sync.server.covering.kept_beside import write_stop, written_first
from sync.server.covering.paying import (
    AT_ONCE,
    GRACE_MONTHS,
    Due,
    due_people,
    move_ends,
    starting_after,
    too_old,
)
from sync.server.figures.counting import between
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import write_table
from sync.server.tally_tables import VILLAGE_TALLY_ROWS
from sync.server.trust import refresh_trust

STOPPED: Final = Write(STOPPED_COVER_ROWS, ("stop", "subject", "before"))
_HEADER: Final = (
    "village", "district", "name", "number", "kpj", "covered_to", "ask_by", "self_pay_monthly",
    "what_to_do",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who loses cover after the last paid month; `moved` of them had a later day before.

    `id` names what was done, so that it can be taken back; empty where nothing was. `starting` are
    not in it: their cover starts after the last paid month, and goes on.
    """

    last: date
    people: tuple[Due, ...]
    moved: int
    id: str = ""
    starting: tuple[Due, ...] = ()

    @property
    def by_village(self) -> dict[str, int]:
        return dict(sorted(Counter(one.village_code for one in self.people).items()))


@dataclass(frozen=True, slots=True)
class Losing:
    """How many lose cover after the last paid month, by village; `later` have a later day now.

    `starting` are besides: their cover starts after that month, and goes on.
    """

    last: date
    by_village: dict[str, int]
    later: int
    starting: int = 0

    @property
    def people(self) -> int:
        return sum(self.by_village.values())


def count_losing(office: Office, after: date, area: str) -> Losing:
    """Return how many `stop_payment` would find, out of counts: nobody's record is read.

    Those who are covered by the counts beside the records, without those who are too old.
    """
    last = last_day(after)
    with office.database.reading() as connection:
        people = Counter[str]()
        later = 0
        for sign, query in ((1, _covered(after, area)), (-1, _too_old(after, area))):
            for village, n, with_later_end in connection.execute(query):
                people[village] += sign * int(n)
                later += sign * int(with_later_end)
        starting = int(connection.execute(_starting(last, area)).scalar_one())
    return Losing(last, {village: n for village, n in sorted(people.items()) if n}, later, starting)


def _starting(last: date, area: str) -> Select[Any]:
    table = VILLAGE_TALLY_ROWS.c
    return select(func.coalesce(func.sum(table.n), 0)).where(
        table.state == "enrolled",
        table.cover_from > last.isoformat(),
        table.cover_to >= table.cover_from,
        between(table.village_code, area) if area else true(),
    )


def _covered(after: date, area: str) -> Select[Any]:
    table = VILLAGE_TALLY_ROWS.c
    return _by_village(VILLAGE_TALLY_ROWS, table.n, after, area).where(table.cover_from != "")


def _too_old(after: date, area: str) -> Select[Any]:
    query = _by_village(SUBJECT_ROWS, literal(1), after, area).where(too_old(after))
    return query.with_hint(SUBJECT_ROWS, "INDEXED BY subject_birth", "sqlite")


def _by_village(rows: Table, n: ColumnElement[int], after: date, area: str) -> Select[Any]:
    """Sum up, village by village, who is covered then, and of them who is beyond the last day."""
    table, last = rows.c, last_day(after).isoformat()
    is_later = case((table.cover_to > last, n), else_=0)
    return (
        select(table.village_code, func.sum(n), func.sum(is_later))
        .where(
            table.state == "enrolled",
            table.cover_from <= last,
            table.cover_to >= after.isoformat(),
            between(table.village_code, area) if area else true(),
        )
        .group_by(table.village_code)
    )


def stop_payment(
    office: Office,
    after: date,
    area: str,
    *,
    officer: str,
    only_look: bool = False,
    account: str = COMMAND_LINE,
) -> Stopped:
    """End the cover of everybody in an area with the last paid month, or only say whose it is."""
    if only_look:
        return _look(office, after, area)[0]
    with months_alone(office):
        return _stop(office, after, area, officer, account)


def _look(office: Office, after: date, area: str) -> tuple[Stopped, list[Due]]:
    """Return who loses cover, and whose end is later now."""
    last = last_day(after)
    found = tuple(
        one
        for one in due_people(office, after, with_paid=True, with_stopped=True)
        if one.village_code.startswith(area) and one.cover_to >= after
    )
    starting = tuple(starting_after(office, last, area))
    return Stopped(last, found, 0, starting=starting), [o for o in found if o.cover_to > last]


def _stop(office: Office, after: date, area: str, officer: str, account: str) -> Stopped:
    found, later = _look(office, after, area)
    last = found.last
    if not later:
        return found
    name = _keep(office, after, area, later, officer)
    moved = move_ends(office, later, lambda _: last, officer=officer)
    with office.database.writing() as connection:
        audit(office, connection, account, "payment_stopped", f"{area or 'all'}:{last}")
    refresh_trust(office)
    return replace(found, moved=moved, id=name)


def _keep(office: Office, after: date, area: str, later: Sequence[Due], officer: str) -> str:
    """Keep everybody's end as it is, before any is moved; return the name of the stop."""
    name = f"{month_text(after)}-{secrets.token_hex(3)}"
    values = {
        "id": name, "after": month_text(after), "area": area, "at": office.now(),
        "officer": officer,
    }  # fmt: skip
    rows = [(name, one.subject, one.cover_to.isoformat()) for one in later]
    with written_first(office, name), office.database.writing() as connection:
        connection.execute(insert(PAYMENT_STOP_ROWS).values(values))
        for start in range(0, len(rows), AT_ONCE):
            write_all(connection, [(STOPPED, rows[start : start + AT_ONCE])])
        write_stop(office, connection, name)
    return name


def write_stopped(found: Stopped, path: Path, language: Language) -> int:
    """Write the list, village by village: name, until when, and what each can do alone."""
    return write_table(path, _HEADER, _rows(found, language))


def _rows(found: Stopped, language: Language) -> Iterator[list[str]]:
    places = load_places()
    ask_by, alone = ask_until(found.last), alone_monthly(found.last)
    for one in sorted(found.people, key=lambda due: (due.village_code, due.name, due.number)):
        village = places.village(one.village_code)
        yield [
            village.name if village else "", village.district_name if village else "",
            one.name, one.number, one.kpj, min(one.cover_to, found.last).isoformat(),
            ask_by.isoformat(), str(alone), text("insurer.stopped_do", language),
        ]  # fmt: skip
    for one in found.starting:
        village = places.village(one.village_code)
        starts = text("insurer.stopped_not", language, day=f"{one.cover_from:%d-%m-%Y}")
        yield [
            village.name if village else "", village.district_name if village else "",
            one.name, one.number, one.kpj, one.cover_to.isoformat(), "", "", starts,
        ]  # fmt: skip


def ask_until(last: date) -> date:
    """Return the last day on which a payment of one's own goes on without a new registration."""
    return last_day(months_after(last.replace(day=1), GRACE_MONTHS))


def alone_monthly(last: date) -> int:
    """Return what the least contribution costs somebody alone in the month after `last`."""
    start = months_after(last.replace(day=1), 1)
    return monthly_contribution(None, ("JKK", "JKM"), start, "self", load_programme_tables()).total


def counts(found: Stopped) -> dict[str, Any]:
    return {
        "last_day": found.last.isoformat(), "people": len(found.people), "moved": found.moved,
        "stop": found.id, "starting": len(found.starting),
        "villages": [
            {"village_code": code, "people": n} for code, n in found.by_village.items()
        ],
    }  # fmt: skip
