"""Commands about records: register, search, status, doctor."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from enumerator_app.bootstrap.laptops import laptop_of
from enumerator_app.commands.running import Answer, passphrase_of, progress
from enumerator_app.domain.instants import instant_to_text
from enumerator_app.services.filing import Filed, register_file, write_rejected
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_forms import describe_problem
from enumerator_app.storage.worker import ListedWorker
from enumerator_app.texts import text


def open_laptop(options: argparse.Namespace) -> Laptop:
    """Open the home of these options with their passphrase."""
    return laptop_of(options.home, passphrase_of(options), operator_name=options.operator)


def register(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        filed = register_file(
            laptop.registering,
            options.file,
            mapping=options.mapping,
            on_saved=lambda number: progress(f"saved {number}"),  # read by other programs
        )
    for row in filed.rejected:
        sentences = " ".join(describe_problem(finding) for finding in row.findings)
        progress(text("commands.rejected_row", row=row.row.row_number, reasons=sentences))
    path = _rejected_file(options.file, filed)
    counts: dict[str, Any] = {
        "registered": filed.registered,
        "already_registered": filed.already_registered,
        "with_warnings": filed.with_warnings,
        "rejected": len(filed.rejected),
    }
    lines = [text("commands.registered", **counts)]
    if path:
        lines.append(text("commands.rejected_file", path=path))
    fields = {**counts, "rejected_file": str(path) if path else None}
    return Answer(fields, tuple(lines), 3 if filed.rejected else 0)


def _rejected_file(source: Path, filed: Filed) -> Path | None:
    """Write the rejected rows; what was saved is answered even where they cannot be written."""
    try:
        return write_rejected(source, filed.rejected)
    except OSError:
        progress(text("commands.rejected_not_written", folder=source.absolute().parent.name))
        return None


def search(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        found = laptop.search(options.text)
    lines = tuple(f"{w.number}  {w.name}  {w.state}" for w in found)
    return Answer(
        {"workers": [_as_json(worker) for worker in found]},
        lines or (text("commands.search_none"),),
    )


def status(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        counts = laptop.counts()
        last = laptop.last_sync()
        stopped_at = laptop.store.stopped_at()
        position = laptop.store.position()
        brought = laptop.brought.standing()
    fields = {
        "registrations": counts.registrations,
        "pending": counts.pending,
        "without_effect": counts.without_effect,
        "received": counts.received,
        "photos_pending": counts.photos_pending,
        "waiting_print": counts.waiting_print,
        "on_the_way": counts.on_the_way,
        "by_state": counts.by_state,
        "journal_head": position.head,
        "epoch": position.epoch,
        "last_sync": instant_to_text(last.at) if last else None,
        "heads_agree": last.heads_agree if last else None,
        "stopped_at": instant_to_text(stopped_at) if stopped_at else None,
        "device": laptop.device_code,
        "device_key": laptop.upkeep.office().device_key,
        **brought,
    }
    lines = [
        text("commands.status_line", None, **fields),
        text("commands.status_key", device=fields["device"], key=fields["device_key"]),
    ]
    if stopped_at:
        lines.append(text("commands.sync_locked"))
    return Answer(fields, tuple(lines))


def doctor(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        problems = laptop.doctor()
    fields = {"ok": not problems, "problems": [asdict(problem) for problem in problems]}
    lines = [
        text("commands.doctor_problem", code=problem.code, detail=problem.detail)
        for problem in problems
    ]
    return Answer(fields, tuple(lines or [text("commands.doctor_ok")]), 7 if problems else 0)


def _as_json(worker: ListedWorker) -> dict[str, Any]:
    return {
        "number": worker.number,
        "subject": str(worker.subject),
        "name": worker.name,
        "nik": worker.nik,
        "village_code": worker.village_code,
        "birth_date": worker.birth_date.isoformat() if worker.birth_date else None,
        "state": worker.state,
        "custody": worker.custody,
        "registered_at": instant_to_text(worker.registered_at),
        "kpj": worker.kpj,
    }
