"""The canonical form: rfc8785 is the second opinion."""

import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.canonical import (
    MAX_INTEGER,
    canonical_bytes,
    clean_text,
    from_canonical,
)
from enumerator_app.domain.errors import NotCanonical

ANY_TEXT = st.text(st.characters(codec="utf-8"))
CLEAN = ANY_TEXT.map(clean_text)
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | CLEAN,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_was_written_is_read_back(value):
    assert from_canonical(canonical_bytes(value)) == value


def test_keys_stand_in_order_and_nothing_is_escaped_that_need_not_be():
    value = {"b": "Ma'emunah é\n", "a": [1, True, None]}
    assert canonical_bytes(value) == '{"a":[1,true,null],"b":"Ma\'emunah é\\n"}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "tab\t",
        "e\u0301",
        "\ud800",
        "\x7f",
        {"é": 1},
        {1: 2},
        {"a": {"b": [1.5]}},
        {"a", "b"},
        b"bytes",
    ],
)
def test_a_value_without_a_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "raw", [b'{"a":1,"a":1}', b"1.0", b"NaN", b"Infinity", b"{", b"\xff", b"[" * 200_000, b""]
)
def test_bytes_that_are_no_value_of_the_subset_are_refused(raw):
    with pytest.raises(NotCanonical):
        from_canonical(raw)


@given(ANY_TEXT)
def test_cleaned_text_can_always_be_saved(typed):
    assert from_canonical(canonical_bytes(clean_text(typed))) == clean_text(typed)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(typed):
    assert clean_text(clean_text(typed)) == clean_text(typed)


def test_a_mark_that_meets_its_letter_only_after_cleaning_is_joined_to_it():
    assert clean_text("e\u200d\u0301") == "é"


def test_cleaning_folds_blanks_and_drops_what_cannot_be_seen():
    assert clean_text("  Siti \t\u00a0 \u202eMae\u200bmunah\x00 \n  Kp. Baru ") == (
        "Siti Maemunah\nKp. Baru"
    )
    assert unicodedata.is_normalized("NFC", clean_text("Ame\u0301"))
