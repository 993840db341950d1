"""Papers besides cards: what each is made from on this laptop, and who gets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from enumerator_app.cards.papers import Written, write_paper
from enumerator_app.cards.papers.field.attendance import AttendanceContent, Attending, attendance
from enumerator_app.cards.papers.field.blank_form import BlankFormContent, write_forms
from enumerator_app.cards.papers.field.consent_sheet import (
    ConsentLine,
    ConsentSheetContent,
    consent_sheet,
)
from enumerator_app.cards.papers.field.family import FamilyContent, family_sheets
from enumerator_app.cards.papers.field.handover import handover
from enumerator_app.cards.papers.field.minutes import MinutesContent, minutes
from enumerator_app.cards.papers.field.recap import recap
from enumerator_app.cards.papers.field.tickets import TicketsContent, write_tickets
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.domain.errors import NoVisit, VillageUnknown
from enumerator_app.domain.reference import (
    ConsentText,
    load_consent_texts,
    load_places,
    load_programme_tables,
)
from enumerator_app.domain.tickets import FormNumber, place_key, ticket_words
from enumerator_app.domain.typed import one_line
from enumerator_app.services.inviting import write_letters
from enumerator_app.services.letterhead import drawn_letterhead
from enumerator_app.services.paper_day import handover_content, recap_content
from enumerator_app.services.today import laptop_day
from enumerator_app.services.visit_standing import VisitBook, VisitStanding
from enumerator_app.storage.store import Store
from enumerator_app.texts import current_language

Cancelled = Callable[[], bool] | None
_FORMS: Final = "paper.forms"
_SLIPS: Final = 40


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that lies at `path`; `rows` are lines of tables, slips, letters or forms."""

    pages: int
    rows: int
    path: Path


@dataclass(frozen=True, slots=True)
class Where:
    """What a paper is about: an open or closed visit, a village on a day, or nothing yet."""

    village_code: str = ""
    day: date | None = None
    standing: VisitStanding | None = None

    @property
    def visit(self) -> UUID | None:
        return self.standing.visit.id if self.standing else None

    @property
    def slips(self) -> int:
        """How many slips there are for it; a usual number where nobody knows."""
        return (self.standing.visit.tickets if self.standing else 0) or _SLIPS

    def content(self) -> VisitContent:
        village = load_places().village(self.village_code)
        visit = self.standing.visit if self.standing else None
        if village is None:
            return VisitContent(day=self.day)
        key = place_key(village.code, self.day) if self.day else ""
        return VisitContent(
            village=village.name,
            village_kind=village.kind,
            district=village.district_name,
            day=self.day,
            place=visit.place if visit else "",
            groups=tuple(group.name for group in visit.groups) if visit else (),
            key=key,
        )


