"""Which paper, about what, how many: the one way in which window and commands ask for papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args
from uuid import UUID

from enumerator_app.domain.tickets import check_most
from enumerator_app.services.papers import Cancelled, Made, Papers, Where

PaperKind = Literal[
    "tickets",
    "invitation",
    "form",
    "consent",
    "attendance",
    "minutes",
    "handover",
    "recap",
    "family",
]
KINDS: Final[tuple[PaperKind, ...]] = get_args(PaperKind)


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """`count` are slips, forms, lines or sheets; None leaves it to the visit, or is one.

    Without `visit` and `village` the open visit is meant.
    """

    kind: PaperKind
    count: int | None = None
    start: int = 1
    visit: str | None = None
    village: str | None = None
    day: date | None = None
    place: str = ""
    time: str = ""
    subjects: tuple[UUID, ...] = ()


def make_paper(
    papers: Papers,
    order: PaperOrder,
    output: Path,
    *,
    is_preview: bool = False,
    cancelled: Cancelled = None,
) -> Made:
    """Write the paper that is ordered; a preview spends no numbers.

    Raises:
        TooManySlips: queue slips would go further than they do.
        VisitUnknown, VillageUnknown, NoVisit: there is nothing of that name to write about.
        NobodyExpected: the village's list has nobody to invite.
        PaperNotWritten: the file could not be written.
    """
    run = _Run(papers, output, is_preview, cancelled)
    return _MAKERS[order.kind](run, order)


@dataclass(frozen=True, slots=True)
class _Run:
    papers: Papers
    output: Path
    is_preview: bool
    cancelled: Cancelled

    def where(self, order: PaperOrder) -> Where:
        return self.papers.where(visit=order.visit, village=order.village, day=order.day)

    def tickets(self, order: PaperOrder) -> Made:
        where = self.where(order)
        count = order.count or where.slips
        check_most(order.start + count - 1)
        return self.papers.tickets(
            where,
            self.output,
            count=count,
            start=order.start,
            keeps_numbers=not self.is_preview,
            cancelled=self.cancelled,
        )

    def invitation(self, order: PaperOrder) -> Made:
        return self.papers.invitations(
            self.where(order), self.output, place=order.place, time=order.time
        )

    def form(self, order: PaperOrder) -> Made:
        return self.papers.forms(
            self.where(order),
            self.output,
            count=order.count or 1,
            keeps_numbers=not self.is_preview,
            cancelled=self.cancelled,
        )

    def consent(self, order: PaperOrder) -> Made:
        where = self.where(order)
        count = order.count or where.slips
        return self.papers.consent_sheet(
            where, self.output, count=count, start=order.start, cancelled=self.cancelled
        )

    def attendance(self, order: PaperOrder) -> Made:
        return self.papers.attendance(
            self.where(order),
            self.output,
            blank_lines=order.count or 0,
            cancelled=self.cancelled,
        )

    def minutes(self, order: PaperOrder) -> Made:
        return self.papers.minutes(self.papers.visit_for_minutes(order.visit), self.output)

    def handover(self, _: PaperOrder) -> Made:
        return self.papers.handover(self.output)

    def recap(self, order: PaperOrder) -> Made:
        return self.papers.recap(self.output, day=order.day)

    def family(self, order: PaperOrder) -> Made:
        return self.papers.family(
            self.output,
            subjects=order.subjects,
            count=order.count or 1,
            cancelled=self.cancelled,
        )


_MAKERS: Final[Mapping[PaperKind, Callable[[_Run, PaperOrder], Made]]] = {
    "tickets": _Run.tickets,
    "invitation": _Run.invitation,
    "form": _Run.form,
    "consent": _Run.consent,
    "attendance": _Run.attendance,
    "minutes": _Run.minutes,
    "handover": _Run.handover,
    "recap": _Run.recap,
    "family": _Run.family,
}
