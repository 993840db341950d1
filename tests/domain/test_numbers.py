"""Registration numbers: the check character against examples published with ISO 7064."""

import hashlib
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enumerator_app.domain.numbers import (
    check_character,
    parse_number,
    registration_number,
    short_number,
    subject_tag,
)

NUMBERS = st.builds(
    registration_number,
    regency=st.just("3216"),
    device_code=st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True),
    serial=st.integers(1, 99_999) | st.integers(1, 9_999_999),
    subject=st.uuids(),
)


@pytest.mark.parametrize("published", ["A12425GABC1234002M"])
def test_the_check_character_is_that_of_published_numbers(published):
    assert check_character(published[:-1]) == published[-1]


def remainder_is_one(compact):
    """ISO 7064 verifies the whole with its check character: the remainder is 1 (pure reckoning)."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    product = 36
    for character in compact[:-1]:
        total = (product + alphabet.index(character)) % 36
        product = ((total or 36) * 2) % 37
    return (product + alphabet.index(compact[-1])) % 36 == 1


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20))
def test_a_text_with_its_check_character_verifies(compact):
    assert remainder_is_one(compact + check_character(compact))


def test_a_number_shows_regency_device_serial_and_tag():
    subject = UUID("01932f6e-0000-7000-8000-00000000000b")
    number = registration_number(regency="3216", device_code="A07", serial=42, subject=subject)
    digest = hashlib.sha256(subject.bytes).hexdigest()
    bits = f"{int(digest, 16):0256b}"
    crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    tag = "".join(crockford[int(bits[i : i + 5], 2)] for i in (0, 5, 10))
    assert subject_tag(subject) == tag
    assert number[:-1] == f"3216-A07-00042-{tag}"


@given(NUMBERS)
def test_a_number_is_read_back_in_any_case_and_spacing(number):
    assert parse_number(number) == number
    assert parse_number(f" {number.lower().replace('-', ' ')} ") == number


@given(NUMBERS, st.data())
def test_one_wrong_character_is_always_noticed(number, data):
    places = [i for i, character in enumerate(number) if character != "-"]
    place = data.draw(st.sampled_from(places))
    other = data.draw(
        st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ").filter(lambda c: c != number[place])
    )
    assert parse_number(number[:place] + other + number[place + 1 :]) is None


def test_nearly_all_swapped_neighbours_are_noticed():
    subject = UUID("01932f6e-0000-7000-8000-00000000000b")
    tried = missed = 0
    for serial in range(1, 1001):
        number = registration_number(
            regency="3216", device_code="A07", serial=serial, subject=subject
        ).replace("-", "")
        for i, (one, other) in enumerate(pairwise(number)):
            if one != other:
                tried += 1
                missed += parse_number(number[:i] + other + one + number[i + 2 :]) is not None
    assert tried > 10_000
    assert missed / tried < 0.02, missed / tried


@given(NUMBERS)
def test_a_number_of_five_digits_is_read_back_without_hyphens(number):
    assume(len(number.split("-")[2]) == 5)
    assert parse_number(number.replace("-", "")) == number


def test_a_long_device_code_is_read_back_without_hyphens():
    subject = UUID("01932f6e-0000-7000-8000-00000000000b")
    number = registration_number(regency="3216", device_code="A107", serial=42, subject=subject)
    assert parse_number(number) == number
    assert parse_number(number.replace("-", "")) == number


def test_two_people_with_one_serial_still_have_different_numbers():
    numbers = {
        registration_number(regency="3216", device_code="A07", serial=42, subject=uuid4())
        for _ in range(20)
    }
    assert len(numbers) > 15


@pytest.mark.parametrize(
    "typed", ["", "3216", "hello", "3216-A07-00042-K7Q", "٣216-A07-00042-K7QC"]
)
def test_what_is_no_number_is_none(typed):
    assert parse_number(typed) is None


@pytest.mark.parametrize(
    ("aloud", "part"),
    [
        ("42", "-00042-"),
        ("00042", "-00042-"),
        ("A07-00042", "-A07-00042-"),
        ("a07 42", "-A07-00042-"),
        ("a0700042", "-A07-00042-"),
        ("3216-A07-00042", "-A07-00042-"),
        ("00042-k7qc", "-00042-K7QC"),
        ("1234567", "-1234567-"),
    ],
)
def test_a_number_read_aloud_says_a_part_of_one(aloud: str, part: str):
    assert short_number(aloud) == part


@pytest.mark.parametrize("typed", ["", "0", "A07", "siti", "A07-", "3216135203740003", "42-K7Q"])
def test_what_is_no_part_of_a_number_says_none(typed: str):
    assert short_number(typed) is None
