"""Laptops on the office's page: what is missing, who is silent, a new one, and stopping one."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import insert, select, update

from sync.protocol.signing import key_id, new_private_key, public_hex, shown_key_id
from sync.server.device_keys import keys_of
from sync.server.device_standing import device_standings
from sync.server.devices import add_device, find_device, list_devices, revoke_device
from sync.server.figures import laptops as figures
from sync.server.operators import operators_of
from sync.server.people import mass_exports
from sync.server.people.audit import wrong_deeds
from sync.server.people.tables import DEED_ROWS
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, SUBJECT_ROWS
from tests.benchmarks.seeded_office import World, fill
from tests.server.laptops import Laptop, nik
from tests.server.offices import serving
from tests.server.people import signed_in, words_of

NOW = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)


@pytest.fixture
def filled(sqlite_office):
    sqlite_office.clock = lambda: NOW
    fill(sqlite_office, World(people=2_400, target=3_600, now=NOW, devices=24))
    return sqlite_office


def test_missing_numbers_are_those_that_the_long_way_finds(filled):
    with filled.database.writing() as connection:
        table = SUBJECT_ROWS.c
        some = connection.execute(select(table.id, table.number).limit(40)).all()
        gone = SUBJECT_ROWS.delete().where(table.id.in_([row.id for row in some[::2]]))
        connection.execute(gone)
        twice = some[1].number  # two laptops gave one number: counted once
        other = SUBJECT_ROWS.update().where(table.id == some[3].id)
        connection.execute(other.values(number=twice))
    found = {one.code: one for one in figures.laptops(filled)}
    for device in device_standings(filled):
        one = found[device["code"]]
        assert (one.last_number, one.missing) == (device["last_number"], device["missing_count"])
        assert figures.missing_serials(filled, one.code, 200) == device["missing"]
        assert one.quiet_days == device["silent_days"]
    assert sum(one.missing for one in found.values()) >= 10


def test_the_laptop_that_is_silent_longest_stands_first(filled):
    codes = re.findall(
        r'href="/devices/(\w+)" data-row', signed_in(filled, "coordinator").get("/devices").text
    )
    assert codes[0] == "A23"  # seven days
    assert len(codes) == 24
    said = words_of(signed_in(filled, "coordinator").get("/devices"))
    assert "A23 belum menghubungi kantor 7 hari." in said
    assert "bukan untuk upah" in said


def test_the_rail_counts_what_the_page_says(filled):
    page = signed_in(filled, "coordinator").get("/devices")
    counted = re.search(r'<a href="/devices".*?class="count look">(\d+)', page.text, re.DOTALL)[1]
    assert f"{counted} perlu dilihat" in words_of(page)


def test_pace_is_the_middle_time_between_two_people_of_one_laptop(sqlite_office):
    sqlite_office.clock = lambda: NOW
    fill(sqlite_office, World(people=30, target=900, now=NOW, devices=1))
    start = NOW - timedelta(days=2)
    with sqlite_office.database.writing() as connection:
        rows = (
            connection.execute(select(SUBJECT_ROWS.c.id).order_by(SUBJECT_ROWS.c.id))
            .scalars()
            .all()
        )
        at = start
        for n, subject in enumerate(rows):
            at += timedelta(seconds=3600 if n == 15 else 100 if n % 2 else 140)
            change = SUBJECT_ROWS.update().where(SUBJECT_ROWS.c.id == subject)
            written = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            connection.execute(change.values(registered_at=written, state="registered"))
    found = figures.speeds(sqlite_office)
    assert found.people == 30
    assert found.seconds == 100  # of 14 times 100 s and 14 times 140 s, without the pause


def test_a_code_from_the_page_enrols_a_laptop(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    assert browser.post("/devices/new", {"label": " "}).status_code == 422
    page = browser.post("/devices/new", {"label": "Kecamatan <Setu>"})
    code = re.search(r'class="secret">([^<]+)<', page.text)[1]
    assert "<Setu>" not in page.text
    with serving(sqlite_office) as place:
        assert Laptop(place).enrol(code).status == 200
    (device,) = list_devices(sqlite_office)
    assert device["label"] == "Kecamatan <Setu>"
    assert code not in browser.get("/devices").text


def test_stopping_a_laptop_takes_the_code_of_the_person(filled):
    browser = signed_in(filled, "coordinator")
    assert browser.post("/devices/A05/revoke", {"code": "000000"}).status_code == 422
    state = {one["code"]: one["state"] for one in list_devices(filled)}
    assert state["A05"] == "active"
    code = pyotp.TOTP(browser.secret).at(NOW)
    assert browser.post("/devices/A05/revoke", {"code": code}).status_code == 303
    state = {one["code"]: one["state"] for one in list_devices(filled)}
    assert state["A05"] == "revoked"
    assert "Dihentikan" in words_of(browser.get("/devices/A05"))
    with filled.database.reading() as connection:
        deeds = [
            (row.account, row.deed, row.subject) for row in connection.execute(select(DEED_ROWS))
        ]
        assert list(wrong_deeds(filled, connection)) == []
    assert (browser.account, "device_revoked", "A05") in deeds


def test_ending_somebodys_work_takes_the_code_and_stands_on_the_page(filled):
    browser = signed_in(filled, "coordinator")
    (person, *_) = operators_of(filled, "A05")
    address = f"/devices/A05/operators/{person.id}/remove"
    assert browser.post(address, {"code": "000000"}).status_code == 422
    assert not operators_of(filled, "A05")[0].is_removed
    code = pyotp.TOTP(browser.secret).at(NOW)
    assert browser.post(address, {"code": code}).status_code == 303
    assert operators_of(filled, "A05")[0].is_removed
    assert "diakhiri" in words_of(browser.get("/devices/A05"))
    assert signed_in(filled, "verifier").post(address, {"code": "0"}).status_code == 403


def test_a_key_that_a_laptop_made_is_confirmed_with_the_code_and_a_second_person(filled):
    first, made = (public_hex(new_private_key()) for _ in range(2))
    kid = key_id(made)
    with filled.database.writing() as connection:
        row = {"device": find_device(connection, "A06").id, "added_at": filled.now()}
        one = {"n": 1, "kid": key_id(first), "public_key": first, "signed_by": None}
        two = {"n": 2, "kid": kid, "public_key": made, "signed_by": key_id(first)}
        connection.execute(insert(DEVICE_KEY_ROWS), [row | one, row | two])
    browser = signed_in(filled, "coordinator")
    said = words_of(browser.get("/devices"))
    assert "Kunci baru belum dikonfirmasi" in said
    assert "2 perlu dilihat." in said, "A23, and the laptop with the key"
    with filled.database.writing() as connection:
        heard = update(DEVICE_ROWS).values(last_seen=filled.now())
        connection.execute(heard)
    assert "A06 membuat kunci baru yang belum dikonfirmasi." in words_of(browser.get("/devices"))
    assert shown_key_id(kid) in words_of(browser.get("/devices/A06"))
    address = f"/devices/A06/keys/{kid}/confirm"
    assert browser.post(address, {"code": "000000"}).status_code == 422
    code = pyotp.TOTP(browser.secret).at(NOW)
    page = browser.get("/devices/A06")
    assert "Kunci lain laptop ini berakhir dengan nomor terakhir" in words_of(page)
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    for login, stale in (("ani", {}), ("budi", {"seen": "0" * 16})):
        colleague = signed_in(filled, "coordinator", login=login)
        typed = {"code": pyotp.TOTP(colleague.secret).at(NOW), **stale}
        assert colleague.post(address, typed).status_code != 303
        assert [one.standing for one in keys_of(filled, "A06")] == ["first", "waits"]
    assert browser.post(address, {"code": code, "seen": seen}).status_code == 303
    assert [one.standing for one in keys_of(filled, "A06")] == ["first", "waits"]
    second = signed_in(filled, "administrator", login="candra")
    (request,) = re.findall(r'action="/pairs/([\w-]+)/yes"', second.get("/pairs").text)
    assert second.post(f"/pairs/{request}/yes", {"code": second.code}).status_code == 303
    assert [one.standing for one in keys_of(filled, "A06")] == ["ended", "confirmed"]
    assert signed_in(filled, "verifier").post(address, {"code": "0"}).status_code == 403
    other = signed_in(filled, "coordinator")
    assert other.post("/devices/A06/new-key", {"code": "0"}).status_code == 422


def test_nobody_else_may_make_or_stop_laptops(filled):
    for role in ("verifier", "service_desk", "auditor"):
        browser = signed_in(filled, role)
        assert browser.get("/devices").status_code == 403
        assert browser.post("/devices/new", {"label": "x"}).status_code == 403
        assert browser.post("/devices/A05/revoke", {"code": "0"}).status_code == 403
        assert "/devices" not in browser.get("/").text


@pytest.fixture
def stopped(sqlite_office):
    """A laptop that was stopped, and then sent two people of yesterday and one of today."""
    sqlite_office.clock = lambda: NOW
    with serving(sqlite_office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(sqlite_office, "Balai desa").code)
        laptop.start_epoch()
        laptop.push(laptop.journal)
        revoke_device(sqlite_office, "A01")
        for n, day in enumerate(("2026-11-27", "2026-11-27", "2026-11-28")):
            laptop.register(nik=nik(n + 1), claimed_time=f"{day}T05:00:00.000Z")
        laptop.push(laptop.journal[1:])
    return sqlite_office


def states(office):
    with office.database.reading() as connection:
        return sorted(connection.execute(select(SUBJECT_ROWS.c.state)).scalars())


def test_what_a_stopped_laptop_had_saved_is_let_in_with_the_code(stopped):
    browser = signed_in(stopped, "coordinator")
    said = words_of(browser.get("/devices/A01"))
    assert "3 orang menunggu di laptop ini" in said
    assert "27-11-2026 2 2" in said
    assert "terima datanya di halaman laptop itu" in words_of(browser.get("/decide?view=unread"))
    form = {"before": "2026-11-28"}
    for wrong in ({"code": "000000"}, {"code": browser.code, "before": "besok"}):
        assert browser.post("/devices/A01/let-in", form | wrong).status_code == 422
    assert states(stopped) == ["quarantined"] * 3
    done = browser.post("/devices/A01/let-in", form | {"code": browser.code})
    assert "2 orang sudah diterima" in words_of(browser.get(done.headers["location"]))
    assert states(stopped) == ["quarantined", "registered", "registered"]
    with stopped.database.reading() as connection:
        deeds = [(one.account, one.deed) for one in connection.execute(select(DEED_ROWS))]
    assert (browser.account, "device_let_in") in deeds


def test_many_people_of_a_stopped_laptop_take_a_second_person(stopped, monkeypatch):
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 1)
    first = signed_in(stopped, "coordinator", login="satu")
    second = signed_in(stopped, "administrator", login="dua")
    form = {"before": "2026-11-28", "code": first.code}
    assert first.post("/devices/A01/let-in", form).headers["location"] == "/pairs"
    assert states(stopped) == ["quarantined"] * 3
    page = second.get("/pairs")
    assert "Terima data laptop yang dihentikan" in words_of(page)
    (request,) = re.findall(r'action="/pairs/([\w-]+)/yes"', page.text)
    assert second.post(f"/pairs/{request}/yes", {"code": second.code}).status_code == 303
    assert states(stopped) == ["quarantined", "registered", "registered"]


def test_nobody_else_lets_in(stopped):
    for role in ("verifier", "service_desk", "auditor"):
        browser = signed_in(stopped, role)
        form = {"before": "2026-11-28", "code": browser.code}
        assert browser.post("/devices/A01/let-in", form).status_code == 403
    assert states(stopped) == ["quarantined"] * 3


def test_a_laptop_is_replaced_on_its_page_with_the_code(stopped):
    browser = signed_in(stopped, "coordinator")
    assert browser.post("/devices/A01/replace", {"replace_code": "0"}).status_code == 422
    assert "dihentikan sekarang juga" not in words_of(browser.get("/devices/A01"))
    page = browser.post("/devices/A01/replace", {"replace_code": browser.code})
    code = re.search(r'class="secret">([^<]+)<', page.text)[1]
    assert "data A01 yang ada di kantor datang ke A02" in words_of(page)
    with serving(stopped) as place:
        new = Laptop(place)
        assert new.enrol(code).status == 200
        assert [one for one in new.pull() if one["subject"]] == []  # nobody counts yet
        stopped.clock = lambda: NOW + timedelta(minutes=2)  # each code counts once
        form = {"before": "2026-11-28", "code": browser.code}
        assert browser.post("/devices/A01/let-in", form).status_code == 303
        assert len({one["subject"] for one in new.pull() if one["subject"]}) == 2
