"""What may stand on the command line behind `paper`.

All kinds know all choices, so that a program can call each in the same way; what a kind does not
use changes nothing.
"""

import argparse
from pathlib import Path
from typing import Final

from enumerator_app.texts import text

KIND_NAMES: Final = (
    "verification", "decree", "decree-change", "cover-letter", "card-receipt", "village-notice",
    "claim-file", "self-pay", "daily-recap",
)  # fmt: skip
_FORMATS: Final = ("a4", "f4")
_WORDS: Final = (
    ("--letter-number", "N"), ("--village", "V"), ("--visit", "ID"), ("--batch", "ID"),
    ("--number", "NUMBER"), ("--about", "TEXT"), ("--coordinator", "NAME"),
    ("--village-head", "NAME"),
)  # fmt: skip
_DAYS: Final = ("--day", "--signed-on")
_FILES: Final = ("--output", "--file", "--table", "--since", "--check")


def add_paper_options(paper: argparse.ArgumentParser) -> None:
    paper.add_argument("kind", choices=KIND_NAMES, metavar="KIND", help=text("server.paper_kind"))
    for name, shown in _WORDS:
        paper.add_argument(name, default="", metavar=shown, help=_help(name))
    for name in _DAYS:
        paper.add_argument(name, metavar="DATE", help=_help(name))
    paper.add_argument("--from", dest="first", metavar="DATE", help=_help("--from"))
    paper.add_argument("--to", dest="last", metavar="DATE", help=_help("--to"))
    for name in _FILES:
        paper.add_argument(name, type=Path, metavar="F", help=_help(name))
    paper.add_argument("--print", metavar="SHA256", help=_help("--print"))
    cases = ("death", "accident")
    paper.add_argument("--case", choices=cases, default="death", help=_help("--case"))
    papers = ("active", "provisional", "all")
    paper.add_argument("--papers", choices=papers, default="active", help=_help("--papers"))
    paper.add_argument("--format", choices=_FORMATS, default="a4", help=_help("--format"))


def _help(option: str) -> str:
    return text(f"server.paper_{option.strip('-').replace('-', '_')}")
