"""What may stand on the command line. Options for every command stand before or after it."""

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from enumerator_app.domain.reprints import REASONS
from enumerator_app.domain.usage import UsageParser, parsed
from enumerator_app.resource_files import default_home
from enumerator_app.texts import LANGUAGES, text

PAPERS = (
    "invitation", "form", "consent", "attendance", "minutes", "handover", "recap", "family",
)  # fmt: skip
_BELOW_ZERO = re.compile(r"^-\d+$|^-\d*[.,]\d+$")
SHEETS = ("a4-5-fold", "a4-10", "cr80", "receipt", "receipt-58", "receipt-80")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; a usage error ends the process with exit code 2."""
    options = parsed(_parser(), arguments)
    options.home = Path(options.home or os.environ.get("ENUMERATOR_HOME") or default_home())
    return options


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = UsageParser(
        prog="enumerator", description=text("commands.program"), parents=[_common(None)]
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_demo(commands)
    _add_enrol(commands)
    _add_records(commands)
    _add_papers(commands)
    _add_custody(commands)
    _add_visit(commands)
    return parser


def _common(default: object) -> argparse.ArgumentParser:
    """Options of every command; on subcommands without defaults, so that either place counts."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument("--home", type=Path, help=text("commands.home"))
    common.add_argument("--passphrase-file", type=Path, help=text("commands.passphrase_file"))
    common.add_argument("--operator", help=text("commands.operator"))
    common.add_argument("--language", choices=LANGUAGES, help=text("commands.language"))
    json_default = argparse.SUPPRESS if default == argparse.SUPPRESS else False
    common.add_argument(
        "--json", action="store_true", default=json_default, help=text("commands.json")
    )
    return common


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _add(
    commands: "_Commands[argparse.ArgumentParser]", name: str, key: str = ""
) -> argparse.ArgumentParser:
    key = key or name.replace("-", "_")
    return commands.add_parser(
        name,
        help=text(f"commands.{key}"),
        description=text(f"commands.{key}"),
        parents=[_common(argparse.SUPPRESS)],
    )


def _add_demo(commands: "_Commands[argparse.ArgumentParser]") -> None:
    demo = _add(commands, "demo")
    demo.add_argument("--keep", type=Path, metavar="DIR", help=text("commands.keep"))
    demo.add_argument("--workers", type=int, default=50, metavar="N", help=text("commands.workers"))
    demo.add_argument("--stay", action="store_true", help=text("commands.stay"))


def _add_enrol(commands: "_Commands[argparse.ArgumentParser]") -> None:
    enrol = _add(commands, "enrol")
    enrol.add_argument("--server", required=True, metavar="URL", help=text("commands.server"))
    enrol.add_argument("--code", required=True, help=text("commands.code"))


def _add_records(commands: "_Commands[argparse.ArgumentParser]") -> None:
    register = _add(commands, "register")
    register.add_argument("file", type=Path)
    register.add_argument("--mapping", type=Path, help=text("commands.mapping"))
    search = _add(commands, "search")
    search.add_argument("text")
    _add(commands, "status")
    _add(commands, "doctor")


def _add_papers(commands: "_Commands[argparse.ArgumentParser]") -> None:
    cards = _add(commands, "cards")
    which = cards.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help=text("commands.cards_all"))
    which.add_argument("--new", action="store_true", help=text("commands.cards_new"))
    which.add_argument("--number", nargs="+", metavar="N", help=text("commands.cards_number"))
    cards.add_argument("--output", type=Path, required=True, metavar="F.pdf")
    cards.add_argument("--layout", choices=SHEETS, default=SHEETS[0])
    cards.add_argument(
        "--first-position", type=int, default=1, metavar="N", help=text("commands.cards_first")
    )
    cards.add_argument("--pages", metavar="N[-M]", help=text("commands.cards_pages"))
    cards.add_argument("--reason", choices=REASONS, help=text("commands.cards_reason"))
    cards.add_argument("--printer", metavar="NAME", help=text("commands.cards_printer"))
    cards.add_argument(
        "--keep-waiting", action="store_true", help=text("commands.cards_keep_waiting")
    )
    _add_printer(commands)
    _add_other_papers(commands)
    verify = _add(commands, "verify-card")
    verify.add_argument("card", nargs="+", metavar="TEXT|IMAGE|PDF|DIR")
    verify.add_argument("--office-key", type=Path, metavar="F")
    page = _add(commands, "verifier")
    page.add_argument("--output", type=Path, required=True, metavar="F.html")


def _add_other_papers(commands: "_Commands[argparse.ArgumentParser]") -> None:
    tickets = _add(commands, "tickets")
    tickets.add_argument("--count", type=int, required=True, metavar="N")
    paper = _add(commands, "paper")
    paper.add_argument("kind", choices=PAPERS)
    paper.add_argument("--count", type=int, metavar="N", help=text("commands.paper_count"))
    paper.add_argument("--number", nargs="+", metavar="N", help=text("commands.paper_number"))
    paper.add_argument("--place", default="", metavar="P", help=text("commands.paper_place"))
    paper.add_argument("--time", default="", metavar="T", help=text("commands.paper_time"))
    for command in (tickets, paper):
        command.add_argument("--output", type=Path, required=True, metavar="F.pdf")
        command.add_argument("--start", type=int, default=1, metavar="N")
        command.add_argument("--visit", metavar="V", help=text("commands.paper_visit"))
        command.add_argument("--village", metavar="V", help=text("commands.paper_village"))
        command.add_argument("--date", metavar="D", help=text("commands.paper_date"))


