"""What may stand on the command line behind `account` and `audit`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from enumerator_app.texts import text
from sync.server.people.rights import Role

Add = Callable[[str, str], argparse.ArgumentParser]


def add_account_options(add: Add) -> None:
    """Add what `account` can do; `add(name, key)` makes the parser of one word."""
    roles = [str(role) for role in Role]
    made = _named(add("add", "account_add"))
    made.add_argument("--name", required=True, metavar="N", help=text("accounts.name"))
    made.add_argument("--role", required=True, choices=roles, help=text("accounts.role"))
    _where(made, [])
    made.add_argument("--finish", type=Path, metavar="F", help=text("accounts.finish"))
    add("list", "account_list")
    _named(add("disable", "account_disable"))
    _named(add("reset", "account_reset"))
    _named(add("link", "account_link"))
    scope = _named(add("scope", "account_scope"))
    scope.add_argument("--role", choices=roles, help=text("accounts.role"))
    scope.add_argument("--everywhere", action="store_true", help=text("accounts.everywhere"))
    _where(scope, None)


def add_audit_options(add: Add) -> None:
    add("export", "audit_export").add_argument("file", type=Path, metavar="F.csv|F.xlsx")
    add("verify", "audit_verify")


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("login", metavar="LOGIN", help=text("accounts.login"))
    return parser


def _where(parser: argparse.ArgumentParser, default: list[str] | None) -> None:
    parser.add_argument(
        "--district", action="append", default=default, metavar="K", help=text("accounts.district")
    )
