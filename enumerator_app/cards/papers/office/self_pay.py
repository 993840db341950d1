"""What somebody would pay who goes on with the insurance alone: amounts, dates, no promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Table,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Ready
from enumerator_app.domain.programme import Contribution, ProgrammeTables, monthly_contribution

_MONTHS_AHEAD = 24


@dataclass(frozen=True, slots=True)
class Price:
    """What a month costs from `first` to `last`; `last` is None while nothing is known to end."""

    first: date
    last: date | None
    jkk: int
    jkm: int
    jht: int
    version: str

    @property
    def least(self) -> int:
        """JKK and JKM: what everybody pays who goes on alone."""
        return self.jkk + self.jkm


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPay:
    """For one person, or for anybody (no name): prices by month, and until when the office pays."""

    prices: tuple[Price, ...]
    base: int
    name: str = ""
    number: str = ""
    kpj: str = ""
    covered_until: date | None = None
    last_day: date | None = None
    """The day before the age limit, if it is known."""


def prices_from(day: date, income: int | None, tables: ProgrammeTables) -> tuple[Price, ...]:
    """Return what a self-payer pays from the month of `day` on, a new line where it changes.

    Raises:
        LookupError: no table holds on that day.
    """
    months = _months(day)
    found = [_month(first, income, tables) for first in months]
    prices: list[Price] = []
    for first, cost in zip(months, found, strict=True):
        price = Price(first, None, cost.amounts["JKK"], cost.amounts["JKM"], cost.amounts["JHT"],
                      cost.table_version)  # fmt: skip
        if prices and _same(prices[-1], price):
            continue
        if prices:
            prices[-1] = _until(prices[-1], first - timedelta(days=1))
        prices.append(price)
    return tuple(prices)


def _months(day: date) -> list[date]:
    start = day.year * 12 + day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(start, start + _MONTHS_AHEAD)]


def _month(first: date, income: int | None, tables: ProgrammeTables) -> Contribution:
    return monthly_contribution(income, ("JKK", "JKM", "JHT"), first, "self", tables)


def _same(one: Price, other: Price) -> bool:
    return (one.jkk, one.jkm, one.jht) == (other.jkk, other.jkm, other.jht)


def _until(price: Price, last: date) -> Price:
    return Price(price.first, last, price.jkk, price.jkm, price.jht, price.version)


def self_pay_slip(content: SelfPay, occasion: Occasion) -> Ready:
    paper = Paper(
        title=occasion.say("self_pay.title"),
        letterhead=occasion.head,
        number=occasion.number_line if occasion.letter_number else "",
        format=occasion.format,
        language=occasion.language,
        for_workers=True,
    )
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: SelfPay, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    if content.name:
        yield Facts(_person(content, occasion))
    yield Paragraph(say("self_pay.said"))
    yield Heading(say("self_pay.amounts"))
    yield _table(content, occasion)
    yield Paragraph(_source(content, occasion), size=10)
    yield Heading(say("self_pay.how"))
    branch = occasion.settings.insurer_branch or say("cover.branch")
    phone = occasion.insurer_phone
    steps = [say(f"self_pay.step_{n}", branch=branch, phone=phone) for n in (1, 2, 3, 4)]
    yield Points(steps)
    yield Heading(say("self_pay.mind"))
    yield Points(list(_warnings(content, occasion)))
    yield Paragraph(occasion.place_and_date, size=10, gap=4)


def _person(content: SelfPay, occasion: Occasion) -> list[tuple[str, str]]:
    pairs = [(occasion.say("name"), content.name), (occasion.say("record_number"), content.number)]
    if content.kpj:
        pairs.append((occasion.say("kpj"), content.kpj))
    if content.covered_until:
        pairs.append((occasion.say("self_pay.until"), occasion.full_date(content.covered_until)))
    return pairs


def _table(content: SelfPay, occasion: Occasion) -> Table:
    say, rupiah = occasion.say, occasion.rupiah
    columns = (
        Column(say("self_pay.month"), 62),
        Column("JKK", 24, "right"),
        Column("JKM", 24, "right"),
        Column(say("self_pay.least"), 32, "right"),
        Column(say("self_pay.with_jht"), 32, "right"),
    )
    rows: list[Sequence[str]] = [
        (_span(price, occasion), rupiah(price.jkk), rupiah(price.jkm), rupiah(price.least),
         rupiah(price.least + price.jht))
        for price in content.prices
    ]  # fmt: skip
    return Table(columns, rows, size=11)


def _span(price: Price, occasion: Occasion) -> str:
    start = occasion.month_year(price.first)
    if price.last is None:
        return occasion.say("self_pay.from", start=start)
    end = occasion.month_year(price.last)
    return start if start == end else occasion.say("self_pay.span", start=start, end=end)


def _source(content: SelfPay, occasion: Occasion) -> str:
    versions = "; ".join(dict.fromkeys(price.version for price in content.prices))
    base, day = occasion.rupiah(content.base), occasion.short_date(occasion.day)
    return occasion.say("self_pay.source", base=base, versions=versions, day=day)


def _warnings(content: SelfPay, occasion: Occasion) -> Iterator[str]:
    if len(content.prices) > 1:
        yield _change(content.prices[0], content.prices[1], occasion)
    yield occasion.say("self_pay.gap")
    if content.last_day:
        yield occasion.say("self_pay.age", day=occasion.full_date(content.last_day))
    yield occasion.say("self_pay.no_promise")


def _change(now: Price, then: Price, occasion: Occasion) -> str:
    """Say until when today's amount holds, and by which law it is lower, if one makes it so."""
    laws = [occasion.law(version) for version in now.version.split("+")[1:]]
    return occasion.say(
        "self_pay.discount" if laws else "self_pay.change",
        end=occasion.full_date(now.last),
        before=occasion.rupiah(now.least),
        after=occasion.rupiah(then.least),
        law=", ".join(laws),
    )
