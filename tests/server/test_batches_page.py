"""The pages of the insurer's lists, as a coordinator's browser sees and sends them."""

import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pypdfium2
import pytest

from sync.server.deciding import approve
from sync.server.office import Office
from sync.server.standing import standing
from tests.browsing import set_language
from tests.server.laptops import Laptop, nik
from tests.server.people import signed_in


@pytest.fixture
def approved(sqlite_office: Office, laptop_on: Callable[[Office], Laptop]):
    laptop = laptop_on(sqlite_office)
    for n in range(5):
        laptop.register(nik=nik(n + 1), name=f"<b>ORANG {n}</b>", mother_name="X" if n else "")
    laptop.push(laptop.journal)
    approve(sqlite_office, officer="Ratna")
    return sqlite_office, signed_in(sqlite_office, "coordinator")


def seen(answer) -> str:
    """The words of a page, without tags."""
    assert answer.status_code in (200, 422), answer.text
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_look_hand_over_and_take_the_reply(approved):
    office, browser = approved
    assert "Belum diperiksa" in seen(browser.get("/batches"))
    assert browser.post("/batches/check").headers["location"] == "/batches"
    page = seen(browser.get("/batches"))
    assert "4 orang siap dikirim ke BPJS" in page
    assert "4 + 1 = 5." in page
    held = browser.get("/batches/held/no_mother")
    assert "1 orang: Nama ibu kosong" in seen(held)
    assert "<b>ORANG" not in held.text
    for kind in ("xlsx", "csv"):
        assert f'href="/batches/held.{kind}"' in held.text
    table = browser.get("/batches/held.csv").text
    assert "no_mother" in table
    assert "Yang terjadi" in table
    assert "effect" not in table
    assert "<b>ORANG 0</b>" in table
    assert browser.get("/batches/held.pdf").status_code == 404
    made = browser.post("/batches/export", {"code": browser.code})
    address = made.headers["location"]
    one = seen(browser.get(address))
    sheet_bytes = browser.get(f"{address}/file").content
    header, *rows = openpyxl.load_workbook(io.BytesIO(sheet_bytes)).active.iter_rows(
        values_only=True
    )
    column = header.index("nik")
    total = str(sum(int(row[column]) for row in rows))
    assert total in one.replace(" ", "")
    assert "Rp67.200" in one  # four times 16,800
    with pypdfium2.PdfDocument(browser.get(f"{address}/letter").content) as letter:
        said = "".join(page.get_textpage().get_text_range() for page in letter)
    assert total in said.replace("\r\n", "")
    assert "Rp67.200" in said
    sha256 = re.search(r"\b[0-9a-f]{64}\b", one)[0]
    # The print may go over two lines, and the reader of PDF puts a mark of its own between them.
    assert sha256 in re.sub(r"[^0-9a-f]", "", said)
    assert browser.get(f"{address}/file").content == sheet_bytes
    reply = answer_to(header, rows)
    done = browser.post("/batches/reply", files={"file": ("balasan.xlsx", reply)})
    page = seen(browser.get(done.headers["location"]))
    assert "2 diterima + 1 ditolak + 0 sudah tercatat + 1 perlu dilihat = 4 baris." in page
    again = browser.post("/batches/reply", files={"file": ("balasan.xlsx", reply)})
    assert again.headers["location"].endswith("?again=1")
    assert "Tidak ada yang berubah" in seen(browser.get(again.headers["location"]))
    assert "2 diterima + 1 ditolak + 1 menunggu = 4." in seen(browser.get("/batches"))
    settle_by_hand(browser, office, rows[3][header.index("number")])


def answer_to(header, rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["number", "nama", "tanggal lahir", "status", "kpj", "alasan"])
    at = {name: header.index(name) for name in ("number", "name", "birth_date")}
    for n, row in enumerate(rows):
        said = ["diterima", f"{n:011}", ""] if n != 2 else ["ditolak", "", "TK aktif segmen PU"]
        number = row[at["number"]] if n < 3 else ""
        book.active.append([number, row[at["name"]], row[at["birth_date"]], *said])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def settle_by_hand(browser, office, number):
    page = browser.get("/batches/listed")
    assert "Hanya nama dan tanggal lahir yang cocok" in seen(page)
    header = browser.get("/batches/listed.csv").text.splitlines()[0]
    assert "Baris" in header
    assert not {"row", "perhaps", "why"} & set(re.split(r"[,;\"\ufeff]+", header))
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]
        for name in ("reply", "row")
    }
    wrong = browser.post("/batches/listed", {**form, "number": "salah", "answer": "this"})
    assert wrong.status_code == 422
    done = browser.post("/batches/listed", {**form, "number": number, "answer": "this"})
    assert done.headers["location"] == "/batches/listed"
    assert standing(office)["by_state"] == {"enrolled": 3, "refused": 1, "verified": 1}


def test_a_file_that_is_no_reply_changes_nothing(approved):
    office, browser = approved
    before = standing(office)
    for files in ({}, {"file": ("x.pdf", b"%PDF")}, {"file": ("x.xlsx", b"PK\x03\x04 damaged")}):
        assert browser.post("/batches/reply", files=files or None).status_code in (415, 422)
    assert standing(office) == before


def test_a_reply_that_lacks_columns_is_told_in_words_of_a_page(approved):
    """Neither a name that only this machine gave the file, nor what the command line is given."""
    office, browser = approved
    for language, said in (
        ("id", "Tabel ini tidak punya kolom number / nik, status."),
        ("en", "This table lacks the columns number / nik, status."),
    ):
        set_language(office, browser.account, language)
        page = seen(browser.post("/batches/reply", files={"file": ("x.csv", b"a;b\n1;2\n")}))
        assert said in page
        assert not {"balasan.csv", "pemetaan", "mapping"} & set(page.replace(",", " ").split())


@pytest.mark.parametrize("role", ["verifier", "service_desk", "auditor", "administrator"])
def test_others_see_and_do_nothing_here(sqlite_office, role):
    browser = signed_in(sqlite_office, role)
    for path in ("/batches", "/batches/listed", "/batches/held/no_nik", "/batches/x/file"):
        assert browser.get(path).status_code == 403
    for path in ("/batches/check", "/batches/export", "/batches/listed", "/batches/reply"):
        assert browser.post(path).status_code == 403


def test_who_has_some_districts_only_hands_nothing_over(approved):
    office, _ = approved
    browser = signed_in(office, "coordinator", login="scoped", districts=["321601"])
    assert browser.get("/batches").status_code == 403
    assert browser.post("/batches/export").status_code == 403
    assert browser.get("/batches/BPJS-1").status_code == 404


def test_the_page_speaks_english_too(approved):
    office, browser = approved
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE account SET language = 'en'")
    browser.post("/batches/check")
    page = seen(browser.get("/batches"))
    assert "4 people are ready for the insurer" in page
    assert "Held back, send back to the enumerator" in page
    assert "4 + 1 = 5." in page
