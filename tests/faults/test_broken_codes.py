"""Small runs of the campaigns against card codes, each with its control."""

from tests.faults import flip_cards, mangle_codes


def test_no_single_bit_of_a_card_may_be_turned():
    report = flip_cards.run_campaign(6)
    assert (report["accepted"], report["unproven_content_shown"]) == (0, 0)
    assert report["bits_turned"] > 6 * 1_000


def test_control_a_general_cose_reader_takes_some_turned_bits():
    assert flip_cards.run_campaign(2, control=True)["accepted"] > 50


def test_broken_codes_are_refused_without_an_error():
    report = mangle_codes.run_campaign(3_000, seed=11)
    assert (report["accepted"], report["errors"]) == (0, 0)
    assert len(report["reasons"]) >= 4


def test_control_without_the_one_form_other_forms_of_a_card_pass():
    assert mangle_codes.run_campaign(1_500, seed=11, control=True)["accepted"] > 5
