"""The command that shows how syncs ended."""

import argparse

from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.instants import WIB, instant_to_text
from enumerator_app.services.sync_log import how_words, outcome_words
from enumerator_app.texts import text


def show(options: argparse.Namespace) -> Answer:
    """Say when this laptop sent, by what, and how it ended; the newest first."""
    with open_laptop(options) as laptop:
        notes = laptop.sync_log.read(options.limit)
    fields = [
        {
            "at": instant_to_text(note.at), "how": note.how, "outcome": note.outcome,
            "words": outcome_words(note), "pushed": note.pushed, "photos": note.photos,
            "pulled": note.pulled, "pending": note.pending, "seconds": note.seconds,
        }
        for note in notes
    ]  # fmt: skip
    lines = [
        f"{note.at.astimezone(WIB):%d-%m-%Y %H.%M}  {how_words(note)}: {outcome_words(note)}"
        for note in notes
    ] or [text("sync_log.none")]
    return Answer({"syncs": fields}, tuple(lines))
