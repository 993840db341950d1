"""What may stand on the command line. Options for every command stand before or after it."""

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from enumerator_app.domain.form_policy import KK_POLICIES
from enumerator_app.domain.usage import UsageParser, parsed
from enumerator_app.texts import LANGUAGES, text
from sync.server.commands.account_line import add_account_options, add_audit_options
from sync.server.commands.insurer_line import add_cover_options, add_insurer_options
from sync.server.commands.paper_line import add_paper_options
from sync.server.commands.resolving_line import (
    add_case_options,
    add_record_options,
    add_visit_options,
)

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; a usage error ends the process with exit code 2."""
    options = parsed(_parser(), arguments)
    options.home = Path(options.home or os.environ.get("DISTRICT_HOME") or "district-server-home")
    options.photos = options.photos or os.environ.get("DISTRICT_PHOTOS")
    return options


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = UsageParser(
        prog="district-server", description=text("server.program"), parents=[_common(None)]
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_office(commands)
    _add_accounts(commands)
    _add_device(commands)
    _add_keys(commands)
    _add_decisions(commands)
    add_insurer_options(commands, add_command)
    add_cover_options(commands, add_command)
    _add_tables(commands)
    _add_custody(commands)
    _add_letterhead(commands)
    _add_form(commands)
    add_paper_options(add_command(commands, "paper", "paper"))
    _add_worklist(commands)
    _add_quota(commands)
    return parser


def _common(default: object) -> argparse.ArgumentParser:
    """Options of every command; on subcommands without defaults, so that either place counts."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument("--home", type=Path, help=text("server.home"))
    common.add_argument("--database", metavar="URL", help=text("server.database"))
    common.add_argument("--photos", metavar="URL", help=text("server.photos"))
    common.add_argument("--passphrase-file", type=Path, help=text("server.passphrase_file"))
    common.add_argument("--language", choices=LANGUAGES, help=text("server.language"))
    json_default = argparse.SUPPRESS if default == argparse.SUPPRESS else False
    common.add_argument(
        "--json", action="store_true", default=json_default, help=text("server.json")
    )
    return common


def add_command(
    commands: "Commands[argparse.ArgumentParser]", name: str, key: str
) -> argparse.ArgumentParser:
    """Add one command that also takes the options of all."""
    said = text(f"server.{key}")
    shared = [_common(argparse.SUPPRESS)]
    return commands.add_parser(name, help=said, description=said, parents=shared)


def _add_office(commands: "Commands[argparse.ArgumentParser]") -> None:
    init = add_command(commands, "init", "init")
    init.add_argument("--regency", required=True, metavar="32.16", help=text("server.regency"))
    init.add_argument("--admin", required=True, metavar="NAME", help=text("server.admin"))
    init.add_argument("--sample", action="store_true", help=text("server.sample"))
    serve = add_command(commands, "serve", "serve")
    serve.add_argument("--host", default="127.0.0.1", help=text("server.host"))
    serve.add_argument("--port", type=int, default=8016, help=text("server.port"))
    serve.add_argument("--workers", type=int, default=1, metavar="N", help=text("server.workers"))
    add_command(commands, "status", "status")


def _add_accounts(commands: "Commands[argparse.ArgumentParser]") -> None:
    account = add_command(commands, "account", "account")
    kinds = account.add_subparsers(
        dest="subcommand", metavar="add|list|disable|reset|scope|link", required=True
    )
    add_account_options(partial(add_command, kinds))
    audit = add_command(commands, "audit", "audit")
    kinds = audit.add_subparsers(dest="subcommand", metavar="export|verify", required=True)
    add_audit_options(partial(add_command, kinds))


