"""The first page and the list of registrations: sums, sentences, and what stands in an address."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from enumerator_app.domain.reference import load_places
from sync.server.batches.months import read_month
from sync.server.covering.paying import list_payments, record_payment
from sync.server.figures.counting import VillageCount
from sync.server.figures.days import Day, pace
from sync.server.figures.overview import overview
from sync.server.registrations.filters import Filter, read_filter
from sync.server.tables import SUBJECT_ROWS
from sync.server.web.drawing import Part, bar, scale
from sync.server.web.overview import page_words, shade
from tests.benchmarks.seeded_office import World, fill
from tests.server.people import signed_in, words_of

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)
PEBAYURAN = "321613"


@pytest.fixture
def office(sqlite_office):
    sqlite_office.clock = lambda: NOW
    return sqlite_office


@pytest.fixture
def filled(office):
    fill(office, World(people=700, target=900, now=NOW, devices=6, zero_villages=3))
    return office


def numbers(said: str) -> list[int]:
    return [int(one.replace(".", "")) for one in re.findall(r"\d[\d.]*", said)]


def test_the_parts_of_the_bar_add_up_to_the_target(filled):
    found = page_words(overview(filled), "registered", "id")
    parts = {one["kind"]: numbers(one["said"])[0] for one in found["parts"]}
    assert sum(parts.values()) == 900
    checking = next(one["why"] for one in found["parts"] if one["kind"] == "checking")
    assert sum(numbers(checking)) == parts["checking"] > 0
    assert numbers(found["covered"]) == [parts["covered"]]


def test_the_districts_add_up_to_the_whole(filled):
    found = page_words(overview(filled), "registered", "id")
    for name in ("target", "registered", "submitted", "enrolled", "covered"):
        column = sum(numbers(row[name])[0] for row in found["rows"] if row[name])
        assert column == numbers(found["sums"][name])[0], name
    assert len(found["rows"]) == 23


def test_the_tiles_count_the_villages_at_zero_that_the_list_names(filled):
    seen = overview(filled)
    found = page_words(seen, "registered", "id")
    on_tiles = sum(numbers(one["zero"])[0] for one in found["map"]["tiles"] if one["zero"])
    assert on_tiles == len(found["zero"]["all"]) == numbers(found["zero"]["heading"])[0] >= 3
    taken = {row["code"] for row in found["zero"]["all"]}
    with filled.database.reading() as connection:
        rows = connection.execute(SUBJECT_ROWS.select()).all()
    here = {row.village_code for row in rows if row.state not in {"duplicate", "ended"}}
    assert not taken & here


def test_a_person_of_one_kecamatan_sees_its_numbers_alone(filled):
    own = overview(filled, frozenset({PEBAYURAN}))
    whole = overview(filled)
    assert own.total.registered == whole.districts[PEBAYURAN].registered > 0
    assert set(own.districts) == {PEBAYURAN}
    browser = signed_in(filled, "verifier", districts=[PEBAYURAN])
    other = next(one for one in load_places().villages if one.district_code != PEBAYURAN)
    assert "Tidak ada yang cocok" in words_of(browser.get(f"/people?village={other.code}"))


def test_an_office_without_anything_says_so_and_what_to_do(office):
    browser = signed_in(office, "coordinator")
    said = words_of(browser.get("/"))
    assert "Belum ada laptop yang mengirim" in said
    assert "Kursi belum diunggah" in said
    assert "Sasaran per kecamatan belum ada" in said
    assert "187 desa masih nol" in said
    assert "Belum ada pendataan." in words_of(browser.get("/people"))


@pytest.mark.parametrize(("part", "whole", "expected"), [
    (0, 0, 0), (0, None, 0), (0, 10, 1), (19, 100, 1), (20, 100, 2), (39, 100, 2), (40, 100, 3),
    (60, 100, 4), (79, 100, 4), (80, 100, 5), (100, 100, 5), (130, 100, 5),
])  # fmt: skip
def test_the_classes_of_the_map_are_fifths_of_the_target(part, whole, expected):
    assert shade(part, whole) == expected


@pytest.mark.parametrize("most", [0, 1, 3, 7, 99, 686, 75_903, 1_000_000])
def test_an_axis_reaches_the_highest_column_in_round_steps(most):
    levels = scale(most)
    assert levels[0] == 0
    assert levels[-1] >= most
    assert 2 <= len(levels) <= 6
    assert len({b - a for a, b in pairwise(levels)}) == 1


def test_the_pieces_of_a_bar_lie_end_to_end():
    drawn = bar([Part("covered", 30), Part("waiting", 50), Part("missing", 200)], 200)
    pieces = re.findall(r'class="p-\w+"[^/]*x="([\d.]+)%"[^/]*width="([\d.]+)%"', drawn)
    assert [(float(x), float(w)) for x, w in pieces] == [(0, 15), (15, 10), (25, 75)]


def test_the_pace_says_when_all_are_registered():
    today = date(2026, 11, 28)
    days = [Day(today, 10, 10.0)]
    found = pace(days, missing=95, today=today, last_day=date(2026, 12, 8))
    assert (found.ends_on, found.needed) == (date(2026, 12, 8), 9.5)
    assert pace(days, missing=0, today=today, last_day=None).is_done
    still = pace([Day(today, 0, 0.0)], missing=5, today=today, last_day=None)
    assert (still.ends_on, still.needed) == (None, None)


def test_nobody_is_counted_in_two_states(filled):
    seen = overview(filled).total
    assert seen.registered == sum(seen.states.values())
    assert seen.covered + seen.to_come + seen.over <= seen.enrolled
    assert VillageCount("x").registered == 0


def test_what_cannot_be_understood_in_an_address_is_left_out():
    odd = {"district": "9", "village": "x", "state": "a,returned", "since": "31-02-2026",
           "page": "-3", "sort": "nik", "device": "' or 1=1"}  # fmt: skip
    assert read_filter(odd) == Filter(states=frozenset({"returned"}))


def test_a_filter_stands_in_its_address_whole():
    one = Filter(
        district=PEBAYURAN, states=frozenset({"decide", "returned"}), since=date(2026, 11, 1),
        device="A07", sort="name", page=3,
    )  # fmt: skip
    query = one.address().partition("?")[2]
    assert read_filter(dict(part.split("=") for part in query.split("&"))) == one


def test_a_page_shows_fifty_and_names_the_rest(filled):
    page = signed_in(filled, "coordinator").get("/people?page=2").text
    assert page.count('<th scope="row">') == 50
    assert "51\u2013100" in page


def test_no_page_and_no_address_shows_a_nik(filled):
    browser = signed_in(filled, "coordinator")
    for page in (browser.get("/people"), browser.post("/people", {"words": "siti"})):
        assert page.status_code == 200
        assert not re.search(r"\b\d{16}\b", page.text)
        assert "siti" not in re.findall(r'href="([^"]*)"', page.text)


def test_a_name_is_searched_for_by_a_form_and_found_by_its_parts(filled):
    browser = signed_in(filled, "coordinator")
    name = re.search(r'<th scope="row">(?:<a[^>]*>)?([^<]+)<', browser.get("/people").text)[
        1
    ].strip()
    first, second = name.split()[:2]
    found = browser.post("/people", {"words": f"{second[:4].lower()} {first.lower()}"}).text
    assert name in found
    assert first not in "".join(re.findall(r'href="([^"]*)"', found))
    nobody = browser.post("/people", {"words": "<script>alert(1)</script>"})
    assert "Tidak ada yang cocok" in nobody.text
    assert "<script>alert" not in nobody.text


def test_a_table_holds_the_whole_filter_and_no_formula(filled):
    with filled.database.writing() as connection:
        change = SUBJECT_ROWS.update().where(SUBJECT_ROWS.c.id == f"{5:032x}")
        connection.execute(change.values(name="=HYPERLINK(1)"))
    browser = signed_in(filled, "coordinator")
    said = numbers(words_of(browser.get("/people?state=look")).split("data cocok")[0])[-1]
    book = openpyxl.load_workbook(BytesIO(browser.get("/people.xlsx?state=look").content))
    assert book.active.max_row - 1 == said
    rows = browser.get("/people.csv").content.decode("utf-8-sig").splitlines()
    states = Counter(row.split(",")[0][:4] for row in rows[1:])
    assert len(rows) - 1 == sum(states.values()) == 700
    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert not list(filled.home.path.glob("table-*"))


def test_who_may_not_take_tables_away_gets_none(filled):
    auditor = signed_in(filled, "auditor")
    assert auditor.get("/people").status_code == 200
    assert auditor.get("/people.csv").status_code == 403
    assert ".csv" not in auditor.get("/people").text


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("front", "back", "least"), [
    ("ink", "ground", 4.5), ("ink-2", "ground", 4.5), ("ink-3", "ground", 4.5),
    ("ink-3", "ground-2", 4.5), ("ink-3", "green-tint", 4.5), ("ink-3", "ground-3", 4.5),
    ("ground", "green", 4.5), ("green-2", "green-tint", 4.5), ("green-2", "ground-3", 4.5),
    ("ink", "amber", 4.5), ("amber-ink", "amber-tint", 4.5), ("red", "ground", 4.5),
    ("ink", "red-tint", 4.5), ("ink", "q1", 4.5), ("ink", "q2", 4.5), ("ink", "q3", 4.5),
    ("ground", "q4", 4.5), ("ground", "q5", 4.5), ("green-mid", "ground", 3),
    ("focus", "ground", 3),
    ("line-ctl", "ground", 3), ("amber-line", "ground", 3), ("blue", "ground", 4.5),
])  # fmt: skip
def test_each_pair_of_colours_can_be_read(front, back, least):
    css = (ROOT / "resources" / "web" / "style.css").read_text(encoding="utf-8")
    root = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css.split(":root {")[1].split("}")[0]))
    assert contrast(root[front], root[back]) >= least


def test_no_tick_of_the_bar_crosses_the_words_of_another_part():
    parts = [
        Part("covered", 20, "Dijamin", "20"),
        Part("waiting", 25, "Diterima", "25"),
        Part("missing", 1000, "Sasaran", "1.000"),
    ]
    picture = str(bar(parts, 1000))
    ticks = re.findall(r'x1="([\d.]+)%"[^>]*y1="(\d+)"', picture)
    assert [(x, int(y) > 15) for x, y in ticks] == [("2.00", False), ("2.50", True)]


def test_dates_of_cover_are_no_claim_that_somebody_paid(filled):
    """Cover holds only while contributions are paid: by the dates alone nobody is covered."""
    browser = signed_in(filled, "coordinator")
    said = words_of(browser.get("/"))
    assert "dalam masa jaminan hari ini" in said
    assert "dijamin hari ini" not in said.lower()
    assert "Belum ada bulan yang tercatat dibayar." in said
    assert "Dijamin" not in words_of(browser.get("/people?state=covered"))
    for month in ("2026-10", "2026-11", "2027-01"):
        record_payment(filled, read_month(month), officer="uji")
    paid = next(one for one in list_payments(filled) if one["month"] == "2026-11")
    said = words_of(browser.get("/"))
    assert f"Terakhir tercatat dibayar November 2026, {paid['people']} orang sekabupaten." in said
    assert "Belum ada bulan" not in said
