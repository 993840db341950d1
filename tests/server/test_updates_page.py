"""The page of the monthly update: counted, shown with sums that add up, and noted as paid."""

import io
import re
from datetime import date
from html import unescape

import openpyxl
import pytest

from sync.server.batches.checking import check_people
from sync.server.covering.ending import end_cover
from sync.server.covering.paying import list_payments
from tests.server.people import signed_in
from tests.server.test_months_paid import LEAST, MORE, covered  # noqa: F401 - a fixture


def seen(answer) -> str:
    assert answer.status_code == 200, answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")


def test_a_month_is_counted_paid_and_its_successor_says_who_left(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    browser = signed_in(office, "coordinator")
    assert "Hitung dulu Januari 2027" in seen(browser.get("/updates?month=2027-01"))
    browser.post("/updates/count", {"month": "2027-01"})
    page = seen(browser.get("/updates?month=2027-01"))
    total = 3 * LEAST + MORE
    assert f"Januari 2027: 4 orang, {rupiah(total)}" in page
    assert f"Rp0 − Rp0 + {rupiah(total)} + Rp0 = {rupiah(total)}." in page  # noqa: RUF001 - as shown
    done = browser.post("/updates/paid", {"month": "2027-01"})
    assert "Januari 2027 sudah dicatat dibayar untuk semua." in seen(
        browser.get(done.headers["location"])
    )
    assert browser.post("/updates/paid", {"month": "2027-01"}).status_code == 422
    end_cover(office, numbers[1], "formal_work", date(2027, 1, 20), officer="Ratna")
    browser.post("/updates/count", {"month": "2027-02"})
    page = seen(browser.get("/updates?month=2027-02"))
    assert f"{rupiah(total)} − {rupiah(MORE)} + Rp0 + Rp0 = {rupiah(3 * LEAST)}." in page  # noqa: RUF001 - as shown
    assert "1 orang keluar" in page
    assert "Bekerja di perusahaan" in page
    browser.post("/updates/count", {"month": "2027-03"})
    page = seen(browser.get("/updates?month=2027-03"))
    assert "Dibandingkan dengan Januari 2027" in page
    assert "Belum dicatat dibayar: Februari 2027." in page
    assert "Maret 2027 belum mulai. Belum dicatat dibayar: Februari 2027." in page
    for code in ("", "000000"):
        refused = browser.post("/updates/paid", {"month": "2027-03", "code": code})
        assert refused.status_code == 422
        assert "Iurannya belum dicatat." in refused.text
    assert [one["month"] for one in list_payments(office)] == ["2027-01"]
    done = browser.post("/updates/paid", {"month": "2027-03", "code": browser.code})
    assert done.headers["location"].endswith("month=2027-03&done=paid")
    (march, _) = list_payments(office)
    taken = browser.post("/updates/undo", {"month": "2027-03", "payment": march["id"]})
    assert "kembali ke akhir semula" in seen(browser.get(taken.headers["location"]))
    table = browser.get("/updates/2027-02.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(table)).active.max_row == 3  # one left, one is soon 65


@pytest.mark.parametrize("role", ["verifier", "service_desk", "auditor", "administrator"])
def test_only_who_hands_over_sees_it(sqlite_office, role):
    browser = signed_in(sqlite_office, role)
    for path in ("/updates", "/updates/2027-01.xlsx"):
        assert browser.get(path).status_code == 403
    for path in ("/updates/count", "/updates/paid"):
        assert browser.post(path).status_code == 403


def test_a_month_that_is_none_is_said_so(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    for month in ("2027-13", "9999-12", "0001-01"):
        for page in (f"?month={month}", f"/{month}.csv", f"/stop?after={month}"):
            assert browser.get(f"/updates{page}").status_code == 422, page
        assert browser.post("/batches/check", {"month": month}).status_code == 422
    for month in ("2020-01", "2099-12"):
        for page in (f"?month={month}", f"/{month}.csv", f"/stop?after={month}"):
            assert browser.get(f"/updates{page}").status_code < 400, page
        assert browser.post("/batches/check", {"month": month}).status_code == 303
        assert browser.get("/batches").status_code == 200
    check_people(sqlite_office, "", date(1, 1, 1))  # what an earlier version kept
    assert "Belum diperiksa" in seen(browser.get("/batches"))
    scoped = signed_in(sqlite_office, "coordinator", login="kec", districts=["321601"])
    assert scoped.get("/updates").status_code == 403
