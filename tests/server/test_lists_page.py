"""Seats, lists, visits to come and papers by village, on the office's pages."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from enumerator_app.domain.reference import load_places
from sync.server.case_tables import MINUTES_ROWS
from sync.server.field_tables import LISTED_ANSWER_ROWS, LISTED_PERSON_ROWS
from sync.server.figures.overview import overview
from sync.server.figures.villages import village_papers, village_standings
from sync.server.quota.standing import standing as seats_standing
from sync.server.tables import SUBJECT_ROWS, VISIT_ROWS
from sync.server.worklist.standing import standing as list_standing
from tests.benchmarks.seeded_office import World, fill
from tests.server.people import HERE, signed_in, words_of

NOW = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)
VILLAGE = "Karangharja (Pebayuran)"


@pytest.fixture
def office(sqlite_office):
    sqlite_office.clock = lambda: NOW
    return sqlite_office


@pytest.fixture
def filled(office):
    fill(office, World(people=600, target=700, now=NOW, devices=6))
    return office


def send_file(browser, path, name, content):
    return browser.client.post(
        path, data={"csrf": browser.csrf}, files={"file": (name, content)},
        headers={"Origin": HERE}, follow_redirects=False,
    )  # fmt: skip


def code_of(shown: str) -> str:
    return next(v.code for v in load_places().villages if f"{v.name} ({v.district_name})" == shown)


def test_lists_and_seats_are_counted_as_the_commands_count(filled):
    with filled.database.writing() as connection:
        people = connection.execute(select(LISTED_PERSON_ROWS).limit(30)).all()
        subjects = connection.execute(select(SUBJECT_ROWS).limit(30)).all()
        for n, (person, subject) in enumerate(zip(people, subjects, strict=True)):
            if n % 3 == 0:
                change = LISTED_PERSON_ROWS.update().where(LISTED_PERSON_ROWS.c.code == person.code)
                connection.execute(change.values(nik=subject.nik or ""))
            else:
                answer = {
                    "entry": f"{n:064x}", "code": person.code, "device": subject.device,
                    "subject": subject.id if n % 3 == 1 else None,
                    "answer": "registered" if n % 3 == 1 else "died", "at": "", "received_at": "",
                }  # fmt: skip
                connection.execute(LISTED_ANSWER_ROWS.insert().values(answer))
    found = {one.village.code: one for one in village_standings(filled).rows}
    for row in list_standing(filled):
        one = found[row["village_code"]]
        assert (one.listed, one.open) == (row["listed"], row["open"])
    assert sum(one.answered for one in found.values()) >= 20
    for row in seats_standing(filled):
        seats = found[row["village_code"]].seats
        expected = (row["seats"], row["confirmed"], row["waiting"], row["left"])
        assert (seats.seats, seats.taken, seats.waiting, seats.left) == expected


def test_the_sum_is_of_all_pages_and_each_page_has_fifty_villages(filled):
    browser = signed_in(filled, "coordinator")
    pages = [browser.get(f"/lists?page={n}") for n in (1, 2, 3, 4)]
    rows = [re.findall(r'href="/people\?village=(\d+)"', page.text) for page in pages]
    assert [len(some) for some in rows] == [50, 50, 50, 37]
    assert len({code for some in rows for code in some}) == 187
    total = sum(row["seats"] for row in seats_standing(filled))
    assert all(f">{total}<" in page.text for page in pages)


def test_a_file_of_seats_is_taken_and_bad_rows_are_named(office):
    browser = signed_in(office, "coordinator")
    rows = "kode_desa;kursi;program;mulai;sampai\n"
    rows += (
        f"{code_of(VILLAGE)};40;JKK+JKM;2026-12-01;2027-11-30\n9;3;JKK+JKM;2026-12-01;2027-11-30\n"
    )
    page = send_file(browser, "/lists/seats", "kursi.csv", rows.encode())
    assert page.status_code == 200
    said = words_of(page)
    assert "40 kursi untuk 1 desa tersimpan." in said
    assert "1 baris tidak terpakai" in said
    assert "Baris 3:" in said
    assert "40 kursi di 1 desa, 0 terisi" in words_of(browser.get("/lists"))
    assert overview(office).total.target == 40
    assert not list(office.home.path.glob("list-*"))


@pytest.mark.parametrize(("name", "content"), [
    ("x.csv", b""), ("x.csv", b"\x00\xff\x00"), ("x.xlsx", b"PK\x03\x04"), ("x.exe", b"a;b\n1;2\n"),
])  # fmt: skip
def test_what_is_no_list_changes_nothing_and_says_why(office, name, content):
    browser = signed_in(office, "coordinator")
    for path in ("/lists/seats", "/lists/people"):
        page = send_file(browser, path, name, content)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    assert village_standings(office).listed == 0


def visit_of(office, village):
    return next(one.visit for one in overview(office).zero if one.village == village)


def test_a_planned_visit_is_in_the_overview_until_it_is_cancelled(filled):
    browser = signed_in(filled, "coordinator")
    zero = next(one for one in overview(filled).zero if one.visit is None).village
    shown = f"{zero.name} ({zero.district_name})"
    day = (NOW + timedelta(days=5)).date()
    form = {"village": shown, "day": day.strftime("%d-%m-%Y"), "device": "a02", "place": "Balai"}
    assert browser.post("/lists/visits", form).status_code == 303
    assert visit_of(filled, zero).day == day
    assert f"{zero.name} {zero.district_name}" in words_of(browser.get("/lists/visits"))
    cancel = {"village": zero.code, "day": day.isoformat()}
    assert browser.post("/lists/visits/cancel", cancel).status_code == 303
    assert visit_of(filled, zero) is None


@pytest.mark.parametrize("change", [
    {"village": "Atlantis"}, {"day": "31-02-2027"}, {"day": "01-01-2026"}, {"device": "Z99"},
])  # fmt: skip
def test_a_visit_that_cannot_be_is_refused_and_what_was_typed_stays(filled, change):
    browser = signed_in(filled, "coordinator")
    form = {"village": VILLAGE, "day": "01-12-2026", "device": "A02", "place": "Balai"} | change
    page = browser.post("/lists/visits", form)
    assert page.status_code == 422
    for value in form.values():
        assert value in unescape(page.text)


def test_somebody_of_one_kecamatan_plans_there_alone(filled):
    browser = signed_in(filled, "coordinator", login="setu", districts=["321608"])
    form = {"village": VILLAGE, "day": "01-12-2026"}
    assert browser.post("/lists/visits", form).status_code == 422
    page = send_file(browser, "/lists/seats", "kursi.csv", b"kode_desa;kursi\n")
    assert "koordinator kabupaten" in words_of(page)


def test_the_last_day_is_set_for_the_whole_regency_by_who_has_all_of_it(filled):
    form = 'action="/lists/last-day"'
    whole = signed_in(filled, "coordinator")
    part = signed_in(filled, "coordinator", login="setu", districts=["321608"])
    assert whole.post("/lists/last-day", {"day": "08-12-2026"}).status_code == 303
    assert form in whole.get("/lists/visits").text
    assert part.post("/lists/last-day", {"day": "31-12-2026"}).status_code == 403
    page = part.get("/lists/visits")
    assert "08-12-2026" in words_of(page)
    assert form not in page.text


def test_the_last_day_says_how_many_a_day_are_needed(filled):
    browser = signed_in(filled, "coordinator")
    assert browser.post("/lists/last-day", {"day": "besok"}).status_code == 422
    assert browser.post("/lists/last-day", {"day": "08-12-2026"}).status_code == 303
    missing = overview(filled).missing
    needed = -(-missing // 10)
    assert f"perlu {needed}" in words_of(browser.get("/"))
    browser.post("/lists/last-day", {"day": ""})
    assert "perlu " + str(needed) not in words_of(browser.get("/"))


def test_papers_say_which_visits_have_no_signed_minutes(filled):
    before = village_papers(filled).rows
    visits = sum(one.visits for one in before)
    assert sum(one.unsigned for one in before) == visits > 0
    with filled.database.writing() as connection:
        visit = connection.execute(select(VISIT_ROWS.c.visit)).scalars().first()
        row = {
            "visit": visit, "sha256": "", "media_type": "application/pdf", "signed_on": "",
            "account": "", "at": "", "content": b"%PDF-",
        }  # fmt: skip
        connection.execute(MINUTES_ROWS.insert().values(row))
    assert sum(one.unsigned for one in village_papers(filled).rows) == visits - 1
    assert village_papers(filled, first=3, most=5).unsigned == visits - 1
    said = words_of(signed_in(filled, "coordinator").get("/lists/papers"))
    assert "kunjungan belum punya berita acara yang ditandatangani" in said
