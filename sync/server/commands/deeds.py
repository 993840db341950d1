"""The record of deeds: out to a file, and the proof that it is whole."""

import argparse

from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.people.audit import wrong_deeds_of
from sync.server.people.reading_audit import COLUMNS, all_deeds
from sync.server.tabulating import cell, write_table


def export(options: argparse.Namespace) -> Answer:
    """Write every deed, oldest first, with the names that chain it."""
    with opened(options) as office:
        deeds = all_deeds(office)
    rows = write_table(
        options.file, COLUMNS, [[cell(deed[name]) for name in COLUMNS] for deed in deeds]
    )
    fields = {"rows": rows, "file": str(options.file)}
    return Answer(fields, (text("server.said_table", n=rows, file=options.file.name),))


def verify(options: argparse.Namespace) -> Answer:
    """Look at each deed's signature, its place and what it names, and at the end kept outside."""
    with opened(options) as office:
        wrong, deeds = wrong_deeds_of(office), len(all_deeds(office))
    said = text("accounts.said_deeds", n=deeds)
    if wrong:
        said = text("accounts.said_deeds_wrong", which=", ".join(map(str, wrong)))
    return Answer({"ok": not wrong, "deeds": deeds, "wrong": wrong}, (said,), 7 if wrong else 0)
