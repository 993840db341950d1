"""Options of the commands about cases, noted records and visits."""

import argparse
from pathlib import Path

from enumerator_app.texts import text
from sync.server.resolving.answering import OF_OTHERS, OF_PAIRS
from sync.server.resolving.records import RECORD_ANSWERS


def add_case_options(case: argparse.ArgumentParser) -> None:
    case.add_argument("case", metavar="ID")
    answers = list(dict.fromkeys((*OF_PAIRS, *OF_OTHERS)))
    case.add_argument("--answer", choices=answers, help=text("resolving.option_answer"))
    case.add_argument("--reason", default="", metavar="R", help=text("resolving.option_reason"))
    case.add_argument("--number", default="", metavar="N", help=text("resolving.option_number"))
    case.add_argument("--version", type=int, metavar="N", help=text("resolving.option_version"))


def add_record_options(record: argparse.ArgumentParser) -> None:
    record.add_argument("number")
    record.add_argument("--answer", choices=RECORD_ANSWERS, help=text("resolving.option_answer"))
    record.add_argument("--field", default="", metavar="F", help=text("server.return_field"))
    record.add_argument("--reason", default="", metavar="R", help=text("resolving.option_reason"))


def add_visit_options(visit: argparse.ArgumentParser) -> None:
    visit.add_argument("visit", metavar="V")
    visit.add_argument("--fits", action="append", default=[], metavar="NUMBER",
                       help=text("resolving.option_fits"))  # fmt: skip
    visit.add_argument("--differs", action="append", default=[], metavar="NUMBER",
                       help=text("resolving.option_differs"))  # fmt: skip
    visit.add_argument(
        "--minutes", type=Path, metavar="F.pdf", help=text("resolving.option_minutes")
    )
    visit.add_argument(
        "--signed-on", default="", metavar="DATE", help=text("resolving.option_signed_on")
    )
    visit.add_argument("--sign", action="store_true", help=text("resolving.option_sign"))