def _add_printer(commands: "_Commands[argparse.ArgumentParser]") -> None:
    printed = _add(commands, "printed").add_mutually_exclusive_group(required=True)
    printed.add_argument("--all", action="store_true", help=text("commands.printed_all"))
    printed.add_argument("--last-good", metavar="NUMBER", help=text("commands.printed_last"))
    printed.add_argument("--none", action="store_true", help=text("commands.printed_none"))
    calibrate = _add(commands, "calibrate")
    calibrate.add_argument(
        "--output", type=Path, metavar="F.pdf", help=text("commands.calibrate_output")
    )
    calibrate.add_argument(
        "--two-sided", action="store_true", help=text("commands.calibrate_two_sided")
    )
    calibrate.add_argument("--printer", metavar="NAME", help=text("commands.calibrate_printer"))
    calibrate._negative_number_matcher = _BELOW_ZERO  # noqa: SLF001 - else -0,5 were an option
    for name in ("right", "down", "back-right", "back-down"):
        calibrate.add_argument(f"--{name}", metavar="MM", help=text("commands.calibrate_moved"))


def _add_custody(commands: "_Commands[argparse.ArgumentParser]") -> None:
    _add(commands, "sync")
    log = _add(commands, "sync-log")
    log.add_argument(
        "--limit", type=int, default=50, metavar="N", help=text("commands.sync_log_limit")
    )
    _add_bundle(_add(commands, "bundle"))
    _add_photos(_add(commands, "photos"))
    _add_forgotten(_add(commands, "forgotten"))
    read = _add(commands, "read-card")
    read.add_argument("pictures", type=Path, nargs="+", metavar="PICTURE")
    _add(commands, "card-reader")
    stick = _add(commands, "stick")
    stick.add_argument("folder", type=Path, nargs="?", help=text("commands.stick_folder"))
    stick.add_argument("--off", action="store_true", help=text("commands.stick_off"))
    keep = _add(commands, "keep", "keep_content")
    keep.add_argument("--days", type=int, metavar="N", help=text("commands.keep_days"))
    keep.add_argument("--back", metavar="NUMBER", help=text("commands.keep_back"))
    for name in ("backup", "restore"):
        _add(commands, name).add_argument("file", type=Path)
    rescue = _add(commands, "rescue")
    rescue.add_argument("--begin-anew", action="store_true", help=text("commands.begin_anew"))


def _add_photos(photos: argparse.ArgumentParser) -> None:
    kinds = photos.add_subparsers(dest="subcommand", metavar="import", required=True)
    taken = _add(kinds, "import", "photos_import")
    taken.add_argument("folder", type=Path, help=text("commands.photos_folder"))
    taken.add_argument("--dry-run", action="store_true", help=text("commands.photos_dry_run"))


def _add_bundle(bundle: argparse.ArgumentParser) -> None:
    kinds = bundle.add_subparsers(dest="subcommand", metavar="export|import", required=True)
    export = _add(kinds, "export", "bundle_export")
    export.add_argument("file", type=Path)
    export.add_argument("--all", action="store_true", help=text("commands.bundle_all"))
    taken = _add(kinds, "import", "bundle_import")
    taken.add_argument("file", type=Path)
    taken.add_argument("--dry-run", action="store_true", help=text("commands.bundle_dry_run"))


def _add_visit(commands: "_Commands[argparse.ArgumentParser]") -> None:
    visit = _add(commands, "visit")
    kinds = visit.add_subparsers(dest="subcommand", metavar="open|list|close|attend", required=True)
    opening = _add(kinds, "open", "visit_open")
    opening.add_argument(
        "--village", required=True, metavar="V", help=text("commands.visit_village")
    )
    opening.add_argument("--place", metavar="P", help=text("commands.visit_place"))
    opening.add_argument("--day", metavar="D", help=text("commands.visit_day"))
    opening.add_argument("--group", action="append", metavar="G", help=text("commands.visit_group"))
    opening.add_argument(
        "--tickets", type=int, default=0, metavar="N", help=text("commands.visit_tickets")
    )
    _add(kinds, "list", "visit_list")
    _add(kinds, "close", "visit_close").add_argument("visit", help=text("commands.visit_which"))
    attend = _add(kinds, "attend", "visit_attend")
    attend.add_argument("number")
    attend.add_argument("--visit", metavar="V", help=text("commands.visit_which"))
    attend.add_argument("--ticket", metavar="T", help=text("commands.visit_ticket"))
    attend.add_argument("--phone", metavar="P", help=text("commands.visit_phone"))


def _add_forgotten(forgotten: argparse.ArgumentParser) -> None:
    kinds = forgotten.add_subparsers(dest="subcommand", metavar="ask|answer", required=True)
    _add(kinds, "ask", "forgotten_ask").add_argument("file", type=Path)
    _add(kinds, "answer", "forgotten_answer").add_argument("file", type=Path)
