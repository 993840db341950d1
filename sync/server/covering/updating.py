"""The update before the regency pays a month: who enters, who leaves, who turns 65; the sums."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text
from sync.server.batches.checking import CHECKED, forget_check, last_check, people_checked
from sync.server.batches.keeping import AT_ONCE
from sync.server.batches.months import month_text, months_after
from sync.server.bulk import write_all
from sync.server.cover_tables import CHECK_ROWS, ENDING_ROWS, PAID_MONTH_ROWS, PAYMENT_ROWS
from sync.server.covering.paying import (
    Due,
    age_limit_day,
    due_people,
    not_extended,
    paid_in,
    stopped_before,
)
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS
from sync.server.tabulating import write_table

SOON_MONTHS: Final = 3
_HEADER: Final = (
    "change", "number", "kpj", "name", "village", "district", "reason", "day", "amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One person of the update: `kind` is enters, leaves or soon; `day` is when it happened."""

    subject: str
    kind: str
    number: str
    kpj: str
    name: str
    village_code: str
    reason: str
    day: str
    amount: int


@dataclass(slots=True)
class Update:
    """One month beside the last paid one before it, which is `month_before`.

    `before` - `left` + `entered` + `changed` = `total`.

    `stopped` are left out, for their payment was stopped; for `not_extended` the month stands as
    paid and their cover ends before it does.
    """

    month: str
    month_before: str = ""
    people: int = 0
    people_before: int = 0
    before: int = 0
    left: int = 0
    entered: int = 0
    changed: int = 0
    total: int = 0
    already_paid: int = 0
    stopped: int = 0
    not_extended: int = 0
    changes: list[Change] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Change]:
        return [one for one in self.changes if one.kind == kind]

    def as_dict(self) -> dict[str, Any]:
        numbers = {
            name: getattr(self, name)
            for name in (
                "month", "month_before", "people", "people_before", "before", "left", "entered",
                "changed", "total", "already_paid", "stopped", "not_extended",
            )
        }  # fmt: skip
        kinds = ("enters", "leaves", "soon")
        return numbers | {kind: len(self.of_kind(kind)) for kind in kinds}


def monthly_update(office: Office, month: date) -> Update:
    """Return what a month costs, beside the last month before it that was noted as paid."""
    due = due_people(office, month, with_paid=True, with_stopped=True)
    with office.database.reading() as connection:
        stopped = set(connection.execute(stopped_before(month)).scalars())
        people = [one for one in due if one.subject not in stopped]
        found = Update(month_text(month), people=len(people), stopped=len(due) - len(people))
        found.month_before = _last_paid(connection, month)
        before = paid_in(connection, found.month_before)
        paid = paid_in(connection, month_text(month))
        leaving = before.keys() - {one.subject for one in people}
        gone = _gone(connection, leaving, before, found.month_before, month)
    found.already_paid = len(paid)
    late = not_extended(people, month)
    found.not_extended = sum(one.subject in paid for one in late)
    found.changes += _with_stops(gone, stopped)
    found.people_before, found.before = len(before), sum(before.values())
    found.left = sum(one.amount for one in gone)
    for one in people:
        found.total += one.amount
        if one.subject in before:
            found.changed += one.amount - before[one.subject]
        else:
            found.entered += one.amount
            found.changes.append(_change(one, "enters", one.cover_from))
        limit = age_limit_day(one.born, month)
        if limit is not None and limit <= months_after(month, SOON_MONTHS):
            found.changes.append(_change(one, "soon", limit))
    return found


def _last_paid(connection: Connection, month: date) -> str:
    table = PAYMENT_ROWS.c
    query = select(func.max(table.month)).where(table.month < month_text(month))
    return connection.execute(query).scalar() or ""


@dataclass(frozen=True, slots=True)
class Unusual:
    """What makes a month one to look at twice before it is noted: not begun, or after a gap."""

    is_to_come: bool
    gap: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.is_to_come or bool(self.gap)


