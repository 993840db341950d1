"""The papers that the office prints, one command for all kinds."""

import argparse
from datetime import date

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import current_language, text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.office import Office
from sync.server.papers.decree_paper import print_of_table
from sync.server.papers.kinds import KINDS
from sync.server.papers.wishes import Wish

_DIFFERS = 4


def write(options: argparse.Namespace) -> Answer:
    """Write one paper; `decree --check` only computes the print of a table."""
    if options.check is not None:
        return _checked(options)
    if options.output is None:
        raise UsageWrong(detail="--output")
    with opened(options) as office:
        done = KINDS[options.kind](office, _wish(office, options), options.output)
    said = text("server.said_paper", pages=done.pages, rows=done.rows, file=options.output.name)
    return Answer(done.as_dict(), (said,))


def _checked(options: argparse.Namespace) -> Answer:
    found = print_of_table(options.check)
    fields: dict[str, object] = {"sha256": found.hexdigest(), "rows": found.rows}
    if options.print is None:
        return Answer(fields, (found.hexdigest(),))
    same = options.print.lower() == found.hexdigest()
    said = text("server.said_same_print" if same else "server.said_other_print")
    return Answer({**fields, "same": same}, (said,), 0 if same else _DIFFERS)


def _wish(office: Office, options: argparse.Namespace) -> Wish:
    return Wish(
        day=_day(options.day, "--day") or day_in_wib(office.clock()),
        language=current_language(),
        format=options.format,
        letter_number=options.letter_number,
        village=options.village,
        visit=options.visit,
        first=_day(options.first, "--from"),
        last=_day(options.last, "--to"),
        batch=options.batch,
        file=options.file,
        table=options.table,
        since=options.since,
        number=options.number,
        case=options.case,
        papers=options.papers,
        about=options.about,
        signed_on=_day(options.signed_on, "--signed-on"),
        coordinator=options.coordinator,
        village_head=options.village_head,
    )


def _day(written: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail=f"{option} 2026-11-28") from error
