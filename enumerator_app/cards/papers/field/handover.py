"""Hand-over of a laptop after it sent: which numbers the office has, and which not. No names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from enumerator_app.cards.papers.blocks import Block, Facts, Heading, Paragraph, Together
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Row, Table
from enumerator_app.cards.papers.words import day_in_full, grouped
from enumerator_app.texts import Language, text


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Numbers of one laptop that follow each other."""

    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOf:
    """How many records of one laptop's numbers are here, and how many count at the office."""

    code: str
    count: int
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverContent:
    """`holds`: by the laptop that gave the number; one in another's place holds that one's too.

    `received` are ranges of numbers that the office acknowledged; `missing` stand one by one.

    So do the `kept`: the office has them, and they do not count there yet. `is_stopped`: it has
    stopped this laptop.
    """

    letterhead: Letterhead
    day: date
    device_code: str
    holds: Sequence[HeldOf] = ()
    sent_at: str = ""
    """When it sent last, as it shall be read; empty: never."""
    heads_agree: bool | None = None
    is_stopped: bool = False
    received: Sequence[NumberRange] = ()
    kept: Sequence[str] = ()
    missing: Sequence[str] = ()
    photos_missing: int = 0
    returned: int = 0
    code: str = ""
    enumerator: str = ""

    @property
    def received_count(self) -> int:
        return sum(numbers.count for numbers in self.received)


def handover(content: HandoverContent, language: Language) -> tuple[Paper, Iterator[Block]]:
    """Return the sheet as paper and blocks."""
    paper = Paper(
        title=_said("title", language),
        letterhead=content.letterhead,
        number=day_in_full(content.day, language),
        language=language,
        foot=content.device_code,
    )
    return paper, _blocks(content, language)


def _blocks(content: HandoverContent, language: Language) -> Iterator[Block]:
    yield Facts(_facts(content, language))
    yield Paragraph(_verdict(content, language), size=13, weight="bold", gap=4.0)
    yield Heading(_said("received", language, n=grouped(content.received_count, language)))
    yield Table(
        (
            Column(_said("from", language), 60, keep_whole=True),
            Column(_said("to", language), 60, keep_whole=True),
            Column(_said("count", language), 30, "right"),
        ),
        _ranges(content, language),
        empty=_said("none_received" if content.missing or content.kept else "empty", language),
    )
    if content.kept:
        yield from _one_by_one("kept", content.kept, language)
    yield from _one_by_one("missing", content.missing, language)
    yield Together(
        Paragraph(_said("things", language), gap=4.0),
        Signatures(
            (
                Signature(_said("gives", language), content.enumerator),
                Signature(_said("takes", language)),
            ),
            place_and_date=content.letterhead.date_line(content.day, language),
        ),
    )


def _one_by_one(name: str, numbers: Sequence[str], language: Language) -> Iterator[Block]:
    yield Heading(_said(name, language, n=grouped(len(numbers), language)))
    yield Table(
        tuple(Column(_said("number", language), 50, keep_whole=True) for _ in range(3)),
        _in_threes(numbers),
        empty=_said("none_missing", language),
    )


def _facts(content: HandoverContent, language: Language) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("device", content.device_code),
        ("holds", "; ".join(_held(of, language) for of in content.holds)),
        ("sent_at", content.sent_at or _said("never", language)),
        ("photos", grouped(content.photos_missing, language)),
        ("returned", grouped(content.returned, language)),
        ("code", content.code),
    )
    return tuple((_said(f"fact_{name}", language), said) for name, said in pairs if said)


def _verdict(content: HandoverContent, language: Language) -> str:
    if content.is_stopped:
        return _said("stopped", language)
    if content.missing or content.kept or not content.heads_agree:
        return _said("not_all", language)
    if not content.received:
        return _said("empty", language)
    return _said("all", language, n=grouped(content.received_count, language))


def _held(of: HeldOf, language: Language) -> str:
    count, received = grouped(of.count, language), grouped(of.received, language)
    return _said("held_of", language, code=of.code, n=count, received=received)


def _ranges(content: HandoverContent, language: Language) -> Iterator[Row]:
    for numbers in content.received:
        cells = (numbers.first, numbers.last, grouped(numbers.count, language))
        yield Row(cells, "regular")


def _in_threes(numbers: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(numbers), 3):
        row = list(numbers[start : start + 3])
        yield row + [""] * (3 - len(row))


def _said(name: str, language: Language, **values: str) -> str:
    return text(f"papers.handover.{name}", language, **values)
