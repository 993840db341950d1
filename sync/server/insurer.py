"""The insurer's side: a list out, once for each person, and its answer back in."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from enumerator_app.domain.errors import FileUnwritable, UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.reference import load_places
from enumerator_app.resource_files import read_toml
from sync.server.active_cards import Person, active_card, end_of_cover
from sync.server.bulk import bound, one_of
from sync.server.deciding import Verdict, decide
from sync.server.errors import IssuingKeyEnded, ListNotWritten, OfficeRecovering
from sync.server.insurer_reply import KPJ_LENGTH, ReplyRow
from sync.server.office import Office
from sync.server.quota.settling import waiting_for_a_place
from sync.server.reading_contents import stream, with_contents
from sync.server.reissues import cards_sealed
from sync.server.rotating import days_left
from sync.server.tables import DEVICE_ROWS, EXPORT_ROWS, SUBJECT_ROWS
from sync.server.tabulating import cell, copy_table, require_writable, write_table


@dataclass(frozen=True, slots=True)
class Exported:
    """One list: its id, and how many people are on it."""

    id: str
    rows: int


@dataclass(frozen=True, slots=True)
class Cover:
    """From when to when the insurer covers people, before age ends it."""

    start: date
    end: date

    @classmethod
    def after(cls, today: date, start: date | None, end: date | None) -> "Cover":
        """Return the cover that is asked for; else from the next month to the end of its year.

        The regency pays out of the budget of one calendar year: more was not promised.
        """
        first = start or (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return cls(first, end or date(first.year, 12, 31))


@dataclass(slots=True)
class Imported:
    """What became of a reply; `unmatched` names rows and why nothing was done about them."""

    accepted: int = 0
    refused: int = 0
    unmatched: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, row: ReplyRow, reason: str) -> None:
        self.unmatched.append({"row": row.place, "number": row.number, "reason": reason})


def export_to_insurer(office: Office, path: Path, *, officer: str) -> Exported:
    """Submit all verified records and write their list; nobody is ever submitted twice.

    Who waits for a place in the village's budget is left for a later list.

    The records are marked first: if writing fails, `write_list` makes the same list again.

    Raises:
        OfficeRecovering: a restored office may have forgotten an earlier list.
        UsageWrong, FileUnwritable: nothing was submitted.
        ListNotWritten: as `write_list`.
    """
    require_writable(path)
    with office.database.reading() as connection:
        if office.is_recovering(connection):
            raise OfficeRecovering(devices=_unheard(office, connection))
        query = select(SUBJECT_ROWS.c.id).where(
            SUBJECT_ROWS.c.state == "verified", SUBJECT_ROWS.c.id.not_in(waiting_for_a_place())
        )
        wanted = list(connection.execute(query.order_by(SUBJECT_ROWS.c.id)).scalars())
    name = f"{day_in_wib(office.clock()):%Y%m%d}-{secrets.token_hex(3)}"
    verdicts = [
        Verdict(one, "submitted", details={"export": name}, columns={"export_id": name})
        for one in wanted
    ]
    decide(office, verdicts, officer=officer, actor="officer")
    return _write_list(office, name, path, officer)


def write_list(office: Office, name: str, path: Path, *, officer: str) -> Exported:
    """Write the list of an earlier export once more.

    Raises:
        UsageWrong: there is no such export, or the file is no table.
        ListNotWritten: the file cannot be written; the list itself stands.
    """
    require_writable(path)
    on_it = select(SUBJECT_ROWS.c.id).where(SUBJECT_ROWS.c.export_id == name).limit(1)
    made = select(EXPORT_ROWS.c.id).where(EXPORT_ROWS.c.id == name)
    with office.database.reading() as connection:
        if not any(connection.execute(query).first() for query in (on_it, made)):
            raise UsageWrong(detail=f"--again {name}")
    return _write_list(office, name, path, officer)


def _write_list(office: Office, name: str, path: Path, officer: str) -> Exported:
    """Write a list into the office's own folder, and from there to where it was asked for."""
    kept = office.home.exports / f"{name}.xlsx"
    try:
        rows = _write_rows(office, name, kept)
        if path.suffix.lower() == ".xlsx":
            copy_table(kept, path)
        else:
            _write_rows(office, name, path)
    except FileUnwritable as error:
        raise ListNotWritten(name=path.name, export=name) from error
    with office.database.writing() as connection:
        known = select(EXPORT_ROWS.c.id).where(EXPORT_ROWS.c.id == name)
        if not connection.execute(known).first():
            sha256 = hashlib.sha256(kept.read_bytes()).hexdigest()
            values = {"id": name, "at": office.now(), "officer": officer, "rows": rows}
            connection.execute(insert(EXPORT_ROWS).values(**values, sha256=sha256))
    return Exported(name, rows)


