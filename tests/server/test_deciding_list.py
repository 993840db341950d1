"""The list of what must be decided: every kind has words, nothing waits unseen, tables leave."""

import re

import pytest
from sqlalchemy import update

from sync.server.bulk import write_all
from sync.server.cases import list_cases
from sync.server.ingest.cases import CASES, Case, Cases
from sync.server.tables import DEVICE_ROWS, SUBJECT_ROWS
from tests.server.laptops import nik, person
from tests.server.people import signed_in
from tests.server.test_deciding_pages import words

VILLAGE = "3216132001"
KINDS = (
    "alike", "same_nik", "number_clash", "conflict", "no_right", "withdrawn_late",
    "merge_invalid", "schema_unknown", "parked", "decided_twice", "copied_device", "rollback",
    "gap", "a_kind_of_tomorrow",
)  # fmt: skip


@pytest.fixture
def office(sqlite_office):
    return sqlite_office


@pytest.fixture
def laptop(office, laptop_on):
    made = laptop_on(office)
    made.register(nik=nik(1), name="KARTA", village_code=VILLAGE)
    made.push(made.journal)
    return made


def opened(office, kind, subjects=(), device=None, reasons=()):
    cases = Cases()
    cases.open(Case(kind, device, subjects, reasons, about=kind))
    with office.database.writing() as connection:
        write_all(connection, [(CASES, cases.rows(office.now()))])


def device_of(office):
    with office.database.reading() as connection:
        return connection.execute(DEVICE_ROWS.select()).one()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_of_case_can_be_listed_and_opened(office, laptop, language):
    subject = str(laptop.journal[-1].fields["subject"])
    for kind in KINDS:
        about_laptop = kind in {"copied_device", "rollback", "gap"}
        opened(office, kind, () if about_laptop else (subject,), device_of(office).id)
    browser = signed_in(office, "coordinator")
    page = browser.get(f"/decide?lang={language}")
    assert page.status_code == 200
    addresses = re.findall(r'href="(/decide/[0-9a-f]+)" data-row', page.text)
    assert len(addresses) == len(KINDS)
    assert {browser.get(address).status_code for address in addresses} == {200}


def test_a_case_about_a_laptop_names_it_and_asks_for_nothing_that_cannot_be(office, laptop):
    device = device_of(office)
    opened(office, "gap", device=device.id)
    browser = signed_in(office, "coordinator")
    listed = browser.get("/decide").text
    assert f"Laptop {device.code}" in words(listed)
    (case,) = list_cases(office, "gap")
    page = browser.get(f"/decide/{case['id']}").text
    assert f'href="/devices/{device.code}"' in page
    assert "Biarkan seperti sekarang" in page
    assert "Minta lihat KTP lagi" not in page


def test_a_change_in_two_places_shows_both_values(office, laptop, laptop_on):
    entry = laptop.journal[-1]
    number = entry.fields.get("number") or re.search(rb'"number":"([^"]+)"', entry.body)[1].decode()
    subject = entry.fields["subject"]
    body = {"nik": nik(1), "village_code": VILLAGE, "number": number}
    for name in ("KARTA WIJAYA", "KARTO"):  # both say that they saw the first entry
        laptop.write("correct", person(**body, name=name), subject=subject, base=entry.hash)
    laptop.push(laptop.journal[-2:])
    (case,) = list_cases(office, "conflict")
    page = words(signed_in(office, "coordinator").get(f"/decide/{case['id']}").text)
    assert "Berlaku sekarang" in page
    assert "KARTA WIJAYA" in page
    assert "KARTO" in page
    assert "beda" in page


def test_a_record_nobody_could_read_has_a_place_and_a_next_step(office, laptop):
    laptop.register(nik="12", name="ENCUM <b>", village_code=VILLAGE, sex="X")
    laptop.push(laptop.journal[-1:])
    browser = signed_in(office, "coordinator")
    page = browser.get("/decide").text
    assert "Tidak terbaca (1)" in words(page)
    assert "Perlu diputuskan 1 " in words(page)  # in the rail, and this is the tab that opens
    assert "ENCUM &lt;b&gt;" in page
    assert "Perlu diputuskan (0)" in words(browser.get("/decide?view=open").text)
    unread = browser.get("/decide?view=unread").text
    assert "ENCUM &lt;b&gt;" in unread
    assert "menyimpannya lagi" in unread
    outside = signed_in(office, "verifier", login="babelan", districts=["321602"])
    assert "ENCUM" not in outside.get("/decide?view=unread").text
    inside = signed_in(office, "verifier", login="pebayuran", districts=["321613"])
    assert "ENCUM" in inside.get("/decide?view=unread").text


def test_the_list_leaves_as_a_table_and_a_name_stays_text(office, laptop):
    subject = str(laptop.journal[-1].fields["subject"])
    opened(office, "parked", (subject,), device_of(office).id, ("invalid",))
    with office.database.writing() as connection:
        connection.execute(update(SUBJECT_ROWS).values(name="=1+1"))
    browser = signed_in(office, "coordinator")
    assert "/decide.xlsx" in browser.get("/decide").text
    table = browser.get("/decide.csv")
    assert table.status_code == 200
    lines = table.text.splitlines()
    assert len(lines) == 2
    assert not re.search(r'(^|[,;])"?=1', lines[1])
    assert browser.get("/decide.exe").status_code == 404
    assert signed_in(office, "auditor").get("/decide.csv").status_code == 403


def test_two_that_cannot_be_laid_aside_are_not_offered_to_a_second_person(office, laptop):
    laptop.register(nik=nik(2), name="KARTO", village_code=VILLAGE)
    laptop.push(laptop.journal[-1:])
    subjects = tuple(str(entry.fields["subject"]) for entry in laptop.journal[-2:])
    opened(office, "alike", subjects)
    with office.database.writing() as connection:
        connection.execute(update(SUBJECT_ROWS).values(state="enrolled"))
    browser = signed_in(office, "coordinator")
    (case,) = list_cases(office, "alike")
    page = browser.get(f"/decide/{case['id']}?step=unite").text
    assert "Keduanya tidak bisa jadi arsip" in page
    assert "Minta orang kedua" not in page
    with office.database.writing() as connection:
        connection.execute(update(SUBJECT_ROWS).values(state="verified"))
    assert "Minta orang kedua" in browser.get(f"/decide/{case['id']}?step=unite").text
