"""Records of no visit have a place beside the visits, and are approved and decided alike there."""

import re

import pytest

from sync.server.standing import standing
from sync.server.verifying import verify_office
from sync.server.visits import full_id
from sync.server.web.frame import dated
from tests.server.laptops import fields_of, nik
from tests.server.people import signed_in
from tests.server.test_deciding_pages import VISIT, code_of, hidden, later, words

VILLAGE = "3216132001"
GROUP = f"without-{VILLAGE}"


@pytest.fixture
def office(sqlite_office):
    return sqlite_office


@pytest.fixture
def laptop(office, laptop_on):
    """Three clean records and a noted one, of no visit; and a visit of one record."""
    made = laptop_on(office)
    for n, name in enumerate(("KARTA", "ENCUM", "JUJU")):
        made.register(nik=nik(n + 1), name=name, mother_name=f"IBU {name}", village_code=VILLAGE)
    made.register(nik=nik(9), sex="P", name="MARYATI", mother_name="UKUY", village_code=VILLAGE)
    made.register(nik=nik(5), name="NASIM", visit_id=VISIT, village_code=VILLAGE)
    made.push(made.journal)
    made.pull()
    return made


def look_at_sample(browser, verdict="fits"):
    for _ in range(2):
        page = browser.get(f"/visits/{GROUP}").text
        sent = {name: hidden(page, name) for name in ("subject", "content")}
        assert (
            browser.post(f"/visits/{GROUP}/look", {**sent, "verdict": verdict}).status_code == 303
        )
        if verdict == "differs":
            return


def test_they_have_a_view_of_their_own_that_opens_once_no_visit_waits(office, laptop):
    browser = signed_in(office, "coordinator")
    page = browser.get("/visits").text
    assert "Kunjungan 1 " in words(page)  # the rail: what the open tab says
    assert "Kunjungan (1)" in words(page)
    assert "Tanpa kunjungan (1 desa)" in words(page)
    page = words(browser.get("/visits?view=without").text)
    assert "1 desa, 4 data. 3 tanpa catatan disetujui per desa; 1 diperiksa satu per satu." in page
    assert "didata di luar kunjungan" in page
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE subject SET state = 'verified' WHERE visit_id <> ''")
    page = browser.get("/visits").text
    assert "1 desa, 4 data." in words(page)
    assert 'href="/visits?view=visits"' in page
    assert "Kunjungan (0)" in words(browser.get("/visits?view=visits").text)


def test_clean_ones_are_approved_by_one_signature_after_the_sample(office, laptop):
    browser = signed_in(office, "coordinator")
    early = {"code": code_of(browser, office)}
    assert browser.post(f"/visits/{GROUP}/sign", early).status_code == 422
    look_at_sample(browser)
    sent = {"code": code_of(browser, office)}
    assert browser.post(f"/visits/{GROUP}/sign", sent).status_code == 303
    assert laptop.pull() == []
    later(office)
    assert {fields_of(item)["decision"] for item in laptop.pull()} == {"verified"}
    assert standing(office)["by_state"] == {"verified": 3, "registered": 2}
    assert verify_office(office) == []


def test_noted_ones_are_opened_by_a_key_and_answered(office, laptop):
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/visits/{GROUP}").text
    (where,) = re.findall(rf'href="(/visits/{GROUP}/[^"/]+)" data-key="1"', page)
    seen = hidden(browser.get(where).text, "seen")
    sent = {"seen": seen, "answer": "as_is", "reason": "KK dilihat"}
    assert browser.post(where, sent).status_code == 303
    later(office)
    assert standing(office)["by_state"] == {"verified": 1, "registered": 4}
    late = browser.post(where, sent)  # a colleague with the same page open
    assert late.headers["location"] == f"/visits/{GROUP}?done=record_late"
    assert "Data itu sudah diputuskan." in browser.get(late.headers["location"]).text


