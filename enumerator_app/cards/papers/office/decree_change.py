"""The appendix of a decree that changes an earlier one: who came, whose entry changed, who went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.decree import COLUMNS, address_of, decree_paper
from enumerator_app.cards.papers.office.occasion import DOTS, Occasion, Ready, signature_of
from enumerator_app.cards.papers.office.parts import print_lines

Change = Literal["added", "changed", "removed"]
CHANGES: Final[tuple[Change, ...]] = ("added", "changed", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecreeChange:
    """`rows` have the cells of `COLUMNS`; the two prints name the earlier table and this one."""

    about: str
    decree_day: date | None
    people_before: int
    people_after: int
    monthly_after: int
    table_version: str
    hash_before: str
    rows_hash: str
    rows: dict[Change, Sequence[Sequence[str]]]


def decree_change(content: DecreeChange, occasion: Occasion) -> Ready:
    paper = decree_paper("change.title", content.rows_hash, occasion)
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: DecreeChange, occasion: Occasion) -> Iterator[Block]:
    say, count = occasion.say, occasion.count
    yield _facts(content, occasion)
    for change in CHANGES:
        rows = content.rows[change]
        yield Heading(say(f"change.{change}", n=count(len(rows))))
        yield _table(rows, occasion)
    day = occasion.full_date(content.decree_day) if content.decree_day else DOTS
    yield Together(
        Paragraph(say("change.end", n=count(content.people_after))),
        Signatures(
            (signature_of(occasion.settings.decree, say("decree.regent")),),
            place_and_date=f"{occasion.head.city or DOTS}, {day}",
        ),
    )


def _facts(content: DecreeChange, occasion: Occasion) -> Facts:
    say, count = occasion.say, occasion.count
    day = occasion.full_date(content.decree_day) if content.decree_day else DOTS
    people = {"before": count(content.people_before), "after": count(content.people_after)}
    monthly = occasion.rupiah(content.monthly_after)
    return Facts(
        (
            (say("decree.day"), day),
            (say("about"), content.about),
            (say("decree.people"), say("change.people", **people)),
            (
                say("decree.contribution"),
                say("change.monthly", rupiah=monthly, version=content.table_version),
            ),
            (say("change.before"), print_lines(content.hash_before)),
            (say("decree.print"), print_lines(content.rows_hash)),
        ),
        size=10,
    )


def _table(rows: Sequence[Sequence[str]], occasion: Occasion) -> Table:
    say = occasion.say
    columns = (
        Column(say("no"), 14, "right", keep_whole=True),
        Column(say("name"), 48),
        Column("NIK", 29, keep_whole=True),
        Column(say("address"), 50),
        Column(say("record_number"), 35, keep_whole=True),
    )
    return Table(columns, map(_cells, rows), size=9, empty=say("change.nobody"))


def _cells(cells: Sequence[str]) -> tuple[str, ...]:
    row = dict(zip(COLUMNS, cells, strict=True))
    near = [one for one in (address_of(row), row["village"], row["district"]) if one]
    return row["no"], row["name"], row["nik"], ", ".join(near), row["number"]
