"""The letter that goes to the insurer with a list: what the file holds, so that both can check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Gap,
    Paper,
    Paragraph,
    Points,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Ready
from enumerator_app.cards.papers.office.parts import print_lines
from enumerator_app.domain.number_words import number_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One list as its file says it: people, rupiah a month, the sum of all NIKs, its SHA-256."""

    id: str
    made_on: date
    file: str
    rows: int
    monthly: int
    nik_sum: int
    sha256: str
    programmes: tuple[str, ...]
    table_version: str
    table_from: date


def cover_letter(content: Batch, occasion: Occasion) -> Ready:
    """Return the letter; it has no title, but place and date, number, and whom it goes to."""
    paper = Paper(
        title="",
        letterhead=occasion.head,
        format=occasion.format,
        language=occasion.language,
        foot=occasion.say("cover.foot", id=content.id),
    )
    return Ready(paper, _blocks(content, occasion))


def _blocks(content: Batch, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    yield Paragraph(occasion.place_and_date, align="right", gap=5)
    yield Facts(
        (
            (say("letter_number"), occasion.number_line.partition(": ")[2]),
            (say("enclosed"), say("cover.enclosed", file=content.file)),
            (say("cover.subject"), say("cover.about", n=occasion.count(content.rows))),
        )
    )
    yield Gap(3)
    branch = occasion.settings.insurer_branch or say("cover.branch")
    yield Paragraph(say("cover.to", branch=branch), gap=0)
    yield Gap(3)
    yield Paragraph(say("cover.opening", n=occasion.count(content.rows)))
    yield Paragraph(say("cover.control"))
    yield _control(content, occasion)
    yield Paragraph(say("cover.amount_words", words=_in_words(content, occasion)), size=10)
    yield Points([say(f"cover.note_{n}") for n in (1, 2, 3)])
    yield Together(Paragraph(say("cover.end")), Signatures((occasion.signer,)))


def _in_words(content: Batch, occasion: Occasion) -> str:
    return number_words(content.monthly, occasion.language)


def _control(content: Batch, occasion: Occasion) -> Table:
    say = occasion.say
    day = occasion.short_date(content.table_from)
    table = say("cover.table", version=content.table_version, day=day)
    rows = (
        (say("cover.list"), content.id),
        (say("cover.made_on"), occasion.short_date(content.made_on)),
        (say("cover.rows"), occasion.count(content.rows)),
        (say("cover.programmes"), ", ".join(content.programmes)),
        (say("cover.monthly"), f"{occasion.rupiah(content.monthly)} {table}"),
        (say("cover.nik_sum"), str(content.nik_sum)),
        (say("cover.print"), print_lines(content.sha256)),
    )
    columns = (Column(say("cover.what"), 58), Column(say("cover.value"), 116))
    return Table(columns, rows, size=10)
