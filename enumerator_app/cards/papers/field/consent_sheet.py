"""The sheet that everybody signs: the consent text on top, then one line for each slip."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from enumerator_app.cards.papers.blocks import Block, Facts, Heading, Paragraph, Points, Together
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Table
from enumerator_app.texts import Language, text

LINE_MM = 12.0
"""Room for a signature or a thumb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """One person to sign; a blank name is written by hand."""

    ticket: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSheetContent:
    """`consent_paragraphs` are what is read aloud, in the language of the paper."""

    visit: VisitContent
    letterhead: Letterhead
    consent_version: str
    consent_paragraphs: Sequence[str]
    lines: Iterable[ConsentLine]
    enumerator: str = ""
    witness: str = ""
    witness_role: str = ""


def consent_sheet(
    content: ConsentSheetContent, language: Language
) -> tuple[Paper, Iterator[Block]]:
    """Return the sheet as paper and blocks."""
    paper = Paper(
        title=_said("title", language),
        letterhead=content.letterhead,
        language=language,
        size=10.0,
        for_workers=True,
    )
    return paper, _blocks(content, language)


def _blocks(content: ConsentSheetContent, language: Language) -> Iterator[Block]:
    yield Facts(content.visit.facts(language))
    version = text("papers.consent.read", language, version=content.consent_version)
    yield Heading(version, size=10.5)
    yield Points(tuple(content.consent_paragraphs), size=9.5, gap=0.7)
    yield Paragraph(_said("agree", language), weight="semibold", gap=2.5)
    rows = ([line.ticket, line.name, works_now(language), "", ""] for line in content.lines)
    yield Table(_columns(language), rows, size=9.5, row_height=LINE_MM, grid=True)
    witness = content.witness_role or _said("witness_role", language)
    yield Together(
        Signatures(
            (
                Signature(f"{_said('witness', language)}\n({witness})", content.witness),
                Signature(_said("enumerator", language), content.enumerator),
            ),
            room=16.0,
        )
    )


def works_now(language: Language) -> str:
    """Return the letters of "is working" as on the screen; each gets a box."""
    return " ".join(letter for _, letter in _works_now_options(language))


def works_now_key(language: Language) -> str:
    """Return what the letters of those boxes mean."""
    options = _works_now_options(language)
    return ", ".join(f"{letter} = {words.lower()}" for words, letter in options)


def _works_now_options(language: Language) -> list[list[str]]:
    values = ("working", "ill", "stopped")
    return [text(f"form.option.works_now.{value}", language).split("|") for value in values]


def _columns(language: Language) -> tuple[Column, ...]:
    works = f"{_said('works', language)} ({works_now_key(language)})"
    return (
        Column(_said("ticket", language), 15, "centre", keep_whole=True),
        Column(_said("name", language), 56),
        Column(works, 36, ticks=True),
        Column(_said("hand", language), 43),
        Column(_said("witness", language), 24),
    )


def _said(name: str, language: Language) -> str:
    return text(f"papers.consent.{name}", language)