def _add_device(commands: "Commands[argparse.ArgumentParser]") -> None:
    device = add_command(commands, "device", "device")
    kinds = device.add_subparsers(
        dest="subcommand",
        metavar="add|list|unlock|revoke|let-in|operators|remove-operator|keys|confirm-key|new-key",
        required=True,
    )
    add = add_command(kinds, "add", "device_add")
    add.add_argument("label", help=text("server.label"))
    add.add_argument("--replaces", metavar="A01", help=text("server.replaces"))
    add_command(kinds, "list", "device_list")
    unlock = add_command(kinds, "unlock", "device_unlock")
    unlock.add_argument("file", type=Path, metavar="F")
    unlock.add_argument("--output", type=Path, required=True, metavar="G")
    revoke = add_command(kinds, "revoke", "device_revoke")
    revoke.add_argument("device", help=text("server.which_device"))
    let_in = add_command(kinds, "let-in", "device_let_in")
    let_in.add_argument("device", help=text("server.which_device"))
    let_in.add_argument("--before", metavar="DATE", help=text("server.let_in_before"))
    let_in.add_argument("--dry-run", action="store_true", help=text("server.let_in_dry_run"))
    operators = add_command(kinds, "operators", "device_operators")
    operators.add_argument("device", help=text("server.which_device"))
    remove = add_command(kinds, "remove-operator", "device_remove_operator")
    remove.add_argument("device", help=text("server.which_device"))
    remove.add_argument("operator", help=text("server.which_operator"))
    for name in ("keys", "confirm-key", "new-key"):
        one = add_command(kinds, name, f"device_{name.replace('-', '_')}")
        one.add_argument("device", help=text("server.which_device"))
        if name == "confirm-key":
            one.add_argument("key", help=text("server.which_key"))


def _add_keys(commands: "Commands[argparse.ArgumentParser]") -> None:
    keys = add_command(commands, "keys", "keys")
    kinds = keys.add_subparsers(dest="subcommand", metavar="list|rotate", required=True)
    add_command(kinds, "list", "keys_list")
    rotate = add_command(kinds, "rotate", "keys_rotate")
    rotate.add_argument("--old-until", metavar="DATE", help=text("server.old_until"))
    card = add_command(commands, "card", "card")
    kinds = card.add_subparsers(dest="subcommand", metavar="reissue", required=True)
    again = add_command(kinds, "reissue", "card_reissue")
    again.add_argument("number")
    again.add_argument("--reason", required=True, metavar="R", help=text("server.reissue_reason"))
    page = add_command(commands, "verifier", "verifier")
    page.add_argument("--output", type=Path, required=True, metavar="F.html")


def _add_decisions(commands: "Commands[argparse.ArgumentParser]") -> None:
    approve = add_command(commands, "approve", "approve")
    which = approve.add_mutually_exclusive_group(required=True)
    which.add_argument("--clean", action="store_true", help=text("server.approve_clean"))
    which.add_argument("--all", action="store_true", help=text("server.approve_all"))
    which.add_argument("--visit", metavar="V", help=text("server.approve_visit"))
    back = add_command(commands, "return", "return")
    back.add_argument("number")
    back.add_argument("--field", required=True, metavar="F", help=text("server.return_field"))
    back.add_argument("--reason", required=True, metavar="R", help=text("server.return_reason"))
    visits = add_command(commands, "visits", "visits")
    visits.add_argument("--recap", metavar="TEXT", help=text("server.visits_recap"))
    add_case_options(add_command(commands, "case", "case"))
    add_record_options(add_command(commands, "record", "record"))
    add_visit_options(add_command(commands, "visit", "visit"))
    add_command(commands, "separate", "separate").add_argument("number")
    cases = add_command(commands, "cases", "cases")
    cases.add_argument("--kind", metavar="K", help=text("server.cases_kind"))
    cases.add_argument("--find", action="store_true", help=text("server.cases_find"))


def _add_tables(commands: "Commands[argparse.ArgumentParser]") -> None:
    registrations = add_command(commands, "registrations", "registrations")
    kinds = registrations.add_subparsers(dest="subcommand", metavar="export", required=True)
    export = add_command(kinds, "export", "registrations_export")
    export.add_argument("file", type=Path, metavar="F.csv|F.xlsx")
    report = add_command(commands, "report", "report")
    reports = report.add_subparsers(
        dest="subcommand", metavar="coverage|paritrana|roadmap", required=True
    )
    add_command(reports, "coverage", "report_coverage")
    for name in ("paritrana", "roadmap"):
        add_command(reports, name, "not_here")
    add_command(commands, "verify", "verify")


