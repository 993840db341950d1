"""Tables and reports out of the office, and the proof that what it holds is whole."""

import argparse

from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.coverage import coverage
from sync.server.errors import CommandNotHere
from sync.server.exporting import export_registrations
from sync.server.verifying import verify_office


def registrations_export(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        rows = export_registrations(office, options.file)
    said = text("server.said_table", n=rows, file=options.file.name)
    return Answer({"rows": rows, "file": str(options.file)}, (said,))


def report_coverage(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        rows = coverage(office)
    fields = [row.as_dict() for row in rows]
    lines = [f"{r.code}  {r.name:20} {r.registered:7} {r.enrolled:7}" for r in rows]
    total = {
        name: sum(row[name] for row in fields)
        for name in ("registered", "submitted", "enrolled", "covered")
    }
    return Answer({"districts": fields, "total": total}, tuple(lines))


def verify(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        problems = verify_office(office)
    fields = {"ok": not problems, "problems": [problem.as_dict() for problem in problems]}
    lines = [f"{problem.code}  {problem.about}" for problem in problems]
    return Answer(fields, tuple(lines) or (text("server.said_whole"),), 7 if problems else 0)


def not_here(options: argparse.Namespace) -> Answer:
    """Say that this version cannot do what was asked, and that nothing was done."""
    raise CommandNotHere(command=f"{options.command} {options.subcommand}")
