"""Commands about papers that are no cards: tickets, paper."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Final

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import NumberUnknown, UsageWrong
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.papers import Made, Where
from enumerator_app.texts import text

_MOST: Final = 10_000
"""Slips or forms in one file: more is a slip of the finger."""


def tickets(options: argparse.Namespace) -> Answer:
    count = _count(options.count)
    if options.start < 1:
        raise UsageWrong(detail=f"--start {options.start}")
    with open_laptop(options) as laptop:
        where = _where(laptop, options)
        made = laptop.papers.tickets(where, options.output, count=count, start=options.start)
    return _answer(made)


def paper(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        return _answer(_KINDS[options.kind](laptop, options))


def _form(laptop: Laptop, options: argparse.Namespace) -> Made:
    count = _count(options.count or 1)
    return laptop.papers.forms(_where(laptop, options), options.output, count=count)


def _consent(laptop: Laptop, options: argparse.Namespace) -> Made:
    count = _count(options.count) if options.count is not None else None
    where = _where(laptop, options)
    return laptop.papers.consent_sheet(where, options.output, count=count, start=options.start)


def _attendance(laptop: Laptop, options: argparse.Namespace) -> Made:
    where = _where(laptop, options)
    return laptop.papers.attendance(where, options.output, blank_lines=options.count or 0)


def _minutes(laptop: Laptop, options: argparse.Namespace) -> Made:
    standing = laptop.papers.visit_for_minutes(options.visit)
    return laptop.papers.minutes(standing, options.output)


def _handover(laptop: Laptop, options: argparse.Namespace) -> Made:
    return laptop.papers.handover(options.output)


def _recap(laptop: Laptop, options: argparse.Namespace) -> Made:
    return laptop.papers.recap(options.output, day=_day(options.date))


def _family(laptop: Laptop, options: argparse.Namespace) -> Made:
    found = [(number, laptop.find(number)) for number in options.number or ()]
    for number, worker in found:
        if worker is None:
            raise NumberUnknown(number=number)
    subjects = [worker.subject for _, worker in found if worker is not None]
    count = _count(options.count or 1)
    return laptop.papers.family(options.output, subjects=subjects, count=count)


_KINDS: Final[dict[str, Callable[[Laptop, argparse.Namespace], Made]]] = {
    "form": _form,
    "consent": _consent,
    "attendance": _attendance,
    "minutes": _minutes,
    "handover": _handover,
    "recap": _recap,
    "family": _family,
}


def _where(laptop: Laptop, options: argparse.Namespace) -> Where:
    return laptop.papers.where(visit=options.visit, village=options.village, day=_day(options.date))


def _count(count: int) -> int:
    if not 1 <= count <= _MOST:
        raise UsageWrong(detail=f"--count {count}")
    return count


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail=f"--date {written}") from error


def _answer(made: Made) -> Answer:
    fields = {"pages": made.pages, "rows": made.rows, "path": str(made.path)}
    said = text("commands.paper_done", rows=made.rows, pages=made.pages, path=made.path)
    return Answer(fields, (said,))
