"""Commands about papers that are no cards: tickets, paper."""

import argparse
from datetime import date
from typing import Final
from uuid import UUID

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import NumberUnknown, UsageWrong
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import PaperKind, PaperOrder, make_paper
from enumerator_app.texts import text

_MOST: Final = 10_000
"""Slips or forms in one file: more is a slip of the finger."""


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
        made = make_paper(laptop.papers, order, options.output)
    fields = {"pages": made.pages, "rows": made.rows, "path": str(made.path)}
    said = text("commands.paper_done", rows=made.rows, pages=made.pages, path=made.path)
    return Answer(fields, (said,))


def _subjects(laptop: Laptop, options: argparse.Namespace) -> tuple[UUID, ...]:
    subjects = []
    for number in getattr(options, "number", None) or ():
        worker = laptop.find(number)
        if worker is None:
            raise NumberUnknown(number=number)
        subjects.append(worker.subject)
    return tuple(subjects)


def _check(name: str, number: int | None) -> None:
    if number is not None and not 1 <= number <= _MOST:
        raise UsageWrong(detail=f"{name} {number}")


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail=f"--date {written}") from error
