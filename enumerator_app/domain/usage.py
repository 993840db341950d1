"""A command line that was written wrongly is answered like every other failure, also as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.texts import LANGUAGES, Language, set_language, text

_JSON: Final = "--json"


class UsageParser(argparse.ArgumentParser):
    """Raises `UsageWrong` instead of ending the process; its subparsers do the same."""

    def error(self, message: str) -> NoReturn:
        raise UsageWrong(detail=message, usage=self.format_usage())


def parsed(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; a usage error is said, as JSON if that was asked for, and ends with 2."""
    try:
        return parser.parse_args(arguments)
    except UsageWrong as error:
        set_language(_language(arguments))
        message = text(f"errors.{error.code}", detail=error.parameters["detail"])
        sys.stderr.write(f"{error.parameters['usage']}{message}\n")
        if _JSON in arguments:
            said = {"code": error.code, "message": message, "data_safe": error.data_safe}
            sys.stdout.write(json.dumps({"error": said}, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        raise SystemExit(error.exit_code) from error


def _language(arguments: Sequence[str]) -> Language:
    """Return the language that was asked for: the options could not be read as a whole."""
    language = os.environ.get("ENUMERATOR_LANGUAGE", "id")
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        name, _, value = word.partition("=")
        if name == "--language":
            language = value or following
    return language if language in LANGUAGES else "id"
