"""The rulebook is whole: each rule has severities, sentences, and only the few named errors."""

import re
from datetime import date

import pytest

from enumerator_app.domain.findings import Finding, describe
from enumerator_app.domain.reference import load_rulebook
from enumerator_app.domain.registration import FIELDS
from enumerator_app.texts import LANGUAGES, catalogue, set_language

RULEBOOK = load_rulebook()
CODES = {code for _, code in RULEBOOK.rules}

# Everything that may hold a save back: the essentials, and typed values with no place to be kept.
ESSENTIALS = {
    "nik_len", "nik_letter", "xlsx_nik", "name_missing", "village_missing", "village_unknown",
    "village_bps", "consent_missing",
}  # fmt: skip
NOT_UNDERSTOOD = {
    "date_unreadable", "date_impossible", "date_year_short", "year_unreadable", "choice_unknown",
    "number_unreadable", "id_unreadable", "photo_unreadable", "heir_relation_missing",
}  # fmt: skip


def test_only_essentials_and_unreadable_values_are_errors():
    errors = {
        code for (_, code), rule in RULEBOOK.rules.items() if "error" in (rule.form, rule.file)
    }
    assert errors == ESSENTIALS | NOT_UNDERSTOOD


def test_form_and_file_weigh_alike_but_for_the_spreadsheet():
    different = {code for (_, code), rule in RULEBOOK.rules.items() if rule.form != rule.file}
    assert different == {"xlsx_nik"}


def test_every_field_of_a_rule_is_a_field_of_a_registration():
    assert {name for name, _ in RULEBOOK.rules} <= set(FIELDS)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_finding_has_a_sentence_in_both_languages(code):
    assert set(catalogue()[f"findings.{code}"]) == set(LANGUAGES)


def test_every_sentence_about_a_finding_belongs_to_a_rule():
    spoken = {key for key in catalogue() if re.fullmatch(r"findings\.[a-z0-9_]+", key)}
    assert spoken == {f"findings.{code}" for code in CODES}


def test_a_finding_carries_the_version_of_its_rules():
    finding = RULEBOOK.finding("nik", "nik_len", source="form", n=5)
    assert finding == Finding("nik_len", "error", "nik", {"n": 5}, RULEBOOK.version)
    assert describe(finding) == "NIK baru 5 angka. Seharusnya 16."
    assert describe(finding, "en") == "The NIK has 5 digits so far. It needs 16."


def test_codes_in_a_sentence_are_said_in_words():
    finding = RULEBOOK.finding("nik", "nik_sex", source="form", sex_in_nik="P", sex_chosen="L")
    assert describe(finding) == (
        "Menurut NIK: perempuan. Yang dipilih: laki-laki. Mana yang tertulis di KTP?"
    )
    set_language("en")
    assert describe(finding).startswith("The NIK suggests female; you chose male.")


def test_a_rule_about_today_is_only_a_note_while_the_clock_is_doubtful():
    certain = RULEBOOK.finding("birth_date", "age_65", source="form", n=66, limit=65)
    doubtful = RULEBOOK.finding(
        "birth_date", "age_65", source="form", today_is_certain=False, n=66, limit=65
    )
    assert (certain.severity, doubtful.severity) == ("warning", "note")
    other = RULEBOOK.finding("name", "name_missing", source="form", today_is_certain=False)
    assert other.severity == "error"


def test_a_rule_of_files_does_not_speak_at_the_table():
    assert RULEBOOK.finding("nik", "xlsx_nik", source="file").severity == "error"
    with pytest.raises(ValueError, match="xlsx_nik"):
        RULEBOOK.finding("nik", "xlsx_nik", source="form")


def test_age_limits_are_those_of_the_day():
    assert RULEBOOK.age_limits(date(2026, 11, 22)).before_age == 65
    assert RULEBOOK.age_limits(date(1990, 1, 1)) == RULEBOOK.age_limits(date(2017, 7, 1))


def test_every_word_list_understands_its_own_codes():
    for words in RULEBOOK.words.values():
        for code in set(words.codes.values()):
            assert words.codes[code.casefold().replace("_", "")] == code
