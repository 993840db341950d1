"""The command about pictures: photos import."""

import argparse
import sys

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.services.photo_batch import Picture
from enumerator_app.texts import text


def take_in(options: argparse.Namespace) -> Answer:
    """Match a folder of pictures by the slips in them, save what is certain, name the rest."""
    with open_laptop(options) as laptop:
        found = laptop.photo_batch.look(options.folder, on_progress=_say)
        certain = [picture for picture in found if not picture.reason]
        saved = 0
        for picture in certain:
            saved += not options.dry_run and laptop.photo_batch.save(picture)
    left = [picture for picture in found if picture.is_left]
    fields = {
        "pictures": len(found),
        "matched": len(certain),
        "saved": saved,
        "already_saved": sum(picture.reason == "already" for picture in found),
        "left": [
            {
                "file": str(p.path.relative_to(options.folder)),
                "ticket": p.ticket,
                "reason": p.reason,
            }
            for p in left
        ],
    }
    said = text("commands.photos_done", pictures=len(found), saved=saved, left=len(left))
    return Answer(fields, (said, *map(_line, left)), 3 if left else 0)


def _line(picture: Picture) -> str:
    return f"{picture.path.name}: {text(f'photos.reason.{picture.reason}', ticket=picture.ticket)}"


def _say(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done}/{total}" if done < total else "\r")
