"""A list for the insurer takes a code, and for many people somebody else who agrees."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pypdfium2
import pytest
from sqlalchemy import select

from sync.server.batches import branches
from sync.server.batches.keeping import list_batches
from sync.server.deciding import approve
from sync.server.office import Office
from sync.server.people import agreed_lists, mass_exports
from sync.server.people.agreed_lists import ListFor
from sync.server.people.tables import PAIR_ROWS
from sync.server.standing import standing
from tests.browsing import seen_by
from tests.server.laptops import Laptop, nik
from tests.server.people import signed_in
from tests.server.test_months_paid import covered  # noqa: F401 - a fixture


def seen(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def ready(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], monkeypatch):
    """Three people are ready, and more than two need a second person."""
    laptop = laptop_on(sqlite_office)
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    approve(sqlite_office, officer="Ratna")
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 2)
    return sqlite_office, laptop


def later(office: Office, minutes: int) -> None:
    """Let the clock go on: each code counts once."""
    office.clock = lambda: datetime.now(UTC) + timedelta(minutes=minutes)


def asked(office: Office) -> str:
    with office.database.reading() as connection:
        query = select(PAIR_ROWS.c.id).where(PAIR_ROWS.c.state == "open")
        return connection.execute(query).scalar_one()


def check(browser, office) -> str:
    browser.post("/batches/check", {"month": "2027-02"})
    return re.search(r'name="filter" value="([^"]+)"', browser.get("/batches").text)[1].replace(
        "&amp;", "&"
    )


def agree(office, browser, second, filtered: str) -> None:
    browser.post("/exports", {"table": "batches", "filter": filtered})
    second.post(f"/pairs/{asked(office)}/yes", {"code": second.code})


def test_many_people_go_out_after_a_second_person_agreed_and_only_once(ready):
    office, laptop = ready
    first = signed_in(office, "coordinator", login="satu")
    second = signed_in(office, "coordinator", login="dua")
    filtered = check(first, office)
    early = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert "perlu orang kedua" in seen(early, 422)
    first.post("/exports", {"table": "batches", "filter": filtered})
    assert "Menunggu orang kedua sejak" in seen(first.get("/batches"))
    told = seen(second.get("/pairs"))
    assert "Februari 2027, paling banyak 3 orang" in told
    assert "month=" not in told
    second.post(f"/pairs/{asked(office)}/yes", {"code": second.code})
    assert "Orang kedua setuju." in seen(first.get("/batches"))
    other = second.post("/batches/export", {"month": "2027-02", "code": second.code})
    assert other.status_code == 422  # it counts for who asked
    later(office, 2)
    made = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert made.status_code == 303
    address = made.headers["location"]
    assert first.get(f"{address}/file").status_code == 200
    assert second.get(f"{address}/file").status_code == 403
    for n in range(3, 6):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    check(first, office)
    later(office, 4)
    again = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert "perlu orang kedua" in seen(again, 422)
    assert [one.rows for one in list_batches(office)] == [3]


def test_without_the_rule_they_would_go_out_alone(ready, monkeypatch):
    """The control."""
    office, _ = ready
    first = signed_in(office, "coordinator")
    check(first, office)
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 1_000_000)
    made = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert made.status_code == 303


def test_more_people_than_were_agreed_to_do_not_go_out(ready):
    office, laptop = ready
    first = signed_in(office, "coordinator", login="satu")
    second = signed_in(office, "coordinator", login="dua")
    agree(office, first, second, check(first, office))
    laptop.register(nik=nik(4))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    later(office, 2)
    refused = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert "Sekarang 4 orang siap, lebih dari 3" in seen(refused, 422)
    assert list_batches(office) == []
    assert standing(office)["by_state"] == {"verified": 4}


def test_what_was_agreed_to_is_over_after_a_day(ready):
    office, _ = ready
    first = signed_in(office, "coordinator", login="satu")
    second = signed_in(office, "coordinator", login="dua")
    agree(office, first, second, check(first, office))
    assert agreed_lists.most_people(office, _visitor(first), ListFor("2027-02")) == 3
    assert agreed_lists.most_people(office, _visitor(first), ListFor("2027-03")) == 2
    later(office, 25 * 60)
    assert agreed_lists.most_people(office, _visitor(first), ListFor("2027-02")) == 2


def _visitor(browser):
    class Asking:
        account = browser.account
        districts = None

    return Asking()


@pytest.mark.parametrize("code", ["", "000000"])
def test_few_people_go_out_by_one_person_with_the_right_code_alone(ready, monkeypatch, code):
    office, _ = ready
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 3)
    browser = signed_in(office, "coordinator")
    browser.post("/batches/check", {"month": "2027-02"})
    refused = browser.post("/batches/export", {"month": "2027-02", "code": code})
    assert "Belum ada yang berubah." in seen(refused, 422)
    assert list_batches(office) == []
    done = browser.post("/batches/export", {"month": "2027-02", "code": browser.code})
    assert done.status_code == 303


def test_files_that_name_many_need_a_second_person_too(covered, monkeypatch):  # noqa: F811 - the fixture
    office, _, _ = covered
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 1)
    first = signed_in(office, "coordinator", login="satu")
    second = signed_in(office, "coordinator", login="dua")
    stopped = "/updates/stop/list.xlsx?after=2027-02&area="
    for path in ("/updates/2027-01.xlsx", "/updates/2027-01.pdf", stopped):
        answer = first.get(path)
        assert answer.status_code == 403
        assert "ORANG 1" not in answer.text
    assert first.get("/updates/stop/list.xlsx?after=2027-02&area=3216012002").status_code == 200
    form = {"table": "stop", "filter": "after=2027-02&area="}
    first.post("/exports", form)
    assert "sesudah Februari 2027" in seen(second.get("/pairs"))
    second.post(f"/pairs/{asked(office)}/yes", {"code": second.code})
    assert first.get(stopped).status_code == 200


def test_a_browser_shows_the_gate_and_its_key(ready):
    office, _ = ready
    check(signed_in(office, "coordinator"), office)
    with seen_by(office, "coordinator", "en") as found, found.page(1366) as page:
        found.go(page, "/batches")
        assert "web." not in page.locator("body").inner_text()
        for width in (320, 683, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("e")
        page.wait_for_url("**/pairs?done=asked")
        assert found.said == []


def test_each_branch_has_a_page_and_everybody_stands_in_exactly_one(ready, monkeypatch):
    office, laptop = ready  # three people of 321601
    for n in range(3, 5):
        laptop.register(nik=nik(n + 1), village_code="3216062002")
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    monkeypatch.setattr(branches, "_by_district", lambda: {"321606": "BPJS Tambun"})
    first = signed_in(office, "coordinator", login="satu")
    here, there = "/batches", "/batches?branch=BPJS+Tambun"
    for address, n in ((here, 3), (there, 2)):
        page = first.get(address)
        assert there in unescape(page.text)
        assert ": 3 orang" in seen(page)
        assert "BPJS Tambun: 2 orang" in seen(page)
        branch = {"branch": "BPJS Tambun"} if address == there else {}
        done = first.post("/batches/check", {"month": "2027-02", **branch})
        assert done.headers["location"] == address
        assert f"{n} orang siap dikirim" in seen(first.get(address))
        assert f"{n} + 0 = {n}. Semua di cabang ini" in seen(first.get(address))
    wanted = ListFor("2027-02", "BPJS Tambun")
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 1)
    first.post("/exports", {"table": "batches", "filter": wanted.filter(2)})
    second = signed_in(office, "coordinator", login="dua")
    assert "cabang BPJS Tambun" in seen(second.get("/pairs"))
    second.post(f"/pairs/{asked(office)}/yes", {"code": second.code})
    other = first.post("/batches/export", {"month": "2027-02", "code": first.code})
    assert "perlu orang kedua" in seen(other, 422)  # they agreed to the other branch alone
    form = {"month": "2027-02", "branch": "BPJS Tambun", "code": first.code}
    made = first.post("/batches/export", form)
    assert [(one.branch, one.rows) for one in list_batches(office)] == [("BPJS Tambun", 2)]
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 9)
    letter = first.get(f"{made.headers['location']}/letter").content
    with pypdfium2.PdfDocument(letter) as pdf:
        assert "BPJS Tambun" in pdf[0].get_textpage().get_text_range()
    assert "BPJS Tambun" in seen(first.get(here))  # in the list of lists
    assert first.get("/batches?branch=elsewhere").status_code == 404
    wrong = first.post("/batches/reply", {"branch": "BPJS Tambun"})
    assert wrong.status_code == 422
    assert 'name="branch" value="BPJS Tambun"' in wrong.text


def test_without_branches_there_is_no_choice(ready):
    office, _ = ready
    assert "branch=" not in signed_in(office, "coordinator").get("/batches").text
