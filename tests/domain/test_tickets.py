"""Codes of slips and forms: what is misread is no code, wherever it is printed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.tickets import (
    FormNumber,
    Ticket,
    parse_form_number,
    parse_ticket,
    place_key,
    ticket_words,
)

DAY = date(2026, 11, 22)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TICKETS = st.builds(
    Ticket,
    st.builds(place_key, st.from_regex(r"3216[0-9]{6}", fullmatch=True), st.dates()),
    st.integers(1, 99_999),
)


def remainder_is_one(compact):
    """ISO 7064 MOD 37,36 verifies the whole with its check character (pure reckoning)."""
    product = 36
    for character in compact[:-1]:
        total = (product + ALPHABET.index(character)) % 36
        product = ((total or 36) * 2) % 37
    return (product + ALPHABET.index(compact[-1])) % 36 == 1


@given(TICKETS)
def test_a_slip_is_read_back_and_its_check_character_is_that_of_the_standard(ticket):
    assert parse_ticket(ticket.code) == ticket
    assert remainder_is_one(ticket.code.replace(":", "").replace("-", ""))


@given(TICKETS, st.data())
def test_one_wrong_character_is_never_another_slip(ticket, data):
    compact = ticket.code
    at = data.draw(st.sampled_from([i for i, c in enumerate(compact) if c not in ":-"]))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != compact[at]]))
    assert parse_ticket(compact[:at] + other + compact[at + 1 :]) is None


@given(TICKETS)
def test_case_blanks_and_marks_between_are_free(ticket):
    assert parse_ticket(f" {ticket.code.lower()} ") == ticket
    assert parse_ticket(ticket.code.replace(":", "").replace("-", " ")) == ticket


def test_a_slip_of_the_office_is_that_of_any_laptop_on_that_day():
    assert place_key("3216132003", DAY) == place_key("3216132003", DAY)
    assert place_key("3216132003", DAY) != place_key("3216132004", DAY)
    assert place_key("3216132003", DAY) != place_key("3216132003", date(2026, 11, 23))


def test_numbers_are_shown_as_they_are_called():
    assert [ticket_words(n) for n in (1, 14, 999, 1000)] == ["001", "014", "999", "1000"]


def test_other_papers_are_no_slips():
    for said in ("", "014", "TK1:", "TK1:7F3K-000-0", "TP1:ABC", "3216-A07-00042-K7QC", "U7F3K9QM"):
        assert parse_ticket(said) is None
        assert parse_form_number(said) is None


@given(
    st.from_regex(r"[A-Z][0-9]{2,3}", fullmatch=True),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99_999),
)
def test_a_form_is_read_back_from_its_code_and_from_what_is_printed(device, day, serial):
    number = FormNumber(device, day, serial)
    assert parse_form_number(number.code) == number.shown
    assert parse_form_number(number.shown.lower()) == number.shown
    wrong = "0" if number.shown[-1] != "0" else "1"
    assert parse_form_number(number.shown[:-1] + wrong) is None
