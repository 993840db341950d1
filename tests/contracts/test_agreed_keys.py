"""What is done with a laptop's keys on the office's pages is asked by one and agreed to by another.

What stops somebody never waits: a stolen laptop is stopped by whoever is there.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import instant_from_text
from sync.protocol.signing import shown_key_id
from sync.server.application import create_application
from sync.server.device_keys import ask_new_key, confirm_key, confirm_within, keys_of, print_of_keys
from sync.server.devices import revoke_device
from sync.server.office import Office
from sync.server.people.audit import wrong_deeds
from sync.server.people.tables import DEED_ROWS, PAIR_ROWS
from sync.server.resolving.errors import DecidedBefore
from sync.server.verifying import verify_office
from tests.contracts.test_device_keys import id_of, rekeyed
from tests.server.laptops import Laptop, nik
from tests.server.people import Browser, signed_in, words_of

HERE, ELSEWHERE = ["Tarumajaya"], ["Setu"]
VILLAGE = "3216012001"  # in Tarumajaya


@dataclass
class Desk:
    """An office with one laptop whose own key waits, and the people who may answer for it."""

    office: Office
    laptop: Laptop
    kid: str
    app: object

    def person(self, login: str, role: str = "coordinator", districts: list[str] = HERE) -> Browser:
        return signed_in(self.office, role, login=login, districts=districts, app=self.app)

    @property
    def standings(self) -> list[str]:
        return [one.standing for one in keys_of(self.office, self.laptop.code)]

    def listed(self) -> dict[str, int | None]:
        """Up to which serial each key vouches for slips, by the list that the office wrote."""
        document = from_canonical(self.office.home.trust_file.read_bytes())
        keys = from_canonical(document["list"].encode())["list"]["device_keys"]
        return {one["kid"]: one["valid_serials_up_to"] for one in keys}

    def later(self) -> None:
        """Let a minute pass: each code of a phone counts once."""
        now = self.office.clock()
        self.office.clock = lambda: now + timedelta(minutes=1)

    def ask_to_confirm(self, who: Browser, **wrong: str):
        page = who.get("/devices/A01")
        seen = re.search(r'name="seen" value="([^"]+)"', page.text)
        form = {"code": who.code, "seen": seen[1] if seen else "", **wrong}
        return who.post(f"/devices/A01/keys/{self.kid}/confirm", form)

    def ask_new(self, who: Browser):
        return who.post("/devices/A01/new-key", {"code": who.code})

    def requests(self) -> list:
        with self.office.database.reading() as connection:
            return list(connection.execute(select(PAIR_ROWS).order_by(PAIR_ROWS.c.asked_at)).all())

    def deeds(self) -> list[tuple[str, str]]:
        with self.office.database.reading() as connection:
            assert list(wrong_deeds(self.office, connection)) == []
            rows = connection.execute(select(DEED_ROWS).order_by(DEED_ROWS.c.n)).all()
        return [(row.account, row.deed) for row in rows]


@pytest.fixture
def desk(office: Office, laptop: Laptop) -> Desk:
    laptop.register(nik=nik(1), village_code=VILLAGE)
    laptop.start_epoch("restore")
    new = rekeyed(laptop)
    laptop.push(laptop.journal)
    laptop.pull()
    laptop.key = new
    return Desk(office, laptop, id_of(new), create_application(office))


def answered(who: Browser, request: str, yes: str = "yes"):
    return who.post(f"/pairs/{request}/{yes}", {"code": who.code})


def test_a_key_is_confirmed_once_a_second_person_agreed(desk: Desk):
    first, second = desk.person("satu"), desk.person("dua", "administrator", [])
    old, *_ = desk.listed()

    asked = desk.ask_to_confirm(first)

    assert (asked.status_code, asked.headers["location"]) == (303, "/devices/A01#keys")
    assert desk.standings == ["first", "waits"]
    assert desk.listed() == {old: None, desk.kid: None}
    page = words_of(first.get("/devices/A01"))
    assert "Menunggu orang kedua: diminta Uji coordinator" in page
    assert "Ini kunci laptop di tangan petugas" not in page
    (request,) = desk.requests()
    assert json.loads(request.payload)["key"] == desk.kid

    assert "permintaan Anda sendiri" in words_of(first.get("/pairs"))
    desk.later()
    own = answered(first, request.id)
    assert own.status_code == 422
    assert "Orang kedua harus orang lain" in own.text
    shown = words_of(second.get("/pairs"))
    assert f"Konfirmasi kunci {shown_key_id(desk.kid)}" in shown
    assert "A01" in shown
    assert "nomor terakhir yang ada di kantor saat disetujui" in shown
    wrong = second.post(f"/pairs/{request.id}/yes", {"code": "000000"})
    assert wrong.status_code == 422
    assert desk.standings == ["first", "waits"]

    assert answered(second, request.id).status_code == 303

    assert desk.standings == ["ended", "confirmed"]
    assert desk.listed() == {old: 1, desk.kid: None}  # phones are told at once
    told = desk.deeds()
    assert told.index((first.account, "asked_keys")) < told.index((first.account, "key_confirmed"))
    assert (second.account, "agreed_keys") in told
    assert (
        "Menunggu orang kedua" not in words_of(first.get("/devices/A01")).split("Kunci laptop")[1]
    )
    assert verify_office(desk.office) == []


def test_a_new_key_is_asked_of_the_laptop_once_a_second_person_agreed(desk: Desk):
    first, second = desk.person("satu"), desk.person("dua")
    assert desk.ask_new(first).status_code == 303
    desk.later()
    assert desk.ask_new(first).status_code == 303  # the same request
    (request,) = desk.requests()
    assert "rekey_wanted" not in [item["kind"] for item in desk.laptop.pull()]
    assert 'action="/devices/A01/new-key"' not in first.get("/devices/A01").text

    assert "Minta kunci baru dari A01" in words_of(second.get("/pairs"))
    assert answered(second, request.id).status_code == 303

    assert "rekey_wanted" in [item["kind"] for item in desk.laptop.pull()]
    assert (first.account, "key_asked") in desk.deeds()
    assert 'action="/devices/A01/new-key"' in first.get("/devices/A01").text


@pytest.mark.parametrize("who", ["satu", "dua"])
def test_refused_or_taken_back_nothing_changes_and_it_can_be_asked_again(desk: Desk, who: str):
    first = desk.person("satu")
    desk.ask_to_confirm(first)
    (request,) = desk.requests()
    person = first if who == "satu" else desk.person("dua")

    assert answered(person, request.id, "no").status_code == 303

    assert desk.standings == ["first", "waits"]
    assert (person.account, "refused_keys") in desk.deeds()
    assert "Ini kunci laptop di tangan petugas" in words_of(first.get("/devices/A01"))
    desk.later()
    assert desk.ask_to_confirm(first).status_code == 303
    assert [one.state for one in desk.requests()] == ["refused", "open"]


def test_a_request_of_three_days_ago_is_over(desk: Desk):
    first, second = desk.person("satu"), desk.person("dua")
    desk.ask_to_confirm(first)
    (request,) = desk.requests()
    over = instant_from_text(request.over_at)
    desk.office.clock = lambda: over
    first, second = desk.person("satu"), desk.person("dua")  # signed in again after three days
    assert request.id not in second.get("/pairs").text
    assert "Ini kunci laptop di tangan petugas" in words_of(first.get("/devices/A01"))


def test_somebody_of_another_area_or_without_the_right_neither_asks_nor_agrees(desk: Desk):
    first = desk.person("satu")
    away = desk.person("jauh", districts=ELSEWHERE)
    assert desk.ask_to_confirm(away).status_code == 404
    assert desk.ask_new(away).status_code == 404
    for role in ("verifier", "service_desk", "auditor"):
        other = desk.person(role.replace("_", "."), role)
        assert desk.ask_new(other).status_code == 403
        assert desk.ask_to_confirm(other).status_code == 403
    assert desk.requests() == []
    desk.ask_to_confirm(first)
    (request,) = desk.requests()
    for person in (away, desk.person("pemeriksa", "verifier")):
        assert request.id not in person.get("/pairs").text
        assert answered(person, request.id).status_code == 422
    assert desk.standings == ["first", "waits"]


def test_who_asks_needs_the_code_and_the_keys_that_the_page_showed(desk: Desk):
    first = desk.person("satu")
    for wrong in ({"code": "000000"}, {"seen": "0" * 16}):
        assert desk.ask_to_confirm(first, **wrong).status_code == 422
    assert first.post("/devices/A01/new-key", {"code": "000000"}).status_code == 422
    assert desk.requests() == []


Change = Callable[[Desk], object]


def another_key(desk: Desk) -> None:
    desk.laptop.start_epoch("restore")
    rekeyed(desk.laptop)
    desk.laptop.push(desk.laptop.journal[-2:])


def confirmed_at_the_server(desk: Desk) -> None:
    confirm_key(desk.office, "A01", desk.kid)


def stopped(desk: Desk) -> None:
    revoke_device(desk.office, "A01")


@pytest.mark.parametrize("change", [another_key, confirmed_at_the_server, stopped])
def test_what_changed_meanwhile_is_said_and_not_agreed_to(desk: Desk, change: Change):
    first, second = desk.person("satu"), desk.person("dua")
    desk.ask_to_confirm(first)
    (request,) = desk.requests()
    change(desk)
    before = desk.standings

    page = second.get("/pairs")
    said = "sudah dihentikan" if change is stopped else "Kunci laptop ini berubah"
    assert said in words_of(page)
    assert f"/pairs/{request.id}/yes" not in page.text
    assert answered(second, request.id).status_code == 422  # a page from before

    assert desk.standings == before
    assert [one.state for one in desk.requests()] == ["open"]
    shown = words_of(first.get("/devices/A01"))
    assert "diminta Uji coordinator" not in shown
    assert answered(second, request.id, "no").status_code == 303
    assert request.id not in second.get("/pairs").text


def test_no_new_key_is_asked_of_a_laptop_that_was_stopped_meanwhile(desk: Desk):
    first, second = desk.person("satu"), desk.person("dua")
    desk.ask_new(first)
    (request,) = desk.requests()
    stopped(desk)
    assert "sudah dihentikan" in words_of(second.get("/pairs"))
    assert answered(second, request.id).status_code == 422
    assert "rekey_wanted" not in [item["kind"] for item in desk.laptop.pull()]


def test_of_two_keys_that_wait_for_agreement_one_is_confirmed(desk: Desk):
    another_key(desk)
    first, second = desk.person("satu"), desk.person("dua")
    kids = [one.kid for one in keys_of(desk.office, "A01")][1:]
    for desk.kid in kids:
        assert desk.ask_to_confirm(first).status_code == 303
        desk.later()
    one, two = desk.requests()
    assert answered(second, two.id).status_code == 303
    desk.later()
    assert answered(second, one.id).status_code == 422
    assert desk.standings == ["ended", "ended", "confirmed"]


def test_stopping_a_laptop_needs_nobody_else(desk: Desk):
    first = desk.person("satu")
    desk.ask_new(first)
    desk.later()
    assert first.post("/devices/A01/revoke", {"code": first.code}).status_code == 303
    assert set(desk.listed().values()) == {1}
    assert [one.state for one in desk.requests()] == ["open"]


def test_the_command_at_the_server_waits_for_nobody_and_stands_in_the_trail(desk: Desk):
    confirm_key(desk.office, "A01", desk.kid)
    ask_new_key(desk.office, "A01")
    assert desk.requests() == []
    assert {("command line", "key_confirmed"), ("command line", "key_asked")} <= set(desk.deeds())


def test_two_who_confirm_at_the_same_moment_do_not_both(desk: Desk):
    another_key(desk)
    keys = keys_of(desk.office, "A01")
    seen, refused = print_of_keys(keys), []

    def other() -> None:
        try:
            confirm_key(desk.office, "A01", keys[2].kid, seen=seen)
        except DecidedBefore as error:
            refused.append(error)

    second = threading.Thread(target=other)
    with desk.office.database.writing() as connection:
        confirm_within(desk.office, connection, "A01", keys[1].kid, by="ratna", seen=seen)
        second.start()
        second.join(0.5)  # it waits for this transaction
        assert second.is_alive()
    second.join(30)
    assert len(refused) == 1
    assert desk.standings == ["ended", "confirmed", "ended"]
