"""What may stand on the command line. Options for every command stand before or after it."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from enumerator_app.texts import LANGUAGES, text

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; a usage error ends the process with exit code 2."""
    options = _parser().parse_args(arguments)
    options.home = Path(options.home or os.environ.get("DISTRICT_HOME") or "district-server-home")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="district-server", description=text("server.program"), parents=[_common(None)]
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_office(commands)
    _add_device(commands)
    return parser


def _common(default: object) -> argparse.ArgumentParser:
    """Options of every command; on subcommands without defaults, so that either place counts."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument("--home", type=Path, help=text("server.home"))
    common.add_argument("--database", metavar="URL", help=text("server.database"))
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
    serve = add_command(commands, "serve", "serve")
    serve.add_argument("--host", default="127.0.0.1", help=text("server.host"))
    serve.add_argument("--port", type=int, default=8016, help=text("server.port"))
    add_command(commands, "status", "status")


def _add_device(commands: "Commands[argparse.ArgumentParser]") -> None:
    device = add_command(commands, "device", "device")
    kinds = device.add_subparsers(dest="subcommand", metavar="add|list|revoke", required=True)
    add_command(kinds, "add", "device_add").add_argument("label", help=text("server.label"))
    add_command(kinds, "list", "device_list")
    revoke = add_command(kinds, "revoke", "device_revoke")
    revoke.add_argument("device", help=text("server.which_device"))
