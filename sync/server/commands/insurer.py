"""The insurer's list and its answer, and what a restored office must know of them."""

import argparse
from collections.abc import Sequence
from datetime import date
from typing import Any

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.numbers import parse_number
from enumerator_app.texts import current_language, text
from sync.server.batches.checking import check_people
from sync.server.batches.covers import Cover, require_fitting
from sync.server.batches.held_file import write_checked
from sync.server.batches.keeping import list_batches, unfinished
from sync.server.batches.listed import close_listed, list_open, list_replies
from sync.server.batches.months import next_month, read_month
from sync.server.batches.recovering import bring_back, is_settled, recover, settle
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.covering.correcting import Told, correct_cover
from sync.server.insurer import export_to_insurer, import_from_insurer, write_list
from sync.server.insurer_reply import ReplyRow, read_reply
from sync.server.office import Office
from sync.server.trust import refresh_trust


def check(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        bring_back(office)
        found = check_people(office, options.branch, _month(office, options))
        fields = found.summary()
        if options.output is not None:
            rows = write_checked(office, options.branch, options.output, current_language())
            fields |= {"rows": rows, "file": str(options.output)}
    lines = [text("insurer.said_check", **{k: fields[k] for k in ("looked_at", "ready", "held")})]
    for effect in ("held", "noted"):
        for code, n in fields[f"{effect}_by"].items():
            lines.append(f"{n:7}  {text(f'insurer.check_{code}')} ({text(f'insurer.{effect}')})")
    return Answer(fields, tuple(lines))


def export(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        officer = office.public.admin
        if options.again:
            made = write_list(office, options.again, options.file, officer=officer)
        else:
            made = export_to_insurer(
                office, options.file, officer=officer, branch=options.branch,
                month=_month(office, options),
            )  # fmt: skip
    said = made.as_dict()
    fields = {"export": said.pop("id"), **said, "file": str(options.file)}
    return Answer(fields, (text("server.said_exported", n=made.rows, export=made.id),))


def take_reply(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        rows = read_reply(options.file, options.mapping)
        result = import_from_insurer(
            office, rows, _cover(office, options, rows), officer=office.public.admin
        )
        refresh_trust(office)
    counts: dict[str, Any] = {
        "accepted": result.accepted, "refused": result.refused, "unchanged": result.unchanged,
    }  # fmt: skip
    fields = {
        "reply": result.id, "rows": result.rows, **counts, "unmatched": len(result.unmatched),
        "refused_by": result.by_code, "unmatched_rows": result.unmatched,
    }  # fmt: skip
    said = text("server.said_imported", **counts, unmatched=len(result.unmatched))
    return Answer(fields, (said,))


def show_batches(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = list_batches(office)
        fields = {
            "batches": [one.as_dict() for one in found],
            "unfinished": unfinished(office),
            "settled": is_settled(office),
            "replies": list_replies(office),
        }
    lines = [f"{b.id}  {b.rows:7} {b.accepted:7} {b.refused:7} {b.sent:7}" for b in found]
    return Answer(fields, tuple(lines))


def show_listed(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = list_open(office)
    lines = [
        f"{one['reply']} {one['row']:6}  {text('insurer.listed_' + one['reason'])}" for one in found
    ]
    return Answer({"listed": found}, tuple(lines))


def match(options: argparse.Namespace) -> Answer:
    number = None
    if not options.nobody:
        number = parse_number(options.number)
        if number is None:
            raise UsageWrong(detail=f"--number {options.number}")
    with opened(options) as office:
        said = close_listed(
            office, options.reply, options.row, number, _dates(options),
            officer=office.public.admin,
        )  # fmt: skip
        refresh_trust(office)
    is_done = said in ("accepted", "refused", "unchanged", "nobody")
    words = text(f"insurer.{'matched' if is_done else 'listed'}_{said}")
    return Answer({"done": is_done, "answer": said}, (words,), 0 if is_done else 3)


def correct(options: argparse.Namespace) -> Answer:
    dates = _dates(options)
    told = Told(options.reason, options.kpj, dates.start, dates.end)
    with opened(options) as office:
        done = correct_cover(office, options.number, told, officer=office.public.admin)
    number = done.record.number
    said = text("insurer.said_corrected", number=number, kpj=done.kpj,
                start=f"{done.start:%d-%m-%Y}", end=f"{done.end:%d-%m-%Y}")  # fmt: skip
    return Answer({"number": number, **done.columns}, (said,))


def recover_list(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        done = recover(office, options.file, name=options.id, officer=office.public.admin)
    fields = {
        "export": done.id, "rows": done.rows, "new": done.new, "marked": done.marked,
        "unknown": done.unknown,
    }  # fmt: skip
    said = text("insurer.said_recovered", export=done.id, rows=done.rows, marked=done.marked)
    return Answer(fields, (said,))


def settle_lists(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        bring_back(office)
        settle(office, options.last)
    return Answer({"settled": True, "last": options.last}, (text("insurer.said_settled"),))


def _month(office: Office, options: argparse.Namespace) -> date:
    return read_month(options.month) if options.month else next_month(day_in_wib(office.clock()))


def _cover(office: Office, options: argparse.Namespace, rows: Sequence[ReplyRow]) -> Cover:
    cover = _dates(options)
    require_fitting(office, rows, cover)
    return cover


def _dates(options: argparse.Namespace) -> Cover:
    return Cover(_day(options.cover_from), _day(options.cover_to))


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageWrong(detail="--cover-from 2027-01-01") from error