class Papers:
    """Writes papers of one laptop as PDFs. Nothing is marked: they may be printed again."""

    def __init__(self, store: Store, book: VisitBook, clock: Callable[[], datetime]) -> None:
        self._store, self._book, self._clock = store, book, clock

    def where(
        self, *, visit: str | None = None, village: str | None = None, day: date | None = None
    ) -> Where:
        """Return what was named; with nothing named, the visit that is open or was today's last.

        Raises:
            VisitUnknown, VillageUnknown: nothing of that name is here.
        """
        if visit is not None:
            return _of_visit(self._book.standing(self._book.find(visit)))
        if village is not None:
            return Where(_village_code(village), day or self.today())
        standing = self._last_visit() if day is None else None
        if standing is None or not (standing.is_open or standing.visit.day == self.today()):
            return Where(day=day)
        return _of_visit(standing)

    def today(self) -> date:
        return laptop_day(self._store, self._clock).day

    def tickets(
        self,
        where: Where,
        output: Path,
        *,
        count: int,
        start: int = 1,
        keeps_numbers: bool = True,
        cancelled: Cancelled = None,
    ) -> Made:
        """Write queue slips; an open visit knows from then on how far they go, if that is kept."""
        content = TicketsContent(
            count=count,
            start=start,
            visit=where.content(),
            village_code=where.village_code,
            letterhead=drawn_letterhead(self._store),
        )
        pages = write_tickets(content, output, current_language(), cancelled=cancelled)
        if pages and keeps_numbers:
            _keep_slips(self._store, where.standing, start + count - 1)
        return Made(pages, count if pages else 0, output)

    def forms(
        self,
        where: Where,
        output: Path,
        *,
        count: int,
        keeps_numbers: bool = True,
        cancelled: Cancelled = None,
    ) -> Made:
        """Write blank registration forms; no number comes twice, if they are kept as spent."""
        consent, language = _consent(), current_language()
        group = where.standing.group if where.standing else None
        content = BlankFormContent(
            letterhead=drawn_letterhead(self._store),
            numbers=_form_numbers(self._store, self.today(), count, keeps=keeps_numbers),
            visit=where.content(),
            occupation=group.occupation if group else "",
            workplace=(group.workplace or group.name) if group else "",
            consent_version=consent.version,
            consent_paragraphs=consent.paragraphs[language],
        )
        return _made(write_forms(content, output, language, cancelled=cancelled), output)

    def consent_sheet(
        self,
        where: Where,
        output: Path,
        *,
        count: int,
        start: int = 1,
        cancelled: Cancelled = None,
    ) -> Made:
        """Write the sheet to sign, a line for each slip."""
        numbers = range(start, start + count)
        consent, language = _consent(), current_language()
        said = where.standing.visit.consent if where.standing else None
        content = ConsentSheetContent(
            visit=where.content(),
            letterhead=drawn_letterhead(self._store),
            consent_version=consent.version,
            consent_paragraphs=consent.paragraphs[language],
            lines=(ConsentLine(ticket=ticket_words(number)) for number in numbers),
            enumerator=self._store.operator.name,
            witness=said.witness if said else "",
            witness_role=said.witness_role if said else "",
        )
        paper = consent_sheet(content, language)
        return _made(write_paper(*paper, output, cancelled=cancelled), output)

    def attendance(
        self, where: Where, output: Path, *, blank_lines: int = 0, cancelled: Cancelled = None
    ) -> Made:
        """Write the sheet for people who were recorded before."""
        day = where.day or self.today()
        known = self._store.known_in(where.village_code, day, where.visit)
        places = load_places()
        villages = {code: places.village(code) for code in {w.village_code for w in known}}
        people = (
            Attending(
                number=worker.number,
                name=worker.name,
                village=village.name if (village := villages[worker.village_code]) else "",
            )
            for worker in known
        )
        content = AttendanceContent(
            visit=where.content(),
            letterhead=drawn_letterhead(self._store),
            people=people,
            blank_lines=blank_lines,
            enumerator=self._store.operator.name,
        )
        paper = attendance(content, current_language())
        return _made(write_paper(*paper, output, cancelled=cancelled), output)

    def minutes(self, standing: VisitStanding, output: Path) -> Made:
        """Write the Berita Acara of a visit, with its counts; its code once it is closed."""
        counts, tally = standing.counts, standing.tally
        recorded = tally.recorded + tally.waiting_nik
        content = MinutesContent(
            visit=_of_visit(standing).content(),
            letterhead=drawn_letterhead(self._store),
            recorded=counts.recorded,
            waiting_nik=counts.waiting_nik,
            attended=counts.attended,
            no_show=counts.no_show,
            papers_printed=recorded - tally.unprinted,
            check_code="" if standing.is_open else standing.code,
            consent=standing.visit.consent,
            devices=(self._store.identity().device_code,),
            enumerator=self._store.operator.name,
        )
        return _made(write_paper(*minutes(content, current_language()), output), output)

    def visit_for_minutes(self, visit: str | None) -> VisitStanding:
        """Return the visit named, or the open one, or the one that was closed last.

        Raises:
            VisitUnknown, NoVisit: there is none.
        """
        if visit is not None:
            return self._book.standing(self._book.find(visit))
        standing = self._last_visit()
        if standing is None:
            raise NoVisit
        return standing

    def handover(self, output: Path) -> Made:
        """Write which numbers the office has and which are missing."""
        content = handover_content(self._store, drawn_letterhead(self._store), self.today())
        return _made(write_paper(*handover(content, current_language()), output), output)

    def recap(self, output: Path, *, day: date | None = None) -> Made:
        """Write the counts of one day."""
        content = recap_content(self._store, drawn_letterhead(self._store), day or self.today())
        return _made(write_paper(*recap(content, current_language()), output), output)

    def family(
        self,
        output: Path,
        *,
        subjects: Sequence[UUID] = (),
        count: int = 1,
        cancelled: Cancelled = None,
    ) -> Made:
        """Write the sheet for the family of these people, or `count` without a name."""
        workers = self._store.workers(subjects)
        named = [(worker.name, str(worker.number)) for worker in workers] or [("", "")] * count
        contents = (
            FamilyContent(
                letterhead=drawn_letterhead(self._store),
                tables=load_programme_tables(),
                day=self.today(),
                name=name,
                number=number,
            )
            for name, number in named
        )
        paper = family_sheets(contents, drawn_letterhead(self._store), current_language())
        written = write_paper(*paper, output, cancelled=cancelled)
        return Made(written.pages, len(named) if written.pages else 0, output)

    def invitations(self, where: Where, output: Path, *, place: str, time: str) -> Made:
        """Write letters to those whom the village's list still expects."""
        content = where.content()
        visit = replace(content, place=place or content.place, time=time)
        return _made(write_letters(self._store, where.village_code, visit, output), output)

    def _last_visit(self) -> VisitStanding | None:
        return self._book.current() or next(iter(self._book.all()), None)


def _of_visit(standing: VisitStanding) -> Where:
    return Where(standing.visit.village_code, standing.visit.day, standing)


def _consent() -> ConsentText:
    return load_consent_texts()[-1]


def _village_code(typed: str) -> str:
    places = load_places()
    code = places.read_village(typed)
    if places.village(code) is None:
        raise VillageUnknown(village=one_line(typed))
    return code


def _made(written: Written, output: Path) -> Made:
    return Made(written.pages, written.rows, output)


def _form_numbers(store: Store, day: date, count: int, *, keeps: bool) -> list[FormNumber]:
    """Return numbers that this laptop gave to no form before."""
    device = store.identity().device_code
    written, _, last = (store.setting(_FORMS) or "").partition(":")
    used = int(last) if written == day.isoformat() and last.isdecimal() else 0
    if keeps:
        store.set_setting(_FORMS, f"{day.isoformat()}:{used + count}")
    return [FormNumber(device, day, used + n) for n in range(1, count + 1)]


def _keep_slips(store: Store, standing: VisitStanding | None, last: int) -> None:
    """Let an open visit know that its slips go up to this number, if it thought of fewer."""
    if standing is not None and standing.is_open and last > standing.visit.tickets:
        store.keep_visit(standing.visit.model_copy(update={"tickets": last}))
