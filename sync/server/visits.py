"""Visits as the office lists them: what the laptop said, beside what is counted here."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Text, case, cast, func, select

from enumerator_app.domain.errors import VisitUnknown
from enumerator_app.domain.ticket_queue import ANSWERS, TicketAnswer, ticket_number
from enumerator_app.domain.visits import counts_from_body, read_code
from sync.server.bulk import bound, one_of
from sync.server.figures.counting import within
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.resolving.visitless import WITHOUT
from sync.server.tables import DEVICE_ROWS, ENTRY_ROWS, IS_SAID, SUBJECT_ROWS, VISIT_ROWS

_NOT_COUNTED = ("withdrawn", "erased", "quarantined")


@dataclass(slots=True)
class _Counted:
    """People of one visit at the office, by state, and by group while the records say one."""

    registrations: int = 0
    to_approve: int = 0


@dataclass(slots=True)
class VisitSeen:
    """One visit: its own words, its groups, its closes (the newest last), who was noted."""

    id: str
    said: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    opened_at: str = ""
    groups: list[dict[str, Any]] = field(default_factory=list)
    closes: list[dict[str, Any]] = field(default_factory=list)
    attendances: int = 0
    registrations: int = 0
    to_approve: int = 0
    answers: dict[int, TicketAnswer] = field(default_factory=dict)  # to slips, as said last
    attended: set[int] = field(default_factory=set)  # slips of those who were here already
    rests: list[dict[str, Any]] = field(default_factory=list)

    def forget_done(self, done: Collection[int]) -> None:
        """Drop what was said of slips whose people came after all."""
        gone = self.attended.union(done)
        self.answers = {n: said for n, said in self.answers.items() if n not in gone}

    def as_dict(self) -> dict[str, Any]:
        """Return the visit as one JSON object; counts and code are those of the last close."""
        last = self.closes[-1] if self.closes else {}
        return {
            "visit": self.id,
            "village_code": self.said.get("village_code", ""),
            "place": self.said.get("place", ""),
            "day": self.said.get("day", ""),
            "device": self.device,
            "state": "closed" if self.closes else "open",
            "groups": self.groups,
            "counts": last.get("counts"),
            "code": last.get("code"),
            "code_agrees": last.get("code_agrees"),
            "closes": len(self.closes),
            "registrations": self.registrations,
            "attendances": self.attendances,
            "to_approve": self.to_approve,
            "slips": {
                said: sorted(n for n, one in self.answers.items() if one == said)
                for said in ANSWERS
            },
            "rests": self.rests,
        }


def list_visits(office: Office, only: str | None = None) -> list[VisitSeen]:
    """Return every visit that a laptop told of, the newest day first; `only`: this one, or none."""
    table = VISIT_ROWS.c
    query = (
        select(VISIT_ROWS, DEVICE_ROWS.c.code.label("device_code"))
        .outerjoin(DEVICE_ROWS, DEVICE_ROWS.c.id == table.device)
        # Closes stand in the order in which they came: no clock of a laptop decides which counts.
        .outerjoin(ENTRY_ROWS, ENTRY_ROWS.c.hash == table.id)
        .order_by(func.coalesce(ENTRY_ROWS.c.ingest_n, 0), table.at, table.id)
    )
    if only is not None:
        query = query.where(table.visit == only)
    with office.database.reading() as connection:
        rows = connection.execute(query).all()
        column = SUBJECT_ROWS.c.visit_id
        is_wanted = column.is_not(None) if only is None else column == only
        counted = _people(connection, is_wanted)
        seen: dict[str, VisitSeen] = defaultdict(lambda: VisitSeen(""))
        for row in rows:
            _take(seen[row.visit], row)
        done = _slips_of_people(connection, [name for name, one in seen.items() if one.answers])
    for name, visit in seen.items():
        here = counted.get(name, _Counted())
        visit.id, visit.registrations = name, here.registrations
        visit.to_approve = here.to_approve
        visit.forget_done(done.get(name, ()))
    return sorted(seen.values(), key=lambda v: (v.said.get("day", ""), v.opened_at), reverse=True)


def _slips_of_people(connection: Connection, visits: Sequence[str]) -> dict[str, set[int]]:
    """Return the slips of those who were registered, by visit."""
    if not visits:
        return {}
    table, dialect = SUBJECT_ROWS.c, connection.dialect.name
    is_there = table.state.not_in(_NOT_COUNTED)
    query = with_contents().where(one_of(table.visit_id, dialect, "visits"), is_there)
    found: dict[str, set[int]] = defaultdict(set)
    for row, content in stream(connection, query, {"visits": bound(dialect, visits)}):
        number = ticket_number(str(content.get("ticket") or ""))
        if number is not None:
            found[row.visit_id].add(number)
    return found


def full_id(office: Office, typed: str) -> str:
    """Return the id of the one visit that begins so.

    Raises:
        VisitUnknown: none, or several, begin so.
    """
    wanted = typed.strip().lower()
    column, village = SUBJECT_ROWS.c.visit_id, SUBJECT_ROWS.c.village_code
    with office.database.reading() as connection:
        told = connection.execute(select(VISIT_ROWS.c.visit).distinct()).scalars().all()
        used = connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()
        alone = connection.execute(select(village).where(column.is_(None)).distinct()).scalars()
        groups = [WITHOUT + code for code in alone]
        found = {name for name in {*told, *used, *groups} if name and name.startswith(wanted)}
    if len(found) != 1 or not wanted:
        raise VisitUnknown(visit=typed)
    return str(found.pop())


def newest_visits(
    office: Office, most: int, districts: Collection[str] | None = None
) -> list[VisitSeen]:
    """Return the newest visits in these kecamatan (None: all): what was said, and how many people.

    Those of which no laptop said where they were come last, and for the whole regency only.
    """
    with office.database.reading() as connection:
        told = connection.execute(_told(connection.dialect.name, most, districts)).all()
        found = [VisitSeen(row.visit, json.loads(row.content)) for row in told]
        if districts is None and len(found) < most:
            unsaid = connection.execute(_unsaid(most - len(found))).scalars()
            found += [VisitSeen(name) for name in unsaid]
        counted = _people(connection, *_of([one.id for one in found], connection.dialect.name))
    for one in found:
        one.registrations = counted.get(one.id, _Counted()).registrations
    return found


def _told(dialect: str, most: int, districts: Collection[str] | None) -> Any:
    table = VISIT_ROWS.c
    day, village = (said_of_visit(dialect, name) for name in ("day", "village_code"))
    return (
        select(table.visit, table.content)
        .where(IS_SAID, within(village, districts))
        .order_by(func.coalesce(day, "").desc(), table.at.desc(), table.visit.desc())
        .limit(most)
    )


def said_of_visit(dialect: str, name: str) -> ColumnElement[str]:
    """Return a text that a laptop said of a visit."""
    content = VISIT_ROWS.c.content
    if dialect == "postgresql":
        return func.json_extract_path_text(cast(content, JSON), name, type_=Text)
    return func.json_extract(content, f"$.{name}", type_=Text)


def _unsaid(most: int) -> Any:
    visit = VISIT_ROWS.c.visit
    said = select(visit).where(IS_SAID)
    return select(visit).where(visit.not_in(said)).distinct().order_by(visit.desc()).limit(most)


def _of(visits: Sequence[str], dialect: str) -> tuple[ColumnElement[bool], dict[str, Any]]:
    return one_of(SUBJECT_ROWS.c.visit_id, dialect, "visits"), {"visits": bound(dialect, visits)}


def _people(
    connection: Connection, is_wanted: ColumnElement[bool], values: Mapping[str, Any] | None = None
) -> dict[str, _Counted]:
    table = SUBJECT_ROWS.c
    waiting = func.sum(case((table.state == "registered", 1), else_=0))
    query = (
        select(table.visit_id, func.count(), waiting)
        .where(is_wanted, table.state.not_in(_NOT_COUNTED))
        .group_by(table.visit_id)
    )
    rows = connection.execute(query, values or {})
    return {row[0]: _Counted(int(row[1]), int(row[2])) for row in rows}


def _take(visit: VisitSeen, row: Any) -> None:
    content = json.loads(row.content)
    if row.kind == "visit":
        visit.said, visit.device = content, row.device_code or ""
        visit.opened_at = row.at
    elif row.kind == "group":
        visit.groups.append(
            {name: content.get(name) for name in ("id", "name", "foreman", "workplace")}
        )
    elif row.kind == "close":
        visit.closes.append(content)
    elif row.kind == "ticket":
        if content["answer"] is not None:
            visit.answers[content["ticket"]] = content["answer"]
    elif row.kind == "rest":
        visit.rests.append({name: content[name] for name in ("began_at", "ended_at")})
    elif content["present"]:
        visit.attendances += 1
        number = ticket_number(str(content.get("ticket") or ""))
        visit.attended |= {number} if number is not None else set()


def recap_matches(visits: Sequence[VisitSeen], typed: str) -> VisitSeen | None:
    """Return the closed visit whose counts and code a copied recap states; None if it is none.

    `Karangharja 22-11: 45 hadir, 39 didata, 3 sudah terdaftar, 3 tanpa NIK. Kode 7F3K`, in either
    language: the numbers behind the colon in their order, and the code at the end.
    """
    _, _, said = typed.partition(":")
    words = said.replace(".", " ").replace(",", " ").split()
    numbers = [int(word) for word in words[:-1] if word.isascii() and word.isdigit()]
    for visit in visits:
        for close in visit.closes:
            counts = counts_from_body(close)
            if words and counts and read_code(words[-1]) == close.get("code"):
                stated = [counts.present, counts.recorded, counts.attended, counts.waiting_nik]
                if numbers == stated + [counts.no_show] * bool(counts.no_show):
                    return visit
    return None
