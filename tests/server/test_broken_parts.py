"""A part of the first page that fails says so in its place, and the rest stands."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import text as sql

from sync.server.figures import overview as reading
from sync.server.web import overview as page_of
from tests.benchmarks.seeded_office import World, fill
from tests.browsing import seen_by
from tests.server.people import signed_in

READ = {"money": "_money", "laptops": "_laptops", "zero": "visits_to_come",
        "trend": "registered_by_day"}  # fmt: skip
DRAWN = {"map": "_map", "bar": "lead_bar", "trend": "trend"}
SAID = {
    "money": "Anggaran belum bisa dihitung.",
    "laptops": "Kapan laptop terakhir terdengar belum bisa dihitung.",
    "zero": "Daftar desa nol belum bisa dihitung.",
    "trend": "Perkembangan per hari belum bisa dihitung.",
    "map": "Peta belum bisa dihitung.",
    "bar": "Gambar batang belum bisa dibuat.",
}


@pytest.fixture
def filled(office):
    now = datetime.now(UTC)
    office.clock = lambda: now
    fill(office, World(people=60, target=90, now=now, devices=3, zero_villages=3))
    return office


def words_of(page) -> str:
    body = page.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def a_query_that_fails(*given, **_named):
    """On PostgreSQL the whole transaction is lost after it, unless it is fenced in."""
    connection = next(one for one in given if hasattr(one, "execute"))
    connection.execute(sql("SELECT nothing FROM nowhere"))


def a_bug(*_given, **_named):
    raise ZeroDivisionError("SITI")


@pytest.mark.parametrize("part", READ)
def test_a_part_that_cannot_be_read_says_so_and_the_rest_stands(filled, monkeypatch, part):
    browser = signed_in(filled, "coordinator")
    whole = words_of(browser.get("/"))
    monkeypatch.setattr(reading, READ[part], a_query_that_fails)
    answer = browser.get("/")
    assert answer.status_code == 200
    said = words_of(answer)
    assert SAID[part] in said
    assert re.search(r"Catatan [0-9a-f]{8} untuk bantuan", said)
    for other, sentence in SAID.items():
        assert other == part or sentence not in said
    share = re.search(r"[\d,.]+\s%", whole)[0]
    assert share in said
    assert "Belum ada laptop yang mengirim" not in said
    if part == "zero":
        assert browser.get("/zero.csv").status_code == 500


@pytest.mark.parametrize("part", DRAWN)
def test_a_part_that_cannot_be_drawn_says_so_and_names_nobody(filled, monkeypatch, part):
    monkeypatch.setattr(page_of, DRAWN[part], a_bug)
    answer = signed_in(filled, "coordinator").get("/")
    assert answer.status_code == 200
    assert SAID[part] in words_of(answer)
    assert "SITI" not in answer.text


def test_a_browser_shows_a_broken_page_without_a_sideways_scroll(filled, monkeypatch):
    for name in READ.values():
        monkeypatch.setattr(reading, name, a_query_that_fails)
    monkeypatch.setattr(page_of, "_map", a_bug)
    with seen_by(filled, "coordinator", "en") as found, found.page(1366) as page:
        found.go(page, "/")
        assert "web." not in page.locator("body").inner_text()
        for width in (320, 683, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert found.said == []
