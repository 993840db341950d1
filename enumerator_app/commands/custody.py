"""Commands about where records lie: enrol, sync, backup, restore."""

import argparse
from collections.abc import Iterator
from typing import Any

from enumerator_app import __version__
from enumerator_app.bootstrap.laptops import enrol_laptop, restore_laptop
from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import (
    Answer,
    passphrase_of,
    progress,
    trouble,
    until_interrupted,
)
from enumerator_app.domain.errors import ProtocolTooOld, UsageWrong
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.sync_pace import SyncPace
from enumerator_app.services.verifying import halted_after
from enumerator_app.texts import text
from sync.client.progress import Progress, Report, SyncResult


def enrol(options: argparse.Namespace) -> Answer:
    if not options.operator:
        raise UsageWrong(detail="--operator")
    with enrol_laptop(
        options.home,
        server_url=options.server,
        code=options.code,
        operator_name=options.operator,
        passphrase=passphrase_of(options),
    ) as laptop:
        identity = laptop.store.identity()
    fields: dict[str, Any] = {
        "office": identity.office,
        "regency": identity.regency,
        "device": str(identity.device),
        "device_code": identity.device_code,
        "operator": options.operator,
    }
    return Answer(fields, (text("commands.enrolled", **fields),))


def sync(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop, until_interrupted() as is_interrupted:
        result = laptop.sync(_reporting(laptop), is_interrupted, "command")
        was_stopped = is_interrupted() and not result.heads_agree
        halted = halted_after(laptop.store) is not None
        is_removed = laptop.store.is_operator_removed
        name = laptop.operator_name
    fields: dict[str, Any] = {
        "pushed": result.pushed,
        "outcomes": result.outcomes,
        "photos": result.photos,
        "pulled": result.pulled,
        "pending": result.pending,
        "heads_agree": result.heads_agree,
        "requests": result.requests,
        "bytes_up": result.bytes_up,
        "bytes_down": result.bytes_down,
        "photos_pending": result.photos_pending,
        "locked": result.locked,
        "too_old": result.too_old,
        "cards_halted": halted,
        "operator_removed": is_removed,
    }
    standing = _standing(result, cards_halted=halted, was_stopped=was_stopped)
    lines = [text("commands.sync_done", **fields), *standing]
    if is_removed:
        lines.append(text("errors.operator_removed", name=name))
    return Answer(fields, tuple(lines), ProtocolTooOld.exit_code if result.too_old else 0)


def _standing(result: SyncResult, *, cards_halted: bool, was_stopped: bool) -> Iterator[str]:
    """Say what the person at the laptop may do now, and what the office did not take as it is."""
    if result.too_old:
        yield from trouble(ProtocolTooOld(version=result.too_old, own=__version__)).lines
        return
    if not result.locked:
        standing = "agree" if result.heads_agree else "stopped" if was_stopped else "disagree"
        yield text(f"commands.sync_{standing}")
    if result.undecided:
        yield text("commands.sync_undecided", n=result.undecided)
    if result.locked:
        yield text("commands.sync_locked")
    if cards_halted:
        yield text("commands.sync_cards_halted")


def _reporting(laptop: Laptop) -> Report:
    """Return what says how far a sync is; the same line is said once."""
    counts, said = laptop.counts(), [""]
    pace = SyncPace(counts.entries_pending, counts.photos_pending)

    def report(step: Progress) -> None:
        line = pace.line(step)
        if line != said[-1]:
            said[-1] = line
            progress(line)

    return report


def backup(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        laptop.upkeep.back_up(options.file)
    line = text("commands.backup_done", path=options.file)
    return Answer({"path": str(options.file)}, (line,))


def restore(options: argparse.Namespace) -> Answer:
    passphrase = passphrase_of(options)
    with restore_laptop(options.home, options.file, passphrase, options.operator) as laptop:
        registrations, aside = laptop.counts().registrations, laptop.store.set_aside
    fields = {"registrations": registrations, "set_aside": str(aside) if aside else None}
    lines = [text("commands.restore_done", registrations=registrations)]
    if aside:
        lines.append(text("commands.restore_set_aside", path=aside))
    return Answer(fields, tuple(lines))
