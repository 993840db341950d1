"""Runs one command: answers on standard output, progress and trouble on standard error."""

import argparse
import getpass
import json
import os
import secrets
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from enumerator_app.domain.errors import FileUnreadable, KnownError, UsageWrong
from enumerator_app.texts import Language, say_line, set_language, text

UNHEARD: Final = 128 + 13  # as of a program that SIGPIPE ends: whoever read its words left


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: `fields` with --json, else `lines`; and its exit code."""

    fields: dict[str, Any]
    lines: tuple[str, ...] = field(default=())
    exit_code: int = 0


# Imported when asked for: each command pays for its own imports only.
_COMMANDS: Final = {
    "demo": "demo:demo",
    "enrol": "custody:enrol",
    "register": "records:register",
    "search": "records:search",
    "status": "records:status",
    "doctor": "records:doctor",
    "cards": "papers:cards",
    "printed": "papers:printed",
    "calibrate": "papers:calibrate",
    "tickets": "other_papers:tickets",
    "paper": "other_papers:paper",
    "photos import": "photos:take_in",
    "verify-card": "checking:verify_card",
    "verifier": "checking:verifier",
    "read-card": "reading:read_card",
    "card-reader": "reading:serve_reader",
    "sync": "custody:sync",
    "bundle export": "bundles:export",
    "bundle import": "bundles:take",
    "stick": "bundles:stick",
    "keep": "keeping:keep",
    "sync-log": "sync_log:show",
    "rescue": "rescuing:rescue",
    "forgotten ask": "forgotten:ask",
    "forgotten answer": "forgotten:take_answer",
    "backup": "custody:backup",
    "restore": "custody:restore",
    "visit open": "visits:open_visit",
    "visit list": "visits:show",
    "visit close": "visits:close",
    "visit attend": "visits:attend",
}


def run(options: argparse.Namespace) -> int:
    """Run the chosen command and return its exit code; never raises."""
    _use_language(options.language)
    try:
        answer = _command(options)(options)
    except KnownError as error:
        answer = trouble(error)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the end of the program: a bug gets a number
        answer = _bug(error)
    is_heard = _say(answer, as_json=options.json)
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
        return getpass.getpass(text("commands.passphrase_prompt"))
    return read_first_line(options.passphrase_file)


def read_first_line(path: Path) -> str:
    """Return the first line of a small text file.

    Raises:
        FileUnreadable: no such file, or not text.
    """
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=path.name) from error


def progress(line: str) -> None:
    """Say a line of progress at once, on standard error; the work goes on if nobody reads it."""
    say_line(line, sys.stderr)


@contextmanager
def until_interrupted() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C was pressed in the block; pressed twice it ends the program as ever."""
    pressed: list[int] = []

    def note(number: int, _frame: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _use_language(chosen: str | None) -> None:
    language = chosen or os.environ.get("ENUMERATOR_LANGUAGE", "id")
    set_language(cast("Language", language) if language in {"id", "en"} else "id")


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace], Answer]:
    name = " ".join(filter(None, (options.command, getattr(options, "subcommand", None))))
    module, function = _COMMANDS[name].split(":")
    found = getattr(import_module(f"enumerator_app.commands.{module}"), function)
    return cast("Callable[[argparse.Namespace], Answer]", found)


def _bug(error: Exception) -> Answer:
    """Name where it happened, never with what: a message could hold a person's data.

    What was committed is safe; whether what was asked for is, a bug cannot promise.
    """
    number = secrets.token_hex(4)
    places = [f"{f.name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)][-8:]
    progress(f"bug {number} {type(error).__name__} {' > '.join(places)}")
    message = text("commands.bug", number=number)
    fields = {"code": "bug", "message": message, "data_safe": False, "number": number}
    return Answer({"error": fields}, (message,), 1)


def _say(answer: Answer, *, as_json: bool) -> bool:
    """Print an answer: one JSON object alone, or its lines; False if nobody reads on."""
    if as_json:
        return say_line(json.dumps(answer.fields, ensure_ascii=False), sys.stdout)
    out = sys.stdout if answer.exit_code == 0 else sys.stderr
    return all(say_line(line, out) for line in answer.lines)