def _add_custody(commands: "Commands[argparse.ArgumentParser]") -> None:
    bundle = add_command(commands, "bundle", "bundle")
    kinds = bundle.add_subparsers(dest="subcommand", metavar="import", required=True)
    taken = add_command(kinds, "import", "bundle_import")
    taken.add_argument("file", type=Path, metavar="F")
    taken.add_argument("--dry-run", action="store_true", help=text("server.bundle_dry_run"))
    taken.add_argument("--answer", type=Path, metavar="G", help=text("server.bundle_answer"))
    photos = add_command(commands, "photos", "photos_command")
    kinds = photos.add_subparsers(dest="subcommand", metavar="copy", required=True)
    copy = add_command(kinds, "copy", "photos_copy")
    copy.add_argument("--to", required=True, metavar="URL|folder", help=text("server.photos_to"))
    for name in ("backup", "restore"):
        add_command(commands, name, name).add_argument("file", type=Path, metavar="F")
    kinds = add_command(commands, "held", "held").add_subparsers(
        dest="subcommand", metavar="list|release", required=True
    )
    add_command(kinds, "list", "held_list")
    add_command(kinds, "release", "held_release").add_argument("device", metavar="A01")
    kinds = add_command(commands, "copies", "copies").add_subparsers(
        dest="subcommand", metavar="list|forget", required=True
    )
    add_command(kinds, "list", "copies_list")
    add_command(kinds, "forget", "copies_forget").add_argument("copy", metavar="ID")
    erase = add_command(commands, "erase", "erase")
    erase.add_argument("number")
    erase.add_argument("--ground", required=True, metavar="G", help=text("server.ground"))


def _add_letterhead(commands: "Commands[argparse.ArgumentParser]") -> None:
    letterhead = add_command(commands, "letterhead", "letterhead")
    kinds = letterhead.add_subparsers(dest="subcommand", metavar="show|set", required=True)
    add_command(kinds, "show", "letterhead_show")
    put = add_command(kinds, "set", "letterhead_set")
    put.add_argument("file", type=Path, metavar="F.toml", help=text("server.letterhead_file"))


def _add_form(commands: "Commands[argparse.ArgumentParser]") -> None:
    form = add_command(commands, "form", "form")
    kinds = form.add_subparsers(dest="subcommand", metavar="show|set", required=True)
    add_command(kinds, "show", "form_show")
    put = add_command(kinds, "set", "form_set")
    put.add_argument("--kk-number", required=True, choices=KK_POLICIES, help=text("server.form_kk"))


def _add_worklist(commands: "Commands[argparse.ArgumentParser]") -> None:
    worklist = add_command(commands, "worklist", "worklist")
    kinds = worklist.add_subparsers(
        dest="subcommand", metavar="import|assign|status|export|invitations", required=True
    )
    load = add_command(kinds, "import", "worklist_import")
    load.add_argument("file", type=Path, metavar="F.csv|F.xlsx|F.jsonl")
    load.add_argument("--mapping", type=Path, metavar="F.toml", help=text("server.mapping"))
    assign = add_command(kinds, "assign", "worklist_assign")
    assign.add_argument("area", metavar="CODE", help=text("server.area"))
    for one in (load, assign):
        one.add_argument(
            "--device", action="append", default=[], metavar="A01", help=text("server.for_device")
        )
    status = add_command(kinds, "status", "worklist_status")
    export = add_command(kinds, "export", "worklist_export")
    export.add_argument("file", type=Path, metavar="F.csv|F.xlsx")
    for one in (status, export):
        one.add_argument("--area", metavar="CODE", default="", help=text("server.area"))
    _add_invitations(add_command(kinds, "invitations", "worklist_invitations"))


def _add_invitations(letters: argparse.ArgumentParser) -> None:
    letters.add_argument("--village", required=True, metavar="V", help=text("server.paper_village"))
    letters.add_argument("--day", required=True, metavar="DATE", help=text("server.letter_day"))
    letters.add_argument("--place", default="", metavar="P", help=text("server.letter_place"))
    letters.add_argument("--time", default="", metavar="T", help=text("server.letter_time"))
    letters.add_argument("--output", type=Path, required=True, metavar="F.pdf")


def _add_quota(commands: "Commands[argparse.ArgumentParser]") -> None:
    quota = add_command(commands, "quota", "quota")
    kinds = quota.add_subparsers(dest="subcommand", metavar="import|status", required=True)
    load = add_command(kinds, "import", "quota_import")
    load.add_argument("file", type=Path, metavar="F.csv|F.xlsx|F.jsonl")
    load.add_argument("--mapping", type=Path, metavar="F.toml", help=text("server.mapping"))
    status = add_command(kinds, "status", "quota_status")
    status.add_argument("--area", metavar="CODE", default="", help=text("server.area"))
    niks = add_command(commands, "niks", "niks")
    parts = niks.add_subparsers(dest="subcommand", metavar="publish", required=True)
    add_command(parts, "publish", "niks_publish")
