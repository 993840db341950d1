"""Keys that a laptop makes after a new epoch: who vouches for them, and for which slips they do."""

from typing import Any

import pytest
from sqlalchemy import select

from sync.protocol.rekey import rekey_statement
from sync.protocol.signing import key_id, new_private_key, public_hex, sign
from sync.server.cases import list_cases
from sync.server.device_keys import ask_new_key, confirm_key, keys_of, print_of_keys
from sync.server.device_standing import device_standings
from sync.server.devices import revoke_device
from sync.server.errors import DeviceStopped, KeyUnknown
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS
from sync.server.resolving.answering import Given, answer_case
from sync.server.resolving.errors import DecidedBefore
from sync.server.resolving.officer import Officer
from sync.server.resolving.watching import refresh_if_copy_decided
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.contracts.test_trust_list import fetched
from tests.server.laptops import Laptop, nik, outcomes


def rekeyed(laptop: Laptop, old: Any = None) -> Any:
    """Write the entry, signed by the key before; return the new key."""
    new = new_private_key()
    said = rekey_statement(laptop.office, laptop.device, old or laptop.key, new)
    laptop.write("rekey", said)
    return new


def id_of(key: Any) -> str:
    return key_id(public_hex(key))


def caps(laptop: Laptop) -> dict[str, int | None]:
    """Up to which serial each key of the laptop vouches for slips, by the list it can fetch."""
    found = fetched(laptop).device_keys
    return {one.kid: one.valid_serials_up_to for one in found if one.device_code == laptop.code}


def copied(laptop: Laptop) -> Laptop:
    """A copy after one registration; both go on and send, the copy with a key of its own."""
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    copy = laptop.copy()
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal[-1:])
    copy.counter = laptop.counter
    copy.register(nik=nik(3))
    copy.push(copy.journal[-1:])
    copy.start_epoch("foreign_tip")
    new = rekeyed(copy)
    copy.push(copy.journal[-2:])
    copy.key = new
    laptop.counter = copy.counter
    return copy


def test_a_key_that_the_one_before_vouches_for_is_the_devices_from_then_on(
    office: Office, laptop: Laptop
):
    laptop.start_epoch("restore")
    old, new = laptop.key, rekeyed(laptop)
    assert set(outcomes(laptop.push(laptop.journal)).values()) <= {"accepted"}
    assert laptop.hello()["keys"] == [id_of(old), id_of(new)]

    laptop.key = new
    laptop.register(nik=nik(1))
    assert laptop.push(laptop.journal[-1:])["others"] == []
    laptop.key = old  # a copy that knows nothing of it still delivers
    laptop.register(nik=nik(2))
    assert laptop.push(laptop.journal[-1:])["others"] == []

    assert standing(office)["registrations"] == 2
    assert caps(laptop) == {id_of(old): None, id_of(new): None}
    assert [one.standing for one in keys_of(office, laptop.code)] == ["first", "waits"]
    (device,) = (one for one in device_standings(office) if one["code"] == laptop.code)
    assert device["keys_waiting"] == 1
    assert verify_office(office) == []


@pytest.mark.parametrize("lie", ["stranger", "proof", "device", "form"])
def test_a_key_that_nobody_vouches_for_is_not_taken(office: Office, laptop: Laptop, lie: str):
    new, stranger = new_private_key(), new_private_key()
    said = rekey_statement(laptop.office, laptop.device, laptop.key, new)
    if lie == "stranger":
        said = rekey_statement(laptop.office, laptop.device, stranger, new)
    elif lie == "proof":  # the key of another laptop, called one's own
        said["proof"] = sign(laptop.key, b"TP1-rekey\n", b"anything")
    elif lie == "device":
        said = rekey_statement(laptop.office, laptop.operator, laptop.key, new)
    else:
        said = {"public_key": None}
    entry = laptop.write("rekey", said)

    receipt = laptop.push(laptop.journal)

    assert outcomes(receipt) == {entry.hash: "quarantined"}
    assert laptop.hello()["keys"] == [id_of(laptop.key)]
    assert laptop.ask("GET", "/v1/feed?after=0", key=new).json["code"] == "bad_signature"


def test_the_branch_of_a_confirmed_key_issues_cards_while_the_copies_wait(
    office: Office, laptop: Laptop
):
    copy = copied(laptop)
    shared, own = id_of(laptop.key), id_of(copy.key)
    assert caps(laptop) == {shared: 1, own: 1}  # declared by the laptop alone: no more than shared

    before = print_of_keys(keys_of(office, laptop.code))
    confirm_key(office, laptop.code, own[:6], by="ratna", seen=before)
    with pytest.raises(DecidedBefore):  # a page from before shows keys that ended since
        confirm_key(office, laptop.code, own, seen=before)

    assert caps(laptop) == {shared: 1, own: None}
    assert [one.standing for one in keys_of(office, laptop.code)] == ["ended", "confirmed"]
    with office.database.reading() as connection:
        deeds = {(row.account, row.deed) for row in connection.execute(select(DEED_ROWS))}
    assert ("ratna", "key_confirmed") in deeds

    began, (case,) = office.now(), list_cases(office, "copied_device")
    with office.database.writing() as connection:
        answer_case(office, connection, Officer("ratna", "Ratna"), Given(case["id"], "keep", 0))
    refresh_if_copy_decided(office, began)
    assert caps(laptop) == {shared: 2, own: None}  # what the office had by then stays good


def test_an_unconfirmed_key_counts_for_no_more_than_the_one_that_vouched_for_it(
    office: Office, laptop: Laptop
):
    laptop.register(nik=nik(1))
    old, new = laptop.key, rekeyed(laptop)
    laptop.push(laptop.journal)
    confirm_key(office, laptop.code, id_of(new))
    late = rekeyed(laptop)  # whoever has the old key brings up another one
    laptop.push(laptop.journal[-1:])
    assert caps(laptop) == {id_of(old): 1, id_of(new): None, id_of(late): 1}


def test_a_confirmed_key_that_was_copied_itself_stops_again(office: Office, laptop: Laptop):
    laptop.start_epoch("restore")
    old, new = laptop.key, rekeyed(laptop)
    laptop.push(laptop.journal)
    laptop.key = new
    confirm_key(office, laptop.code, id_of(laptop.key))
    assert caps(laptop) == {id_of(old): 0, id_of(laptop.key): None}
    copied(laptop)
    assert caps(laptop)[id_of(laptop.key)] == 1


def test_only_a_key_that_the_laptop_made_can_be_confirmed(office: Office, laptop: Laptop):
    for name in ("", "zz", id_of(laptop.key)):
        with pytest.raises(KeyUnknown):
            confirm_key(office, laptop.code, name)
    assert [one.standing for one in keys_of(office, laptop.code)] == ["first"]


def test_no_key_of_a_stopped_laptop_is_confirmed_or_asked_for(office: Office, laptop: Laptop):
    revoke_device(office, laptop.code)
    with pytest.raises(DeviceStopped):
        confirm_key(office, laptop.code, id_of(laptop.key))
    with pytest.raises(DeviceStopped):
        ask_new_key(office, laptop.code)
    assert "rekey_wanted" not in [item["kind"] for item in laptop.pull()]


def test_a_laptop_is_told_that_a_new_key_is_wanted(office: Office, laptop: Laptop):
    laptop.pull()
    assert ask_new_key(office, laptop.code, by="ratna") == laptop.code
    assert [item["kind"] for item in laptop.pull()] == ["rekey_wanted"]
