"""Commands that read identity cards: from pictures, and the process that does it for the window."""

import argparse
import contextlib
from pathlib import Path
from typing import NoReturn

from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.ktp_text import FIELDS
from enumerator_app.services.card_reader import CardReader
from enumerator_app.services.card_sight import main
from enumerator_app.texts import text


def read_card(options: argparse.Namespace) -> Answer:
    """Say what may be proposed from pictures of one card; nothing is kept."""
    pictures = [_read(path) for path in options.pictures]
    with contextlib.closing(CardReader()) as reader:
        proposals = reader.read(pictures)
    silent = [name for name in FIELDS if name not in proposals]
    said = text("reading.proposed", n=len(proposals), silent=len(silent))
    return Answer({"proposals": proposals, "silent": silent}, (said,))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(name=path.name) from error


def serve_reader(_options: argparse.Namespace) -> NoReturn:
    """Answer on standard input and output until nobody asked for a minute."""
    main()
