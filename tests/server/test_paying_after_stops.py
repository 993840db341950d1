"""Whoever's payment was stopped is not paid for by accident; a payment cut off is finished."""

from datetime import date

import pytest

from sync.server.batches.trouble import NothingToPay
from sync.server.covering import paying
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.covering.unstopping import undo_stop
from sync.server.covering.updating import monthly_update
from tests.server.test_months_paid import FEBRUARY, JANUARY, LEAST, MARCH, MORE, cover_four
from tests.server.test_stop_page import ends

APRIL = date(2027, 4, 1)
ELSEWHERE = "3216012002"


@pytest.fixture
def covered(office, laptop, tmp_path):
    """Four people as `cover_four` says, on each database; the third is of another village."""
    return cover_four(office, laptop, tmp_path)


def test_a_stop_for_one_village_outlives_the_next_payments(covered):
    office, _, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    stop_payment(office, JANUARY, ELSEWHERE, officer="Ratna")
    found = monthly_update(office, FEBRUARY)
    assert (found.people, found.stopped, found.total) == (3, 1, 2 * LEAST + MORE)
    assert [(one.number, one.reason) for one in found.of_kind("leaves")] == [
        (numbers[2], "stopped")
    ]
    for month in (FEBRUARY, MARCH):
        assert record_payment(office, month, officer="Ratna").people == 3
    assert ends(office, numbers)[2] == "2027-01-31"
    assert monthly_update(office, APRIL).stopped == 1


def test_whoever_is_paid_again_stays_paid(covered):
    office, _, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    stop_payment(office, JANUARY, ELSEWHERE, officer="Ratna")
    record_payment(office, FEBRUARY, officer="Ratna")
    again = record_payment(office, FEBRUARY, officer="Ratna", with_stopped=True)
    assert (again.people, again.extended) == (1, 1)
    assert ends(office, numbers)[2] == "2027-02-28"
    assert monthly_update(office, MARCH).stopped == 0
    assert record_payment(office, MARCH, officer="Ratna").people == 4


def test_after_a_stop_of_everybody_nothing_is_due_until_it_is_taken_back(covered):
    office, _, _ = covered
    record_payment(office, JANUARY, officer="Ratna")
    name = stop_payment(office, JANUARY, "", officer="Ratna").id
    assert monthly_update(office, FEBRUARY).total == 0
    with pytest.raises(NothingToPay):
        record_payment(office, FEBRUARY, officer="Ratna")
    assert stop_payment(office, JANUARY, "", officer="", only_look=True).by_village
    undo_stop(office, name, officer="Budi")
    assert record_payment(office, FEBRUARY, officer="Ratna").people == 4


def test_a_stop_noted_after_a_later_month_was_paid_counts_from_then_on(covered):
    office, _, numbers = covered
    for month in (JANUARY, FEBRUARY):
        record_payment(office, month, officer="Ratna")
    noted = office.clock()
    office.clock = lambda: noted.replace(hour=1)
    stop_payment(office, JANUARY, ELSEWHERE, officer="Ratna")
    assert record_payment(office, MARCH, officer="Ratna").people == 3
    assert ends(office, numbers)[2] == "2027-01-31"


def test_a_payment_cut_before_its_extension_is_finished_when_noted_again(covered, monkeypatch):
    office, _, numbers = covered
    stop_payment(office, FEBRUARY, "", officer="Ratna")
    whole = paying.move_ends

    def half(office, people, end, *, officer):
        whole(office, people[:2], end, officer=officer)
        raise KeyboardInterrupt

    monkeypatch.setattr(paying, "move_ends", half)
    with pytest.raises(KeyboardInterrupt):
        record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    assert ends(office, numbers).count("2027-03-31") == 2
    assert monthly_update(office, MARCH).not_extended == 2
    monkeypatch.setattr(paying, "move_ends", whole)
    done = record_payment(office, MARCH, officer="Ratna")
    assert (done.people, done.extended) == (0, 2)
    assert ends(office, numbers) == ["2027-03-31"] * 4
    assert monthly_update(office, MARCH).not_extended == 0
    assert [(one["people"], one["id"]) for one in list_payments(office)] == [(4, done.id)]
    with pytest.raises(NothingToPay):
        record_payment(office, MARCH, officer="Ratna")


def test_the_second_of_two_officers_at_once_leaves_no_empty_payment(covered, monkeypatch):
    office, _, _ = covered
    whole, paid = paying.due_people, []

    def another_was_faster(*args, **how):
        found = whole(*args, **how)
        if not paid:
            paid.append("begun")
            paid[0] = record_payment(office, JANUARY, officer="Budi").id
        return found

    monkeypatch.setattr(paying, "due_people", another_was_faster)
    with pytest.raises(NothingToPay):
        record_payment(office, JANUARY, officer="Ratna")
    assert [(one["id"], one["people"]) for one in list_payments(office)] == [(paid[0], 4)]


def test_who_turns_65_within_a_paid_month_is_not_extended_again_and_again(covered):
    office, _, numbers = covered
    record_payment(office, APRIL, officer="Ratna")
    assert min(ends(office, numbers)) == "2027-04-14"
    assert monthly_update(office, APRIL).not_extended == 0
    with pytest.raises(NothingToPay):
        record_payment(office, APRIL, officer="Ratna")
