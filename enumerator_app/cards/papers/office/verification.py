"""Berita Acara Verifikasi: what village and office have looked at together, and what came out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Row,
    Signature,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import DOTS, Occasion, Place, Ready
from enumerator_app.cards.papers.office.parts import Summed
from enumerator_app.domain.number_words import number_words

# Where each state of a record counts; the rows add up to all that were recorded.
ROWS: dict[str, tuple[str, ...]] = {
    "verified": ("verified", "submitted", "enrolled"),
    "refused": ("refused",),
    "returned": ("returned",),
    "waiting": ("waiting_nik",),
    "open": ("registered",),
    "stopped": ("duplicate", "withdrawn", "ended"),
}


@dataclass(frozen=True, slots=True)
class Sampled:
    """Somebody who was drawn to be looked at."""

    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is certified. `by_state` counts people; `list_print` names exactly which and how."""

    place: Place
    by_state: dict[str, int]
    sample: tuple[Sampled, ...]
    sample_percent: int
    list_print: str
    first_day: date | None = None
    last_day: date | None = None
    visit: str = ""
    village_head: str = ""
    coordinator: str = ""

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    def of_row(self, name: str) -> int:
        return sum(self.by_state.get(state, 0) for state in ROWS[name])


def verification_record(content: Verification, occasion: Occasion) -> Ready:
    paper = Paper(
        title=occasion.say("verification.title"),
        letterhead=occasion.head,
        number=occasion.number_line,
        format=occasion.format,
        language=occasion.language,
        foot=occasion.say("verification.code", code=content.list_print[:12]),
    )
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: Verification, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    where = content.place.in_words(occasion.language)
    yield Paragraph(say("verification.opening", day=day_spelled(occasion), place=where))
    yield _facts(content, occasion)
    yield Heading(say("verification.result"))
    columns = (Column(say("verification.what"), 120), Column(say("people"), 34, "right"))
    yield Summed(Table(columns, _count_rows(content, occasion), size=10.5))
    yield Heading(say("verification.sample"))
    drawn = {"n": occasion.count(len(content.sample)), "total": occasion.count(content.total)}
    yield Paragraph(say("verification.sample_said", **drawn, percent=content.sample_percent))
    yield _sample_table(content, occasion)
    yield Together(Paragraph(say("verification.end")), _signatures(content, occasion))


def day_spelled(occasion: Occasion) -> str:
    """Return a day as official records write it, with its numbers in words."""
    day = occasion.day
    values = {
        "weekday": occasion.weekday,
        "day": number_words(day.day, occasion.language),
        "month": occasion.month,
        "year": number_words(day.year, occasion.language),
        "date": occasion.short_date(day),
    }
    return occasion.say("verification.day", **values)


def _facts(content: Verification, occasion: Occasion) -> Facts:
    say = occasion.say
    pairs = []
    if content.visit:
        pairs.append((say("verification.visit"), content.visit))
    if content.first_day and content.last_day:
        days = {
            "start": occasion.short_date(content.first_day),
            "end": occasion.short_date(content.last_day),
        }
        key = "one_day" if content.first_day == content.last_day else "days"
        pairs.append((say("verification.recorded"), say(f"verification.{key}", **days)))
    pairs.append((say("verification.list_print"), content.list_print))
    return Facts(pairs, size=9.5)


def _count_rows(content: Verification, occasion: Occasion) -> Iterator[Row | tuple[str, str]]:
    for name in ROWS:
        said = occasion.say(f"verification.row_{name}")
        yield said, occasion.count(content.of_row(name))
    yield Row((occasion.say("verification.row_all"), occasion.count(content.total)), tinted=True)


def _sample_table(content: Verification, occasion: Occasion) -> Table:
    say = occasion.say
    columns = (
        Column(say("no"), 11, "right"),
        Column(say("record_number"), 40, keep_whole=True),
        Column(say("name"), 58),
        Column(say("verification.fits"), 16, "centre"),
        Column(say("verification.differs"), 16, "centre"),
        Column(say("remark"), 36),
    )
    rows = (
        (str(n), one.number, one.name, "", "", "") for n, one in enumerate(content.sample, start=1)
    )
    return Table(columns, rows, row_height=9, grid=True, empty=say("verification.nobody"))


def _signatures(content: Verification, occasion: Occasion) -> Signatures:
    say, place = occasion.say, content.place
    head = Signature(say(f"head_{place.kind}", village=place.village), content.village_head)
    coordinator = Signature(say("verification.coordinator"), content.coordinator)
    where = occasion.head.city or DOTS
    return Signatures((head, coordinator), place_and_date=f"{where}, {occasion.full_date()}")
