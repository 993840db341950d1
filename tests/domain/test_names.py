"""Names: as on the KTP when stored, looked through when compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.names import folded_name, folded_words, ktp_capitals, name_key

ANY_NAME = st.text(st.characters(codec="utf-8"), max_size=40)
LATIN_NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ '.-", max_size=30)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  siti   ma\u2019emunah ", "SITI MA'EMUNAH"),
        ("Abd Muis", "ABD MUIS"),
        ("H. Moh. Yusup", "H. MOH. YUSUP"),
        ("Nur\u200baini\nBinti Ali", "NURAINI BINTI ALI"),
    ],
)
def test_a_name_is_kept_as_the_ktp_prints_it(typed, shown):
    assert ktp_capitals(typed) == shown


@given(ANY_NAME)
def test_capitals_of_capitals_are_the_same(typed):
    assert ktp_capitals(ktp_capitals(typed)) == ktp_capitals(typed)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("H. Abdul Rahman", "ABDULRAHMAN"),
        ("Hj Siti Ma'emunah", "SITIMAEMUNAH"),
        ("Ust. H. Karta bin Sarman", "KARTABINSARMAN"),
        ("TN. SARNATA", "SARNATA"),
        ("Ny. Encum binti Ocid", "ENCUMBINTIOCID"),
        ("Siti H", "SITIH"),
        ("H.", "H"),
        ("Dédé Núrhayati", "DEDENURHAYATI"),
    ],
)
def test_the_search_key_has_no_titles_blanks_and_signs(typed, key):
    assert name_key(typed) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUHAMAD YUSUP", "Muhammad Yusuf"),
        ("MOH. YUSUP", "Moch Yusuf"),
        ("MUH ARIFIN", "Mohamad Aripin"),
        ("AKHMAD SYARIF", "Ahmad Sarip"),
        ("ACHMAD", "Ahmad"),
        ("ZAENAL ABIDIN", "Jaenal Abidin"),
        ("Soekarno", "Sukarno"),
        ("Djoko Tjahjadi", "Joko Cahjadi"),
        ("SITI AISYAH", "St. Aisah"),
        ("Abd Rahman", "ABDUL ROHMAN".replace("O", "A")),
        ("Dhani", "Dani"),
        ("SUPRIYADI", "Supriadi"),
    ],
)
def test_twin_spellings_fold_to_one(one, other):
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("SITI", "SITA"), ("AMIN", "AMAN"), ("UDIN", "DUDIN"), ("BIN ALI", "ALI")]
)
def test_different_names_stay_different(one, other):
    assert folded_name(one) != folded_name(other)


@given(LATIN_NAME)
def test_folding_twice_changes_nothing(name):
    folded = folded_words(name)
    assert folded_words(" ".join(folded)) in (folded, folded[1:])


@given(LATIN_NAME)
def test_case_and_blanks_do_not_matter(name):
    assert name_key(name.lower().replace(" ", "  ")) == name_key(name)
