"""Runs one command: answers on standard output, log and trouble on standard error."""

import argparse
import getpass
import json
import logging
import os
import secrets
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path  # noqa: TC003 - names a variable
from typing import Any, Final, cast

import structlog

from enumerator_app.domain.errors import FileUnreadable, KnownError, UsageWrong
from enumerator_app.texts import Language, say_line, set_language, text

SAID_ALREADY: Final = -1
UNHEARD: Final = 128 + 13  # as of a program that SIGPIPE ends: whoever read its words left


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: `fields` with --json, else `lines`; and its exit code."""

    fields: dict[str, Any]
    lines: tuple[str, ...] = field(default=())
    exit_code: int = 0


# Imported when asked for: each command pays for its own imports only.
_COMMANDS: Final = {
    "account add": "accounts:add",
    "account list": "accounts:show",
    "account disable": "accounts:disable",
    "account reset": "accounts:reset",
    "account link": "accounts:link",
    "account scope": "accounts:scope",
    "audit export": "deeds:export",
    "audit verify": "deeds:verify",
    "approve": "decisions:approve",
    "return": "decisions:send_back",
    "cases": "decisions:cases",
    "case": "resolving:case",
    "record": "resolving:record",
    "visit": "resolving:visit",
    "separate": "resolving:separate_records",
    "visits": "visits:show",
    "payment update": "cover:update",
    "payment record": "cover:record",
    "payment list": "cover:payments",
    "payment undo": "cover:undo",
    "payment stop": "cover:stop",
    "payment unstop": "cover:unstop",
    "end": "cover:end",
    "insurer check": "insurer:check",
    "insurer export": "insurer:export",
    "insurer import": "insurer:take_reply",
    "insurer batches": "insurer:show_batches",
    "insurer listed": "insurer:show_listed",
    "insurer match": "insurer:match",
    "insurer correct": "insurer:correct",
    "insurer recover": "insurer:recover_list",
    "insurer settle": "insurer:settle_lists",
    "registrations export": "tables:registrations_export",
    "report coverage": "tables:report_coverage",
    "verify": "tables:verify",
    "paper": "papers:write",
    "letterhead show": "letterhead:show",
    "letterhead set": "letterhead:put",
    "form show": "form:show",
    "form set": "form:put",
    "worklist import": "worklists:load",
    "worklist assign": "worklists:give",
    "worklist status": "worklists:status",
    "worklist export": "worklists:export",
    "worklist invitations": "worklists:invite",
    "quota import": "quotas:load",
    "quota status": "quotas:status",
    "niks publish": "quotas:publish",
    "bundle import": "bundles:take",
    "report paritrana": "tables:not_here",
    "report roadmap": "tables:not_here",
    "backup": "custody:backup",
    "restore": "custody:put_back",
    "photos copy": "custody:copy_the_photos",
    "held list": "bundles:held",
    "held release": "bundles:let_in",
    "copies list": "custody:show_copies",
    "copies forget": "custody:forget",
    "erase": "custody:erase_person",
    "init": "office:init",
    "serve": "office:serve_office",
    "status": "office:status",
    "device add": "devices:add",
    "device list": "devices:show",
    "device revoke": "devices:revoke",
    "device operators": "devices:operators",
    "device remove-operator": "devices:remove",
    "device keys": "devices:keys",
    "device confirm-key": "devices:confirm",
    "device new-key": "devices:new_key",
    "device unlock": "devices:unlock",
    "device let-in": "devices:take_in",
    "keys list": "keys:show",
    "keys rotate": "keys:rotate_keys",
    "verifier": "keys:verifier",
    "card reissue": "keys:reissue",
}


def run(options: argparse.Namespace) -> int:
    """Run the chosen command and return its exit code; never raises."""
    _use_language(options.language)
    _log_to_standard_error()
    try:
        answer = _command(options)(options)
    except KnownError as error:
        answer = trouble(error)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the end of the program: a bug gets a number
        answer = _bug(error)
    if answer.exit_code == SAID_ALREADY:
        return 0
    is_heard = say(answer, as_json=options.json)
    return answer.exit_code or (0 if is_heard else UNHEARD)


def trouble(error: KnownError) -> Answer:
    """Return the answer to the world failing."""
    message = text(f"errors.{error.code}", **error.parameters)
    fields = {"error": {"code": error.code, "message": message, "data_safe": error.data_safe}}
    return Answer(fields, (message,), error.exit_code)


def passphrase_of(options: argparse.Namespace) -> str:
    """Return the passphrase from its file, or ask for it where someone can answer.

    Raises:
        FileUnreadable: the file cannot be read.
        UsageWrong: there is neither a file nor a terminal.
    """
    if options.passphrase_file is None:
        if not sys.stdin.isatty():
            raise UsageWrong(detail="--passphrase-file")
        return getpass.getpass(text("server.passphrase_prompt"))
    path: Path = options.passphrase_file
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=path.name) from error


def progress(line: str) -> None:
    """Say a line of progress at once, on standard error."""
    say_line(line, sys.stderr)


def say(answer: Answer, *, as_json: bool) -> bool:
    """Print an answer at once: one JSON object alone, or its lines; False if nobody reads on."""
    if as_json:
        return say_line(json.dumps(answer.fields, ensure_ascii=False), sys.stdout)
    out = sys.stdout if answer.exit_code == 0 else sys.stderr
    return all(say_line(line, out) for line in answer.lines)


def _use_language(chosen: str | None) -> None:
    language = chosen or os.environ.get("ENUMERATOR_LANGUAGE", "id")
    set_language(cast("Language", language) if language in {"id", "en"} else "id")


def _log_to_standard_error() -> None:
    """Log events with ids, codes and counts, one JSON object a line; libraries only warn."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s")


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace], Answer]:
    name = " ".join(filter(None, (options.command, getattr(options, "subcommand", None))))
    module, function = _COMMANDS[name].split(":")
    found = getattr(import_module(f"sync.server.commands.{module}"), function)
    return cast("Callable[[argparse.Namespace], Answer]", found)


def _bug(error: Exception) -> Answer:
    """Name where it happened, never with what: a message could hold a person's data.

    What was committed is safe; whether what was asked for is, a bug cannot promise.
    """
    number = secrets.token_hex(4)
    places = [f"{f.name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)][-8:]
    say_line(f"bug {number} {type(error).__name__} {' > '.join(places)}", sys.stderr)
    message = text("server.bug", number=number)
    fields = {"code": "bug", "message": message, "data_safe": False, "number": number}
    return Answer({"error": fields}, (message,), 1)
