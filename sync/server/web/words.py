"""The sentences of the pages in one language, and numbers as that language writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import Language, catalogue, text
from sync.server.web.numbers import percent, rupiah, whole


@dataclass(frozen=True, slots=True)
class Words:
    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence `web.<key>`."""
        return text(f"web.{key}", self.language, **values)

    def n(self, number: int) -> str:
        return whole(number, self.language)

    def share(self, part: int, total: int, digits: int = 0) -> str:
        return percent(part, total, self.language, digits=digits)

    def sum(self, amount: int) -> str:
        return rupiah(amount, self.language)

    def error(self, error: KnownError) -> str:
        """Return what an error says."""
        return problem_words(error.code, error.parameters, self.language)

    def field(self, name: str) -> str:
        """Return what people call a field of a registration."""
        key = f"fields.{name}"
        return text(key, self.language) if key in catalogue() else name


def problem_words(code: str, parameters: Mapping[str, Any], language: Language) -> str:
    """Return what an error says on a page: in words of its own where others name a command."""
    own = f"web.error_{code}"
    return text(own if own in catalogue() else f"errors.{code}", language, **parameters)
