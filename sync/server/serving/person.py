"""The whole file of one person: cover, months, family, and what happened, newest first."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.heirs import legal_classes
from enumerator_app.domain.instants import day_in_wib, instant_from_text
from enumerator_app.domain.reference import load_heir_order, load_programme_tables
from enumerator_app.domain.registration import Heir, Registration, registration_from_body
from sync.server.batches.months import month_text, months_after, read_month
from sync.server.cover_tables import ENDING_ROWS, PAID_MONTH_ROWS, PAYMENT_ROWS, SENT_ROWS
from sync.server.office import Office
from sync.server.reissues import cards_sealed
from sync.server.resolving.revising import content_at
from sync.server.tables import ENTRY_ROWS, REVISION_ROWS, SUBJECT_ROWS

NEVER_SHOWN: Final = ("quarantined", "erased")
_TAKEN: Final = ("accepted", "merged", "case")
_REFUSED: Final = ("returned", "refused")
_SHAPES: Final = {
    "verified": "verified", "returned": "returned", "submitted": "submitted",
    "enrolled": "enrolled", "refused": "refused", "ended": "ended", "registered": "registered",
    "duplicate": "ended", "withdrawn": "ended",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One step: its instant, the shape it is drawn with, the key of its sentence and values."""

    at: str
    shape: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    who: str = ""


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything about somebody; `record` is None where nothing readable is kept."""

    row: Any
    body: dict[str, Any]
    record: Registration | None
    paid: dict[str, int]
    ending: Any
    cards: int
    card: str
    waits_on: str
    happened: list[Happened]

    @property
    def cover(self) -> tuple[date, date] | None:
        if not self.row.cover_from or not self.row.cover_to:
            return None
        return date.fromisoformat(self.row.cover_from), date.fromisoformat(self.row.cover_to)

    def is_covered(self, day: date) -> bool:
        cover = self.cover
        return self.row.state == "enrolled" and bool(cover and cover[0] <= day <= cover[1])

    @property
    def early_until(self) -> date | None:
        """Return the first day on which a death is no longer an early one; None if none was paid.

        It is counted from the first paid month: cover that nobody paid for yet promises nothing.
        """
        if self.cover is None or not self.paid:
            return None
        start = max(self.cover[0], read_month(min(self.paid)))
        months = load_programme_tables().benefits_on(start).early_death_months
        return months_after(start, months)

    @property
    def family(self) -> list[tuple[int, Heir]]:
        """Return the heirs in the order of the law, with the number of their class."""
        heirs = self.record.heirs if self.record else ()
        classes = legal_classes(heirs, load_heir_order())
        return [(n, heir) for n, members in enumerate(classes, start=1) for heir in members]

    @property
    def refusal(self) -> Happened | None:
        """Return what was said when this record was sent back or not accepted, if it was."""
        said = (one for one in self.happened if one.key == self.row.state)
        return next(said, None) if self.row.state in _REFUSED else None

    def months(self, year: int) -> list[tuple[date, str]]:
        """Return each month of a year as paid, unpaid, planned or none."""
        return [(date(year, n, 1), self._month(date(year, n, 1))) for n in range(1, 13)]

    def _month(self, first: date) -> str:
        if month_text(first) in self.paid:
            return "paid"
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        cover = self.cover
        is_in = cover is not None and cover[0] <= last and first <= cover[1]
        return "planned" if is_in and self.row.state == "enrolled" else "none"


def read_person(office: Office, subject: str) -> PersonFile | None:
    """Return the file of somebody; None if there is nobody to show."""
    known = select(SUBJECT_ROWS.c.state).where(SUBJECT_ROWS.c.id == subject)
    with office.database.reading() as connection:
        state = connection.execute(known).scalar()
        if state is None or state in NEVER_SHOWN:
            return None
        row, body = content_at(connection, subject)
        paid = PAID_MONTH_ROWS.c
        months = select(paid.month, paid.amount).where(paid.subject == subject)
        ending = select(ENDING_ROWS).where(ENDING_ROWS.c.subject == subject)
        happened = sorted(
            _happened(connection, subject, body), key=lambda one: one.at, reverse=True
        )
        return PersonFile(
            row=row,
            body=body,
            record=_record(body),
            paid={one.month: one.amount for one in connection.execute(months)},
            ending=connection.execute(ending).one_or_none(),
            cards=cards_sealed(connection, [subject]).get(subject, 0),
            card=_last_card(connection, subject),
            waits_on=_waits_on(connection, subject),
            happened=happened,
        )


def _record(body: dict[str, Any]) -> Registration | None:
    try:
        return registration_from_body(body)
    except ValidationError:
        return None


def _waits_on(connection: Connection, subject: str) -> str:
    """Return the list with this person that waits for its answer; empty if there is none."""
    row = SENT_ROWS.c
    query = select(row.batch).where(row.subject == subject, row.state == "sent")
    return str(connection.execute(query.order_by(row.batch.desc())).scalar() or "")


def _last_card(connection: Connection, subject: str) -> str:
    for fields in reversed(list(_revisions(connection, subject))):
        if fields.get("card"):
            return str(fields["card"])
    return ""


def _revisions(connection: Connection, subject: str) -> Iterator[dict[str, Any]]:
    table = REVISION_ROWS.c
    query = select(table.bytes).where(table.subject == subject).order_by(table.n)
    for written in connection.execute(query).scalars():
        if written:
            yield from_canonical(written.encode())["fields"]


def _happened(connection: Connection, subject: str, body: dict[str, Any]) -> Iterator[Happened]:
    yield from _entries(connection, subject, body)
    sealed = 0
    for fields in _revisions(connection, subject):
        if fields.get("kind") == "revision":
            names = sorted({str(one.get("field")) for one in fields.get("kept", ())})
            who = str(fields.get("officer") or "")
            yield Happened(fields["at"], "look", "corrected", {"fields": names}, who)
        elif decision := fields.get("decision"):
            sealed += bool(fields.get("card"))
            yield _decided(fields, str(decision), sealed)
    paid, payment = PAID_MONTH_ROWS.c, PAYMENT_ROWS.c
    months = (
        select(paid.month, paid.amount, payment.at, payment.officer)
        .join_from(PAID_MONTH_ROWS, PAYMENT_ROWS, payment.id == paid.payment)
        .where(paid.subject == subject)
    )
    for row in connection.execute(months):
        values = {"month": row.month, "amount": row.amount}
        yield Happened(row.at, "covered", "paid", values, row.officer)


def _entries(connection: Connection, subject: str, body: dict[str, Any]) -> Iterator[Happened]:
    table = ENTRY_ROWS.c
    query = (
        select(table.kind, table.received_at)
        .where(table.subject == subject, table.outcome.in_(_TAKEN))
        .order_by(table.ingest_n)
    )
    for row in connection.execute(query):
        if row.kind == "register":
            at = str(body.get("registered_at") or row.received_at)
            yield Happened(at, "registered", "registered", _work(body))
            yield Happened(row.received_at, "ok", "received")
        elif row.kind == "correct":
            yield Happened(row.received_at, "look", "corrected", {"fields": []})
        elif row.kind == "card_printed":
            yield Happened(row.received_at, "ok", "printed")


def _work(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": body.get("document_seen") or "none",
        "works": body.get("works_now") or "",
        "witness": body.get("consent_witness") or "",
        "role": body.get("witness_role") or "",
    }


def _decided(fields: dict[str, Any], decision: str, sealed: int) -> Happened:
    values = {
        "reason": str(fields.get("reason") or "-"),
        "field": str(fields.get("field") or ""),
        "kpj": str(fields.get("kpj") or "-"),
        "batch": str(fields.get("export") or ""),
        "from": fields.get("cover_from"),
        "to": fields.get("cover_to"),
        "copy": sealed,
    }
    key = decision
    if decision == "enrolled" and sealed > 1:
        key = "card_again"
    if before := fields.get("corrected"):
        key = "cover_corrected"
        values["before"] = dict(before)
    who = str(fields.get("officer") or "")
    return Happened(fields["at"], _SHAPES.get(decision, "ok"), key, values, who)


def registered_on(file: PersonFile) -> date:
    return day_in_wib(instant_from_text(file.row.registered_at or file.row.received_at))
