"""Commands about the flash drive: everything onto it, and the office's answer back in."""

import argparse
from dataclasses import asdict
from typing import Any

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import FileUnwritable
from enumerator_app.texts import text
from sync.client.carrying import AnswerTaken


def export(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        carried = laptop.carrying.write(options.file, everything=options.all)
    fields: dict[str, Any] = {
        "path": str(options.file),
        "entries": carried.entries,
        "photos": carried.photos,
        "notices": carried.notices,
        "bytes": carried.size,
    }
    return Answer(fields, (text("bundles.written", file=options.file.name, **fields),))


def take(options: argparse.Namespace) -> Answer:
    if options.dry_run:
        return _look(options)
    with open_laptop(options) as laptop:
        taken = laptop.carrying.take_answer(options.file)
    fields: dict[str, Any] = {
        "settled": taken.settled,
        "outcomes": taken.outcomes,
        "photos": taken.photos,
        "pulled": taken.pulled,
        "pending": taken.pending,
        "heads_agree": taken.heads_agree,
        "regained": taken.regained,
        "lacking": taken.lacking,
        "outdated": taken.is_outdated,
        "nothing_new": taken.nothing_new,
        "locked": taken.locked,
    }
    if taken.is_outdated:
        return Answer(fields, (text("bundles.outdated"),))
    standing = "commands.sync_agree" if taken.heads_agree else "commands.sync_disagree"
    if taken.locked:
        standing = "commands.sync_locked"
    elif taken.lacking:
        standing = "bundles.lacking_do"
    news = "bundles.nothing_new" if taken.nothing_new else "bundles.taken"
    return Answer(fields, (text(news, **fields), *_back_here(taken), text(standing)))


def _back_here(taken: AnswerTaken) -> list[str]:
    """Say who came back to a laptop that went back to an older copy, and who has not yet."""
    told = (("stick.regained", taken.regained), ("bundles.lacking", taken.lacking))
    return [text(key, n=n) for key, n in told if n]


def _look(options: argparse.Namespace) -> Answer:
    with open_laptop(options) as laptop:
        seen = laptop.carrying.look(options.file)
    fields = asdict(seen)
    fields["outdated"] = fields.pop("is_outdated")
    fields["dry_run"] = True
    said = "bundles.nothing_new" if seen.nothing_new else "bundles.answer_seen"
    if seen.is_outdated:
        said = "bundles.outdated"
    lacking = [text("bundles.lacking", n=seen.lacking)] if seen.lacking else []
    return Answer(fields, (text(said, **fields), *lacking))


def stick(options: argparse.Namespace) -> Answer:
    """Choose or leave the flash drive that gets each save, and say how it stands."""
    with open_laptop(options) as laptop:
        if options.off:
            laptop.carrying.stick.use(None)
        elif options.folder is not None:
            if not options.folder.is_dir():
                raise FileUnwritable(name=options.folder.name)
            laptop.carrying.stick.use(options.folder.absolute())
        written = laptop.carrying.stick.catch_up()
        standing = laptop.carrying.stick.standing()
    fields: dict[str, Any] = {
        "folder": str(standing.folder) if standing.folder else None,
        "is_there": standing.is_there,
        "behind": standing.behind,
        "written": written,
        "left": list(standing.left),
    }
    said = "bundles.stick_off" if standing.folder is None else "bundles.stick_away"
    if standing.is_there:
        said = "bundles.stick_on"
    lines = [text(said, **fields)]
    if standing.left:
        lines.append(text("bundles.stick_left", n=len(standing.left)))
    return Answer(fields, tuple(lines))
