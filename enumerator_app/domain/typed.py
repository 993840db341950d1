"""Reading what people type: the one exception of all readers, and the small readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from enumerator_app.domain.canonical import MAX_INTEGER, clean_text

_SHOWN_CHARACTERS: Final = 40
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,\s][0-9]{3})+")


class NotUnderstood(ValueError):
    """A typed value means nothing in its field; `code` and `parameters` become an error."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def one_line(typed: str) -> str:
    """Return `typed` clean and on one line."""
    return clean_text(typed.replace("\n", " "))


def shortened(typed: str) -> str:
    """Return a typed value as a sentence may quote it."""
    line = one_line(typed)
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def word_key(typed: str) -> str:
    """Return `typed` as word lists hold it: small letters and digits only."""
    return re.sub(r"[\W_]+", "", typed.casefold())


@dataclass(frozen=True)
class WordList:
    """The words of a field with a fixed choice, and how the choice is read out to people."""

    codes: Mapping[str, str]
    shown: str

    @classmethod
    def from_table(cls, table: Mapping[str, list[str]]) -> "WordList":
        """Return the list in a table of code = [words]; the first word is the one shown."""
        codes = {word_key(word): code for code, words in table.items() for word in (code, *words)}
        return cls(codes, ", ".join(words[0] for words in table.values()))


def read_choice(typed: str, words: WordList) -> str:
    """Return the code that a typed word stands for.

    Raises:
        NotUnderstood: `choice_unknown`.
    """
    code = words.codes.get(word_key(typed))
    if code is None:
        raise NotUnderstood("choice_unknown", value=shortened(typed), choices=words.shown)
    return code


def read_integer(typed: str) -> int:
    """Return a whole number, also one below zero.

    Raises:
        NotUnderstood: `number_unreadable`.
    """
    compact = one_line(typed)
    if not re.fullmatch(r"-?[0-9]{1,16}", compact) or abs(int(compact)) > MAX_INTEGER:
        raise NotUnderstood("number_unreadable", value=shortened(typed))
    return int(compact)


def read_rupiah(typed: str) -> int:
    """Return whole rupiah from "Rp1.000.000", "1.000.000,00", "1 000 000" or "1000000".

    Raises:
        NotUnderstood: `number_unreadable`, also for cents and amounts below zero.
    """
    compact = re.sub(r"^rp\.?\s*", "", one_line(typed), flags=re.IGNORECASE)
    compact = re.sub(r"(?:,-|[.,]00)$", "", compact)
    if _THOUSANDS.fullmatch(compact):
        compact = re.sub(r"[^0-9]", "", compact)
    if not re.fullmatch(r"[0-9]{1,15}", compact):
        raise NotUnderstood("number_unreadable", value=shortened(typed))
    return int(compact)
