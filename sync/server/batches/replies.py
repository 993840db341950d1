"""The insurer's answer, row by row: what is certain is carried out, the rest is listed for people.

A row is about somebody by the number, else by the NIK. Name and birth date are a weak match: the
row is listed with whom it may mean, and nothing is done until a person says so.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from enumerator_app.domain.dates import read_date
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.names import folded_name
from enumerator_app.domain.typed import NotUnderstood
from sync.server.active_cards import Person, active_card, end_of_cover
from sync.server.awaiting import require_heard
from sync.server.batches.covers import Cover, list_months
from sync.server.batches.months import next_month
from sync.server.batches.reasons import Reason, reason_of
from sync.server.batches.reply_files import Imported, close_answered, keep_reply
from sync.server.bulk import bound, one_of
from sync.server.cover_tables import SENT_ROWS
from sync.server.deciding import Verdict, decide, owners_of
from sync.server.errors import IssuingKeyEnded
from sync.server.insurer_reply import KPJ_LENGTH, ReplyRow
from sync.server.long_work.counting import counted
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE
from sync.server.reading_contents import stream, with_contents
from sync.server.reissues import cards_sealed
from sync.server.rotating import days_left
from sync.server.tables import SUBJECT_ROWS


@dataclass(frozen=True, slots=True)
class _Known:
    """The people that a reply may be about."""

    by_number: dict[str, list[Person]]
    by_nik: dict[str, list[Person]]
    by_name: dict[tuple[str, str], list[Person]]
    kpj: dict[str, str]
    refused: dict[str, tuple[str, str]]
    months: dict[str, date]
    members: dict[str, set[str]]


@dataclass(slots=True)
class _Reading:
    """One reply on its way; `wanted` are the moves that rows ask for, by record.

    `same` are the rows that say what was known, by record, `late` those that accept somebody whose
    way had ended before.
    """

    office: Office
    cover: Cover
    known: _Known
    result: Imported
    wanted: dict[str, tuple[ReplyRow, Verdict, Reason | None]] = field(default_factory=dict)
    same: dict[str, ReplyRow] = field(default_factory=dict)
    late: dict[str, ReplyRow] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def take(self, row: ReplyRow, person: Person) -> None:
        """Turn a row that is certainly about somebody into a move, if it is one."""
        if row.status not in ("accepted", "refused"):
            self.result.leave(row, "status", [person])
        elif row.status == "accepted" and len(row.kpj) != KPJ_LENGTH:
            self.result.leave(row, "kpj", [person])
        elif person.state == "submitted":
            self._answer(row, person)
        elif person.state == "ended" and not self.known.kpj.get(person.id):
            self._note_beside(row, person)
        elif self._says_the_same(row, person):
            self.result.unchanged += 1
            self.same[person.id] = row
        else:
            is_answered = person.state in ("enrolled", "refused", "ended")
            why = "answered_before" if is_answered else "not_submitted"
            self.result.leave(row, why, [person])

    def _note_beside(self, row: ReplyRow, person: Person) -> None:
        """Take an answer that came after the end: the list has it, and nobody is covered by it."""
        if row.status == "refused":
            self.result.unchanged += 1
            self.same[person.id] = row
        else:
            self.result.leave(row, "ended", [person])
            self.late[person.id] = row

    def _answer(self, row: ReplyRow, person: Person) -> None:
        if row.status == "accepted" and self.known.members[row.kpj] - {person.id}:
            self.result.leave(row, "kpj_taken", [person])
            return
        if row.status == "refused":
            reason = reason_of(row.reason)
            details = {"code": reason.code, "raw": reason.raw}
            verdict = Verdict(person.id, "refused", reason.sentence(), reason.field, details)
            self.wanted[person.id] = row, verdict, reason
            return
        today = day_in_wib(self.office.clock())
        start, end = self.cover.of(self.known.months.get(person.id, next_month(today)))
        until = end_of_cover(start, end, person.born)
        if until < start:
            self.result.leave(row, "age" if start <= end else "cover", [person])
            return
        dates = {"cover_from": start.isoformat(), "cover_to": until.isoformat()}
        columns: dict[str, Any] = {"kpj": row.kpj, **dates}
        card = active_card(self.office, person, start, until)
        verdict = Verdict(person.id, "enrolled", details={**columns, "card": card}, columns=columns)
        self.wanted[person.id] = row, verdict, None

    def answered(self) -> list[tuple[str, str, ReplyRow]]:
        """Return (number, NIK, row) of everybody whose answer is known after this reply."""
        rows = {one: row for one, (row, *_) in self.wanted.items() if one in self.done} | self.same
        people = {
            one.id: one for some in self.known.by_number.values() for one in some if one.id in rows
        }
        return [(people[one].number, people[one].nik, row) for one, row in rows.items()]

    def _says_the_same(self, row: ReplyRow, person: Person) -> bool:
        if row.status == "accepted":
            return person.state == "enrolled" and self.known.kpj.get(person.id) == row.kpj
        return self.known.refused.get(person.id) == ("refused", row.reason.strip())


def import_from_insurer(
    office: Office,
    rows: list[ReplyRow],
    cover: Cover,
    *,
    officer: str,
    account: str = COMMAND_LINE,
) -> Imported:
    """Carry out the insurer's answer row by row; rows that fit nobody change nothing.

    Reading the same reply again changes nothing.

    Raises:
        IssuingKeyEnded: the key may seal no cards any more; nothing was changed.
        OfficeRecovering: a laptop that is awaited may know an answer; nothing was changed.
    """
    _require_ready(office)
    result = Imported(id=print_of_rows(rows), rows=len(rows))
    reading = _Reading(office, cover, _known(office, rows), result)
    meant: dict[str, list[ReplyRow]] = defaultdict(list)
    people: dict[str, Person] = {}
    for row in rows:
        person, why, candidates = _whom(row, reading.known)
        if person is None:
            result.leave(row, why, candidates)
        else:
            meant[person.id].append(row)
            people[person.id] = person
            if row.status == "accepted":
                reading.known.members[row.kpj].add(person.id)
    for subject, said in counted(meant.items()):
        _take_all(reading, said, people[subject])
    _carry_out(reading, officer)
    keep_reply(office, result, rows, cover, officer=officer, account=account)
    close_answered(office, reading.answered(), but=result.id)
    return result


def _take_all(reading: _Reading, said: list[ReplyRow], person: Person) -> None:
    """Take what the rows about one person say; of two that differ, none is carried out."""
    first, *more = said
    answers = {(row.status, row.kpj, row.reason) for row in said}
    if len(answers) > 1:
        for row in said:
            reading.result.leave(row, "contradicts", [person])
        return
    reading.take(first, person)
    for row in more:
        reading.result.leave(row, "twice", [person])


def answer_listed(
    office: Office, row: ReplyRow, number: str, cover: Cover, *, officer: str
) -> Imported:
    """Carry out a listed row for the person whom somebody named.

    Raises as `import_from_insurer`.
    """
    _require_ready(office)
    named = ReplyRow(
        place=row.place, number=number, nik="", status=row.status, kpj=row.kpj, reason=row.reason
    )
    result = Imported(rows=1)
    reading = _Reading(office, cover, _known(office, [named]), result)
    person, why, candidates = _whom(named, reading.known)
    if person is None:
        result.leave(row, why, candidates)
    else:
        reading.take(named, person)
    _carry_out(reading, officer)
    close_answered(office, reading.answered())
    return result


def print_of_rows(rows: Sequence[ReplyRow]) -> str:
    """Return a name for exactly these rows."""
    written = json.dumps([asdict(row) for row in rows], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _carry_out(reading: _Reading, officer: str) -> None:
    wanted, result, now = reading.wanted, reading.result, reading.office.now()

    def note(connection: Connection, done: list[str]) -> None:
        _note_answers(connection, [wanted[subject] for subject in done], now)

    if beside := reading.same | reading.late:
        with reading.office.database.writing() as connection:
            _note_answers(connection, [_known_before(*one) for one in beside.items()], now)
    verdicts = [verdict for _, verdict, _ in wanted.values()]
    decided = decide(reading.office, verdicts, officer=officer, actor="insurer", beside=note)
    done = reading.done = set(decided)
    taken = _taken_meanwhile(reading)
    for subject, (row, verdict, reason) in wanted.items():
        if subject not in done:
            result.leave(row, "kpj_taken" if row.kpj in taken else "not_submitted")
        elif verdict.decision == "enrolled":
            result.accepted += 1
        else:
            result.refused += 1
        if subject in done and reason is not None:
            result.by_code[reason.code] = result.by_code.get(reason.code, 0) + 1


def _taken_meanwhile(reading: _Reading) -> set[str]:
    """Return the member numbers that were given to others since the rows were looked at."""
    missed = {one: row.kpj for one, (row, *_) in reading.wanted.items() if one not in reading.done}
    if not missed:
        return set()
    with reading.office.database.reading() as connection:
        owners = owners_of(connection, {kpj for kpj in missed.values() if kpj})
    return {kpj for one, kpj in missed.items() if owners.get(kpj, set()) - {one}}


def _known_before(subject: str, row: ReplyRow) -> tuple[ReplyRow, Verdict, Reason | None]:
    """Return the answer that was known, as it is noted beside a row that still waits for it."""
    is_yes = row.status == "accepted"
    verdict = Verdict(subject, "enrolled" if is_yes else "refused")
    return row, verdict, None if is_yes else reason_of(row.reason)


def _note_answers(
    connection: Connection, done: list[tuple[ReplyRow, Verdict, Reason | None]], now: str
) -> None:
    """Note the answers beside the rows that were sent, in the transaction of the decisions."""
    if not done:
        return
    table = SENT_ROWS.c
    change = (
        update(SENT_ROWS)
        .where(and_(table.subject == bindparam("who"), table.state == "sent"))
        .values(
            state=bindparam("said"),
            code=bindparam("why"),
            raw=bindparam("words"),
            kpj=bindparam("member"),
            answered_at=now,
        )
    )
    values = [
        {
            "who": verdict.subject,
            "said": "accepted" if verdict.decision == "enrolled" else "refused",
            "why": reason.code if reason else None,
            "words": reason.raw if reason else None,
            "member": row.kpj or None,
        }
        for row, verdict, reason in done
    ]
    connection.execute(change, values)


def _require_ready(office: Office) -> None:
    with office.database.reading() as connection:
        require_heard(connection)
    if days_left(office.issuer, day_in_wib(office.clock())) < 0:
        raise IssuingKeyEnded


def _known(office: Office, rows: list[ReplyRow]) -> _Known:
    """Return the records that the rows may be about."""
    dialect, table = office.database.dialect, SUBJECT_ROWS.c
    births = sorted({born for row in rows if (born := _day(row.birth_date))})
    is_named = one_of(table.number, dialect, "numbers")
    members = {row.kpj for row in rows if row.kpj and row.status == "accepted"}
    is_sent = one_of(table.nik, dialect, "niks") | (
        one_of(table.birth_date, dialect, "births") & (table.state == "submitted")
    )
    query = with_contents().where(is_named | is_sent)
    is_one = one_of(table.id, dialect, "subjects")
    values = {
        "numbers": bound(dialect, [row.number for row in rows if row.number]),
        "niks": bound(dialect, [row.nik for row in rows if row.nik]),
        "births": bound(dialect, births if any(row.name for row in rows) else []),
    }
    with office.database.reading() as connection:
        found = list(stream(connection, query.params(values)))
        subjects = [row.id for row, _ in found]
        months = list_months(connection, is_one, {"subjects": bound(dialect, subjects)})
        owned = owners_of(connection, members)
        cards = cards_sealed(connection, subjects)
        refused = _refusals(connection, subjects)
    people = [
        Person(
            row.id, cards.get(row.id, 0), row.number or "", row.nik, row.state, row.village_code,
            body,
        )
        for row, body in found
    ]  # fmt: skip
    known = _Known(
        defaultdict(list), defaultdict(list), defaultdict(list),
        {row.id: row.kpj or "" for row, _ in found}, refused, months, owned,
    )  # fmt: skip
    for one in people:
        known.by_number[one.number].append(one)
        known.by_nik[one.nik].append(one)
        known.by_name[_name_and_birth(one)].append(one)
    return known


def _refusals(connection: Connection, subjects: list[str]) -> dict[str, tuple[str, str]]:
    """Return the last answer to each record, and the insurer's words for it."""
    dialect, table = connection.dialect.name, SENT_ROWS.c
    query = (
        select(table.subject, table.state, table.raw)
        .where(one_of(table.subject, dialect, "subjects"), table.answered_at.is_not(None))
        .order_by(table.answered_at)
    )
    rows = connection.execute(query, {"subjects": bound(dialect, subjects)})
    return {row.subject: (row.state, row.raw or "") for row in rows}


def _name_and_birth(person: Person) -> tuple[str, str]:
    return folded_name(str(person.body.get("name") or "")), str(person.body.get("birth_date") or "")


def _day(written: str) -> str:
    try:
        return read_date(written).isoformat() if written else ""
    except NotUnderstood:
        return ""


def _whom(row: ReplyRow, known: _Known) -> tuple[Person | None, str, Sequence[Person]]:
    """Return whom a row is certainly about; else why it is nobody, and whom it may mean."""
    if row.number:
        found = known.by_number.get(row.number, [])
        agree = [one for one in found if not row.nik or one.nik == row.nik]
        if found and not agree:
            return None, "contradicts", [*found, *known.by_nik.get(row.nik, [])]
        found = agree
    else:
        found = known.by_nik.get(row.nik, []) if row.nik else []
    submitted = [one for one in found if one.state == "submitted"]
    chosen = submitted if len(found) > 1 else found
    if len(chosen) == 1:
        return chosen[0], "", ()
    if len(chosen) > 1:
        return None, "several", chosen
    weak = known.by_name.get((folded_name(row.name), _day(row.birth_date)), []) if row.name else []
    return None, "perhaps" if weak else "unknown", weak
