"""A laptop's flash drive at the office: taken in, or only looked at."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from enumerator_app.texts import text
from sync.server.bundles import (
    BundleTaken,
    How,
    import_bundle,
    import_folder,
    is_for_older_key,
)
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.keys import recovery_identity
from sync.server.releasing import release, waiting_entries
from sync.server.trust import refresh_trust

ANSWER_SUFFIX = ".tpa"


def take(options: argparse.Namespace) -> Answer:
    """Take a bundle in; exit 3 if a part of it was refused or its end is missing."""
    path: Path = options.file
    beside = path / "kantor" if path.is_dir() else path
    answer: Path = options.answer or beside.with_suffix(ANSWER_SUFFIX)
    with opened(options) as office:
        if not options.dry_run:
            refresh_trust(office)  # the answer carries the newest list
        recovery = None
        if is_for_older_key(office, path):  # opened with the administrator's key only
            recovery = recovery_identity(office.home, passphrase_of(options))
        work = import_folder if path.is_dir() else import_bundle
        taken = work(office, path, How(answer, options.dry_run, recovery))
    fields = _as_json(taken, None if options.dry_run else answer, dry_run=options.dry_run)
    said = "bundles.looked_at" if options.dry_run else "bundles.received"
    lines = [text(said, **fields)]
    if not options.dry_run:
        lines.append(text("bundles.bring_back", file=answer.name))
    if taken.waiting:
        lines.append(text("bundles.waiting", n=taken.waiting))
    if taken.erased_in:
        names = ", ".join(Path(one).name for one in taken.erased_in)
        lines.append(text("bundles.erased_in", n=len(taken.erased_in), files=names))
    if taken.refused or not taken.complete:
        lines.append(text("bundles.not_whole"))
    whole = taken.complete and not taken.refused
    return Answer(fields, tuple(lines), 0 if whole else 3)


def held(options: argparse.Namespace) -> Answer:
    """Say which entries wait for an ancestor, by laptop."""
    with opened(options) as office:
        found = waiting_entries(office)
    lines = [
        text("bundles.held_of", code=one.code, label=one.label, n=one.entries, first=one.first,
             last=one.last)
        for one in found
    ] or [text("bundles.nothing_held")]  # fmt: skip
    return Answer({"held": [asdict(one) for one in found]}, tuple(lines))


def let_in(options: argparse.Namespace) -> Answer:
    """Take in what waits of a laptop without its ancestor."""
    with opened(options) as office:
        n = release(office, options.device)
    return Answer({"released": n}, (text("bundles.released", n=n),))


def _as_json(taken: BundleTaken, answer: Path | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "device": taken.sender.code,
        "label": taken.sender.label,
        "entries": taken.entries,
        "new": taken.new,
        "known": taken.known,
        "waiting": taken.waiting,
        "damaged": taken.damaged,
        "outcomes": dict(taken.outcomes),
        "photos": taken.photos,
        "photos_known": taken.photos_known,
        "photos_unwanted": taken.photos_unwanted,
        "notices": taken.notices,
        "refused": dict(taken.refused),
        "erased_in": taken.erased_in,
        "complete": taken.complete,
        "answer": str(answer) if answer else None,
        "dry_run": dry_run,
    }
