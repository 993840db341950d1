"""The appendix of the regent's decree: everybody by name and address, village by village.

The rows of its table have one SHA-256, which stands on every page: whoever holds the table can
prove that a page belongs to it (docs/commands.md has the recipe).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Row,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import (
    DOTS,
    Occasion,
    Place,
    Ready,
    neighbourhood,
    signature_of,
)
from enumerator_app.cards.papers.office.parts import Summed, print_lines, with_end

COLUMNS: Final = (
    "no", "name", "nik", "address", "rt", "rw", "village", "district", "village_code", "number",
)  # fmt: skip
CHANGE_COLUMNS: Final = ("change", *COLUMNS)
_SIZE: Final = 9.0


class RowsHash:
    """SHA-256 over rows: the cells of each with a tab between, a line feed after, in UTF-8."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, cells: Sequence[str]) -> None:
        self._hash.update("\t".join(cells).encode() + b"\n")
        self.rows += 1

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """One line of the summary."""

    name: str
    villages: int
    people: int


@dataclass(frozen=True, slots=True)
class VillageRows:
    """The rows of one village, with the cells of `COLUMNS`."""

    place: Place
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decree:
    """`monthly` is what all of them cost a month by the table named; `villages` is read once."""

    about: str
    decree_day: date | None
    districts: tuple[DistrictCount, ...]
    monthly: int
    table_version: str
    table_from: date
    rows_hash: str
    villages: Iterable[VillageRows]

    @property
    def people(self) -> int:
        return sum(one.people for one in self.districts)


def decree_appendix(content: Decree, occasion: Occasion) -> Ready:
    paper = decree_paper("decree.title", content.rows_hash, occasion)
    return Ready(paper, _blocks(content, occasion))


def decree_paper(title: str, rows_hash: str, occasion: Occasion) -> Paper:
    """Return the paper of a decree's table, with the hash of its rows at the foot of each page."""
    say = occasion.say
    return Paper(
        title=say(title, title=occasion.settings.decree.title or say("decree.regent")),
        letterhead=occasion.head,
        number=occasion.number_line,
        format=occasion.format,
        language=occasion.language,
        foot=f"SHA-256 {rows_hash}",
        foot_size=8.0,
    )


def _blocks(content: Decree, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    yield _facts(content, occasion)
    yield Heading(say("decree.summary"))
    yield _summary(content, occasion)
    yield Paragraph(say("decree.recipe"), size=9)
    end = Together(
        Paragraph(say("decree.all", n=occasion.count(content.people))),
        Signatures(
            (signature_of(occasion.settings.decree, say("decree.regent")),),
            place_and_date=_place_and_day(content, occasion),
        ),
    )
    yield from with_end(_tables(content, occasion), end)


def _tables(content: Decree, occasion: Occasion) -> Iterator[tuple[Sequence[Block], Summed]]:
    district = ""
    for village in content.villages:
        over: list[Block] = []
        if village.place.district != district:
            district = village.place.district
            over.append(Heading(occasion.say("decree.district", name=district), size=12))
        over.append(Heading(_village_heading(village.place, occasion), size=10))
        yield over, _village_table(village, occasion)


def _village_heading(place: Place, occasion: Occasion) -> str:
    kind = occasion.say(f"kind_{place.kind}")
    return occasion.say("decree.village", kind=kind, name=place.village, code=place.code)


def _place_and_day(content: Decree, occasion: Occasion) -> str:
    day = occasion.full_date(content.decree_day) if content.decree_day else DOTS
    return f"{occasion.head.city or DOTS}, {day}"


def _facts(content: Decree, occasion: Occasion) -> Facts:
    say = occasion.say
    day = occasion.full_date(content.decree_day) if content.decree_day else DOTS
    contribution = say(
        "decree.contribution_said",
        rupiah=occasion.rupiah(content.monthly),
        version=content.table_version,
        day=occasion.short_date(content.table_from),
    )
    return Facts(
        (
            (say("decree.day"), day),
            (say("about"), content.about),
            (say("decree.people"), say("n_people", n=occasion.count(content.people))),
            (say("decree.contribution"), contribution),
            (say("decree.print"), print_lines(content.rows_hash)),
        ),
        size=10,
    )


def _summary(content: Decree, occasion: Occasion) -> Summed:
    say, count = occasion.say, occasion.count
    columns = (
        Column(say("no"), 12, "right"),
        Column(say("district"), 90),
        Column(say("villages"), 34, "right"),
        Column(say("people"), 34, "right"),
    )
    rows: list[Sequence[str] | Row] = [
        (str(n), one.name, count(one.villages), count(one.people))
        for n, one in enumerate(content.districts, start=1)
    ]
    villages = sum(one.villages for one in content.districts)
    rows.append(Row(("", say("all"), count(villages), count(content.people)), tinted=True))
    return Summed(Table(columns, rows, size=10))


def _village_table(village: VillageRows, occasion: Occasion) -> Summed:
    say = occasion.say
    columns = (
        Column(say("no"), 15, "right", keep_whole=True),
        Column(say("name"), 50),
        Column("NIK", 29, keep_whole=True),
        Column(say("address"), 46),
        Column(say("record_number"), 36, keep_whole=True),
    )
    return Summed(Table(columns, _village_rows(village, occasion), size=_SIZE))


def _village_rows(village: VillageRows, occasion: Occasion) -> Iterator[Sequence[str] | Row]:
    for cells in village.rows:
        row = dict(zip(COLUMNS, cells, strict=True))
        yield row["no"], row["name"], row["nik"], address_of(row), row["number"]
    said = occasion.say("decree.subtotal", village=village.place.village)
    people = occasion.say("n_people", n=occasion.count(len(village.rows)))
    yield Row(("", said, "", people, ""), tinted=True)


def address_of(row: dict[str, str]) -> str:
    near = neighbourhood(row["rt"], row["rw"])
    return ", ".join(part for part in (row["address"], near) if part)