def _write_rows(office: Office, name: str, path: Path) -> int:
    columns = read_toml("mappings", "insurer.toml")["export"]
    query = with_contents().where(SUBJECT_ROWS.c.export_id == name)
    with office.database.reading() as connection:
        return write_table(path, list(columns), _export_rows(stream(connection, query), columns))


def _export_rows(
    found: Iterator[tuple[Any, dict[str, Any]]], columns: Mapping[str, str]
) -> Iterator[list[str]]:
    places = load_places()
    for row, body in found:
        village = places.village(row.village_code)
        more = {
            "number": row.number,
            "village": village.name if village else "",
            "district": village.district_name if village else "",
        }
        yield [cell(more.get(name, body.get(name))) for name in columns.values()]


def _unheard(office: Office, connection: Any) -> int:
    query = select(func.count()).where(
        DEVICE_ROWS.c.state == "active",
        func.coalesce(DEVICE_ROWS.c.heard_epoch, "") != office.server_epoch,
    )
    return int(connection.execute(query).scalar_one())


def import_from_insurer(
    office: Office, rows: list[ReplyRow], cover: Cover, *, officer: str
) -> Imported:
    """Carry out the insurer's answer row by row; rows that fit nothing change nothing.

    Raises:
        IssuingKeyEnded: the key may seal no cards any more; nothing was changed.
    """
    _require_living_key(office)
    result = Imported()
    people = _submitted(office, rows)
    verdicts: dict[str, tuple[ReplyRow, Verdict]] = {}
    for row in rows:
        person = _person(row, people)
        if person is None:
            result.leave(row, "unknown")
        elif person.id in verdicts:
            result.leave(row, "twice")
        elif (verdict := _verdict(office, row, person, cover, result)) is not None:
            verdicts[person.id] = (row, verdict)
    wanted = [verdict for _, verdict in verdicts.values()]
    done = set(decide(office, wanted, officer=officer, actor="insurer"))
    for subject, (row, verdict) in verdicts.items():
        if subject not in done:
            result.leave(row, "not_submitted")
        elif verdict.decision == "enrolled":
            result.accepted += 1
        else:
            result.refused += 1
    return result


def _require_living_key(office: Office) -> None:
    if days_left(office.issuer, day_in_wib(office.clock())) < 0:
        raise IssuingKeyEnded


def _submitted(office: Office, rows: list[ReplyRow]) -> list[Person]:
    """Return the records that the rows name, by number or by NIK."""
    dialect = office.database.dialect
    query = with_contents().where(
        one_of(SUBJECT_ROWS.c.number, dialect, "numbers")
        | (one_of(SUBJECT_ROWS.c.nik, dialect, "niks") & (SUBJECT_ROWS.c.state == "submitted"))
    )
    values = {
        "numbers": bound(dialect, [row.number for row in rows if row.number]),
        "niks": bound(dialect, [row.nik for row in rows if row.nik]),
    }
    with office.database.reading() as connection:
        found = list(stream(connection, query.params(values)))
        cards = cards_sealed(connection, (row.id for row, _ in found))
    return [
        Person(
            row.id, cards.get(row.id, 0), row.number or "", row.nik, row.state, row.village_code,
            body,
        )
        for row, body in found
    ]  # fmt: skip


def _person(row: ReplyRow, people: list[Person]) -> Person | None:
    """Return the one person a row is about; a number with another NIK is nobody."""
    if row.number:
        found = [one for one in people if one.number == row.number]
        found = [one for one in found if not row.nik or one.nik == row.nik]
    else:
        found = [one for one in people if row.nik and one.nik == row.nik]
    submitted = [one for one in found if one.state == "submitted"]
    chosen = submitted if len(found) > 1 else found
    return chosen[0] if len(chosen) == 1 else None


def _verdict(
    office: Office, row: ReplyRow, person: Person, cover: Cover, result: Imported
) -> Verdict | None:
    if row.status == "refused":
        return Verdict(person.id, "refused", reason=row.reason or None)
    if row.status != "accepted":
        result.leave(row, "status")
        return None
    if len(row.kpj) != KPJ_LENGTH:
        result.leave(row, "kpj")
        return None
    until = end_of_cover(cover.start, cover.end, person.born)
    if until < cover.start:
        result.leave(row, "age")
        return None
    dates = {"cover_from": cover.start.isoformat(), "cover_to": until.isoformat()}
    card = active_card(office, person, cover.start, until)
    columns = {"kpj": row.kpj, **dates}
    return Verdict(person.id, "enrolled", details={**columns, "card": card}, columns=columns)
