"""Requests that no laptop of ours would send, and what the office notes of those that one did."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from enumerator_app.domain.canonical import from_canonical
from sync.server.cases import list_cases
from sync.server.devices import list_devices, revoke_device
from sync.server.office import Office
from sync.server.standing import standing
from tests.server.laptops import Laptop


@pytest.mark.parametrize("counter", ["9" * 5000, "-1", "1.0", "", "²"])
def test_a_counter_that_is_no_number_is_refused(laptop: Laptop, counter: str):
    answer = laptop.ask("GET", "/v1/feed", counter=counter)

    assert answer.status == 401
    assert answer.json["code"] == "bad_signature"


@pytest.mark.parametrize("n", [2**70, -(2**70)])
def test_a_place_in_the_feed_beyond_all_numbers_is_not_known(laptop: Laptop, n: int):
    assert not laptop.hello(feed={"n": n, "hash": "0" * 64})["feed_ok"]


def test_the_office_says_when_it_heard_a_laptop_last(office: Office, laptop: Laptop):
    (enrolled,) = list_devices(office)
    began = office.clock()
    office.clock = lambda: began + timedelta(days=3)

    laptop.ask("GET", "/v1/feed")

    (seen,) = list_devices(office)
    assert seen["enrolled_at"] == enrolled["enrolled_at"]
    assert seen["last_seen"] == office.now()


def test_a_laptop_that_has_not_offered_its_notices_yet_was_not_heard(
    office: Office, laptop: Laptop
):
    laptop.register()
    laptop.push(laptop.journal)
    laptop.pull()
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE office SET restored_at = '2026-11-22T00:00:00.000Z'")

    laptop.hello(server_epoch=None)  # what a laptop says that owes its notices

    with office.database.reading() as connection:
        assert office.is_recovering(connection)
    laptop.hello()
    with office.database.reading() as connection:
        assert not office.is_recovering(connection)


def test_the_answer_to_a_broken_message_is_signed_too(laptop: Laptop):
    answer = laptop.ask("POST", "/v1/hello", json.dumps([1]).encode())  # checks the signature

    assert answer.status == 400


def test_people_in_quarantine_are_shown_to_the_office_until_they_are_none(
    office: Office, laptop: Laptop
):
    revoke_device(office, laptop.code)
    entry = laptop.register()
    laptop.push(laptop.journal)
    number = from_canonical(entry.body)["number"]

    (case,) = list_cases(office)

    assert (case["kind"], case["numbers"], case["reasons"]) == (
        "quarantined", [number], ["after_revocation"],
    )  # fmt: skip
    assert case["device"] == str(laptop.device)
    assert standing(office)["cases"] == 1
    assert list_cases(office, "quarantined") == [case]
    assert list_cases(office, "same_nik") == []


def test_a_valid_body_ends_a_quarantine(office: Office, laptop: Laptop):
    bad = laptop.register(name="")
    laptop.push(laptop.journal)
    subject = from_canonical(bad.header)["subject"]
    assert [case["reasons"] for case in list_cases(office)] == [["invalid"]]

    body = {**from_canonical(bad.body), "name": "SITI"}
    laptop.push([laptop.write("correct", body, subject=UUID(subject), base=bad.hash)])

    assert list_cases(office) == []
    assert standing(office)["by_state"] == {"registered": 1}


def contents(laptop: Laptop, *subjects: str):
    body = json.dumps({"subjects": subjects, "nonce": "00"}).encode()
    return laptop.ask("POST", "/v1/contents", body)


def test_a_laptop_is_told_what_its_own_records_say_and_no_others(
    new_laptop: Callable[[], Laptop],
):
    one, other = new_laptop(), new_laptop()
    entry = one.register()
    one.push(one.journal)
    subject = from_canonical(entry.header)["subject"]

    (found,) = contents(one, subject, "no such").json["records"].values()

    assert found == {"source": entry.hash, "body": from_canonical(entry.body)}
    assert contents(other, subject).json == {"records": {}}
    assert contents(one, *["x"] * 201).status == 413
