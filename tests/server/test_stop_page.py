"""The page of payment that stops: looked at first, done with a code, and what can be taken back."""

import io
import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from enumerator_app.domain.canonical import canonical_bytes
from sync.server.covering.paying import list_payments
from sync.server.covering.stopping import count_losing, stop_payment
from sync.server.deciding import find_by_number
from sync.server.tables import ENTRY_ROWS, SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.benchmarks.seeded_office import World, fill
from tests.browsing import seen_by
from tests.server.people import signed_in
from tests.server.test_months_paid import LEAST, covered, ends  # noqa: F401 - a fixture


def seen(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_looking_changes_nothing_and_says_who_where_when_and_for_how_much(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    before = ends(office, numbers)
    browser = signed_in(office, "coordinator")
    page = seen(browser.get("/updates/stop?after=2027-02"))
    assert "4 orang kehilangan jaminan sesudah 28-02-2027, seluruh kabupaten" in page
    assert f"Rp{LEAST:,}".replace(",", ".") in page
    assert "31-05-2027" in page  # three months after the last paid one
    one_village = seen(browser.get("/updates/stop?after=2027-02&area=3216012002"))
    assert "1 orang kehilangan jaminan sesudah 28-02-2027" in one_village
    table = browser.get("/updates/stop/list.xlsx?after=2027-02&area=3216012002").content
    assert openpyxl.load_workbook(io.BytesIO(table)).active.max_row == 2
    paper = browser.get("/updates/stop/notices.pdf?after=2027-02&area=").content
    assert len(pypdfium2.PdfDocument(paper)) == 2  # two villages
    assert ends(office, numbers) == before


def test_payment_stops_with_the_right_code_alone_and_a_paid_month_brings_cover_back(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    browser = signed_in(office, "coordinator")
    before = ends(office, numbers)
    form = {"after": "2027-02", "area": "", "seen": "4"}
    wrong = browser.post("/updates/stop", {**form, "code": "000000"})
    assert "Belum ada yang berubah." in seen(wrong, 422)
    changed = browser.post("/updates/stop", {**form, "seen": "3", "code": browser.code})
    assert "Daftarnya berubah" in seen(changed, 422)
    assert ends(office, numbers) == before
    done = browser.post("/updates/stop", {**form, "code": browser.code})
    page = seen(browser.get(done.headers["location"]))
    assert "Dicatat: pembayaran berhenti." in page
    assert "Tidak ada yang perlu diakhiri." in page
    assert ends(office, numbers) == ["2027-02-28"] * 4
    told = seen(browser.get(f"/service/{find_by_number(office, numbers[0]).id}"))
    assert "Tanggal jaminan berubah: dijamin 01-01-2027 s.d. 28-02-2027." in told
    assert "Alasan: -" not in told
    office.clock = lambda: datetime(2027, 3, 5, tzinfo=UTC)
    browser = signed_in(office, "coordinator")
    assert browser.post("/updates/paid", {"month": "2027-03"}).status_code == 422
    assert ends(office, numbers) == ["2027-02-28"] * 4
    browser.post("/updates/count", {"month": "2027-03"})
    page = browser.get("/updates?month=2027-03")
    assert "Pembayaran 4 orang berhenti; mereka tidak ikut dibayar." in seen(page)
    assert 'name="with_stopped"' in page.text
    browser.post("/updates/paid", {"month": "2027-03", "with_stopped": "1"})
    assert ends(office, numbers) == ["2027-03-31"] * 4
    assert "sudah dicatat dibayar untuk semua" in seen(browser.get("/updates?month=2027-03"))
    assert verify_office(office) == []


def test_a_payment_is_taken_back_within_a_day_and_not_later(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    browser = signed_in(office, "coordinator")
    browser.post("/updates/paid", {"month": "2027-01"})
    (payment,) = list_payments(office)
    done = browser.post("/updates/undo", {"month": "2027-01", "payment": payment["id"]})
    page = seen(browser.get(done.headers["location"]))
    assert "Catatan iuran Januari 2027 dibatalkan." in page
    assert "Belum ada iuran yang dicatat." in page
    browser.post("/updates/paid", {"month": "2027-01"})
    (payment,) = list_payments(office)
    noted = office.clock()
    office.clock = lambda: noted + timedelta(days=1, minutes=1)
    late = signed_in(office, "coordinator")
    assert "lewat sehari" in seen(late.get("/updates?month=2027-01"))
    sent = {"month": "2027-01", "payment": payment["id"]}
    assert late.post("/updates/undo", sent).status_code == 422
    assert list_payments(office) == [payment]


def test_the_letter_of_an_update_comes_from_its_page(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    browser = signed_in(office, "coordinator")
    browser.post("/updates/count", {"month": "2027-01"})
    assert "/updates/2027-01.pdf" in browser.get("/updates?month=2027-01").text
    paper = pypdfium2.PdfDocument(browser.get("/updates/2027-01.pdf").content)
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "Januari 2027" in text


@pytest.mark.parametrize("role", ["verifier", "service_desk", "auditor", "administrator"])
def test_nobody_else_stops_payment(sqlite_office, role):
    browser = signed_in(sqlite_office, role)
    for path in ("", "/list.xlsx", "/notices.pdf"):
        assert browser.get(f"/updates/stop{path}").status_code == 403
    assert browser.post("/updates/stop").status_code == 403
    assert browser.post("/updates/undo").status_code == 403


def test_a_place_or_month_that_is_none_is_said_so(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    assert browser.get("/updates/stop?after=2027-13").status_code == 422
    assert browser.get("/updates/stop?area=3216'--").status_code == 422
    page = seen(browser.get("/updates/stop"))
    assert "Tidak ada orang yang dijamin" in page
    scoped = signed_in(sqlite_office, "coordinator", login="kec", districts=["321601"])
    assert scoped.get("/updates/stop").status_code == 403
    assert scoped.get("/updates/stop/list.xlsx").status_code == 404


def test_a_browser_shows_it_without_a_sideways_scroll_and_with_its_key(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    office.clock = lambda: datetime.now(UTC)
    with seen_by(office, "coordinator", "en") as found, found.page(1366) as page:
        found.go(page, "/updates")
        page.keyboard.press("b")
        page.wait_for_url("**/updates/stop")
        found.go(page, "/updates/stop?after=2027-02")
        for width in (320, 683, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert "web." not in page.locator("body").inner_text()
        assert found.said == []


AREAS = ("", "321613", "321601", "3216132001")
AFTER = st.dates(date(2026, 6, 1), date(2027, 12, 1)).map(lambda day: day.replace(day=1))
BORN = (None, "", "1961-02-28", "1961-03-01", "1962-03-01", "1964-02-29", "1996-02-29")


def test_the_counts_of_the_page_are_those_of_the_people_that_are_read(office):
    fill(office, World(people=200, target=200, now=datetime(2026, 11, 28, tzinfo=UTC), devices=3))
    dice = random.Random(5)
    with office.database.writing() as connection:
        bodies = select(ENTRY_ROWS.c.subject, ENTRY_ROWS.c.hash, ENTRY_ROWS.c.body)
        for subject, entry, body in connection.execute(bodies).all():
            born = dice.choice(BORN)
            said = canonical_bytes({**json.loads(body), "birth_date": born})
            starts = dice.choice([None, "2026-07-01", "2026-12-01", "2027-01-01"])
            ends_on = dice.choice([None, "2026-08-31", "2026-12-31", "2027-02-28"])
            is_one = SUBJECT_ROWS.c.id == subject
            change = (
                update(SUBJECT_ROWS)
                .where(is_one)
                .values(birth_date=born, cover_from=starts, cover_to=ends_on)
            )
            connection.execute(change)
            is_body = ENTRY_ROWS.c.hash == entry
            connection.execute(update(ENTRY_ROWS).where(is_body).values(body=said))
    seen = set()

    @settings(max_examples=20, deadline=None)
    @given(after=AFTER, area=st.sampled_from(AREAS))
    def check(after, area):
        found = count_losing(office, after, area)
        read = stop_payment(office, after, area, officer="", only_look=True)
        assert (found.last, found.by_village) == (read.last, read.by_village)
        assert found.later == sum(one.cover_to > read.last for one in read.people)
        assert found.people == len(read.people)
        assert found.starting == len(read.starting)
        seen.add((found.people > 0, found.later > 0))

    check()
    assert (True, True) in seen
    assert len(seen) > 1
