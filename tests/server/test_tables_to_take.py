"""Every table of the pages is there to take away as XLSX and as CSV, the same in both."""

import csv
import io
import re
from pathlib import Path

import openpyxl

from sync.server.batches.keeping import list_batches
from sync.server.covering.paying import record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.plans.keeping import PlannedVisit, plan_visit
from tests.server.people import signed_in
from tests.server.test_months_paid import FEBRUARY, JANUARY, covered  # noqa: F401 - a fixture

PAGES = Path(__file__).resolve().parents[2] / "resources" / "web"
# One record's own content, read on its page: two records side by side, and a person's family; and
# what was read from drives, which is no record: it goes after a day.
NO_LISTS = {"decide_case.html", "decide_step.html", "drive.html", "drives.html", "person.html"}


def test_no_page_shows_a_table_that_nobody_can_take_away():
    without = {
        path.name
        for path in PAGES.glob("*.html")
        if "{% call table(" in (page := path.read_text(encoding="utf-8"))
        and not re.search(r"files\(|download\(one\.address", page)
    }
    assert without == NO_LISTS


def rows_of(browser, address: str) -> list[list[str]]:
    """The rows of a table, which are the same in both kinds."""
    sheet = browser.get(address.replace("{kind}", "xlsx"))
    plain = browser.get(address.replace("{kind}", "csv"))
    assert (sheet.status_code, plain.status_code) == (200, 200), address
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    found = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert all(cell.data_type in ("s", "n") for row in book.active.iter_rows() for cell in row)
    read = csv.reader(io.StringIO(plain.content.decode("utf-8-sig")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == found
    assert browser.get(address.replace("{kind}", "txt")).status_code == 404
    return found


def test_each_table_is_the_same_as_xlsx_and_csv_and_has_what_its_page_shows(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    browser = signed_in(office, "coordinator")
    batch = list_batches(office)[0].id
    with office.database.writing() as connection:
        visit = PlannedVisit("3216012001", FEBRUARY.replace(day=27), "A01", "=BALAI")
        plan_visit(office, connection, visit, by=browser.account)
    shown = {
        "/batches.{kind}": batch,
        "/updates/payments.{kind}": "2027-01",
        "/updates/2027-02.{kind}": "number",
        "/updates/stop/list.{kind}?after=2027-02&area=": numbers[0],
        "/updates/stop/villages.{kind}?after=2027-02&area=": "3216012002",
        "/lists/visits.{kind}": "=BALAI",
        "/devices/A01/operators.{kind}": "",
        "/devices/A01/missing.{kind}": "",
        "/devices/A01/kept.{kind}": "",
        "/trend.{kind}": "20-02-2027",
        "/own/sessions.{kind}": "testclient",
        "/batches/listed.{kind}": "Balasan",
        f"/batches/{batch}/reasons.{{kind}}": "",
    }
    for address, word in shown.items():
        found = rows_of(browser, address)
        assert not word or any(word in row for row in found), (address, found)
    admin = signed_in(office, "administrator")
    assert any("coordinator" in row for row in rows_of(admin, "/accounts.{kind}"))
    stop = stop_payment(office, FEBRUARY, "", officer="Ratna").id
    assert len(rows_of(browser, f"/updates/stop/left.{{kind}}?stop={stop}")) == 1
    scoped = signed_in(office, "coordinator", login="kec", districts=["321613"])
    assert scoped.get("/batches.csv").status_code == 403
    assert scoped.get("/devices/A01/operators.csv").status_code == 404  # as its page
    assert len(rows_of(scoped, "/lists/visits.{kind}")) == 1  # of another kecamatan: the head alone
