"""Opening the office that a command works on."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sync.server.erasing import open_cleaned
from sync.server.home import Home
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE, audit


def home_of(options: argparse.Namespace) -> Home:
    return Home(options.home, options.photos)


# Commands that only read, and those that name their deeds themselves, each where it happens.
_UNRECORDED: Final = frozenset(
    {
        "account add", "account list", "account disable", "account reset", "account scope",
        "account link",
        "audit export", "audit verify", "cases", "copies list", "device let-in",
        "device list", "form show",
        "held list", "init", "insurer batches", "insurer check", "insurer export",
        "insurer correct", "insurer import", "insurer listed", "insurer match", "insurer recover",
        "insurer settle",
        "keys list", "letterhead show", "payment record", "payment stop", "payment unstop",
        "quota status", "report coverage", "serve", "status", "verifier", "verify", "visits",
        "worklist status",
    }
)  # fmt: skip


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Office]:
    """The office in `--home`, closed at the end of the block; that it was opened is on record."""
    office = open_cleaned(home_of(options), options.database)
    name = " ".join(filter(None, (options.command, getattr(options, "subcommand", None))))
    try:
        if name not in _UNRECORDED:
            with office.database.writing() as connection:
                audit(office, connection, COMMAND_LINE, f"command_{name.replace(' ', '_')}")
        yield office
    finally:
        office.close()
