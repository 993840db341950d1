"""Commands about papers: cards, verify-card."""

import argparse
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from enumerator_app.cards.verdict import Verdict
from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import NotGenuine, NumberUnknown
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.verifying import read_codes, read_office_key, verify
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


def verify_card(options: argparse.Namespace) -> Answer:
    """Judge every code in a text, picture or PDF; exit 4 unless all are genuine."""
    codes = read_codes(options.card)
    if options.office_key:
        trust = read_office_key(options.office_key).trust_list()
        verdicts = verify(codes, trust, day_in_wib(datetime.now(UTC)))
    else:
        with open_laptop(options) as laptop:
            verdicts = [laptop.verify_card(code) for code in codes]
    if not verdicts:
        raise NotGenuine(detail="no_code")
    accepted = all(verdict.is_accepted for verdict in verdicts)
    fields = {
        "genuine": accepted,
        "cards": [_as_json(verdict, code) for verdict, code in zip(verdicts, codes, strict=True)],
    }
    lines = tuple(verdict.sentence() for verdict in verdicts)
    return Answer(fields, lines, 0 if accepted else NotGenuine.exit_code)


def _as_json(verdict: Verdict, code: str) -> dict[str, Any]:
    claims = verdict.claims
    return {
        "word": verdict.word,
        "reason": verdict.reason.rsplit(".", 1)[-1],
        "sentence": verdict.sentence(),
        "number": claims.number if claims else None,
        "kind": claims.kind if claims else None,
        "cover_to": claims.cover_to.isoformat() if claims and claims.cover_to else None,
        "list_age_days": verdict.list_age_days,
        "characters": len(code),
    }
