"""Copies of the office, putting one back, and erasing a person."""

import argparse

from enumerator_app.texts import text
from sync.server.backing_up import back_up, restore
from sync.server.commands.opening import home_of, opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.deciding import find_by_number
from sync.server.erasing import erase
from sync.server.home import Home
from sync.server.occupancy import occupied
from sync.server.photo_store import copy_photos, photo_store
from sync.server.trust import refresh_trust


def backup(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        name = back_up(office, options.file)
    fields = {"backup": name, "file": str(options.file)}
    return Answer(fields, (text("server.said_backup", file=options.file.name),))


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
