"""The pages Kunjungan and Perlu diputuskan: what they show and do, and for whom they exist."""

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from sync.server.cases import list_cases
from sync.server.deciding import Verdict, decide_one
from sync.server.matching.looking import find_alike
from sync.server.people.tables import DEED_ROWS
from sync.server.resolving.holding import UNDO_WITHIN_S
from sync.server.resolving.watching import settle_held
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.contracts.test_decisions import trust_list
from tests.contracts.test_trust_list import number_of
from tests.server.laptops import fields_of, nik
from tests.server.people import HERE, signed_in

VISIT = "0198e4a0-0000-7000-8000-000000000001"
HERE_VILLAGE = "3216132001"
SITI = {"name": "SITI <MAEMUNAH>", "birth_date": "1985-03-12", "mother_name": "RUMINAH"}
PDF = b"%PDF-1.7 signed"


@pytest.fixture
def office(sqlite_office):
    return sqlite_office


@pytest.fixture
def pair(office, laptop_on):
    """Two laptops that may have recorded one person in Pebayuran, and the case about it."""
    one, other = laptop_on(office), laptop_on(office)
    one.register(nik=nik(1), village_code=HERE_VILLAGE, **SITI)
    one.push(one.journal)
    other.register(nik="", document_seen="none", rt="009", village_code=HERE_VILLAGE, **SITI)
    other.push(other.journal)
    find_alike(office)
    one.pull(), other.pull()
    (case,) = list_cases(office, "alike")
    return one, other, case["id"]


@pytest.fixture
def visit(office, laptop_on):
    """A visit with 3 clean records and 1 with a warning."""
    laptop = laptop_on(office)
    for n, name in enumerate(("KARTA", "ENCUM", "JUJU")):
        laptop.register(nik=nik(n + 1), name=name, mother_name=f"IBU {name}", visit_id=VISIT,
                        village_code=HERE_VILLAGE)  # fmt: skip
    laptop.register(nik=nik(9), sex="P", name="MARYATI", mother_name="UKUY", visit_id=VISIT,
                    village_code=HERE_VILLAGE)  # fmt: skip
    laptop.push(laptop.journal)
    laptop.pull()
    return laptop


def later(office, seconds=UNDO_WITHIN_S + 1):
    before = office.clock
    office.clock = lambda: before() + timedelta(seconds=seconds)
    settle_held(office)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def states(office) -> dict[str, int]:
    return standing(office)["by_state"]


# Perlu diputuskan


def test_both_records_stand_beside_each_other_with_their_answers(office, pair):
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/decide/{pair[2]}").text
    assert "SITI <MAEMUNAH>" in words(page)
    assert "<MAEMUNAH>" not in page
    assert page.count('class="odd"') == 2  # RT, document; a NIK of one alone is no difference
    for said in ("Minta lihat KTP lagi", "Pisahkan", "Satukan", "Kirim ke BPJS apa adanya"):
        assert said in page
    only = browser.get(f"/decide/{pair[2]}?only=differences").text
    assert only.count("<tr") < page.count("<tr")


def test_an_answer_goes_to_the_laptops_when_the_time_to_undo_is_over(office, pair):
    one, _, case = pair
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/decide/{case}").text
    sent = {"answer": "separate", "version": hidden(page, "version")}
    assert browser.post(f"/decide/{case}/answer", sent).status_code == 303
    assert "Urungkan" in browser.get("/decide").text
    assert one.pull() == []
    later(office)
    assert [fields_of(item)["answer"] for item in one.pull()] == ["separate"]
    assert "dua orang yang berbeda" in browser.get(f"/decide/{case}").text


def test_an_answer_is_taken_back_in_time(office, pair):
    case = pair[2]
    browser = signed_in(office, "coordinator")
    version = hidden(browser.get(f"/decide/{case}").text, "version")
    browser.post(f"/decide/{case}/answer", {"answer": "separate", "version": version})
    name = hidden(browser.get("/decide").text, "id")
    assert browser.post("/decide-undo", {"id": name}).headers["location"] == f"/decide/{case}"
    later(office)
    assert len(list_cases(office, "alike")) == 1


def test_whoever_comes_second_is_told_so_and_changes_nothing(office, pair):
    case = pair[2]
    first, second = (signed_in(office, "coordinator", login=name) for name in ("ratna", "budi"))
    version = hidden(second.get(f"/decide/{case}").text, "version")
    first.post(f"/decide/{case}/answer", {"answer": "separate", "version": version})
    late = second.post(f"/decide/{case}/answer", {"answer": "ask_ktp", "version": version})
    assert late.status_code == 422
    assert "Orang lain memutuskan lebih dulu" in late.text


