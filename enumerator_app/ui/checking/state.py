"""What the page shows: answers as words, and how old the list behind them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from enumerator_app.cards.seal import STALE_AFTER_DAYS
from enumerator_app.cards.verdict import Verdict, in_words
from enumerator_app.texts import text

Tone = Literal["good", "look", "bad"]
CameraState = Literal["off", "live", "none"]

_OTHER_CODE: Final = "cards.verdict.other_code"
_TONES: Final[dict[str, Tone]] = {"genuine": "good", "not_genuine": "bad", "revoked": "bad"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One code's answer: a word, its sentence, what a key of the list proved, and by which list."""

    word: str
    tone: Tone
    sentence: str
    strip: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    by_list: str = ""
    is_list_old: bool = False

    @property
    def spoken(self) -> str:
        return f"{self.word}. {self.strip} {self.sentence}"


@dataclass(frozen=True, slots=True)
class CheckingState:
    """`note` is a sentence about what was given; `trouble` says why nothing can be judged."""

    answers: tuple[Answer, ...] = ()
    note: str = ""
    trouble: str = ""
    list_words: str = ""
    list_warning: str = ""
    camera: CameraState = "off"
    is_busy: bool = False

    @property
    def heading(self) -> str:
        if len(self.answers) < 2:
            return ""
        good = sum(answer.tone == "good" for answer in self.answers)
        count = len(self.answers)
        return text("checking.several", n=count, good=good, other=count - good)


def answers_of(verdicts: Sequence[Verdict]) -> tuple[Answer, ...]:
    """Return the answers to show: of a sheet with other people's codes, only ours."""
    ours = [verdict for verdict in verdicts if verdict.reason != _OTHER_CODE]
    return tuple(answer_of(verdict) for verdict in ours or verdicts[:1])


def answer_of(verdict: Verdict) -> Answer:
    is_other = verdict.reason == _OTHER_CODE
    word = text(f"checking.word.{'other_code' if is_other else verdict.word}")
    tone: Tone = "look" if is_other else _TONES.get(verdict.word, "look")
    age = "list_age" if verdict.list_age_days else "list_today"
    listed = in_words(verdict.list_issued_on)
    return Answer(
        word=word,
        tone=tone,
        sentence=_without(word, verdict.sentence()),
        strip=_strip(verdict),
        facts=_facts(verdict),
        remark=text("checking.compare") if verdict.claims and tone != "bad" else "",
        by_list=text(f"checking.{age}", None, date=listed, days=verdict.list_age_days),
        is_list_old=verdict.list_age_days > STALE_AFTER_DAYS,
    )


def _without(word: str, sentence: str) -> str:
    """Return the sentence without the word that stands above it in large letters."""
    rest = sentence.removeprefix(f"{word}. ")
    return rest[:1].upper() + rest[1:]


def _strip(verdict: Verdict) -> str:
    """Return what must not be missed about a genuine paper: that it is no cover yet."""
    claims = verdict.claims
    if claims is None or verdict.word != "genuine" or verdict.reason.endswith(".covered"):
        return ""
    if claims.cover_from is None:
        return text("checking.cover_none")
    return text("checking.cover_begins", None, **{"from": in_words(claims.cover_from)})


def _facts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    claims = verdict.claims
    if claims is None:
        return ()
    days = {"from": in_words(claims.cover_from), "to": in_words(claims.cover_to)}
    found = {
        "name": claims.short_name,
        "born": str(claims.birth_year or ""),
        "number": claims.number,
        "kind": text(f"checking.kind_{claims.kind}"),
        "cover": text("checking.cover_dates", None, **days) if claims.cover_from else "",
        "issued": in_words(claims.issued_on),
        "expires": in_words(claims.expires_on),
    }
    return tuple((text(f"checking.{name}"), value) for name, value in found.items() if value)
