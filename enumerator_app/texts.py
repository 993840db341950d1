"""Every sentence the program says, by key, in Indonesian and English.

The files are `resources/texts/*.toml`: one table a key, `[area.name]` with `id` and `en`. Values
hold `{named}` places, filled after the language was chosen; a key has the same places in both.
`{n:record|records}` is the word for one, and for any other number. `{state:web.state_*}` is what
the catalogue calls a value: the sentence under `web.state_` and that value, or the value itself.
"""

import os
import re
from functools import cache
from typing import Any, Final, Literal, TextIO

from enumerator_app.resource_files import read_toml, resource_path

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
_NAMED: Final = re.compile(r"\{(\w+):([\w.]+)\*\}")
_COUNTED: Final = re.compile(r"\{(\w+):([^{}|]+)\|([^{}|]+)\}")


class _Current:
    language: Language = "id"


def set_language(language: Language) -> None:
    """Choose what `text` answers in from now on, in this process."""
    _Current.language = language


def current_language() -> Language:
    """Return the language chosen last; Indonesian until then."""
    return _Current.language


def text(key: str, /, language: Language | None = None, **values: object) -> str:
    """Return the sentence for `key` ("area.name"), its places filled.

    Raises:
        KeyError: the catalogue has no such key, or a place was not given. Both are bugs.
    """
    sentence: str = catalogue()[key][language or _Current.language]
    if "|" in sentence:
        sentence = _COUNTED.sub(lambda m: m[2 if str(values[m[1]]) == "1" else 3], sentence)
    if "*}" in sentence:
        sentence = _NAMED.sub(lambda m: _named(m[2], str(values[m[1]]), language), sentence)
    return sentence.format(**values) if values or "{" in sentence else sentence


def _named(area: str, value: str, language: Language | None) -> str:
    """Return what the catalogue calls a value, ready to stand in a sentence with places."""
    said = text(area + value, language) if area + value in catalogue() else value
    return said.replace("{", "{{").replace("}", "}}")


def thousands(amount: int) -> str:
    """Return a number as screens show it, with dots: 1.000.000."""
    return f"{amount:,}".replace(",", ".")


def megabytes(size_bytes: int) -> str:
    """Return a size in MB with one decimal comma, at least 0,1 for anything."""
    if size_bytes <= 0:
        return "0"
    return f"{max(0.1, size_bytes / 1_000_000):.1f}".replace(".", text("people.decimal"))


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return all keys with their sentences; read once."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(resource_path("texts").glob("*.toml")):
        _collect(read_toml("texts", path.name), "", found)
    return found


def _collect(table: dict[str, Any], prefix: str, found: dict[str, dict[str, str]]) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value.get("id"), str):
            found[key] = value
        else:
            _collect(value, f"{key}.", found)


def say_line(words: str, out: TextIO) -> bool:
    """Print a line of a command at once; False if whoever read its words left."""
    try:
        print(words, file=out, flush=True)
    except BrokenPipeError:
        # what could not be said goes nowhere: the end of the program would try once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return False
    return True
