"""Opening the office that a command works on."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from sync.server.erasing import open_cleaned
from sync.server.home import Home
from sync.server.office import Office


def home_of(options: argparse.Namespace) -> Home:
    return Home(options.home, options.photos)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Office]:
    """The office in `--home`, closed at the end of the block."""
    office = open_cleaned(home_of(options), options.database)
    try:
        yield office
    finally:
        office.close()
