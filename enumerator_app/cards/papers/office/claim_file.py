"""What a family or a worker takes to the insurer: who it is, that they worked, and what to bring.

Nothing here says who will be paid or how much: the insurer decides, by the order of the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Place, Ready, neighbourhood
from enumerator_app.cards.papers.office.parts import Ticks
from enumerator_app.domain.programme import Benefits, Contribution
from enumerator_app.domain.registration import Registration, Relation

ClaimCase = Literal["death", "accident"]
CASES: tuple[ClaimCase, ...] = ("death", "accident")
_STEPS = {"death": 8, "accident": 7}


@dataclass(frozen=True, slots=True)
class HeirLine:
    """`legal_class` counts from 1: who comes first by the law."""

    legal_class: int
    relation: Relation
    name: str
    born: str


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the life of the record, as a text key with its values."""

    day: date
    key: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """`early_until` is the last day on which only the smaller sum is paid."""

    case: ClaimCase
    record: Registration
    number: str
    place: Place
    registered_on: date
    consent_on: date | None
    kpj: str
    cover_from: date | None
    cover_to: date | None
    ended_on: date | None
    heirs: tuple[HeirLine, ...]
    events: tuple[Event, ...]
    benefits: Benefits
    contribution: Contribution
    early_until: date | None
    paid: tuple[date, ...] = ()
    """The months that the office noted as paid, by their first day."""

    def months(self, day: date) -> int:
        """Return how many months of the cover have begun by `day`."""
        if self.cover_from is None or self.cover_to is None or day < self.cover_from:
            return 0
        last, first = min(day, self.cover_to), self.cover_from
        return (last.year - first.year) * 12 + last.month - first.month + 1


def claim_file(content: ClaimFile, occasion: Occasion) -> Ready:
    paper = Paper(
        title=occasion.say(f"claim.title_{content.case}"),
        letterhead=occasion.head,
        number=occasion.number_line,
        format=occasion.format,
        language=occasion.language,
        for_workers=True,
        foot=content.number,
    )
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: ClaimFile, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    yield Heading(say("claim.who"))
    yield Facts(_person(content, occasion))
    yield Heading(say("claim.cover"))
    yield Facts(_cover(content, occasion))
    yield Paragraph(_cover_remark(content, occasion), size=10)
    yield Heading(say("claim.work"))
    yield Paragraph(_work(content, occasion))
    yield Heading(say("claim.bring"))
    yield Ticks([say(f"claim.{content.case}_{n}") for n in range(1, _STEPS[content.case] + 1)])
    yield Paragraph(say("claim.bring_remark", phone=occasion.insurer_phone), size=10)
    if content.case == "death":
        yield Together(*_heirs(content, occasion))
    yield Heading(say("claim.table"))
    yield Points(list(_sums(content, occasion)), mark="-")
    yield Heading(say("claim.timeline"))
    yield _timeline(content, occasion)
    yield Together(
        Paragraph(say("claim.end")),
        Signatures((occasion.signer,), place_and_date=occasion.place_and_date),
    )


def _person(content: ClaimFile, occasion: Occasion) -> list[tuple[str, str]]:
    say, record = occasion.say, content.record
    born = ", ".join(
        part
        for part in (
            record.birth_place,
            occasion.full_date(record.birth_date) if record.birth_date else "",
        )
        if part
    )
    near = neighbourhood(record.rt, record.rw)
    lines = (record.address, near, content.place.in_words(occasion.language))
    return [
        (say("name"), record.name),
        ("NIK", record.nik or say("claim.no_nik")),
        (say("kpj"), content.kpj or say("claim.no_kpj")),
        (say("record_number"), content.number),
        (say("claim.born"), born or "-"),
        (say("address"), ", ".join(part for part in lines if part)),
        (say("claim.registered"), occasion.full_date(content.registered_on)),
        (say("claim.consent"), _consent(content, occasion)),
    ]


