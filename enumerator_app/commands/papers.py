"""Commands about papers: cards."""

import argparse
from uuid import UUID

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import NumberUnknown
from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import text


def cards(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        subjects = _chosen(laptop, options)
        if not subjects:
            return Answer({"cards": 0, "pages": 0, "path": None}, (text("commands.cards_none"),))
        printed = laptop.print_cards(
            subjects,
            options.output,
            sheet=options.layout,
            first_position=options.first_position,
        )
    fields = {"cards": printed.cards, "pages": printed.pages, "path": str(printed.path)}
    return Answer(fields, (text("commands.cards_done", cards=printed.cards, path=printed.path),))


def _chosen(laptop: Laptop, options: argparse.Namespace) -> list[UUID]:
    if options.number:
        return [_subject(laptop, number) for number in options.number]
    workers = laptop.to_print() if options.new else laptop.everyone()
    return [worker.subject for worker in workers]


def _subject(laptop: Laptop, number: str) -> UUID:
    worker = laptop.find(number)
    if worker is None:
        raise NumberUnknown(number=number)
    return worker.subject
