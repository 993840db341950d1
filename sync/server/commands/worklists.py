"""Lists of expected people: in from a file, out to laptops, and how far each village is."""

import argparse
import re
from datetime import date
from typing import Any, Final

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.list_files import write_rejected
from sync.server.worklist.inviting import write_letters
from sync.server.worklist.keeping import assign, import_worklist
from sync.server.worklist.standing import STATES, export_listed, standing

SOME_REJECTED: Final = 3


def load(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        done = import_worklist(
            office, options.file, mapping=options.mapping, devices=options.device
        )
    rejected_file = write_rejected(options.file, done.rejected)
    fields = {
        "version": done.version, "listed": done.people, "new": done.new,
        "villages": done.villages, "devices": done.devices, "rejected": len(done.rejected),
        "rejected_file": str(rejected_file) if rejected_file else None,
    }  # fmt: skip
    lines = [text("lists.said_imported", n=done.people, villages=done.villages, new=done.new)]
    if rejected_file is not None:
        lines.append(text("lists.said_rejected", n=len(done.rejected), file=rejected_file.name))
    return Answer(fields, tuple(lines), SOME_REJECTED if done.rejected else 0)


def give(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        villages = assign(office, area_code(options.area), options.device)
    said = text("lists.said_assigned", n=villages)
    return Answer({"villages": villages, "devices": options.device or None}, (said,))


def status(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        villages = standing(office, area_code(options.area))
    total: dict[str, Any] = {
        name: sum(one[name] for one in villages) for name in ("listed", *STATES)
    }
    lines = [_line(one) for one in villages]
    return Answer({"villages": villages, "total": total}, tuple(lines))


def export(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        rows = export_listed(office, options.file, area_code(options.area))
    said = text("server.said_table", n=rows, file=options.file.name)
    return Answer({"rows": rows, "file": str(options.file)}, (said,))


def invite(options: argparse.Namespace) -> Answer:
    """Write letters to those of a village who are still open."""
    try:
        day = date.fromisoformat(options.day)
    except ValueError as error:
        raise UsageWrong(detail="--day 2026-11-28") from error
    with opened(options) as office:
        written = write_letters(
            office, options.village, options.output, day=day, place=options.place, time=options.time
        )
    said = text("lists.said_letters", n=written.rows, file=options.output.name)
    fields = {"pages": written.pages, "rows": written.rows, "path": str(options.output)}
    return Answer(fields, (said,))


def area_code(typed: str) -> str:
    """Return the digits of a kecamatan's or a village's code; empty stays empty.

    Raises:
        UsageWrong: it is neither.
    """
    code = typed.replace(".", "")
    if code and not re.fullmatch(r"[0-9]{6}(?:[0-9]{4})?", code):
        raise UsageWrong(detail=f"{typed} (32.16.01 / 32.16.01.2001)")
    return code


def _line(one: dict[str, Any]) -> str:
    done = one["listed"] - one["open"]
    return f"{one['village_code']}  {one['village']:24} {done:6} / {one['listed']:6}"