def _consent(content: ClaimFile, occasion: Occasion) -> str:
    record = content.record
    method = occasion.say(f"claim.method_{record.consent_method or 'unknown'}")
    return occasion.say(
        "claim.consent_said",
        method=method,
        day=occasion.short_date(content.consent_on) if content.consent_on else "-",
        version=record.consent_text_version or "-",
    )


def _cover(content: ClaimFile, occasion: Occasion) -> list[tuple[str, str]]:
    say = occasion.say
    if content.cover_from is None or content.cover_to is None:
        return [(say("claim.dates"), say("claim.not_covered"))]
    dates = {"start": content.cover_from, "end": content.cover_to}
    shown = {name: occasion.full_date(day) for name, day in dates.items()}
    months = occasion.count(content.months(occasion.day))
    pairs = [
        (say("claim.dates"), say("claim.dates_said", **shown)),
        (say("claim.months"), say("claim.months_said", n=months, day=occasion.full_date())),
    ]
    if content.paid:
        months_paid = ", ".join(occasion.month_year(day) for day in content.paid)
        pairs.append((say("claim.paid"), months_paid))
    if content.ended_on:
        pairs.append((say("claim.ended"), occasion.full_date(content.ended_on)))
    return pairs


def _cover_remark(content: ClaimFile, occasion: Occasion) -> str:
    key = "claim.cover_remark" if content.cover_from else "claim.not_covered_remark"
    return occasion.say(key, phone=occasion.insurer_phone)


def _work(content: ClaimFile, occasion: Occasion) -> str:
    record, say = content.record, occasion.say
    since = say("claim.since", year=record.works_since) if record.works_since else ""
    where = ", ".join(part for part in (record.occupation, record.workplace) if part)
    said = say(
        f"claim.works_{record.works_now or 'unknown'}",
        day=occasion.full_date(content.registered_on),
        work=where or say("claim.work_unknown"),
        since=since,
    )
    if not record.consent_witness:
        return f"{said}\n{say('claim.no_witness')}"
    role = record.witness_role or "-"
    return f"{said}\n{say('claim.witness', name=record.consent_witness, role=role)}"


def _heirs(content: ClaimFile, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    yield Heading(say("claim.heirs"))
    yield Paragraph(say("claim.heirs_said"))
    columns = (
        Column(say("claim.order"), 24, "centre"),
        Column(say("claim.relation"), 52),
        Column(say("name"), 62),
        Column(say("claim.heir_born"), 36),
    )
    rows = [
        (str(one.legal_class), occasion.relation(one.relation), one.name, one.born)
        for one in content.heirs
    ]
    yield Table(columns, rows, size=10, empty=say("claim.no_heirs"))


def _sums(content: ClaimFile, occasion: Occasion) -> Iterator[str]:
    table, rupiah = content.benefits, occasion.rupiah
    base = content.contribution.base
    if content.case == "death":
        yield occasion.say("claim.sum_death", sum=rupiah(table.death))
        until = occasion.full_date(content.early_until) if content.early_until else ""
        key = "claim.sum_early" if until else "claim.sum_early_open"
        yield occasion.say(
            key, sum=rupiah(table.early_death), n=table.early_death_months, until=until
        )
        yield occasion.say(
            "claim.sum_scholarship",
            children=table.scholarship_children,
            sum=rupiah(table.scholarship_most),
            years=table.scholarship_after_years,
        )
    yield occasion.say(
        f"claim.sum_work_{content.case}",
        n=table.work_death_months,
        base=rupiah(base),
        sum=rupiah(table.work_death(base)),
        full=table.recovery_full_months,
        percent=table.recovery_percent_after,
    )
    yield occasion.say(
        "claim.sum_source", version=table.validity.version, day=occasion.short_date(occasion.day)
    )


def _timeline(content: ClaimFile, occasion: Occasion) -> Table:
    columns = (Column(occasion.say("day"), 30, keep_whole=True), Column(occasion.say("step"), 144))
    rows = [
        (occasion.short_date(one.day), occasion.timeline(one.key, one.values))
        for one in content.events
    ]
    return Table(columns, rows, size=10)