def what_is_unusual(office: Office, month: date) -> Unusual:
    """Return what speaks for another month having been meant."""
    with office.database.reading() as connection:
        before = _last_paid(connection, month)
    is_to_come = month > day_in_wib(office.clock())
    return Unusual(is_to_come, tuple(gap_before(month, before)))


def gap_before(month: date, before: str) -> list[str]:
    """Return the months between the last paid one and this one."""
    found, one = [], months_after(month, -1)
    while before and month_text(one) > before:
        found.append(month_text(one))
        one = months_after(one, -1)
    return found[::-1]


def _change(one: Due, kind: str, day: date) -> Change:
    return Change(
        one.subject,
        kind,
        one.number,
        one.kpj,
        one.name,
        one.village_code,
        kind,
        day.isoformat(),
        one.amount,
    )


def _gone(
    connection: Connection, subjects: set[str], amounts: dict[str, int], before: str, month: date
) -> list[Change]:
    """Return who was paid for in the last paid month and is not due any more, with the reason."""
    table, ending = SUBJECT_ROWS.c, ENDING_ROWS.c
    query = (
        select(SUBJECT_ROWS, ending.reason, ending.ended_on)
        .outerjoin(ENDING_ROWS, ending.subject == table.id)
        .join(PAID_MONTH_ROWS, PAID_MONTH_ROWS.c.subject == table.id)
        .where(PAID_MONTH_ROWS.c.month == before)
        .order_by(table.village_code, table.number)
    )
    return [
        Change(
            row.id, "leaves", row.number or "", row.kpj or "", row.name, row.village_code,
            row.reason if row.state == "ended" and row.reason else _why(row, month),
            row.ended_on or row.cover_to or "", amounts[row.id],
        )
        for row in connection.execute(query)
        if row.id in subjects
    ]  # fmt: skip


def _with_stops(gone: list[Change], stopped: set[str]) -> list[Change]:
    """Return the same, with the stop as the reason where the records tell of no other."""
    return [
        replace(one, reason="stopped") if one.reason == "other" and one.subject in stopped else one
        for one in gone
    ]


def _why(row: Any, month: date) -> str:
    born = date.fromisoformat(row.birth_date) if row.birth_date else None
    limit = age_limit_day(born, month)
    if limit is not None and limit <= month:
        return "age_65"
    return "other"


def write_update(found: Update, path: Path, language: Language) -> int:
    """Write a row for each person who enters, leaves or turns 65 soon; return how many."""
    return write_table(path, _HEADER, _rows(found, language))


def _rows(found: Update, language: Language) -> Iterator[list[str]]:
    places = load_places()
    for one in found.changes:
        village = places.village(one.village_code)
        yield [
            text(f"insurer.change_{one.kind}", language), one.number, one.kpj, one.name,
            village.name if village else "", village.district_name if village else "",
            reason_words(one, language), one.day, str(one.amount),
        ]  # fmt: skip


def reason_words(one: Change, language: Language) -> str:
    key = f"end_{one.reason}" if one.kind == "leaves" else f"change_{one.kind}_why"
    return text(f"insurer.{key}", language)


def keep_update(office: Office, found: Update) -> None:
    """Keep what was counted, so that a page shows it at once; a later count replaces it."""
    name = f"update {found.month}"
    rows = [(name, one.subject, one.kind, one.reason) for one in found.changes]
    values = {
        "branch": name, "month": found.month, "at": office.now(),
        "summary": json.dumps(found.as_dict()),
    }  # fmt: skip
    with office.database.writing() as connection:
        forget_check(connection, name)
        for start in range(0, len(rows), AT_ONCE):
            write_all(connection, [(CHECKED, rows[start : start + AT_ONCE])])
        connection.execute(insert(CHECK_ROWS).values(values))


def kept_update(office: Office, month: date) -> dict[str, Any] | None:
    """Return the sums of a month as they were counted last; None if nobody did."""
    return last_check(office, f"update {month_text(month)}")


def kept_changes(office: Office, month: date, kind: str, *, limit: int, offset: int) -> list[Any]:
    """Return people of a kept update, by number; `effect` is the reason."""
    return people_checked(office, f"update {month_text(month)}", kind, limit=limit, offset=offset)
