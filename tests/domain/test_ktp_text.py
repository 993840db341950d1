"""What is proposed from the letters of a card, and above all what is not."""

import dataclasses

import pytest

from enumerator_app.domain.ktp_text import Word, agreed, read_card

CARD = {
    "NIK": ": 3216135203740003",
    "Nama": ": SITI MAEMUNAH",
    "Tempat/Tgl Lahir": ": BEKASI, 12-03-1974",
    "Jenis Kelamin": ": PEREMPUAN",
    "Alamat": ": KP. PULO ASEM",
    "RT/RW": ": 003/001",
    "Kel/Desa": ": KARANGHARJA",
    "Kecamatan": ": PEBAYURAN",
    "Agama": ": ISLAM",
}
ALL = {
    "nik": "3216135203740003", "name": "SITI MAEMUNAH", "birth_place": "BEKASI",
    "birth_date": "12-03-1974", "sex": "P", "address": "KP. PULO ASEM", "rt": "003", "rw": "001",
    "village": "KARANGHARJA", "district": "PEBAYURAN",
}  # fmt: skip


def seen(**changed):
    """Return the words of a card, label and value each a piece of its own, 40 px apart."""
    card = {**CARD, **{name.replace("_", " "): value for name, value in changed.items()}}
    lines = enumerate(card.items())
    return [
        Word(text, left, 100 + 40 * line, 30, 0.98)
        for line, (label, value) in lines
        for text, left in ((label, 40), (value, 300))
    ]


def doubted(words, start, **how):
    return [
        dataclasses.replace(word, **how) if word.text.startswith(start) else word for word in words
    ]


def without(*names):
    return {name: value for name, value in ALL.items() if name not in names}


def test_a_clear_card_is_read_whole():
    assert read_card(seen()) == ALL


def test_label_and_value_in_one_piece_are_parted_at_the_colon():
    words = [Word(f"{label}{value}", 40, 100 + 40 * n, 30, 0.98) for n, (label, value)
             in enumerate(CARD.items())]  # fmt: skip
    assert read_card(words) == ALL


def test_letters_that_look_like_digits_are_digits_in_a_nik():
    assert read_card(seen(NIK=": 32I6l352O374OOO3"))["nik"] == ALL["nik"]


@pytest.mark.parametrize("nik", ["321613520374000", "32161352037400033", "3216135203740O?3"])
def test_a_nik_that_is_not_sixteen_digits_is_not_proposed(nik):
    assert read_card(seen(NIK=nik)) == without("nik")


def test_a_nik_that_its_own_card_contradicts_takes_date_and_sex_with_it():
    misread = ": 3216135203790003"  # 1979 where the card says 1974
    assert read_card(seen(NIK=misread)) == without("nik", "birth_date", "sex")
    assert read_card(seen(NIK=": 3216131203740003")) == without("nik", "birth_date", "sex")


def test_a_nik_without_a_date_to_compare_it_with_is_not_proposed():
    assert read_card(seen(**{"Tempat/Tgl_Lahir": ": BEKASI"})) == without(
        "nik", "birth_date", "birth_place"
    )


def test_one_unsure_letter_is_enough_for_silence():
    assert read_card(doubted(seen(), ": 32", least=0.7)) == without("nik")
    assert read_card(doubted(seen(), ": SITI", least=0.5)) == without("name")


def test_a_name_whose_blanks_are_not_sure_is_not_proposed():
    words = doubted(seen(), ": SITI", is_spaced=False)
    assert read_card(doubted(words, ": 003", is_spaced=False)) == without("name")


def test_two_pictures_propose_what_both_say():
    clear, other = read_card(seen()), read_card(seen(Nama=": SITI MAIMUNAH"))
    assert agreed([clear, other]) == without("name")
    assert agreed([clear, read_card(seen(NIK=": 3216135203740008"))]) == without("nik")
    assert agreed([clear, {}]) == {}
    assert agreed([]) == {}


def test_a_day_that_does_not_exist_is_no_date():
    assert (
        read_card(seen(**{"Tempat/Tgl_Lahir": ": BEKASI, 31-02-1974"})).keys()
        == without("nik", "birth_date", "birth_place").keys()
    )


def test_what_is_no_card_proposes_nothing():
    assert read_card([Word("DILARANG MEROKOK", 10, 20, 30, 0.99)]) == {}
    assert read_card([]) == {}
