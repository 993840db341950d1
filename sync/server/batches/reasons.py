"""The insurer's words for a refusal, as codes of ours; the raw text stays beside them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from enumerator_app.resource_files import read_toml
from enumerator_app.texts import Language, text

OTHER: Final = "other"
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Reason:
    """What a refusal is about; `field` is what to look at again, if it is one."""

    code: str
    raw: str
    field: str | None = None

    def sentence(self, language: Language = "id") -> str:
        """Return what the enumerator reads: what to do, and the insurer's own words."""
        said = text(f"insurer.reason_{self.code}", language)
        if not self.raw:
            return said
        return f"{said} {text('insurer.reason_raw', language, raw=self.raw[:_LONGEST])}"


def reason_of(raw: str) -> Reason:
    """Return what a free text means; `other` if no word of the table stands in it."""
    said = f" {_plain(raw)} "
    for code, words, field in _table():
        if any(f" {word}" in said for word in words):
            return Reason(code, raw.strip(), field)
    return Reason(OTHER, raw.strip())


@cache
def _table() -> tuple[tuple[str, tuple[str, ...], str | None], ...]:
    return tuple(
        (one["code"], tuple(map(_plain, one["words"])), one.get("field"))
        for one in read_toml("mappings", "insurer_reasons.toml")["reasons"]
    )


def _plain(written: str) -> str:
    return re.sub(r"[\W_]+", " ", written.casefold()).strip()
