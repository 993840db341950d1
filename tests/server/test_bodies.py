"""Bodies that are made to hurt are refused with a sentence, and nobody works on them for long."""

import io
import json
import threading
import time
import zipfile

import openpyxl
import pytest

from sync.server.resolving.signing import MOST_SCAN_BYTES
from sync.server.standing import standing
from tests.server.laptops import nik
from tests.server.people import HERE, signed_in

# Far from what any of them takes on a machine that does other things besides; without its guard
# the worst of them works for minutes. `tests.faults.fuzz_server` holds each input to one second.
WITHIN_S = 15.0
VISIT = "0192f0c1-0000-7000-8000-00000000000a"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/x-www-form-urlencoded"


def workbook(**parts) -> bytes:
    """A reply with one row, some of its parts replaced; None takes one away."""
    book, written, changed = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for row in (("number", "status"), ("3216-A01-00001-AAAA", "diterima")):
        book.active.append(row)
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w", 8) as new:
        for name in {*old.namelist(), *parts}:
            content = parts[name] if name in parts else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return changed.getvalue()


def sheet(rows: str, before: str = "") -> bytes:
    titles = "".join(
        f'<c r="{cell}1" t="inlineStr"><is><t>{word}</t></is></c>'
        for cell, word in (("A", "number"), ("B", "status"))
    )
    data = f'<sheetData><row r="1">{titles}</row>{rows}</sheetData>'
    return f'{before}<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()


LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
TITLES = {
    "/batches/reply": (b">number<", b">status<"),
    "/lists/people": (b">Nama<", b">Desa<"),
    "/lists/seats": (b">kode_desa<", b">kursi<"),
}
HURTS = {
    "far_larger_than_it_looks": {SHEET: sheet("<row/>" * 3_000_000)},
    "words_far_larger": {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 2_000_000},
    "ten_million_rows_claimed": {
        SHEET: sheet('<row r="10000000"><c r="A10000000"><v>1</v></c></row>')
    },
    "a_row_past_all_numbers": {SHEET: sheet(f'<row r="{10**18}"><c r="A2"><v>1</v></c></row>')},
    "entities_in_entities": {SHEET: sheet("&j;", LAUGHS + "]>")},
    "cut_in_its_middle": {SHEET: b"<worksheet><row"},
    "no_sheet": {SHEET: None},
    "no_sheets_named": {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode()
    },
    "a_word_that_is_not_there": {SHEET: sheet('<row r="2"><c r="A2" t="s"><v>9</v></c></row>')},
    "a_number_that_is_none": {SHEET: sheet('<row r="2"><c r="A2"><v>one</v></c></row>')},
}


def quickly(browser, path, **how):
    """Send it; return the answer, which cost less work than a hang."""
    began = time.process_time()
    headers = {"Origin": HERE, **how.pop("headers", {})}
    answer = browser.client.post(path, headers=headers, follow_redirects=False, **how)
    assert time.process_time() - began < WITHIN_S, path
    return answer


def send(browser, path, name, content, field="file", **more):
    sent = {"csrf": browser.csrf, **more}
    answer = quickly(browser, path, data=sent, files={field: (name, content)})
    where = answer.headers.get("location", "")
    if where.startswith("/work/"):  # a large one is read beside the pages
        for thread in threading.enumerate():
            if thread.name == "long work":
                thread.join(60)
        answer = browser.get(where)
    return answer


def is_said(answer) -> bool:
    """Whether somebody is told in words, and not with the page for a bug."""
    return answer.status_code in {400, 408, 413, 415, 422} and "<h1" in answer.text


@pytest.fixture
def browser(sqlite_office):
    """Somebody in front of the page that a file is sent from; what it draws first is drawn."""
    found = signed_in(sqlite_office, "coordinator")
    found.get("/lists")
    return found


@pytest.mark.parametrize("what", HURTS)
@pytest.mark.parametrize("path", TITLES)
def test_a_workbook_that_is_made_to_hurt_is_refused(sqlite_office, browser, path, what):
    before = standing(sqlite_office)
    one, other = TITLES[path]
    parts = {
        name: content.replace(b">number<", one).replace(b">status<", other) if content else content
        for name, content in HURTS[what].items()
    }
    answer = send(browser, path, "balasan.xlsx", workbook(**parts))
    # A list goes on after a row that is none, and names it.
    named = path.startswith("/lists/") and "baris tidak terpakai" in answer.text
    assert is_said(answer) or named, answer.text
    assert standing(sqlite_office) == before
    left = [one.name for one in sqlite_office.home.path.iterdir() if one.name[:5] in "list-table-"]
    assert left == []


