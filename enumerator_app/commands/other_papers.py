"""Commands about papers that are no cards: tickets, paper."""

import argparse
from datetime import date
from uuid import UUID

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.tickets import MOST_TICKETS
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.naming import named
from enumerator_app.services.paper_orders import PaperKind, PaperOrder, make_paper
from enumerator_app.texts import text, thousands


def tickets(options: argparse.Namespace) -> Answer:
    return _made(options, "tickets")


def paper(options: argparse.Namespace) -> Answer:
    return _made(options, options.kind)


def _made(options: argparse.Namespace, kind: PaperKind) -> Answer:
    _check("--count", options.count)
    _check("--start", options.start)
    with open_laptop(options) as laptop:
        order = PaperOrder(
            kind,
            count=options.count,
            start=options.start,
            visit=options.visit,
            village=options.village,
            day=_day(options.date),
            place=getattr(options, "place", ""),
            time=getattr(options, "time", ""),
            subjects=_subjects(laptop, options),
        )
        before = _slips(laptop)
        made = make_paper(laptop.papers, order, options.output)
        after = _slips(laptop)
    fields = {"pages": made.pages, "rows": made.rows, "path": str(made.path)}
    said = text("commands.paper_done", rows=made.rows, pages=made.pages, path=made.path)
    lines = (said,) if after == before else (said, _further(before, after))
    return Answer(fields, lines)


def _slips(laptop: Laptop) -> int:
    """Return how far the slips of the open visit go."""
    standing = laptop.visits.book.current()
    return standing.visit.tickets if standing else 0


def _further(before: int, after: int) -> str:
    return text("commands.tickets_further", last=thousands(after), before=thousands(before))


def _subjects(laptop: Laptop, options: argparse.Namespace) -> tuple[UUID, ...]:
    numbers = getattr(options, "number", None) or ()
    return tuple(named(laptop.store, number).subject for number in numbers)


def _check(name: str, number: int | None) -> None:
    if number is not None and not 1 <= number <= MOST_TICKETS:
        most = thousands(MOST_TICKETS)
        raise UsageWrong(
            detail=text("commands.count_range", option=name, most=most, number=thousands(number))
        )


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail=f"--date {written}") from error
