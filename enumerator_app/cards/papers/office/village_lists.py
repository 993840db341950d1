"""Lists of one village: who received which paper, and the notice on its board."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from enumerator_app.cards.claims import PaperKind
from enumerator_app.cards.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signature,
    Signatures,
    Table,
    Together,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Place, Ready
from enumerator_app.domain.states import Decision


@dataclass(frozen=True, slots=True)
class CardLine:
    """Somebody who gets a paper, and which."""

    number: str
    name: str
    paper: PaperKind


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Somebody on the board: no NIK, no phone, no reason that is nobody's business."""

    name: str
    rt: str
    rw: str
    state: Decision
    cover_from: date | None = None
    cover_to: date | None = None


def card_receipt(place: Place, cards: Iterable[CardLine], occasion: Occasion) -> Ready:
    """Return the receipt that each person signs when the card is handed over."""
    say = occasion.say
    paper = Paper(
        title=say("receipt.title"),
        letterhead=occasion.head,
        number=occasion.number_line if occasion.letter_number else "",
        format=occasion.format,
        language=occasion.language,
        for_workers=True,
    )
    columns = (
        Column(say("no"), 11, "right"),
        Column(say("record_number"), 38, keep_whole=True),
        Column(say("name"), 56),
        Column(say("receipt.paper"), 25),
        Column(say("receipt.signature"), 26),
        Column("", 26),
    )
    blocks: list[Block] = [
        Facts(((say("place"), place.in_words(occasion.language)), (say("day"), _dots(occasion)))),
        Paragraph(say("receipt.said")),
        Table(columns, _signed_rows(cards, occasion), row_height=11, grid=True,
              empty=say("receipt.empty")),
        Together(
            Paragraph(say("receipt.end")),
            Signatures(
                (Signature(say(f"head_{place.kind}", village=place.village)), occasion.signer),
                place_and_date=occasion.place_and_date,
            ),
        ),
    ]  # fmt: skip
    return Ready(paper, blocks)


def _dots(occasion: Occasion) -> str:
    """Room for the day of the hand-over: it is written by hand."""
    return occasion.say("receipt.day_open")


def _signed_rows(cards: Iterable[CardLine], occasion: Occasion) -> Iterator[tuple[str, ...]]:
    """Number the places to sign left and right by turns, so that hands do not meet."""
    kinds = {kind: occasion.say(f"receipt.paper_{kind}") for kind in ("active", "provisional")}
    for n, card in enumerate(cards, start=1):
        place = f"{n}."
        sides = (place, "") if n % 2 else ("", place)
        yield (str(n), card.number, card.name, kinds[card.paper], *sides)


def village_notice(place: Place, people: Iterable[NoticeLine], occasion: Occasion) -> Ready:
    """Return the list for the village's board: name, RT/RW, and how far it is."""
    say, where = occasion.say, place.in_words(occasion.language)
    paper = Paper(
        title=say("notice.title"),
        letterhead=occasion.head,
        number=where,
        format=occasion.format,
        language=occasion.language,
        size=12,
        for_workers=True,
    )
    columns = (
        Column(say("name"), 72),
        Column(say("notice.rt_rw"), 22, "centre", keep_whole=True),
        Column(say("notice.standing"), 80),
    )
    rows = ((one.name, _rt_rw(one), standing(one, occasion)) for one in people)
    blocks: list[Block] = [
        Paragraph(say("notice.said", day=occasion.full_date())),
        Table(columns, rows, size=11, empty=say("notice.empty")),
        Together(
            Heading(say("notice.why")),
            Points([say(f"notice.why_{n}", desk=occasion.help_desk) for n in (1, 2, 3)]),
            Signatures((occasion.signer,), place_and_date=occasion.place_and_date),
        ),
    ]
    return Ready(paper, blocks)


def _rt_rw(one: NoticeLine) -> str:
    return f"{one.rt or '-'}/{one.rw or '-'}" if one.rt or one.rw else "-"


def standing(one: NoticeLine, occasion: Occasion) -> str:
    """Return how far it is with somebody, never more than the office knows on that day."""
    if one.state != "enrolled":
        return occasion.say(f"standing.{one.state}")
    if one.cover_from is None or one.cover_to is None or occasion.day < one.cover_from:
        return occasion.say("standing.enrolled")
    dates = {"start": occasion.short_date(one.cover_from), "end": occasion.short_date(one.cover_to)}
    key = "covered" if occasion.day <= one.cover_to else "past"
    return occasion.say(f"standing.{key}", **dates)
