"""What may stand on the command line behind `insurer`, `payment` and `end`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enumerator_app.texts import text

REASONS = ("died", "moved", "age_65", "formal_work", "withdrew", "self_paid")
Adder = Callable[[Any, str, str], argparse.ArgumentParser]


def add_insurer_options(commands: Any, add: Adder) -> None:
    insurer = add(commands, "insurer", "insurer")
    kinds = insurer.add_subparsers(
        dest="subcommand",
        metavar="check|export|import|batches|listed|match|correct|recover|settle",
        required=True,
    )
    _for_batch(add(kinds, "check", "insurer_check")).add_argument(
        "--output", type=Path, metavar="F.xlsx", help=text("server.insurer_check_output")
    )
    export = _for_batch(add(kinds, "export", "insurer_export"))
    export.add_argument("file", type=Path, metavar="F.xlsx")
    export.add_argument("--again", metavar="ID", help=text("server.insurer_again"))
    reply = _for_cover(add(kinds, "import", "insurer_import"))
    reply.add_argument("file", type=Path, metavar="REPLY.xlsx")
    reply.add_argument("--mapping", type=Path, metavar="F.toml", help=text("server.mapping"))
    add(kinds, "batches", "insurer_batches")
    add(kinds, "listed", "insurer_listed")
    match = _for_cover(add(kinds, "match", "insurer_match"))
    match.add_argument("reply", metavar="REPLY", help=text("server.insurer_reply"))
    match.add_argument("row", type=int, metavar="ROW", help=text("server.insurer_row"))
    whom = match.add_mutually_exclusive_group(required=True)
    whom.add_argument("--number", metavar="NUMBER", help=text("server.insurer_number"))
    whom.add_argument("--nobody", action="store_true", help=text("server.insurer_nobody"))
    correct = _for_cover(add(kinds, "correct", "insurer_correct"))
    correct.add_argument("number")
    correct.add_argument("--kpj", default="", metavar="KPJ", help=text("server.insurer_kpj"))
    correct.add_argument("--reason", required=True, metavar="R", help=text("server.insurer_why"))
    recover = add(kinds, "recover", "insurer_recover")
    recover.add_argument("file", type=Path, metavar="F.xlsx")
    recover.add_argument("--id", default="", metavar="ID", help=text("server.insurer_id"))
    settle = add(kinds, "settle", "insurer_settle")
    settle.add_argument("--last", required=True, metavar="ID", help=text("server.insurer_last"))


def _for_batch(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--branch", default="", metavar="B", help=text("server.insurer_branch"))
    parser.add_argument("--month", metavar="2027-01", help=text("server.insurer_month"))
    return parser


def _for_cover(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--cover-from", metavar="DATE", help=text("server.cover_from"))
    parser.add_argument("--cover-to", metavar="DATE", help=text("server.cover_to"))
    return parser


def add_cover_options(commands: Any, add: Adder) -> None:
    payment = add(commands, "payment", "payment")
    kinds = payment.add_subparsers(
        dest="subcommand", metavar="update|record|list|undo|stop|unstop", required=True
    )
    update = add(kinds, "update", "payment_update")
    update.add_argument("--month", metavar="2027-01", help=text("server.payment_month"))
    update.add_argument("--output", type=Path, metavar="F.xlsx", help=text("server.payment_output"))
    update.add_argument("--paper", type=Path, metavar="F.pdf", help=text("server.payment_paper"))
    record = add(kinds, "record", "payment_record")
    record.add_argument("--month", required=True, metavar="M", help=text("server.payment_month"))
    record.add_argument("--with-stopped", action="store_true", help=text("server.payment_stopped"))
    record.add_argument("--anyway", action="store_true", help=text("server.payment_anyway"))
    add(kinds, "list", "payment_list")
    undo = add(kinds, "undo", "payment_undo")
    undo.add_argument("payment", metavar="ID", help=text("server.payment_id"))
    stop = add(kinds, "stop", "payment_stop")
    stop.add_argument("--after", required=True, metavar="M", help=text("server.payment_after"))
    stop.add_argument("--area", default="", metavar="CODE", help=text("server.area"))
    stop.add_argument("--output", type=Path, metavar="F.xlsx", help=text("server.payment_output"))
    stop.add_argument("--paper", type=Path, metavar="F.pdf", help=text("server.payment_paper"))
    stop.add_argument("--dry-run", action="store_true", help=text("server.payment_look"))
    unstop = add(kinds, "unstop", "payment_unstop")
    unstop.add_argument("stop", metavar="ID", help=text("server.stop_id"))
    unstop.add_argument("--dry-run", action="store_true", help=text("server.unstop_look"))
    end = add(commands, "end", "end")
    end.add_argument("number")
    end.add_argument("--undo", action="store_true", help=text("server.end_undo"))
    end.add_argument("--reason", choices=REASONS, help=text("server.end_reason"))
    end.add_argument("--on", metavar="DATE", help=text("server.end_on"))
