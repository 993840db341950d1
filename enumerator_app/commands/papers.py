"""Commands about cards: cards, printed, calibrate."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final
from uuid import UUID

from enumerator_app.cards.imposition import sheet
from enumerator_app.cards.sheet_ranges import on_sheets, read_range
from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.typed import one_line
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.naming import named
from enumerator_app.services.printers import MOST_TENTHS, Placement
from enumerator_app.services.printing import PrintOrder
from enumerator_app.texts import text

_NUMBER: Final = re.compile(r"[+-]?\d{1,4}(\.\d{1,4})?")
_MILLIMETRES: Final = ("right", "down", "back_right", "back_down")


def cards(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        subjects, first = _on_pages(_chosen(laptop, options), options)
        if not subjects:
            return Answer({"cards": 0, "pages": 0, "path": None}, (text("commands.cards_none"),))
        order = PrintOrder(
            sheet=options.layout,
            first_position=first,
            printer=options.printer or "",
            reason=options.reason or "",
            keep_waiting=options.keep_waiting,
        )
        done = laptop.printing.print_cards(subjects, options.output, order)
    fields = {"cards": done.cards, "pages": done.pages, "path": str(done.path)}
    said = [text("commands.cards_done", cards=done.cards, path=done.path)]
    if options.keep_waiting:
        said.append(text("commands.cards_on_their_way"))
    return Answer(fields, tuple(said))


def printed(options: argparse.Namespace) -> Answer:
    """Say which of the papers on their way came out; the others wait again."""
    with open_laptop(options) as laptop:
        runs = laptop.printing.runs
        papers = [paper.subject for paper in runs.on_their_way()]
        good = len(papers) if options.all else 0
        if options.last_good:
            subject = named(laptop.store, options.last_good).subject
            if subject not in papers:
                raise UsageWrong(detail=text("commands.printed_other", number=options.last_good))
            good = papers.index(subject) + 1
        waiting = runs.settle(good)
        numbers = [laptop.detail(subject).worker.number for subject in waiting]
    said = text("commands.printed_done", printed=good, waiting=len(numbers))
    return Answer({"printed": good, "waiting": numbers}, (said,))


def calibrate(options: argparse.Namespace) -> Answer:
    """Write the test page, or keep the two numbers that were read off it."""
    given = {name: getattr(options, name) for name in _MILLIMETRES}
    with open_laptop(options) as laptop:
        printers, printer = laptop.printing.printers, options.printer or ""
        pages = 0
        if options.output is not None:
            pages = laptop.printing.calibration(options.output, two_sided=options.two_sided)
        read = {name: _tenths(value) for name, value in given.items() if value is not None}
        if read:
            printers.set_placement(printer, replace(printers.placement(printer), **read))
        placement = printers.placement(printer)
    path = str(options.output) if options.output else None
    fields = {"path": path, "pages": pages, "printer": printer, **_as_millimetres(placement)}
    moved = {name: f"{fields[f'{name}_mm']:g}" for name in _MILLIMETRES}
    said = text("commands.calibrate_done", None, **moved)
    written = (text("commands.calibrate_page", path=path),) if path else ()
    return Answer(fields, (*written, said))


def _tenths(typed: str) -> int:
    """Read millimetres, with a comma or a point."""
    number = typed.strip().replace(",", ".").replace("\u2212", "-")
    if not _NUMBER.fullmatch(number):
        raise UsageWrong(detail=text("commands.calibrate_no_number", typed=one_line(typed)))
    tenths = round(float(number) * 10)
    if abs(tenths) > MOST_TENTHS:
        raise UsageWrong(detail=text("commands.calibrate_far", most=MOST_TENTHS // 10))
    return tenths


def _as_millimetres(placement: Placement) -> dict[str, float]:
    return {f"{name}_mm": tenths / 10 for name, tenths in asdict(placement).items()}


def _chosen(laptop: Laptop, options: argparse.Namespace) -> list[UUID]:
    if options.number:
        return [named(laptop.store, number).subject for number in options.number]
    workers = laptop.to_print() if options.new else laptop.everyone()
    return [worker.subject for worker in workers]


def _on_pages(subjects: Sequence[UUID], options: argparse.Namespace) -> tuple[list[UUID], int]:
    """Return who is on the wanted sheets, and the first place that is used on the first of them."""
    capacity = sheet(options.layout).capacity
    first = _first_place(options.first_position, capacity)
    if options.pages is None:
        return list(subjects), first
    wanted = read_range(options.pages)
    if wanted is None:
        raise UsageWrong(detail=text("commands.pages_wrong", pages=options.pages))
    count = -(-(first + len(subjects)) // capacity)
    if subjects and wanted[1] > count:
        raise UsageWrong(detail=text("commands.pages_beyond", page=wanted[1], count=count))
    kept, first = on_sheets(subjects, first, capacity, wanted)
    return list(kept), first


def _first_place(counted: int, capacity: int) -> int:
    """Return how many places are left out; people count them from 1, as in the window."""
    if not 1 <= counted <= capacity:
        raise UsageWrong(detail=text("commands.first_wrong", place=counted, capacity=capacity))
    return counted - 1
