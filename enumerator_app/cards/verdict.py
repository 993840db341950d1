"""The answer to "is this card genuine?", as one word, one sentence and what stands in the code."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from enumerator_app.cards.claims import CardClaims
from enumerator_app.texts import Language, text

VerdictWord = Literal[
    "genuine",
    "stale_list",
    "not_genuine",
    "unknown_key",
    "other_office",
    "revoked",
    "superseded",
    "expired",
]
_ACCEPTED: Final = frozenset({"genuine", "stale_list"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verifier may say about one code.

    `claims` is None unless a key of the list sealed them: nothing unproven is ever shown.
    `stale_list` is a right seal judged by a list too old to know the newest revocations (amber).
    """

    word: VerdictWord
    reason: str
    """Key of the sentence, `cards.verdict.<name>`."""
    claims: CardClaims | None
    list_issued_on: date
    list_age_days: int

    @property
    def is_accepted(self) -> bool:
        return self.word in _ACCEPTED

    def sentence(self, language: Language | None = None) -> str:
        """Return the whole answer for the person who holds the card."""
        shown: dict[str, object] = {"list_date": in_words(self.list_issued_on)}
        if self.claims is not None:
            shown |= {
                "name": self.claims.short_name,
                "issued": in_words(self.claims.issued_on),
                "expires": in_words(self.claims.expires_on),
                "from": in_words(self.claims.cover_from),
                "to": in_words(self.claims.cover_to),
            }
        return text(self.reason, language, days=self.list_age_days, **shown)


def in_words(day: date | None) -> str:
    """Return a day as papers and screens write it: 22-11-2026."""
    return "" if day is None else day.strftime("%d-%m-%Y")
