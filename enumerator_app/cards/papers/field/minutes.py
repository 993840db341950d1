"""Berita Acara of a visit: what was done, with whom, how many; signed by village and office."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from enumerator_app.cards.papers.blocks import Block, Facts, Gap, Paragraph, Points, Together
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.flow import Paper
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Row, Table
from enumerator_app.cards.papers.words import day_in_full, grouped, weekday
from enumerator_app.domain.instants import shown_time
from enumerator_app.domain.visits import GroupConsent
from enumerator_app.texts import Language, text


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesContent:
    """`present` are all who came: recorded with and without NIK, and known before.

    `check_code` stands for the journal at the close of the visit; empty: not closed yet, and the
    paper calls itself preliminary and has no room to sign. Without `consent` nobody noted an
    explanation to all, and the paper claims none.
    """

    visit: VisitContent
    letterhead: Letterhead
    recorded: int
    waiting_nik: int
    attended: int
    no_show: int | None = None
    papers_printed: int | None = None
    check_code: str = ""
    consent: GroupConsent | None = None
    number: str = ""
    devices: Sequence[str] = ()
    enumerator: str = ""
    coordinator: str = ""
    village_head: str = ""

    @property
    def is_closed(self) -> bool:
        return bool(self.check_code)

    @property
    def present(self) -> int:
        return self.recorded + self.waiting_nik + self.attended


def minutes(content: MinutesContent, language: Language) -> tuple[Paper, Iterator[Block]]:
    """Return the paper as paper and blocks."""
    number = content.number or "…………/……/…………"
    paper = Paper(
        title=_said("title" if content.is_closed else "title_preliminary", language),
        letterhead=content.letterhead,
        number=text("papers.number_line", language, number=number),
        language=language,
    )
    return paper, _blocks(content, language)


def _blocks(content: MinutesContent, language: Language) -> Iterator[Block]:
    if not content.is_closed:
        yield Paragraph(_said("preliminary", language), weight="semibold", gap=5.0)
    yield Paragraph(_opening(content.visit, language), gap=5.0)
    yield Facts(_facts(content, language))
    yield Paragraph(_said("result", language))
    yield Table(
        (Column(_said("what", language), 110), Column(_said("people", language), 30, "right")),
        _counts(content, language),
        size=10.5,
    )
    yield Gap(2.0)
    yield Points(tuple(_points(content, language)))
    if not content.is_closed:
        yield Paragraph(_said("closing_preliminary", language), gap=4.0)
        return
    yield Together(
        Paragraph(_said("closing", language), gap=4.0),
        Signatures(_signers(content, language), place_and_date=_date_line(content, language)),
    )


def _opening(visit: VisitContent, language: Language) -> str:
    if visit.day is None:
        return _said("opening_blank", language)
    day = {"weekday": weekday(visit.day, language), "date": day_in_full(visit.day, language)}
    return text("papers.minutes.opening", language, **day)


def _facts(content: MinutesContent, language: Language) -> tuple[tuple[str, str], ...]:
    visit = content.visit
    pairs = (
        (text("papers.visit.village", language), visit.place_words(language)),
        (text("papers.visit.place", language), visit.place),
        (text("papers.visit.groups", language), ", ".join(visit.groups)),
        (_said("enumerator", language), content.enumerator),
        (_said("devices", language), ", ".join(content.devices)),
        (_said("code", language), content.check_code or _said("code_later", language)),
    )
    return tuple((label, said) for label, said in pairs if said)


def _counts(content: MinutesContent, language: Language) -> Iterator[Row]:
    rows = (
        ("recorded", content.recorded),
        ("waiting_nik", content.waiting_nik),
        ("attended", content.attended),
    )
    for name, count in rows:
        yield Row((_said(name, language), grouped(count, language)), "regular")
    present = (_said("present", language), grouped(content.present, language))
    yield Row(present, "semibold", tinted=True)
    if content.no_show is not None:
        yield Row((_said("no_show", language), grouped(content.no_show, language)), "regular")
    if content.papers_printed is not None:
        printed = grouped(content.papers_printed, language)
        yield Row((_said("printed", language), printed), "regular")


def _points(content: MinutesContent, language: Language) -> Iterator[str]:
    """Yield what this visit has on record, and nothing that no record says."""
    consent = content.consent
    if consent is not None:
        noted = {"witness": consent.witness, "role": consent.witness_role}
        time = shown_time(consent.at)
        yield text("papers.minutes.point_explained", language, time=time, **noted)
    has_people = content.recorded + content.waiting_nik > 0
    if has_people:
        yield _said("point_agreed", language)
    yield _said("point_free", language)
    if has_people:
        yield _said("point_not_covered", language)


def _signers(content: MinutesContent, language: Language) -> tuple[Signature, ...]:
    head = text(f"papers.minutes.head_{content.visit.village_kind}", language)
    village = f"{_said('knowing', language)}\n{head} {content.visit.village or '……………………'}"
    return (
        Signature(village, content.village_head),
        Signature(_said("coordinator", language), content.coordinator),
        Signature(_said("enumerator", language), content.enumerator),
    )


def _date_line(content: MinutesContent, language: Language) -> str:
    visit = content.visit
    day = day_in_full(visit.day, language) if visit.day else "……………………"
    return f"{visit.village or '……………………'}, {day}"


def _said(name: str, language: Language) -> str:
    return text(f"papers.minutes.{name}", language)
