"""The service desk: finding a person, their file, a new card, changes, the end of cover."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pyotp
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from enumerator_app.cards.seal import open_seal
from enumerator_app.domain.canonical import from_canonical
from sync.server.covering.paying import record_payment
from sync.server.deciding import Verdict, approve, decide_one, find_by_number
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS
from sync.server.serving.person import read_person
from sync.server.verifying import verify_office
from tests.contracts.test_decisions import trust_list
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.people import new_person, signed_in

COVER = Cover(date(2026, 11, 1), date(2099, 12, 31))
EVIL = "<script>x</script>"


def picture() -> bytes:
    found = io.BytesIO()
    Image.new("RGB", (60, 80), (160, 120, 90)).save(found, "JPEG")
    return found.getvalue()


@pytest.fixture
def desk(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path):
    """Three people: one covered, with a photo; one approved; one in another kecamatan."""
    office, laptop = sqlite_office, laptop_on(sqlite_office)
    office.clock = lambda: datetime(2026, 11, 28, 5, tzinfo=UTC)
    photo = picture()
    name = hashlib.sha256(photo).hexdigest()
    office.photos.write(name, photo)
    said = [
        {"name": "MUHAMAD YUSUF", "photo": name, "photos": (name,), "no_photo_reason": ""},
        {"name": EVIL, "address": EVIL},
        {"name": "SITI AMINAH", "village_code": "3216132001"},
    ]
    numbers = []
    for n, more in enumerate(said):
        entry = laptop.register(nik=nik(n + 1), **more)
        numbers.append(from_canonical(entry.body)["number"])
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    reply = [ReplyRow(2, numbers[0], "", "accepted", "26000000001", "")]
    assert import_from_insurer(office, reply, COVER, officer="Ratna").accepted == 1
    laptop.pull()
    people = [find_by_number(office, number).id for number in numbers]
    return office, laptop, people, signed_in(office, "coordinator")


def seen(answer) -> str:
    body = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def deeds(office: Office) -> list[tuple[str, str]]:
    with office.database.reading() as connection:
        rows = connection.execute(DEED_ROWS.select().order_by(DEED_ROWS.c.n)).all()
    return [(row.deed, row.subject) for row in rows]


def test_a_person_is_found_by_another_spelling_and_the_birth_date(desk):
    _, _, people, browser = desk
    page = browser.post("/service", {"name": "moh. yusup", "born": "12-03-1985"})
    assert f'href="/service/{people[0]}"' in page.text
    assert f'src="/service/{people[0]}/photo"' in page.text
    assert "1 orang cocok" in seen(page)
    for form in ({"name": "moh. yusup", "born": "13-03-1985"}, {"name": "tidak ada"}):
        assert "Tidak ada yang cocok." in seen(browser.post("/service", form))
    assert browser.post("/service", {"name": "x", "born": "kemarin"}).status_code == 422
    assert browser.post("/service", {"name": ""}).status_code == 422
    assert browser.get(f"/service/{people[0]}/photo").content == picture()


def test_what_people_wrote_is_shown_and_never_run(desk):
    _, _, people, browser = desk
    for page in (
        browser.get(f"/service/{people[1]}"),
        browser.post("/service", {"name": EVIL[:10], "born": "12-03-1985"}),
    ):
        assert "<script>x" not in page.text
        assert "&lt;script&gt;x" in page.text


def test_the_dates_come_first_and_months_are_those_that_were_paid(desk):
    office, _, people, browser = desk
    page = seen(browser.get(f"/service/{people[0]}"))
    assert "Dijamin 01-11-2026 s.d. 11-03-2050" in page  # the day before 65
    assert "Belum ada iuran yang dicatat kantor." in page
    assert "dalam 3 bulan pertama sesudah iuran pertama: santunan lebih kecil" in page
    record_payment(office, date(2026, 11, 1), officer="Ratna")
    page = browser.get(f"/service/{people[0]}")
    assert "Terakhir dibayar: November 2026." in seen(page)
    assert page.text.count('class="m-paid" x=') == 1
    other = seen(browser.get(f"/service/{people[1]}"))
    assert "Diajukan ke BPJS, menunggu jawaban" in other
    assert "Belum dijamin." in other


def refused(office, subject, why):
    """The insurer does not accept somebody; Budi takes its answer."""
    number = read_person(office, subject).row.number
    said = [ReplyRow(2, number, "", "refused", "", why)]
    assert import_from_insurer(office, said, COVER, officer="Budi").refused == 1


def headline(browser, subject):
    """What stands above the history of a person."""
    return seen(browser.get(f"/service/{subject}")).partition("Riwayat")[0]


def test_a_record_that_was_sent_back_says_why_by_whom_and_when(desk):
    office, _, people, browser = desk
    refused(office, people[2], "NIK tidak cocok")
    verdict = Verdict(people[2], "returned", "beda dengan KTP", "birth_date")
    decide_one(office, verdict, officer="Ratna", actor="officer")
    page = headline(browser, people[2])
    assert "Alasannya: Tanggal lahir: beda dengan KTP" in page
    assert "Dikembalikan oleh Ratna, 28-11-2026 12.00." in page
    decide_one(office, Verdict(people[2], "registered"), officer="Ratna", actor="officer")
    assert "beda dengan KTP" not in headline(browser, people[2])


def test_a_record_that_the_insurer_refused_says_why_who_noted_it_and_when(desk):
    office, _, people, browser = desk
    refused(office, people[1], f"NIK tidak cocok {EVIL}")
    page = headline(browser, people[1])
    assert "Alasan BPJS: " in page
    assert f"Kata BPJS: “NIK tidak cocok {EVIL}”" in page
    assert "Jawaban BPJS dicatat oleh Budi, 28-11-2026 12.00." in page


def test_a_nik_is_shown_on_request_and_the_request_is_written_down(desk):
    office, _, people, browser = desk
    page = browser.get(f"/service/{people[0]}")
    assert nik(1) not in page.text.replace(" ", "")
    assert "···0001" in page.text
    shown = browser.post(f"/service/{people[0]}/nik")
    assert nik(1) in shown.text.replace(" ", "")
    assert ("nik_revealed", people[0]) in deeds(office)
    auditor = signed_in(office, "auditor")
    assert auditor.post(f"/service/{people[0]}/nik").status_code == 403


def test_a_lost_card_is_printed_at_the_desk_as_copy_2(desk):
    office, laptop, people, browser = desk
    first = browser.post(f"/service/{people[0]}/card.pdf")
    page = browser.get(f"/service/{people[0]}").text
    seen = re.search(r'/card">.*?name="seen" value="([^"]+)"', page, re.DOTALL)[1]
    form = {"reason": "lost", "seen": seen}
    done = browser.post(f"/service/{people[0]}/card", form)
    assert done.headers["location"] == f"/service/{people[0]}?done=card"
    assert not browser.post(f"/service/{people[0]}/card", form).is_redirect  # a second click
    second = browser.post(f"/service/{people[0]}/card.pdf")
    said = [text_of(answer.content) for answer in (first, second)]
    assert "Salinan ke-2" not in said[0]
    assert "Salinan ke-2" in said[1]
    trust = trust_list(office)
    verdict = open_seal(code_of(second.content), trust, trust.issued_on)
    assert (verdict.word, verdict.claims.issue) == ("genuine", 2)
    old = open_seal(code_of(first.content), trust, trust.issued_on)
    assert old.word != "genuine"
    told = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    assert told[-1]["card"] == code_of(second.content)
    assert ("card_again_lost", people[0]) in deeds(office)
    assert browser.post(f"/service/{people[1]}/card.pdf").status_code == 422


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


def code_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        image = document[0].render(scale=4).to_pil()
    return next(one.text for one in zxingcpp.read_barcodes(image) if one.text.startswith("TP1:"))


@pytest.mark.parametrize("kind", ["accident", "claim", "self_pay"])
def test_papers_are_made_at_the_desk(desk, kind: str):
    _, _, people, browser = desk
    answer = browser.post(f"/service/{people[0]}/paper/{kind}")
    assert answer.headers["content-type"] == "application/pdf"
    assert "MUHAMAD YUSUF" in text_of(answer.content)


def test_a_new_address_reaches_the_laptop_and_a_stale_page_changes_nothing(desk):
    office, laptop, people, browser = desk
    page = browser.get(f"/service/{people[0]}").text
    shown = re.search(r'name="seen" value="([^"]+)"', page)[1]
    form = {"seen": shown, "address": "KP. BARU", "rt": "7", "village_code": "3216012002"}
    done = browser.post(f"/service/{people[0]}/correct", form)
    assert done.headers["location"] == f"/service/{people[0]}?done=corrected"
    told = fields_of(laptop.pull()[-1])
    assert (told["body"]["address"], told["body"]["village_code"]) == ("KP. BARU", "3216012002")
    assert told["state"] == "enrolled"
    stale = browser.post(f"/service/{people[0]}/correct", {**form, "address": "KP. LAIN"})
    assert stale.status_code == 422
    assert laptop.pull() == []
    assert verify_office(office) == []


def test_whoever_moves_somebody_out_of_their_kecamatan_is_told_where_the_record_is(desk):
    office, _, people, _ = desk
    scoped = signed_in(office, "service_desk", login="kec", districts=["321601"])
    shown = re.search(r'name="seen" value="([^"]+)"', scoped.get(f"/service/{people[0]}").text)[1]
    form = {"seen": shown, "address": "KP. BARU", "village_code": "3216132001"}
    done = scoped.post(f"/service/{people[0]}/correct", form)
    page = scoped.get(done.headers["location"])
    assert page.status_code == 200
    assert "Perubahan tersimpan. Data ini sekarang di " in seen(page)
    assert "Pebayuran" in seen(page)
    assert "MUHAMAD" not in page.text
    assert find_by_number(office, record_number(office, people[0])).village_code == "3216132001"
    for code in ("3216012001", "nowhere"):  # of their own, and none
        assert "tersimpan" not in seen(scoped.get(f"/service?moved={code}"))


def test_what_the_form_would_refuse_is_refused_here_with_its_sentence(desk):
    _, laptop, people, browser = desk
    page = browser.get(f"/service/{people[0]}").text
    shown = re.search(r'name="seen" value="([^"]+)"', page)[1]
    answer = browser.post(f"/service/{people[0]}/correct", {"seen": shown, "name": ""})
    assert answer.status_code == 422
    assert "Belum ada yang diubah." in seen(answer)
    assert laptop.pull() == []


def test_heirs_are_changed_and_shown_in_the_order_of_the_law(desk):
    _, laptop, people, browser = desk
    page = browser.get(f"/service/{people[0]}").text
    shown = re.search(r'name="seen" value="([^"]+)"', page)[1]
    form = {
        "seen": shown, "part": "heirs",
        "heir_name_1": "OTONG", "heir_relation_1": "sibling", "heir_born_1": "1970",
        "heir_name_2": "ENDAH", "heir_relation_2": "child", "heir_born_2": "2012",
        "heir_school_2": "yes",
    }  # fmt: skip
    assert browser.post(f"/service/{people[0]}/correct", form).status_code == 303
    heirs = fields_of(laptop.pull()[-1])["body"]["heirs"]
    assert [one["name"] for one in heirs] == ["OTONG", "ENDAH"]
    family = seen(browser.get(f"/service/{people[0]}")).partition("menurut urutan hukum")[2]
    assert family.index("ENDAH") < family.index("OTONG")


def test_cover_ends_with_a_reason_a_day_and_the_code_of_whoever_ends_it(desk):
    office, _, people, _ = desk
    account, secret = new_person(office, "coordinator", login="kepala")
    browser = signed_in(office, "coordinator", login="kepala")
    address = f"/service/{people[0]}/end"
    form = {"reason": "died", "on": "25-11-2026"}
    assert browser.post(address, {**form, "code": "000000"}).status_code == 422
    code = pyotp.TOTP(secret).at(office.clock())
    assert browser.post(address, {**form, "reason": "x", "code": code}).status_code == 422
    later = f"{(office.clock() + timedelta(days=2)):%d-%m-%Y}"
    assert browser.post(address, {**form, "on": later, "code": code}).status_code == 422
    assert find_by_number(office, record_number(office, people[0])).state == "enrolled"
    assert browser.post(address, {**form, "code": code}).status_code == 303
    page = seen(browser.get(f"/service/{people[0]}"))
    assert "Berhenti 25-11-2026: Meninggal dunia" in page
    assert ("ended_died", people[0]) in deeds(office)
    assert browser.post(f"/service/{people[0]}/not-ended", {"code": code}).status_code == 422
    moment = office.clock() + timedelta(seconds=60)
    office.clock = lambda: moment
    code = pyotp.TOTP(secret).at(moment)
    back = browser.post(f"/service/{people[0]}/not-ended", {"code": code})
    assert back.headers["location"] == f"/service/{people[0]}?done=reopened"
    assert "Dijamin 01-11-2026 s.d. 11-03-2050" in seen(browser.get(f"/service/{people[0]}"))
    assert account


def record_number(office: Office, subject: str) -> str:
    with office.database.reading() as connection:
        query = "SELECT number FROM subject WHERE id = ?"
        return connection.exec_driver_sql(query, (subject,)).scalar()


def test_other_districts_do_not_exist_and_other_roles_only_look(desk):
    office, _, people, _ = desk
    scoped = signed_in(office, "service_desk", login="kec", districts=["321613"])
    assert scoped.get(f"/service/{people[2]}").status_code == 200
    for path in (f"/service/{people[0]}", f"/service/{people[0]}/photo", "/service/nobody"):
        assert scoped.get(path).status_code == 404
    for path in ("nik", "card", "card.pdf", "paper/claim", "correct"):
        answer = scoped.post(f"/service/{people[0]}/{path}", {"reason": "lost"})
        assert answer.status_code == 404, path
    found = scoped.post("/service", {"name": "yusuf", "born": "12-03-1985"})
    assert "Tidak ada yang cocok." in seen(found)
    assert scoped.post(f"/service/{people[2]}/end").status_code == 403
    auditor = signed_in(office, "auditor")
    assert "Peran Anda hanya melihat." in seen(auditor.get(f"/service/{people[0]}"))
    assert auditor.post(f"/service/{people[0]}/correct").status_code == 403
    admin = signed_in(office, "administrator")
    assert admin.get(f"/service/{people[0]}").status_code == 403
