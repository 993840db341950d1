"""Copies of the office, putting one back, and erasing a person."""

import argparse
from datetime import datetime
from typing import Any

from enumerator_app.texts import text
from sync.server.backing_up import back_up, restore
from sync.server.commands.opening import home_of, opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.copies import Copy, copies, forget_copy
from sync.server.deciding import find_by_number
from sync.server.erasing import erase
from sync.server.home import Home
from sync.server.occupancy import occupied
from sync.server.photo_store import copy_photos, photo_store
from sync.server.trust import refresh_trust


def backup(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        copy = back_up(office, options.file)
        old = [one for one in copies(office.home) if _is_due(one, office.clock())]
    fields = {"backup": copy.id, "file": str(options.file), **_said_of(copy)}
    said = "copies.tested" if copy.verified_at else "copies.not_tested"
    lines = [text("server.said_backup", file=options.file.name), text(said, **fields)]
    if old:
        lines.append(text("copies.too_old", n=len(old)))
    return Answer(fields | {"too_old": len(old)}, tuple(lines), 0 if copy.verified_at else 1)


def show_copies(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found, now = copies(office.home), office.clock()
    fields = [_said_of(one) | {"id": one.id, "standing": _standing(one, now)} for one in found]
    lines = [
        f"{one.id}  {one.made_at[:10]}  {text(f'copies.{_standing(one, now)}')}  {one.place}"
        for one in found
    ]
    return Answer({"copies": fields}, (*lines, text("copies.rule")))


def forget(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        gone = forget_copy(office.home, options.copy, office.clock())
    return Answer({"forgotten": gone.id}, (text("copies.said_forgotten", copy=gone.id),))


def _said_of(copy: Copy) -> dict[str, Any]:
    return {
        "made_at": copy.made_at, "verified_at": copy.verified_at, "sha256": copy.sha256,
        "bytes": copy.size, "entries": copy.entries, "photos": copy.photos, "place": copy.place,
    }  # fmt: skip


def _standing(copy: Copy, now: datetime) -> str:
    if copy.forgotten_at:
        return "forgotten"
    if copy.is_too_old(now):
        return "old"
    if not copy.verified_at:
        return "untested"
    return "here" if copy.is_there else "away"


def _is_due(copy: Copy, now: datetime) -> bool:
    """Whether a copy should be destroyed by now: it may name people who were erased since."""
    return not copy.forgotten_at and copy.is_too_old(now)


def put_back(options: argparse.Namespace) -> Answer:
    home = home_of(options)
    passphrase = passphrase_of(options)
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with occupied(home, alone=True):
        done = restore(home, options.database, options.file, passphrase)
        with opened(options) as office:
            refresh_trust(office)
    fields = {"made_at": done.made_at, "server_epoch": done.server_epoch, "erased": done.erased}
    return Answer(fields, (text("server.said_restored", at=done.made_at),))


def copy_the_photos(options: argparse.Namespace) -> Answer:
    """Copy from where photos are (`--photos`, or the folder) to another store."""
    home = home_of(options)
    target = Home(home.path, None if options.to == "folder" else options.to)
    with occupied(home, alone=True):  # a photo that comes meanwhile would stay behind
        copied = copy_photos(photo_store(home), photo_store(target))
    said = text("server.photos_copied", n=copied, to=options.to)
    return Answer({"copied": copied, "to": options.to}, (said,))


def erase_person(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        record = find_by_number(office, options.number)
        erase(office, record.id, ground=options.ground)
        refresh_trust(office)
    return Answer({"erased": record.number}, (text("server.said_erased", number=record.number),))