def test_two_persons_unite_two_records_and_the_laptops_hear_it(office, pair):
    one, other, case = pair
    first, second = (signed_in(office, "coordinator", login=name) for name in ("ratna", "budi"))
    page = first.get(f"/decide/{case}?step=unite").text
    gone = str(other.journal[-1].fields["subject"])
    sent = {"answer": "unite", "version": hidden(page, "version"), "about": gone, "take_rt_rw": "B"}
    assert first.post(f"/decide/{case}/answer", sent).status_code == 303
    assert "orang kedua" in first.get(f"/decide/{case}").text
    own, theirs = first.get("/pairs").text, second.get("/pairs").text
    (yes,) = re.findall(r'action="(/pairs/[^"]+/yes)"', theirs)
    assert "/yes" not in own  # nobody agrees with oneself
    assert first.post(yes, {"code": code_of(first, office)}).status_code == 422
    assert one.pull() == []
    assert second.post(yes, {"code": "000000"}).status_code == 422
    assert one.pull() == []
    assert second.post(yes, {"code": code_of(second, office)}).status_code == 303
    told = [fields_of(item) for item in one.pull()]
    assert [fields["body"]["rt"] for fields in told if fields["kind"] == "revision"] == ["009"]
    assert [fields["answer"] for fields in told if fields["kind"] == "case"] == ["unite"]
    assert [fields_of(i).get("decision") for i in other.pull()] == ["duplicate", None, None]
    assert states(office) == {"duplicate": 1, "registered": 1}
    assert trust_list(office).revoked == {number_of(other.journal[-1])}
    assert "Pisahkan lagi" in first.get(f"/decide/{case}").text
    assert first.post(f"/decide/{case}/separate").status_code == 303
    assert "Pisahkan lagi" not in first.get(f"/decide/{case}").text
    assert states(office) == {"registered": 1, "waiting_nik": 1}
    assert trust_list(office).revoked == frozenset()
    told = [fields_of(item) for item in one.pull()]
    assert [fields["body"]["rt"] for fields in told if fields["kind"] == "revision"] == ["001"]
    assert verify_office(office) == []


def test_a_union_that_the_second_person_refuses_comes_back(office, pair):
    case = pair[2]
    first, second = (signed_in(office, "coordinator", login=name) for name in ("ratna", "budi"))
    page = first.get(f"/decide/{case}?step=unite").text
    gone = str(pair[1].journal[-1].fields["subject"])
    sent = {"answer": "unite", "version": hidden(page, "version"), "about": gone}
    first.post(f"/decide/{case}/answer", sent)
    (no,) = re.findall(r'action="(/pairs/[^"]+/no)"', second.get("/pairs").text)
    assert second.post(no).status_code == 303
    assert "Pisahkan" in first.get(f"/decide/{case}").text
    assert states(office) == {"registered": 1, "waiting_nik": 1}


def test_a_union_that_nobody_answers_in_time_comes_back_and_can_be_taken_back_before(office, pair):
    case = pair[2]
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/decide/{case}?step=unite").text
    gone = str(pair[1].journal[-1].fields["subject"])
    sent = {"answer": "unite", "version": hidden(page, "version"), "about": gone}
    browser.post(f"/decide/{case}/answer", sent)
    waits = browser.get(f"/decide/{case}").text
    assert "Menunggu orang kedua" in waits
    assert 'href="/pairs">' in waits.split("<main")[1]
    later(office, 4 * 24 * 3600)
    again = signed_in(office, "coordinator")
    assert "Pisahkan" in again.get(f"/decide/{case}").text


def test_who_decided_is_told_if_it_could_not_be_carried_out(office, pair):
    one, case = pair[0], pair[2]
    browser = signed_in(office, "coordinator")
    version = hidden(browser.get(f"/decide/{case}").text, "version")
    browser.post(f"/decide/{case}/answer", {"answer": "separate", "version": version})
    subject = str(one.journal[-1].fields["subject"])
    decide_one(office, Verdict(subject, "withdrawn"), officer="R", actor="officer")
    find_alike(office)  # meanwhile the case ended by itself
    later(office)
    again = signed_in(office, "coordinator")
    assert "tidak jadi." in words(again.get("/decide").text)
    assert f'href="/decide/{case}"' in again.get("/decide").text
    other = signed_in(office, "coordinator", login="budi")
    assert "tidak jadi." not in words(other.get("/decide").text)


def test_outside_ones_kecamatan_there_is_no_case(office, pair):
    case = pair[2]
    inside = signed_in(office, "verifier", login="pebayuran", districts=["321613"])
    outside = signed_in(office, "verifier", login="babelan", districts=["321602"])
    assert inside.get(f"/decide/{case}").status_code == 200
    wrong = outside.get("/decide/nothing")
    there = outside.get(f"/decide/{case}")
    assert (there.status_code, wrong.status_code) == (404, 404)
    assert words(there.text) == words(wrong.text)
    sent = {"answer": "separate", "version": "0"}
    assert outside.post(f"/decide/{case}/answer", sent).status_code == 404
    assert "SITI" not in outside.get("/decide").text
    later(office)
    assert len(list_cases(office, "alike")) == 1


# Kunjungan


def look_at_all(browser, fits=("fits",)):
    for _ in range(5):
        page = browser.get(f"/visits/{VISIT}").text
        if 'name="verdict"' not in page:
            return
        sent = {name: hidden(page, name) for name in ("subject", "content")}
        answer = browser.post(f"/visits/{VISIT}/look", {**sent, "verdict": fits[0]})
        assert answer.status_code == 303


