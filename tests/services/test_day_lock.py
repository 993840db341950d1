"""Six digits for the day."""

from datetime import UTC, datetime, timedelta

import pytest

from enumerator_app.bootstrap.laptops import practice_laptop
from enumerator_app.domain.errors import WrongPassphrase
from enumerator_app.services.day_lock import TRIES, DayLock
from tests.cheap_secrets import CHEAP_LAPTOP
from tests.storage.office_feed import OfficeFeed

MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class Watch:
    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def laptop(tmp_path):
    opened = practice_laptop(
        tmp_path / "home",
        operator_name="Nining",
        passphrase="lima kata yang panjang sekali",
        cost=CHEAP_LAPTOP,
    )
    yield opened
    opened.close()


def test_digits_open_nothing_for_somebody_whose_work_has_ended(laptop, watch):
    lock = DayLock(watch)
    lock.set_digits("204816")
    laptop.store.add_operator("Wawan", "kerbau putih di tepi sawah", CHEAP_LAPTOP)
    feed = OfficeFeed()
    feed.add("operator_removed", None, operator=str(laptop.store.operator.id))
    laptop.store.apply_page(feed.page())
    lock.lock(laptop)
    assert lock.operator() == ""
    with pytest.raises(WrongPassphrase):
        lock.try_digits("204816")


def test_the_right_digits_open_what_was_locked(laptop, watch):
    lock = DayLock(watch)
    lock.set_digits("482915")
    lock.lock(laptop)

    assert lock.operator() == "Nining"
    assert lock.try_digits("482915") is laptop
    assert laptop.counts().registrations == 0


def test_without_digits_locking_closes_the_file(laptop, watch, tmp_path):
    DayLock(watch).lock(laptop)

    with practice_laptop(
        tmp_path / "home", operator_name="Nining", passphrase="lima kata yang panjang sekali"
    ) as again:
        assert again.operator_name == "Nining"


def test_five_wrong_tries_leave_only_the_passphrase(laptop, watch):
    lock = DayLock(watch)
    lock.set_digits("482915")
    lock.lock(laptop)

    for _ in range(TRIES):
        with pytest.raises(WrongPassphrase):
            lock.try_digits("000000")

    assert lock.operator() == ""
    with pytest.raises(WrongPassphrase):
        lock.try_digits("482915")


def test_a_right_try_gives_all_tries_back(laptop, watch):
    lock = DayLock(watch)
    lock.set_digits("482915")
    lock.lock(laptop)
    with pytest.raises(WrongPassphrase):
        lock.try_digits("111111")

    lock.lock(lock.try_digits("482915"))

    assert lock.tries_left() == TRIES


def test_the_digits_end_with_the_day(laptop, watch):
    lock = DayLock(watch)
    lock.set_digits("482915")
    lock.lock(laptop)

    watch.now = MORNING + timedelta(days=1)

    assert lock.operator() == ""
    with pytest.raises(WrongPassphrase):
        lock.try_digits("482915")
