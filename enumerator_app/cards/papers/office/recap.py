"""The office's day on one sheet: counts by district, what waits, and who has not sent."""

from collections.abc import Iterator, Sequence
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
    Signatures,
    Table,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Ready
from enumerator_app.cards.papers.office.parts import Summed

MEASURES = ("recorded", "received", "registered", "verified", "submitted", "enrolled", "covered")


@dataclass(frozen=True, slots=True)
class DistrictDay:
    """`counts` are in the order of MEASURES: two of the day, five of all until now."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LaptopDay:
    """When a laptop was heard last; None: never since it was enrolled."""

    code: str
    label: str
    last_seen: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    of_day: date
    districts: tuple[DistrictDay, ...]
    laptops: tuple[LaptopDay, ...]
    waiting_nik: int
    returned: int
    refused: int
    cases: int

    @property
    def totals(self) -> tuple[int, ...]:
        columns = zip(*(one.counts for one in self.districts), strict=True)
        return tuple(map(sum, columns)) or (0,) * len(MEASURES)


def daily_recap(content: Recap, occasion: Occasion) -> Ready:
    paper = Paper(
        title=occasion.say("recap.title"),
        letterhead=occasion.head,
        number=occasion.say("recap.of_day", day=occasion.full_date(content.of_day)),
        format=occasion.format,
        language=occasion.language,
    )
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: Recap, occasion: Occasion) -> Iterator[Block]:
    say, count = occasion.say, occasion.count
    yield Facts(
        (
            (say("recap.today"), say("n_people", n=count(content.totals[0]))),
            (say("recap.waits"), _waiting(content, occasion)),
        )
    )
    yield _districts(content, occasion)
    yield Heading(say("recap.laptops"))
    yield Paragraph(_laptop_sentence(content, occasion))
    yield _laptops(content, occasion)
    yield Signatures((occasion.signer,), place_and_date=occasion.place_and_date)


def _waiting(content: Recap, occasion: Occasion) -> str:
    counts = {
        "cases": content.cases, "returned": content.returned,
        "waiting_nik": content.waiting_nik, "refused": content.refused,
    }  # fmt: skip
    return occasion.say("recap.waits_said", **{k: occasion.count(n) for k, n in counts.items()})


def _districts(content: Recap, occasion: Occasion) -> Summed:
    columns = [Column(occasion.say("district"), 38)]
    columns += [Column(occasion.say(f"recap.{name}"), 19.5, "right") for name in MEASURES]
    rows: list[Sequence[str] | Row] = [
        (one.name, *map(occasion.count, one.counts)) for one in content.districts
    ]
    sums = map(occasion.count, content.totals)
    rows.append(Row((occasion.say("all"), *sums), tinted=True))
    return Summed(Table(columns, rows, size=9))


def _laptop_sentence(content: Recap, occasion: Occasion) -> str:
    sent = sum(one.last_seen == content.of_day for one in content.laptops)
    counts = {"n": occasion.count(sent), "all": occasion.count(len(content.laptops))}
    return occasion.say("recap.laptops_said", **counts)


def _laptops(content: Recap, occasion: Occasion) -> Table:
    say = occasion.say
    columns = (
        Column(say("recap.laptop"), 24),
        Column(say("recap.label"), 100),
        Column(say("recap.last_seen"), 50),
    )
    rows = [
        (
            one.code,
            one.label,
            occasion.short_date(one.last_seen) if one.last_seen else say("recap.never"),
        )
        for one in content.laptops
    ]
    return Table(columns, rows, size=9, empty=say("recap.no_laptops"))
