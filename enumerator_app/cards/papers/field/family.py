"""The A5 sheet for the family, in large type: what is covered, how much, whom to ask, what is not.

Sums come from the dated table and stand with its date; the order of heirs is the law's, in words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from enumerator_app.cards.papers.blocks import Block, Facts, Heading, NewPage, Paragraph, Points
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.words import day_in_full
from enumerator_app.domain.benefit_words import sums
from enumerator_app.domain.programme import ProgrammeTables
from enumerator_app.texts import Language, text

LEAST: Final = 13.0
"""Points below which nothing on this sheet goes: the eyes that read it are old."""
_CLASSES: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyContent:
    """`name` and `number` are those of the worker, or empty: then a line is left for them."""

    letterhead: Letterhead
    tables: ProgrammeTables
    day: date
    name: str = ""
    number: str = ""


def family_sheets(
    contents: Iterable[FamilyContent], letterhead: Letterhead, language: Language
) -> tuple[Paper, Iterator[Block]]:
    """Return the sheets as paper and blocks: front and back of one A5 for each content.

    Raises:
        LookupError: while they are read, if no table of benefits holds on their day.
    """
    paper = Paper(
        title=_said("title", language),
        letterhead=replace(letterhead, office="", address="", phone="", email=""),
        format="a5",
        language=language,
        size=LEAST,
        foot_size=LEAST,
        for_workers=True,
        has_running_head=False,
    )
    return paper, _all_sheets(contents, paper, language)


def _all_sheets(
    contents: Iterable[FamilyContent], paper: Paper, language: Language
) -> Iterator[Block]:
    for place, content in enumerate(contents):
        if place:
            yield NewPage()
            yield paper.letterhead
            yield Paragraph(paper.title.upper(), LEAST + 3, "bold", "centre", gap=5.0)
        yield from family_blocks(content, language)


def family_blocks(content: FamilyContent, language: Language) -> Iterator[Block]:
    """Yield the text of one sheet, below its title."""
    values = sums(content.tables, content.day, language)
    yield Facts(
        (
            (_said("worker", language), content.name or _said("blank", language)),
            (text("papers.number", language), content.number or _said("blank", language)),
        ),
        value_weight="semibold",
    )
    yield Paragraph(_said("not_yet", language), weight="bold")
    yield Heading(_said("covered", language), size=LEAST)
    points = ("accident", "work_death", "death", "school")
    yield Points([_said(name, language, **values) for name in points], mark="•", gap=1.0)
    dated = {"date": day_in_full(content.day, language)}
    yield Paragraph(_said("sums", language, **dated), gap=1.6)
    yield Heading(_said("not_covered", language), size=LEAST)
    yield Paragraph(_said("not_included", language), gap=1.0)
    yield NewPage()
    yield from _back(content, language)


def _back(content: FamilyContent, language: Language) -> Iterator[Block]:
    yield Heading(_said("when_accident", language), size=LEAST)
    steps = [text(f"cards.paper.accident_step_{n}", language) for n in (1, 2, 3)]
    yield Points([step.partition(" ")[2] for step in steps], gap=0.6)
    yield Heading(_said("when_death", language), size=LEAST)
    yield Paragraph(text("cards.paper.death", language), gap=1.0)
    yield Heading(_said("who", language), size=LEAST)
    yield Points([text(f"heirs.class_{n}", language) for n in _CLASSES], gap=0.6)
    yield Heading(_ask(content.letterhead, language), size=LEAST)
    yield Paragraph(_whom(content.letterhead, language), size=LEAST + 1, weight="bold", gap=1.0)


def _ask(letterhead: Letterhead, language: Language) -> str:
    if letterhead.ask_by is None:
        return _said("ask", language)
    return _said("ask_by", language, date=day_in_full(letterhead.ask_by, language))


def _whom(letterhead: Letterhead, language: Language) -> str:
    posko = _said("posko", language, phone=letterhead.posko_phone)
    whom = posko if letterhead.posko_phone else _said("village_office", language)
    insurer = _said("insurer", language, phone=letterhead.insurer_phone)
    return f"{whom}\n{insurer}"


def _said(name: str, language: Language, **values: str) -> str:
    return text(f"papers.family.{name}", language, **values)
