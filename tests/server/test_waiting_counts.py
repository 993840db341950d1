"""The numbers in the rail: counted seldom, and never other than what the open page says."""

import pytest

from sync.server.web import waiting_counts
from tests.server.laptops import nik
from tests.server.people import signed_in
from tests.server.test_deciding_pages import VISIT, words

VILLAGE = "3216132001"


@pytest.fixture
def office(sqlite_office):
    return sqlite_office


@pytest.fixture
def counted(monkeypatch):
    """How often each counter ran, by what it counts."""
    ran = []
    real = waiting_counts.WaitingCounts._of

    def noticed(self, name, visitor, *, anew):
        counter = self.counters[name]
        self.counters[name] = lambda one: ran.append(name) or counter(one)
        try:
            return real(self, name, visitor, anew=anew)
        finally:
            self.counters[name] = counter

    monkeypatch.setattr(waiting_counts.WaitingCounts, "_of", noticed)
    return ran


def arrive(laptop_on, office):
    laptop = laptop_on(office)
    laptop.register(nik=nik(1), name="KARTA", visit_id=VISIT, village_code=VILLAGE)
    laptop.push(laptop.journal)


def test_the_next_page_within_seconds_counts_nothing_but_its_own_place(office, counted):
    browser = signed_in(office, "coordinator")
    browser.get("/")
    first = len(counted)
    assert first >= 4
    browser.get("/")
    assert len(counted) == first
    browser.get("/visits")
    assert counted[first:] == ["visits"]


def test_the_open_page_and_its_number_agree_at_once(office, laptop_on):
    browser = signed_in(office, "coordinator")
    assert "Tidak ada kunjungan" in words(browser.get("/visits").text)
    arrive(laptop_on, office)
    assert "Kunjungan 1 " in words(browser.get("/visits").text)
    assert "Kunjungan 1 " in words(browser.get("/").text)


def test_after_a_deed_everything_is_counted_anew(office, counted):
    browser = signed_in(office, "coordinator")
    browser.get("/")
    first = len(counted)
    browser.post("/own/keys", {})
    browser.get("/")
    assert len(counted) >= 2 * first


def test_after_some_seconds_it_is_counted_anew(office, counted, monkeypatch):
    browser = signed_in(office, "coordinator")
    browser.get("/")
    first = len(counted)
    monkeypatch.setattr(waiting_counts, "KEPT_S", 0.0)
    browser.get("/")
    assert len(counted) == 2 * first
