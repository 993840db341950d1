"""Whoever's payment was stopped is not paid for by accident; a payment cut off is finished."""

from datetime import date

import pytest
from sqlalchemy import update

from sync.server.batches import register
from sync.server.batches.trouble import MonthsBusy, NothingToPay
from sync.server.covering import alone, paying
from sync.server.covering.ending import end_cover, undo_end
from sync.server.covering.kept_beside import KIND
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import count_losing, counts, stop_payment, write_stopped
from sync.server.covering.unstopping import undo_stop
from sync.server.covering.updating import gap_before, monthly_update
from sync.server.deciding import find_by_number
from sync.server.serving.person import read_person
from sync.server.tables import SUBJECT_ROWS
from tests.server.test_months_paid import FEBRUARY, JANUARY, LEAST, MARCH, MORE, cover_four
from tests.server.test_stop_page import ends

APRIL, MAY = date(2027, 4, 1), date(2027, 5, 1)
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


def test_the_second_of_two_officers_at_once_is_told_so_and_leaves_no_payment(covered, monkeypatch):
    office, _, _ = covered
    whole = paying.due_people

    def another_comes(*args, **how):
        found = whole(*args, **how)
        with pytest.raises(MonthsBusy):
            record_payment(office, JANUARY, officer="Budi")
        return found

    monkeypatch.setattr(alone, "WAIT_S", 0)
    monkeypatch.setattr(paying, "due_people", another_comes)
    paid = record_payment(office, JANUARY, officer="Ratna").id
    assert [(one["id"], one["people"]) for one in list_payments(office)] == [(paid, 4)]
    kept = register.folder_of(office.home, KIND).glob("*.paid.json")
    assert [path.name for path in kept] == [f"{paid}.paid.json"]


def test_a_stop_names_those_whose_cover_starts_later_and_leaves_them(covered, tmp_path):
    office, _, numbers = covered
    with office.database.writing() as connection:
        later = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.number == numbers[2])
        connection.execute(later.values(cover_from="2027-03-01"))
    look = count_losing(office, JANUARY, "")
    assert (look.people, look.starting) == (3, 1)
    assert count_losing(office, JANUARY, ELSEWHERE[:6]).starting == 1
    assert count_losing(office, JANUARY, "3216012001").starting == 0
    found = stop_payment(office, JANUARY, "", officer="Ratna")
    assert [one.number for one in found.starting] == [numbers[2]]
    assert counts(found)["starting"] == 1
    assert ends(office, numbers)[2] == "2027-12-31"
    assert write_stopped(found, tmp_path / "stop.csv", "id") == 4
    assert "mulai 01-03-2027" in (tmp_path / "stop.csv").read_text("utf-8-sig")
    assert record_payment(office, MARCH, officer="Ratna").people == 1


def test_an_end_taken_back_gives_no_cover_beyond_a_stop_noted_since(covered):
    office, _, numbers = covered
    end_cover(office, numbers[0], "moved", date(2027, 2, 3), officer="Ratna")
    stop_payment(office, APRIL, ELSEWHERE, officer="Ratna")
    name = stop_payment(office, APRIL, "", officer="Ratna").id
    undo_end(office, numbers[0], officer="Ratna")
    assert ends(office, numbers)[:3] == ["2027-04-30"] * 3
    assert monthly_update(office, MAY).stopped == 3
    undo_stop(office, name, officer="Budi")
    assert ends(office, numbers)[:3] == ["2027-12-31", "2027-12-31", "2027-04-30"]


def test_an_end_taken_back_after_the_stop_was_has_the_earlier_end(covered):
    office, _, numbers = covered
    name = stop_payment(office, FEBRUARY, "", officer="Ratna").id
    end_cover(office, numbers[0], "moved", date(2027, 2, 3), officer="Ratna")
    undo_stop(office, name, officer="Budi")
    undo_end(office, numbers[0], officer="Ratna")
    assert ends(office, numbers)[0] == "2027-12-31"


def test_a_skipped_month_is_named_and_makes_nobody_enter(covered):
    office, _, _ = covered
    record_payment(office, JANUARY, officer="Ratna")
    found = monthly_update(office, MARCH)
    assert (found.month_before, found.people_before, found.before) == (
        "2027-01",
        4,
        3 * LEAST + MORE,
    )
    assert (found.of_kind("enters"), found.of_kind("leaves")) == ([], [])
    assert gap_before(MARCH, found.month_before) == ["2027-02"]
    assert gap_before(FEBRUARY, found.month_before) == []
    assert monthly_update(office, JANUARY).month_before == ""


def test_an_early_death_is_counted_from_the_first_paid_month(covered):
    office, _, numbers = covered
    subject = find_by_number(office, numbers[0]).id
    assert read_person(office, subject).early_until is None
    record_payment(office, FEBRUARY, officer="Ratna")
    assert (
        read_person(office, subject).early_until == MAY
    )  # three months; the cover is from January


def test_who_turns_65_within_a_paid_month_is_not_extended_again_and_again(covered):
    office, _, numbers = covered
    record_payment(office, APRIL, officer="Ratna")
    assert min(ends(office, numbers)) == "2027-04-14"
    assert monthly_update(office, APRIL).not_extended == 0
    with pytest.raises(NothingToPay):
        record_payment(office, APRIL, officer="Ratna")