def attach(browser, content=PDF):
    files = {"scan": ("ba.pdf", content, "application/pdf")}
    form = {"csrf": browser.csrf, "signed_on": "2026-11-22"}
    where = f"/visits/{VISIT}/minutes"
    return browser.client.post(
        where, data=form, files=files, headers={"Origin": HERE}, follow_redirects=False
    )


def code_of(browser, office) -> str:
    return pyotp.TOTP(browser.secret).at(office.clock())


def sign(browser, office):
    return browser.post(f"/visits/{VISIT}/sign", {"code": code_of(browser, office)})


def test_a_visit_is_signed_in_three_steps(office, visit):
    browser = signed_in(office, "coordinator")
    page = browser.get("/visits").text
    assert "1 kunjungan, 4 data. 3 tanpa catatan" in words(page)
    assert "Terbuka setelah 2 contoh lagi." in page
    early = sign(browser, office)
    assert early.status_code == 422
    assert "Terbuka setelah 2 contoh lagi" in early.text
    look_at_all(browser)
    assert "Terbuka setelah berita acara dilampirkan." in browser.get(f"/visits/{VISIT}").text
    assert attach(browser, b"<script>").status_code == 422
    assert attach(browser).status_code == 303
    scan = browser.get(f"/visits/{VISIT}/minutes")
    assert (scan.content, scan.headers["content-type"]) == (PDF, "application/pdf")
    wrong = browser.post(f"/visits/{VISIT}/sign", {"code": "000000"})
    assert wrong.status_code == 422
    assert sign(browser, office).status_code == 303
    assert "Urungkan" in browser.get("/visits").text
    assert visit.pull() == []
    later(office)
    assert [fields_of(item)["decision"] for item in visit.pull()] == ["verified"] * 3
    assert states(office) == {"registered": 1, "verified": 3}
    with office.database.reading() as connection:
        query = select(DEED_ROWS.c.account).where(DEED_ROWS.c.deed == "visit_approved")
        assert connection.execute(query).scalars().all() == [browser.account]


def test_a_signature_is_taken_back_in_time(office, visit):
    browser = signed_in(office, "coordinator")
    look_at_all(browser)
    attach(browser)
    sign(browser, office)
    name = hidden(browser.get("/visits").text, "id")
    assert browser.post("/visits-undo", {"id": name}).status_code == 303
    later(office)
    assert visit.pull() == []
    assert states(office) == {"registered": 4}


def test_one_that_does_not_fit_makes_each_record_a_page_of_its_own(office, visit):
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/visits/{VISIT}").text
    sent = {name: hidden(page, name) for name in ("subject", "content")}
    browser.post(f"/visits/{VISIT}/look", {**sent, "verdict": "differs"})
    page = browser.get(f"/visits/{VISIT}").text
    assert "4 data, diperiksa satu per satu" in words(page)
    assert 'name="code"' not in page
    attach(browser)
    assert sign(browser, office).status_code == 422
    assert states(office) == {"registered": 4}


def test_a_noted_record_is_sent_back_with_its_reason(office, visit):
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/visits/{VISIT}").text
    (where,) = re.findall(rf'href="(/visits/{VISIT}/[^"/]+)" data-key="1"', page)
    page = browser.get(where).text
    assert "MARYATI" in page
    seen = hidden(page, "seen")
    bare = browser.post(where, {"seen": seen, "answer": "fix", "field": "sex"})
    assert bare.status_code == 422
    sent = {"seen": seen, "answer": "fix", "field": "sex", "reason": "NIK laki-laki"}
    assert browser.post(where, sent).status_code == 303
    later(office)
    (told,) = [fields_of(item) for item in visit.pull()]
    assert (told["decision"], told["field"], told["reason"]) == ("returned", "sex", "NIK laki-laki")
    number = from_canonical(visit.journal[-1].body)["number"]
    assert number in browser.get(where).text


def test_outside_ones_kecamatan_there_is_no_visit(office, visit):
    outside = signed_in(office, "verifier", login="babelan", districts=["321602"])
    assert "Tidak ada kunjungan" in outside.get("/visits").text
    assert outside.get(f"/visits/{VISIT}").status_code == 404
    for where in ("look", "sign", "minutes"):
        assert (
            outside.post(f"/visits/{VISIT}/{where}", {"signed_on": "2026-11-22"}).status_code == 404
        )
    inside = signed_in(office, "verifier", login="pebayuran", districts=["321613"])
    assert inside.get(f"/visits/{VISIT}").status_code == 200


@pytest.mark.parametrize("role", ["service_desk", "auditor", "administrator"])
def test_who_decides_nothing_has_none_of_these_pages(office, pair, role):
    browser = signed_in(office, role)
    for path in ("/decide", f"/decide/{pair[2]}", "/visits", f"/visits/{VISIT}"):
        assert browser.get(path).status_code == 403
    sent = {"answer": "separate", "version": "0"}
    assert browser.post(f"/decide/{pair[2]}/answer", sent).status_code == 403
