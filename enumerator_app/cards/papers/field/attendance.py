"""Who came that was recorded before: number and name to sign, and nobody's NIK."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from enumerator_app.cards.papers.blocks import Block, Facts, Paragraph, Together
from enumerator_app.cards.papers.field.consent_sheet import LINE_MM, works_now, works_now_key
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Table
from enumerator_app.texts import Language, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Attending:
    """Somebody who has a number already."""

    number: str
    name: str
    village: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceContent:
    visit: VisitContent
    letterhead: Letterhead
    people: Iterable[Attending]
    blank_lines: int = 0
    """Empty lines below, for people whom no list has."""
    enumerator: str = ""


def attendance(content: AttendanceContent, language: Language) -> tuple[Paper, Iterator[Block]]:
    """Return the sheet as paper and blocks."""
    paper = Paper(
        title=_said("title", language),
        letterhead=content.letterhead,
        language=language,
        size=10.0,
        for_workers=True,
    )
    return paper, _blocks(content, language)


def _blocks(content: AttendanceContent, language: Language) -> Iterator[Block]:
    yield Facts(content.visit.facts(language))
    yield Paragraph(_said("what", language))
    yield Table(
        _columns(language),
        _rows(content, language),
        size=9.5,
        row_height=LINE_MM,
        grid=True,
        empty=_said("empty", language),
    )
    yield Together(
        Signatures(
            (
                Signature(text("papers.consent.witness", language)),
                Signature(text("papers.consent.enumerator", language), content.enumerator),
            ),
            room=16.0,
        )
    )


def _rows(content: AttendanceContent, language: Language) -> Iterator[list[str]]:
    boxes = works_now(language)
    place = 0
    for place, person in enumerate(content.people, start=1):
        yield [str(place), person.number, person.name, person.village, boxes, ""]
    for extra in range(content.blank_lines):
        yield [str(place + extra + 1), "", "", "", boxes, ""]


def _columns(language: Language) -> tuple[Column, ...]:
    works = f"{text('papers.consent.works', language)} ({works_now_key(language)})"
    return (
        Column(text("papers.no", language), 9, "right"),
        Column(text("papers.number", language), 36, keep_whole=True),
        Column(text("papers.consent.name", language), 48),
        Column(text("papers.village", language), 30),
        Column(works, 36, ticks=True),
        Column(text("papers.consent.hand", language), 40),
    )


def _said(name: str, language: Language) -> str:
    return text(f"papers.attendance.{name}", language)
