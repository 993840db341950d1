"""Cover that was given: months that are paid, the update before, and its end."""

import argparse
from datetime import date
from typing import Any

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.texts import current_language, text
from sync.server.batches.months import next_month, read_month
from sync.server.batches.trouble import MonthUnusual
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.covering.ending import end_cover, paid_after, undo_end
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import counts, stop_payment, write_stopped
from sync.server.covering.unpaying import undo_payment
from sync.server.covering.unstopping import list_stops, look_at_stop, undo_stop
from sync.server.covering.updating import monthly_update, what_is_unusual, write_update
from sync.server.deciding import find_by_number
from sync.server.office import Office
from sync.server.papers.cover_papers import stop_paper, update_paper
from sync.server.trust import refresh_trust


def update(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = monthly_update(office, _month(office, options.month))
        fields = found.as_dict()
        if options.output is not None:
            rows = write_update(found, options.output, current_language())
            fields |= {"rows": rows, "file": str(options.output)}
        if options.paper is not None:
            done = update_paper(office, found, options.paper, current_language())
            fields |= {"paper": str(done.path), "pages": done.pages}
    said = {name: fields[name] for name in ("month", "people", "total", "enters", "leaves", "soon")}
    return Answer(fields, (text("insurer.said_update", **said),))


def record(options: argparse.Namespace) -> Answer:
    month = read_month(options.month)
    with opened(options) as office:
        unusual = what_is_unusual(office, month)
        if unusual and not options.anyway:
            raise MonthUnusual(month=options.month, gap=", ".join(unusual.gap) or "-")
        done = record_payment(
            office, month, officer=office.public.admin,
            with_stopped=options.with_stopped,
        )  # fmt: skip
        refresh_trust(office)
    fields = {
        "payment": done.id, "month": done.month, "people": done.people, "amount": done.amount,
        "extended": done.extended,
    }  # fmt: skip
    said = text("insurer.said_paid", month=done.month, people=done.people, amount=done.amount)
    if not done.people:
        said = text("insurer.said_extended", month=done.month, n=done.extended)
    return Answer(fields, (said,))


def payments(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found, stops = list_payments(office), list_stops(office)
    lines = [f"{one['month']}  {one['people']:7} {one['amount']:15}" for one in found]
    lines += [_stop_line(one) for one in stops]
    return Answer({"payments": found, "stops": stops}, tuple(lines))


def _stop_line(one: dict[str, Any]) -> str:
    key = "insurer.said_stop_undone" if one["undone_at"] else "insurer.said_stop"
    return text(key, stop=one["id"], n=one["people"], month=one["after"])


def stop(options: argparse.Namespace) -> Answer:
    area = options.area.replace(".", "")
    with opened(options) as office:
        found = stop_payment(
            office, read_month(options.after), area, officer=office.public.admin,
            only_look=options.dry_run,
        )  # fmt: skip
        fields = {**counts(found), "dry_run": options.dry_run}
        if options.output is not None:
            rows = write_stopped(found, options.output, current_language())
            fields |= {"rows": rows, "file": str(options.output)}
        if options.paper is not None:
            done = stop_paper(office, found, options.paper, current_language())
            fields |= {"paper": str(done.path), "pages": done.pages}
    said = [text("insurer.said_stopped", n=len(found.people), day=f"{found.last:%d-%m-%Y}")]
    if found.starting:
        said.append(text("insurer.said_starting", n=len(found.starting)))
    return Answer(fields, tuple(said))


def undo(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        done = undo_payment(office, options.payment, officer=office.public.admin)
        refresh_trust(office)
    fields = {"payment": options.payment, "undone": True, "moved": done.moved}
    said = text("insurer.said_unpaid", payment=options.payment, n=done.moved)
    return Answer({**fields, "stayed": done.stayed}, (said,))


def unstop(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = look_at_stop(office, options.stop)
        moved = 0
        if not options.dry_run:
            moved = undo_stop(office, options.stop, officer=office.public.admin)
    fields = {
        "stop": options.stop, "people": len(found.before), "moved": moved,
        "against": dict(found.against), "dry_run": options.dry_run,
        "left": [{"number": one.number, "why": one.why} for one in found.left],
    }  # fmt: skip
    said = text("insurer.said_unstopped", stop=options.stop, n=moved)
    if options.dry_run:
        against = len(found.left)
        said = text("insurer.said_unstop_look", n=len(found.before), against=against)
    return Answer(fields, (said,))


def end(options: argparse.Namespace) -> Answer:
    if options.undo:
        return _undo_end(options)
    if options.reason is None or options.on is None:
        raise UsageWrong(detail="--reason --on")
    try:
        on = date.fromisoformat(options.on)
    except ValueError as error:
        raise UsageWrong(detail="--on 2027-01-31") from error
    with opened(options) as office:
        number = end_cover(office, options.number, options.reason, on, officer=office.public.admin)
        late = paid_after(office, number, on)
    fields = {"number": number, "state": "ended", "reason": options.reason, "on": options.on}
    said = [text("insurer.said_ended", number=number)]
    if late:
        said.append(text("insurer.said_paid_after", n=len(late), months=", ".join(late)))
    return Answer({**fields, "paid_after": late}, tuple(said))


def _undo_end(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        number = undo_end(office, options.number, officer=office.public.admin)
        state = find_by_number(office, number).state
    return Answer(
        {"number": number, "state": state}, (text("insurer.said_not_ended", number=number),)
    )


def _month(office: Office, typed: str | None) -> date:
    return read_month(typed) if typed else next_month(day_in_wib(office.clock()))
