"""The day on one sheet: counts by village and state, papers, seals. Nobody's name and no NIK."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from enumerator_app.cards.papers.blocks import Block, Facts, Heading, Paragraph, Together
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Row, Table
from enumerator_app.cards.papers.words import day_in_full, grouped, weekday
from enumerator_app.texts import Language, text

RECAP_STATES: Final = (
    "registered", "waiting_nik", "returned", "verified", "submitted", "enrolled",
)  # fmt: skip
"""States with a column of their own; all others are counted together in the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageCounts:
    """People recorded that day in one village, by state."""

    village: str
    by_state: Mapping[str, int]
    received: int
    """How many of them the office has."""

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapContent:
    """`slips` and `cards` are papers printed that day; each slip carries a seal of the laptop."""

    letterhead: Letterhead
    day: date
    device_code: str
    enumerator: str
    villages: Sequence[VillageCounts]
    slips: int
    cards: int
    first_number: str = ""
    last_number: str = ""
    code: str = ""


def recap(content: RecapContent, language: Language) -> tuple[Paper, Iterator[Block]]:
    """Return the sheet as paper and blocks."""
    day = f"{weekday(content.day, language)}, {day_in_full(content.day, language)}"
    paper = Paper(
        title=_said("title", language),
        letterhead=content.letterhead,
        number=day,
        language=language,
        foot=content.device_code,
    )
    return paper, _blocks(content, language)


def _blocks(content: RecapContent, language: Language) -> Iterator[Block]:
    yield Facts(_facts(content, language))
    yield Heading(_said("people", language))
    yield Table(
        _columns(language), _rows(content, language), size=9.0, empty=_said("nobody", language)
    )
    yield Heading(_said("papers", language))
    yield Table(
        (Column(_said("paper", language), 110), Column(_said("sheets", language), 30, "right")),
        (
            (_said("slips", language), grouped(content.slips, language)),
            (_said("cards", language), grouped(content.cards, language)),
        ),
    )
    yield Together(
        Paragraph(_said("states", language), size=9.0, gap=4.0),
        Signatures(
            (
                Signature(text("papers.consent.enumerator", language), content.enumerator),
                Signature(text("papers.minutes.coordinator", language)),
            ),
            place_and_date=content.letterhead.date_line(content.day, language),
        ),
    )


def _facts(content: RecapContent, language: Language) -> tuple[tuple[str, str], ...]:
    numbers = " - ".join(n for n in (content.first_number, content.last_number) if n)
    pairs = (
        ("device", content.device_code),
        ("enumerator", content.enumerator),
        ("numbers", numbers),
        ("code", content.code),
    )
    return tuple((_said(f"fact_{name}", language), said) for name, said in pairs if said)


def _columns(language: Language) -> tuple[Column, ...]:
    states = [_said(f"state_{name}", language) for name in (*RECAP_STATES, "other")]
    return (
        Column(text("papers.village", language), 30),
        Column(_said("total", language), 20, "right"),
        *(Column(said, 20, "right") for said in states),
        Column(_said("received", language), 20, "right"),
    )


def _rows(content: RecapContent, language: Language) -> Iterator[Row]:
    for village in content.villages:
        yield Row(_cells(village, language), "regular")
    if len(content.villages) > 1:
        yield Row(_cells(_all(content, language), language), tinted=True)


def _cells(village: VillageCounts, language: Language) -> list[str]:
    shown = [village.by_state.get(name, 0) for name in RECAP_STATES]
    numbers = (village.total, *shown, village.total - sum(shown), village.received)
    return [village.village, *(grouped(number, language) for number in numbers)]


def _all(content: RecapContent, language: Language) -> VillageCounts:
    by_state: dict[str, int] = {}
    for village in content.villages:
        for name, count in village.by_state.items():
            by_state[name] = by_state.get(name, 0) + count
    received = sum(village.received for village in content.villages)
    return VillageCounts(village=_said("all", language), by_state=by_state, received=received)


def _said(name: str, language: Language) -> str:
    return text(f"papers.recap.{name}", language)