def test_one_that_does_not_fit_counts_for_those_who_were_here_by_then(office, laptop):
    browser = signed_in(office, "coordinator")
    look_at_sample(browser, "differs")
    assert "diperiksa satu per satu" in browser.get(f"/visits/{GROUP}").text
    assert 'name="code"' not in browser.get(f"/visits/{GROUP}").text
    for row in re.findall(
        rf'href="(/visits/{GROUP}/[0-9a-f-]+)"', browser.get(f"/visits/{GROUP}").text
    ):
        sent = {"seen": hidden(browser.get(row).text, "seen"), "answer": "withdraw", "reason": "x"}
        browser.post(row, sent)
    later(office)
    finished = browser.get(f"/visits/{GROUP}")
    assert finished.headers["location"] == "/visits?done=visit&view=without"
    laptop.register(nik=nik(11), name="SUMI", village_code=VILLAGE)
    laptop.push(laptop.journal[-1:])
    assert 'name="code"' in browser.get(f"/visits/{GROUP}").text


def test_outside_ones_kecamatan_there_is_no_such_group(office, laptop):
    outside = signed_in(office, "verifier", login="babelan", districts=["321602"])
    assert outside.get(f"/visits/{GROUP}").status_code == 404
    assert "Tanpa kunjungan (0 desa)" in words(outside.get("/visits").text)
    inside = signed_in(office, "verifier", login="pebayuran", districts=["321613"])
    assert inside.get(f"/visits/{GROUP}").status_code == 200
    assert inside.get("/visits/without-3216022001").status_code == 404
    assert inside.get("/visits.csv").status_code == 403


def test_both_views_leave_as_tables_without_a_name(office, laptop):
    browser = signed_in(office, "coordinator")
    for address, minutes in (("/visits.csv", "belum ada"), ("/visits.csv?view=without", "tanpa")):
        lines = browser.get(address).text.splitlines()
        assert len(lines) == 2
        assert minutes in lines[1]
        assert "KARTA" not in lines[1]
    assert browser.get("/visits.xlsx").status_code == 200


def test_the_command_knows_the_group_by_its_name(office, laptop):
    assert full_id(office, GROUP[:12]) == GROUP


def test_slips_and_rests_stand_on_the_page_of_their_visit(office, laptop):
    body = {"visit": VISIT, "schema": 1}
    laptop.write("ticket", {**body, "ticket": 7, "answer": "no_show"})
    rest = {"began_at": "2026-11-22T05:00:00.000Z", "ended_at": "2026-11-22T05:40:00.000Z"}
    laptop.write("rest", {**body, **rest})
    opened = {
        "visit": VISIT, "schema": 1, "village_code": VILLAGE, "place": "Balai desa",
        "day": "2026-11-22", "groups": [],
    }  # fmt: skip
    laptop.write("visit_open", opened)
    laptop.push(laptop.journal[-3:])
    page = words(signed_in(office, "coordinator").get(f"/visits/{VISIT}").text)
    assert "Tidak datang 1 orang: nomor antrean 7" in page
    assert "Istirahat 12.00\N{EN DASH}12.40" in page


def test_a_key_means_the_same_answer_whatever_the_record_s_state(office, laptop):
    browser = signed_in(office, "coordinator")
    subject = str(laptop.journal[3].fields["subject"])
    where = f"/visits/{GROUP}/{subject}"
    before = keys_of(browser.get(where).text)
    assert before["withdraw"] == "4"
    sent = {"seen": hidden(browser.get(where).text, "seen"), "answer": "ask_ktp"}
    assert browser.post(where, sent).status_code == 303
    later(office)
    after = keys_of(browser.get(where).text)
    assert after == {"withdraw": "4", "take_back": "5"}


def keys_of(page):
    return dict(re.findall(r'name="answer" value="([a-z_]+)" data-key="(\d)"', page))


def test_no_date_breaks_at_the_end_of_a_line():
    said = str(dated("Dijamin mulai 01-12-2026 <b>"))
    assert said == 'Dijamin mulai <span class="nowrap">01-12-2026</span> &lt;b&gt;'
