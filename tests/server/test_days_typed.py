"""Days are typed and months chosen as the house writes them, in every form of the pages."""

import re
from datetime import date
from pathlib import Path

import pytest

from sync.server.errors import DayUnreadable
from sync.server.web.days import months_to_choose, typed_day
from tests.server.people import signed_in, words_of

PAGES = Path(__file__).resolve().parents[2] / "resources" / "web"
OWN_BOXES = re.compile(r"""(?:type|kind)="(?:date|month|week|time|datetime-local)\"""")


def test_no_page_has_a_box_in_which_the_browser_writes_its_own_order():
    found = {
        path.name
        for path in PAGES.glob("*.html")
        if OWN_BOXES.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
    assert OWN_BOXES.search('<input type="date">')


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1-2-1960", date(1960, 2, 1)), ("01021960", date(1960, 2, 1)), ("1/2/1960", date(1960, 2, 1)),
     ("1 Februari 1960", date(1960, 2, 1)), ("1960-02-01", date(1960, 2, 1)), (" ", None)],
)  # fmt: skip
def test_a_day_is_read_in_the_ways_of_the_house(typed, day):
    assert typed_day(typed) == day


@pytest.mark.parametrize("typed", ["31-02-2027", "1-2-60", "besok", "13/13/2027"])
def test_what_is_no_day_is_said_so(typed):
    with pytest.raises(DayUnreadable):
        typed_day(typed)


def test_a_month_is_chosen_by_its_name_and_the_chosen_one_is_among_them():
    found = months_to_choose("2025-01", date(2027, 5, 31), "id")
    assert found[0] == ("2025-01", "Januari 2025")
    assert [found[1][0], found[-1][0]] == ["2026-05", "2028-05"]
    assert len(found) == 26


def test_a_form_says_in_words_that_a_day_is_none_and_keeps_what_was_typed(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    sent = {"cover_from": "31-02-2027", "cover_to": "31-12-2027"}
    reply = ("balasan.csv", b"number;status\nx;diterima\n")
    page = browser.post("/batches/reply", sent, files={"file": reply})
    assert page.status_code == 422
    assert "31-02-2027 bukan tanggal yang terbaca. Tidak ada yang diubah." in words_of(page)
    assert 'value="31-12-2027"' in page.text
    letter = browser.post("/letters/daily-recap", {"first": "besok"})
    assert letter.status_code == 422
    assert "besok bukan tanggal yang terbaca." in words_of(letter)
    assert browser.post("/letters/daily-recap", {"first": "1-2-2027"}).status_code == 200