def test_what_a_workbook_would_run_or_fetch_is_left_alone(browser):
    link = b'<externalLink xmlns="' + MAIN.encode() + b'"><externalBook/></externalLink>'
    parts = {"xl/vbaProject.bin": b"\xcc\x61", "xl/externalLinks/externalLink1.xml": link,
             SHEET: sheet('<row r="2"><c r="A2"><f>NOW()</f><v>1</v></c></row>')}  # fmt: skip
    assert send(browser, "/batches/reply", "balasan.xlsx", workbook(**parts)).status_code == 303


@pytest.mark.parametrize("content", [
    b"number,status\n" + b"\n" * 3_000_000, b"number,status\n" + b"a" * 1_000_000,
    bytes(range(256)), b'"' * 100_000, "number,status\né".encode("latin-1"),
])  # fmt: skip
def test_a_table_of_text_that_is_made_to_hurt_is_refused(browser, content):
    assert is_said(send(browser, "/batches/reply", "balasan.csv", content))


@pytest.mark.parametrize("name", ["x.xlsm", "x.pdf", "x", "x.xlsx.exe", "../../x.zip", "a" * 300])
def test_a_reply_of_another_kind_is_refused(browser, name):
    assert is_said(send(browser, "/batches/reply", name, workbook()))


def test_forms_have_an_end(browser):
    csrf = f"csrf={browser.csrf}"
    fields = "&".join(f"f{n}=1" for n in range(1001))
    files = [("f", (f"{n}.csv", b"a")) for n in range(9)]
    deep = json.dumps({"a": 1}).encode() + b"[" * 100_000
    for how, status in (
        ({"content": f"{csrf}&{fields}", "headers": {"Content-Type": TYPE}}, 400),
        ({"content": f"{csrf}&a=" + "a" * 2_200_000, "headers": {"Content-Type": TYPE}}, 413),
        ({"content": deep, "headers": {"Content-Type": "application/json"}}, 415),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, 400),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"data": {"csrf": browser.csrf}, "files": files}, 400),
    ):
        answer = quickly(browser, "/people", **how)
        assert answer.status_code == status, answer.text
        assert is_said(answer)


def test_minutes_are_taken_by_what_they_are_and_not_by_their_name(
    sqlite_office, browser, laptop_on
):
    laptop = laptop_on(sqlite_office)
    laptop.register(nik=nik(1), visit_id=VISIT)
    laptop.push(laptop.journal)
    path = f"/visits/{VISIT}/minutes"
    for content in (
        b"",
        b"PK\x03\x04",
        b"<svg onload=x>",
        b"<html>",
        b"%PDF" * (MOST_SCAN_BYTES // 4 + 1),
    ):
        answer = send(browser, path, "ba.pdf", content, "scan", signed_on="2026-11-22")
        assert is_said(answer), content[:20]
        assert browser.get(path).status_code == 404
    ahead = send(browser, path, "ba.pdf", b"%PDF-1.7", "scan", signed_on="2999-01-01")
    assert "01-01-2999 belum tiba" in ahead.text
    assert browser.get(path).status_code == 404
    assert send(browser, path, "ba.pdf", b"%PDF-1.7", "scan", signed_on="2026-11-22").is_redirect
    kept = browser.get(path)
    assert kept.headers["content-type"] == "application/pdf"
    assert kept.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 100_000, b'{"protocol":' + b"9" * 5000]
)
def test_deep_words_of_a_laptop_are_refused(sqlite_office, laptop_on, body):
    laptop = laptop_on(sqlite_office)
    for path in ("/v1/hello", "/v1/contents", "/v1/digest", "/v1/reoffer"):
        answer = laptop.ask("POST", path, body)
        assert 400 <= answer.status < 500, path
        assert answer.json["code"]


def test_a_photo_has_an_end(sqlite_office, laptop_on):
    laptop = laptop_on(sqlite_office)
    name = "ab" * 32
    laptop.register(nik=nik(1), photos=(name,), photo=name, no_photo_reason="")
    laptop.push(laptop.journal)
    for piece, headers in (
        (b"a" * 300_000, {"Upload-Offset": "0", "Upload-Length": "300000"}),
        (b"a", {"Upload-Offset": "0", "Upload-Length": str(10**9)}),
        (b"a", {"Upload-Offset": str(10**30), "Upload-Length": "1"}),
    ):
        answer = laptop.ask("PATCH", f"/v1/photos/{name}", piece, headers)
        assert 400 <= answer.status < 500, headers
