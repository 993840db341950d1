"""After a restore the two steps are done on the page of lists, and only then may a list leave."""

import csv
import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import product

import openpyxl
import pytest

from enumerator_app.domain.errors import FileUnreadable
from sync.server.batches.columns import export_rows
from sync.server.batches.keeping import list_batches
from sync.server.deciding import approve
from sync.server.people.reading_audit import Wanted, read_deeds
from sync.server.standing import standing
from tests.browsing import seen_by
from tests.server.laptops import nik
from tests.server.offices import serving
from tests.server.people import HERE, signed_in
from tests.server.test_lists_after_restore import put_back, sent  # noqa: F401 - a fixture


def seen(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def upload(browser, path, **more):
    files = {"file": (path.name, path.read_bytes())}
    return browser.client.post(
        "/batches/recover", data={"csrf": browser.csrf, **more}, files=files,
        headers={"Origin": HERE}, follow_redirects=False,
    )  # fmt: skip


@pytest.fixture
def elsewhere(sent, tmp_path):  # noqa: F811 - the fixture
    """The office on another machine, from a copy older than its list; the laptop was heard."""
    office, laptop, made = sent
    again = put_back(office, laptop, tmp_path / "copy", tmp_path / "other")
    approve(again, officer="Ratna")
    yield again, made
    again.close()


def test_a_list_that_was_cut_off_is_damaged_and_lacks_no_column(tmp_path):
    path = tmp_path / "BPJS-1.csv"
    path.write_text('number,nik,monthly_income,programmes\n3216-A01-00001-K7QC,"321', "utf-8")
    with pytest.raises(FileUnreadable):
        list(export_rows(path))


def test_lists_are_read_back_and_the_last_one_is_named(elsewhere, tmp_path):
    office, made = elsewhere
    browser = signed_in(office, "coordinator")
    page = seen(browser.get("/batches"))
    assert "Kantor dipulihkan dari cadangan pada" in page
    assert "Semua laptop yang aktif sudah terdengar." in page
    code = browser.code
    early = browser.post("/batches/settle", {"last": made.id, "code": code})
    assert "Pilih kiriman terakhir dari daftarnya." in seen(early, 422)  # not known yet
    done = upload(browser, tmp_path / "sent.xlsx")
    assert done.headers["location"] == f"/batches/{made.id}"
    one = seen(browser.get(done.headers["location"]))
    assert "Kiriman ini dibaca kembali dari berkasnya" in one
    assert "Kembali ke Kiriman dan sebutkan yang terakhir" in one
    assert "belum dikenal" not in one
    wrong = browser.post("/batches/settle", {"last": made.id, "code": "000000"})
    assert "Belum ada yang berubah." in seen(wrong, 422)
    code = browser.code
    assert browser.post("/batches/settle", {"last": made.id, "code": code}).status_code == 303
    assert "Sesudah pemulihan" not in seen(browser.get("/batches"))
    assert standing(office)["by_state"] == {"submitted": 3}
    office.clock = lambda: datetime.now(UTC) + timedelta(minutes=2)  # each code counts once
    left = browser.post("/batches/export", {"code": browser.code})
    assert "Belum ada yang siap dikirim" in seen(left, 422)  # nobody is left to send
    assert [one.id for one in list_batches(office)] == [made.id]
    _, deeds = read_deeds(office, Wanted(account=browser.account), page=1, size=9)
    assert {"list_recovered", "lists_settled"} <= {one.deed for one in deeds}


def test_a_table_without_a_name_is_told_its_name_and_no_other_is_taken(elsewhere, tmp_path):
    office, made = elsewhere
    browser = signed_in(office, "coordinator")
    rows = openpyxl.load_workbook(tmp_path / "sent.xlsx").active.iter_rows(values_only=True)
    with (tmp_path / "sent.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    for name in ("../../x", "BPJS-/../x", "BPJS-" + "A" * 60):
        assert upload(browser, tmp_path / "sent.csv", name=name).status_code == 422
    assert list_batches(office) == []
    done = upload(browser, tmp_path / "sent.csv", name=made.id)
    assert done.headers["location"] == f"/batches/{made.id}"
    assert list_batches(office)[0].rows == 3


def test_a_file_that_is_no_list_changes_nothing(elsewhere, tmp_path):
    office, _ = elsewhere
    browser = signed_in(office, "coordinator")
    (tmp_path / "x.xlsx").write_bytes(b"PK no table")
    assert upload(browser, tmp_path / "x.xlsx").status_code == 422
    shutil.copy(tmp_path / "x.xlsx", tmp_path / "x.pdf")
    assert "XLSX atau CSV" in seen(upload(browser, tmp_path / "x.pdf"), 422)
    assert list_batches(office) == []
    scoped = signed_in(office, "coordinator", login="kec", districts=["321601"])
    assert upload(scoped, tmp_path / "sent.xlsx").status_code == 403
    assert signed_in(office, "verifier").post("/batches/settle").status_code == 403


def test_who_is_still_on_a_laptop_is_counted(sent, tmp_path):  # noqa: F811 - the fixture
    office, laptop, _ = sent
    late = laptop.register(nik=nik(9))
    with serving(office) as place:
        laptop.place = place
        laptop.push([late])
    approve(office, officer="Ratna")
    from_now = signed_in(office, "coordinator")
    file = from_now.get(
        from_now.post("/batches/export", {"code": from_now.code}).headers["location"] + "/file"
    ).content
    (tmp_path / "late.xlsx").write_bytes(file)
    laptop.journal.remove(late)
    again = put_back(office, laptop, tmp_path / "copy", tmp_path / "other")
    browser = signed_in(again, "coordinator")
    page = seen(browser.get(upload(browser, tmp_path / "late.xlsx").headers["location"]))
    assert "1 orang di kiriman ini belum dikenal kantor" in page
    again.close()


def test_a_browser_shows_the_steps_without_a_sideways_scroll(elsewhere):
    office, _ = elsewhere
    with seen_by(office, "coordinator", "en") as found, found.page(1366) as page:
        for path, width in product(("/batches", "/lists"), (320, 683, 1366)):
            page.set_viewport_size({"width": width, "height": 900})
            found.go(page, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            files = page.locator("main input[type=file]").all()
            assert min(one.bounding_box()["width"] for one in files) >= 240, (path, width)
            assert "web." not in page.locator("body").inner_text()
        assert found.said == []
