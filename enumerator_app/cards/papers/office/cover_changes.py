"""Papers about cover that changes: the update before a payment, and what villages read at its end.

The update goes to the insurer: member numbers, no NIK. The notice hangs in the village.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    Points,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Place, Ready


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Somebody who enters, leaves or reaches the age limit soon; `why` in the paper's language."""

    name: str
    kpj: str
    village: str
    why: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLetter:
    """One month beside the one before: `before` - `left` + `entered` + `changed` = `total`."""

    month: date
    people: int
    before: int
    left: int
    entered: int
    changed: int
    total: int
    lists: tuple[tuple[str, tuple[ChangeLine, ...]], ...]
    """`leaves`, `enters` and `soon`, each with its people."""


@dataclass(frozen=True, slots=True)
class StoppedVillage:
    """Whose cover ends in one village, by name, with the member number and the last day."""

    place: Place
    people: tuple[tuple[str, str, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice:
    """`ask_by`: until then a payment of one's own goes on; `alone` is what that costs a month."""

    last: date
    ask_by: date
    alone: int
    villages: tuple[StoppedVillage, ...]


def update_letter(content: UpdateLetter, occasion: Occasion) -> Ready:
    say = occasion.say
    paper = Paper(
        title=say("update.title", month=occasion.month_year(content.month)),
        letterhead=occasion.head,
        number=occasion.number_line if occasion.letter_number else "",
        format=occasion.format,
        language=occasion.language,
    )
    return Ready(paper, _update_blocks(content, occasion))


def _update_blocks(content: UpdateLetter, occasion: Occasion) -> Iterator[Block]:
    say, rupiah = occasion.say, occasion.rupiah
    yield Paragraph(say("update.said", month=occasion.month_year(content.month)))
    changed = rupiah(abs(content.changed))
    yield Facts(
        (
            (say("update.before"), rupiah(content.before)),
            (say("update.left"), f"- {rupiah(content.left)}"),
            (say("update.entered"), f"+ {rupiah(content.entered)}"),
            (say("update.changed"), f"{'-' if content.changed < 0 else '+'} {changed}"),
            (say("update.total"), rupiah(content.total)),
            (say("update.people"), occasion.count(content.people)),
        )
    )
    columns = (
        Column(say("no"), 11, "right"),
        Column(say("name"), 56),
        Column(say("kpj"), 28, keep_whole=True),
        Column(say("update.village"), 34),
        Column(say("update.why"), 33),
        Column(say("day"), 22, keep_whole=True),
    )
    for kind, people in content.lists:
        yield Heading(say(f"update.{kind}", n=occasion.count(len(people))))
        yield Table(columns, _lines(people, occasion), size=9, empty=say("update.nobody"))
    yield Together(
        Paragraph(say("update.end")),
        Signatures((occasion.signer,), place_and_date=occasion.place_and_date),
    )


def _lines(people: Iterable[ChangeLine], occasion: Occasion) -> Iterator[tuple[str, ...]]:
    for n, one in enumerate(people, start=1):
        day = occasion.short_date(one.day) if one.day else "-"
        yield (str(n), one.name, one.kpj, one.village, one.why, day)


def stop_notice(content: StopNotice, occasion: Occasion) -> Ready:
    """Return the notice, a new page for each village."""
    paper = Paper(
        title=occasion.say("stop.title"),
        letterhead=occasion.head,
        format=occasion.format,
        language=occasion.language,
        size=12,
        for_workers=True,
    )
    return Ready(paper, _stop_blocks(content, occasion))


def _stop_blocks(content: StopNotice, occasion: Occasion) -> Iterator[Block]:
    say = occasion.say
    columns = (
        Column(say("name"), 92),
        Column(say("kpj"), 40, keep_whole=True),
        Column(say("stop.until"), 42, keep_whole=True),
    )
    for n, village in enumerate(content.villages):
        if n:
            yield NewPage()
        yield Heading(village.place.in_words(occasion.language))
        yield Paragraph(say("stop.said", day=occasion.full_date(content.last)))
        rows = [(name, kpj, occasion.short_date(day)) for name, kpj, day in village.people]
        yield Table(columns, rows, size=11)
        yield Together(
            Heading(say("stop.do")),
            Points(
                [
                    say("stop.do_1", phone=occasion.insurer_phone),
                    say(
                        "stop.do_2",
                        sum=occasion.rupiah(content.alone),
                        month=occasion.month_year(content.last + timedelta(days=1)),
                    ),
                    say("stop.do_3", day=occasion.full_date(content.ask_by)),
                    say("stop.do_4", desk=occasion.help_desk),
                ]
            ),
            Signatures((occasion.signer,), place_and_date=occasion.place_and_date),
        )
