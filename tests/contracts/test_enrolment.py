from collections.abc import Callable
from datetime import timedelta

from sync.protocol.signing import new_private_key
from sync.server.devices import add_device, revoke_device
from sync.server.office import Office
from tests.server.laptops import Laptop


def test_enrolling_again_with_the_same_key_gives_the_same_place(office, place):
    code = add_device(office, "Laptop A").code
    laptop = Laptop(place)
    first, second = laptop.enrol(code), laptop.enrol(code)
    assert first.status == second.status == 200
    assert first.json["device_code"] == second.json["device_code"] == "A01"


def test_a_code_works_for_one_laptop_only(office, place):
    code = add_device(office, "Laptop A").code
    assert Laptop(place).enrol(code).status == 200
    other = Laptop(place).enrol(code)
    assert (other.status, other.json["code"]) == (409, "code_used")


def test_an_unknown_code_is_refused(office, place):
    answer = Laptop(place).enrol("AAAA-BBBB-CCCC-DDDD")
    assert (answer.status, answer.json["code"]) == (404, "code_unknown")


def test_a_code_ends_after_a_day(office, place):
    code = add_device(office, "Laptop A").code
    began = office.clock()
    office.clock = lambda: began + timedelta(hours=24, seconds=1)
    answer = Laptop(place).enrol(code)
    assert (answer.status, answer.json["code"]) == (410, "code_unknown")


def test_a_code_read_out_badly_is_understood(office, place):
    code = add_device(office, "Laptop A").code
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Laptop(place).enrol(spoken).status == 200


def test_device_codes_are_never_given_twice(office: Office):
    codes = [add_device(office, f"Laptop {n}").device_code for n in range(101)]
    assert codes[0] == "A01"
    assert codes[98:101] == ["A99", "B01", "B02"]


def test_an_enrolment_without_the_key_it_names_is_refused(office, place):
    laptop = Laptop(place)
    code = add_device(office, "Laptop A").code
    genuine = laptop.key
    laptop.key = new_private_key()
    claimed = Laptop(place, device=laptop.device, key=genuine)
    assert claimed.enrol(code).status == 200
    assert laptop.enrol(code).status == 409


def test_a_request_with_a_foreign_signature_is_refused(laptop: Laptop):
    answer = laptop.ask("GET", "/v1/feed?after=0", key=new_private_key())
    assert (answer.status, answer.json["code"]) == (401, "bad_signature")


def test_a_device_that_never_enrolled_is_unknown(laptop: Laptop, place):
    stranger = Laptop(place, issuing=laptop.issuing)
    answer = stranger.ask("GET", "/v1/feed?after=0")
    assert (answer.status, answer.json["code"]) == (401, "unknown_device")


def test_a_counter_that_was_seen_is_refused_with_the_last_one(laptop: Laptop):
    assert laptop.ask("GET", "/v1/feed?after=0", counter=7).status == 200
    answer = laptop.ask("GET", "/v1/feed?after=0", counter=7)
    assert (answer.status, answer.json["code"], answer.json["counter"]) == (
        409, "counter_behind", 7,
    )  # fmt: skip
    assert laptop.ask("GET", "/v1/feed?after=0", counter=8).status == 200


def test_another_offices_hello_and_batch_are_refused(laptop: Laptop):
    laptop.register()
    genuine, laptop.office = laptop.office, "00000000-0000-4000-8000-000000000000"
    lines = [b"".join((entry.header, b"\t-\t-\n")) for entry in laptop.journal]
    answer = laptop.send(lines, laptop.journal[-1].hash)
    laptop.office = genuine
    assert (answer.status, answer.json["code"]) == (403, "other_office")


def test_a_revoked_laptop_still_delivers_but_without_effect(
    office: Office, new_laptop: Callable[[], Laptop]
):
    laptop = new_laptop()
    revoke_device(office, "A01")
    laptop.register()
    receipt = laptop.push(laptop.journal)
    assert {other["outcome"] for other in receipt["others"]} == {"quarantined"}
    assert {other["code"] for other in receipt["others"]} == {"after_revocation"}
    assert laptop.hello()["locked"]
    assert "revoked" in {notice["kind"] for notice in laptop.pull()}
