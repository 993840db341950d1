"""Sentences that count: one of something is said as one, in every key."""

import re
import string

import pytest

from enumerator_app.texts import catalogue, text

# Places that hold words, days or names, never how many of something there are.
WORDS = frozenset({"month", "most", "name", "proxy", "to"})
# What ends in -s and is no plural of what is counted.
ONE = re.compile(
    "is|was|has|does|waits|fits|follows|goes|belongs|stands|becomes|leaves|enters|turns|lasts|ends|"
    "loses|differs|gets|sends|comes|equals|lacks|holds|asks|matches|as|this|perhaps|expects|keeps|"
    "awaits|notes|dates"
)
MANY = re.compile(r"\b1 (are|were|have|wait|await|need|do|enter|leave|turn|follow|differ|go)\b")


def places(key: str) -> set[str]:
    sentence = catalogue()[key]["en"]
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def said_of_one(key: str) -> str:
    """The English sentence where everything that is counted is there once."""
    return text(key, "en", **{name: "X" if name in WORDS else "1" for name in places(key)})


def wrong_words(sentence: str) -> list[str]:
    """Plurals, of nouns and of verbs, that follow a 1 with at most one word between."""
    nouns = re.findall(r"\b1 (?:[a-z-]+ )?([a-z]+s|people|children)\b", sentence)
    return [*(word for word in nouns if not ONE.fullmatch(word)), *MANY.findall(sentence)]


def test_one_of_something_is_said_as_one():
    said = {key: said_of_one(key) for key in sorted(catalogue()) if places(key)}
    bad = {key: one for key, one in said.items() if wrong_words(one)}
    assert bad == {}
    assert sum("1 " in one for one in said.values()) > 200


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 record"), ("1", "1 record"), (0, "0 records"), ("1.001", "1.001 records")],
)
def test_the_word_follows_the_number(n, said):
    assert text("web.visits_n", "en", n=n) == said


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("id", "submitted", '"Diajukan ke BPJS"'),
        ("en", "submitted", '"Submitted to BPJS"'),
        ("en", "waiting_nik", '"Waiting for NIK"'),
        ("id", "{new}", '"{new}"'),  # a state of tomorrow is shown as it came
    ],
)
def test_a_state_is_said_in_the_words_of_the_pages(language, state, said):
    told = text("errors.decision_not_allowed", language, number="A01-1", state=state)
    assert said in told
