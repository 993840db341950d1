"""Decisions about people: approving, sending back, and what must be decided."""

import argparse
from typing import Any

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.registration import FIELDS
from enumerator_app.texts import text
from sync.server import deciding
from sync.server.cases import list_cases
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.matching.looking import find_alike
from sync.server.people.audit import COMMAND_LINE
from sync.server.visits import full_id


def approve(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        visit = full_id(office, options.visit) if options.visit else None
        approved = deciding.approve(
            office,
            officer=office.public.admin,
            clean_only=options.clean,
            visit=visit,
            beside=deciding.journalled(office, COMMAND_LINE, "records_approved", visit),
        )
    return Answer({"approved": approved}, (text("server.said_approved", n=approved),))


def send_back(options: argparse.Namespace) -> Answer:
    if options.field not in FIELDS:
        raise UsageWrong(detail=f"--field {options.field}")
    if not options.reason.strip():
        raise UsageWrong(detail="--reason")
    with opened(options) as office:
        record = deciding.find_by_number(office, options.number)
        verdict = deciding.Verdict(record.id, "returned", options.reason, options.field)
        beside = deciding.journalled(office, COMMAND_LINE, "record_returned", record.id)
        deciding.decide_one(
            office, verdict, officer=office.public.admin, actor="officer", beside=beside
        )
    said = text("server.said_returned", number=record.number)
    return Answer({"number": record.number, "state": "returned"}, (said,))


def cases(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        new = find_alike(office).opened if options.find else 0
        found = list_cases(office, options.kind)
    lines = [f"{one['id']}  {one['kind']:16}  {' '.join(one['numbers'])}" for one in found]
    fields: dict[str, Any] = {"cases": found}
    if options.find:
        fields["new"] = new
        lines.append(text("server.said_alike", n=new))
    return Answer(fields, tuple(lines))
