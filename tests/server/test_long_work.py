"""Long work runs beside the pages: it says how far it is, may be left, and survives a restart."""

import io
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import openpyxl
import pytest
from sqlalchemy import select, update

from sync.server.batches.keeping import list_batches
from sync.server.deciding import approve
from sync.server.errors import SheetUnreadable
from sync.server.long_work import running
from sync.server.long_work.counting import counted, expect
from sync.server.long_work.running import begin, standing_of, unfinished
from sync.server.long_work.tables import LONG_WORK_ROWS
from sync.server.office import Office, open_office
from sync.server.standing import standing
from sync.server.web import batches, long_work
from tests.browsing import seen_by
from tests.server.laptops import Laptop, nik
from tests.server.people import HERE, signed_in


def seen(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def ended(name: str) -> None:
    """Wait until the thread that does long work has ended."""
    for thread in threading.enumerate():
        if thread.name == "long work":
            thread.join(60)
            assert not thread.is_alive(), name


@pytest.fixture
def held(sqlite_office: Office):
    """Work that stands in the middle, after two of five, until it is let go."""
    reached, go_on = threading.Event(), threading.Event()

    def work() -> str:
        for n in counted(range(5)):
            if n == 2:
                reached.set()
                assert go_on.wait(60)
        return "/batches"

    yield sqlite_office, work, reached, go_on
    go_on.set()
    ended("held")


def test_everything_between_the_look_and_the_reply_goes_on_beside_the_pages(
    sqlite_office: Office, laptop_on: Callable[[Office], Laptop], monkeypatch
):
    monkeypatch.setattr(long_work, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(batches, "_MOST_BYTES_AT_ONCE", 0)
    office, laptop = sqlite_office, laptop_on(sqlite_office)
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    browser = signed_in(office, "coordinator")

    def through(answer) -> str:
        address = answer.headers["location"]
        assert address.startswith("/work/")
        ended(address)
        return browser.get(address).headers["location"]

    month = {"month": "2027-02"}
    assert through(browser.post("/batches/check", month)) == "/batches"
    assert "3 orang siap dikirim" in seen(browser.get("/batches"))
    made = through(browser.post("/batches/export", month | {"code": browser.code}))
    (batch,) = list_batches(office)
    assert (made, batch.rows) == (f"/batches/{batch.id}", 3)
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{made}/file").content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    book = openpyxl.Workbook()
    book.active.append(("number", "nik", "status", "kpj"))
    for n, row in enumerate(rows):
        cells = (row[header.index("number")], row[header.index("nik")], "accepted", f"{n:011d}")
        book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    sent = browser.client.post(
        "/batches/reply", data={"csrf": browser.csrf}, headers={"Origin": HERE},
        files={"file": ("balasan.xlsx", content.getvalue())}, follow_redirects=False,
    )  # fmt: skip
    assert through(sent).startswith("/batches/replies/")
    assert standing(office)["by_state"] == {"enrolled": 3}
    with office.database.reading() as connection:
        rows = connection.execute(select(LONG_WORK_ROWS)).all()
    assert [(row.state, row.done >= row.total > 0) for row in rows] == [("done", True)] * 3


def test_how_far_it_is_stands_on_its_page_and_the_lists_show_the_way_back(held, monkeypatch):
    office, work, reached, _ = held
    monkeypatch.setattr(running, "BEAT_S", 0.01)
    browser = signed_in(office, "coordinator")
    name, is_begun = begin(office, "check", browser.account, 5, work)
    assert is_begun
    assert reached.wait(60)
    noted = threading.Event()
    while standing_of(office, name).done < 3:
        noted.wait(0.01)
    answer = browser.get(f"/work/{name}")
    page = seen(answer)
    assert answer.headers["refresh"] == "3"
    assert "Memeriksa siapa yang siap dikirim" in page
    assert "3 dari 5 (60 %)" in page.replace("\u00a0", " ")
    assert f"/work/{name}" in browser.get("/batches").text
    second, is_second = begin(office, "check", browser.account, 5, lambda: "/never")
    assert (second, is_second) == (name, False)
    other = seen(browser.get(f"/work/{name}?other=1"))
    assert "Ini belum dimulai" in other
    assert signed_in(office, "verifier").get(f"/work/{name}").status_code == 403
    scoped = signed_in(office, "coordinator", login="kec", districts=["321601"])
    assert scoped.get(f"/work/{name}").status_code == 404


def test_another_process_sees_it_run_and_begins_nothing_beside_it(held):
    office, work, reached, _ = held
    name, _ = begin(office, "check", "", 5, work)
    assert reached.wait(60)
    other = open_office(office.home, None)
    assert [one.id for one in unfinished(other, ())] == [name]
    assert begin(other, "export", "", 5, lambda: "/never") == (name, False)
    other.close()


def test_work_that_a_restart_cut_off_says_so_and_may_be_begun_again(sqlite_office: Office):
    office = sqlite_office
    browser = signed_in(office, "coordinator")
    name, _ = begin(office, "export", browser.account, 5, lambda: "/batches")
    ended(name)
    with office.database.writing() as connection:  # as a killed process leaves it
        left = office.clock() - timedelta(seconds=21)
        values = {"state": "running", "beat_at": left.isoformat().replace("+00:00", "Z")}
        connection.execute(update(LONG_WORK_ROWS).values(values))
    page = seen(browser.get(f"/work/{name}"))
    assert "Pembuatan kiriman terputus" in page
    assert "Mulai lagi dari halaman Kiriman." in page
    assert "refresh" not in browser.get(f"/work/{name}").headers
    # Who left the page finds it again: on the page where it is begun, and on no other.
    listed = browser.get("/batches")
    assert "Pembuatan kiriman terputus" in seen(listed)
    assert f"/work/{name}" in listed.text
    assert f"/work/{name}" not in browser.get("/updates").text
    again, is_begun = begin(office, "export", browser.account, 5, lambda: "/batches")
    assert is_begun
    ended(again)
    assert "/work/" not in browser.get("/batches").text


def test_what_went_wrong_is_said_and_a_bug_has_a_number(sqlite_office: Office):
    office = sqlite_office
    browser = signed_in(office, "coordinator")

    def refused() -> str:
        expect(7)
        raise SheetUnreadable(name="balasan.xlsx", columns="status")

    name, _ = begin(office, "reply", browser.account, 0, refused)
    ended(name)
    told = seen(browser.get(f"/work/{name}"), 422)
    assert "tidak punya kolom status" in told
    assert (
        "balasan.xlsx" not in told
    )  # where the server put it is no name that a page's reader knows
    assert standing_of(office, name).total == 7

    def broken() -> str:
        return str({}["SITI"])

    name, _ = begin(office, "reply", browser.account, 0, broken)
    ended(name)
    page = seen(browser.get(f"/work/{name}"), 422)
    assert standing_of(office, name).problem["number"] in page
    assert "SITI" not in page
    assert "Balasan tidak terbaca" in seen(browser.get("/batches"))


def test_a_browser_follows_it_to_its_end_by_itself(held):
    office, work, reached, go_on = held
    office.clock = lambda: datetime.now(UTC)
    name, _ = begin(office, "check", "", 5, work)
    assert reached.wait(60)
    with seen_by(office, "coordinator", "en") as found, found.page(1366) as page:
        found.go(page, f"/work/{name}")
        assert "web." not in page.locator("body").inner_text()
        for width in (320, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        go_on.set()
        page.wait_for_url("**/batches")
        assert found.said == []
