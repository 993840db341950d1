import gzip
import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from enumerator_app.domain.journal import Entry, Head, to_line
from sync.protocol.signing import new_private_key
from sync.server.cases import list_cases
from sync.server.deciding import approve, find_by_number
from sync.server.office import Office
from sync.server.reading_contents import stream, with_contents
from sync.server.standing import standing
from sync.server.tables import SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik, outcomes, person

NewLaptop = Callable[[], Laptop]


def subject_of(entry: Entry) -> UUID:
    return UUID(entry.fields["subject"])


def number_of(office: Office, entry: Entry) -> str:
    query = with_contents().where(SUBJECT_ROWS.c.id == str(subject_of(entry)))
    with office.database.reading() as connection:
        ((row, _),) = stream(connection, query)
    return str(row.number)


def kinds_of_cases(office: Office) -> list[str]:
    return [case["kind"] for case in list_cases(office)]


def test_a_batch_is_accepted_and_comes_back_in_the_feed(office, laptop: Laptop):
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    receipt = laptop.push(laptop.journal)
    assert receipt["accepted"] == [[1, 4]]
    assert receipt["others"] == []
    notices = laptop.pull()
    assert [fields_of(item)["entry"] for item in notices] == [e.hash for e in laptop.journal]
    answer = laptop.hello()
    assert answer["known"] == laptop.head.hash
    assert answer["digest_ok"]
    assert answer["tips"] == [laptop.head.hash]
    assert standing(office)["registrations"] == 3
    assert verify_office(office) == []


def test_the_same_batch_again_gets_the_same_outcomes_and_changes_nothing(office, laptop: Laptop):
    laptop.register()
    laptop.register(nik="123")
    first = laptop.push(laptop.journal)
    before = standing(office)
    second = laptop.push(laptop.journal)
    for name in ("batch_id", "accepted", "others", "epoch"):
        assert first[name] == second[name]
    assert standing(office) == before


def test_after_a_lost_answer_an_overlapping_batch_adds_only_what_is_new(office, laptop: Laptop):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.register(nik=nik(2))
    receipt = laptop.push(laptop.journal)
    assert receipt["accepted"] == [[1, 3]]
    assert standing(office)["registrations"] == 2
    assert len(laptop.pull()) == 3


def test_entries_that_come_before_their_ancestor_wait_for_it(office, laptop: Laptop):
    entries = [laptop.register(nik=nik(n + 1)) for n in range(4)]
    held = laptop.push(entries[2:])
    assert set(outcomes(held).values()) == {"held"}
    assert laptop.push(entries[2:])["others"] == held["others"]
    assert standing(office)["registrations"] == 0
    assert laptop.hello()["known"] is None
    receipt = laptop.push(laptop.journal[:3])
    assert receipt["accepted"] == [[1, 3]]
    assert standing(office)["registrations"] == 4
    assert laptop.hello()["known"] == laptop.head.hash
    assert laptop.push(entries[2:])["accepted"] == [[4, 5]]
    assert verify_office(office) == []


def test_two_copies_of_a_laptop_are_both_accepted_and_the_office_sees_a_case(
    office, laptop: Laptop
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    clone = laptop.copy()
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal[-1:])
    clone.register(nik=nik(3))
    clone.counter = laptop.counter
    receipt = clone.push(clone.journal[-1:])
    assert receipt["others"] == []
    assert "copied_device" in kinds_of_cases(office)
    assert standing(office)["registrations"] == 3
    assert set(clone.hello()["tips"]) == {laptop.head.hash, clone.head.hash}


def test_a_laptop_from_an_old_backup_goes_on_in_a_new_epoch(office, laptop: Laptop):
    laptop.register(nik=nik(1))
    backup = laptop.copy()
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    backup.counter = laptop.counter
    assert backup.hello()["tips"] == [laptop.head.hash]
    backup.start_epoch("restored")
    backup.register(nik=nik(3))
    receipt = backup.push(backup.journal[-2:])
    assert receipt["accepted"] == [[1, 2]]
    assert kinds_of_cases(office) == ["rollback"]
    assert backup.hello()["known"] == backup.head.hash
    assert verify_office(office) == []


def test_a_damaged_body_does_not_stop_what_follows_and_is_asked_for(office, laptop: Laptop):
    entries = [laptop.register(nik=nik(n + 1)) for n in range(2)]
    whole = [to_line(entry) for entry in laptop.journal]
    rotten = [whole[0], whole[1].replace(b"SITI", b"SINI"), whole[2]]
    receipt = laptop.push_lines(rotten, entries[-1].hash)
    assert outcomes(receipt) == {entries[0].hash: "damaged"}
    assert laptop.hello()["bodies_missing"] == [entries[0].hash]
    mended = laptop.push([entries[0]])
    assert mended["accepted"] == [[2, 2]]
    assert laptop.hello()["bodies_missing"] == []
    assert standing(office)["registrations"] == 2
    assert verify_office(office) == []


def test_a_stub_keeps_the_chain_and_is_completed_later(office, laptop: Laptop):
    entry = laptop.register()
    later = laptop.register(nik=nik(2))
    stub = Entry(entry.header, None, None)
    receipt = laptop.push([laptop.journal[0], stub, later])
    assert outcomes(receipt) == {entry.hash: "stub"}
    assert laptop.push([entry])["accepted"] == [[2, 2]]
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    assert standing(office)["registrations"] == 2


def test_an_unknown_kind_is_kept_in_quarantine(laptop: Laptop):
    entry = laptop.write("from_the_future", {"x": 1}, subject=uuid4())
    laptop.register()
    receipt = laptop.push(laptop.journal)
    assert receipt["others"] == [
        {"hash": entry.hash, "outcome": "quarantined", "code": "unknown_kind"}
    ]
    assert receipt["accepted"] == [[1, 1], [3, 3]]


def test_a_newer_schema_is_kept_in_quarantine(laptop: Laptop):
    entry = laptop.write("register", person(), subject=uuid4(), schema=2)
    receipt = laptop.push(laptop.journal)
    assert outcomes(receipt) == {entry.hash: "quarantined"}
    assert receipt["others"][0]["code"] == "schema_newer"


def test_an_invalid_record_waits_and_a_valid_one_takes_its_place(office, laptop: Laptop):
    bad = laptop.register(nik="12345")
    receipt = laptop.push(laptop.journal)
    assert outcomes(receipt) == {bad.hash: "quarantined"}
    assert standing(office)["registrations"] == 0
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    good = laptop.write("correct", person(number="x"), subject=subject_of(bad), base=bad.hash)
    assert laptop.push([good])["others"] == []
    assert outcomes(laptop.push([bad])) == {bad.hash: "superseded"}
    assert standing(office)["registrations"] == 1
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    assert verify_office(office) == []


def test_an_invalid_change_of_a_valid_record_changes_nothing(office, laptop: Laptop):
    entry = laptop.register()
    laptop.push(laptop.journal)
    bad = laptop.write("correct", person(nik="1"), subject=subject_of(entry), base=entry.hash)
    receipt = laptop.push([bad])
    assert outcomes(receipt) == {bad.hash: "case"}
    assert kinds_of_cases(office) == ["parked"]
    laptop.pull()
    assert laptop.acknowledged[str(subject_of(entry))] == entry.hash
    assert laptop.hello()["digest_ok"]


def test_a_correction_of_what_was_shown_becomes_the_record(office, laptop: Laptop):
    entry = laptop.register()
    change = laptop.write(
        "correct", person(name="SITI AMINAH B", number=None), subject=subject_of(entry),
        base=entry.hash,
    )  # fmt: skip
    receipt = laptop.push(laptop.journal)
    assert receipt["accepted"] == [[1, 3]]
    laptop.pull()
    assert laptop.acknowledged[str(subject_of(entry))] == change.hash


def test_office_and_field_changed_a_record_and_both_changes_live(office, laptop: Laptop):
    entry = laptop.register()
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    change = laptop.write(
        "correct", person(phone="081234567890", phone_owner="self"),
        subject=subject_of(entry), base=entry.hash,
    )  # fmt: skip
    receipt = laptop.push([change])
    assert outcomes(receipt) == {change.hash: "merged"}
    notices = laptop.pull()
    merged = fields_of(notices[-1])
    assert notices[-1]["kind"] == "revision"
    assert merged["body"]["phone"] == "081234567890"
    assert merged["parents"][1] == change.hash
    assert merged["state"] == "registered"  # a correction is looked at again
    assert laptop.hello()["digest_ok"]
    assert verify_office(office) == []


def test_two_laptops_that_changed_the_identity_leave_a_case_and_no_mixture(
    office, new_laptop: NewLaptop
):
    laptop = new_laptop()
    entry = laptop.register()
    laptop.push(laptop.journal)
    here = laptop.write("correct", person(nik=nik(7)), subject=subject_of(entry), base=entry.hash)
    laptop.push([here])
    there = laptop.write(
        "correct", person(birth_place="KARAWANG"), subject=subject_of(entry), base=entry.hash
    )
    receipt = laptop.push([there])
    assert outcomes(receipt) == {there.hash: "case"}
    revision = next(item for item in laptop.pull() if item["kind"] == "revision")
    body = fields_of(revision)["body"]
    assert (body["nik"], body["birth_place"]) == (nik(7), "BEKASI")
    assert "conflict" in kinds_of_cases(office)
    assert {kept["field"] for kept in fields_of(revision)["kept"]} == {"birth_place"}


def test_a_laptop_may_not_change_a_record_it_was_never_sent(office, new_laptop: NewLaptop):
    one, other = new_laptop(), new_laptop()
    entry = one.register()
    one.push(one.journal)
    change = other.write(
        "correct", person(name="ORANG LAIN"), subject=subject_of(entry), base=entry.hash
    )
    receipt = other.push(other.journal)
    assert outcomes(receipt) == {change.hash: "case"}
    assert kinds_of_cases(office) == ["no_right"]
    again = other.write(
        "correct", person(name="ORANG LAIN"), subject=subject_of(entry), base=entry.hash
    )
    assert outcomes(other.push([again])) == {again.hash: "case"}


def test_a_withdrawal_holds_and_the_next_change_builds_on_it(office, laptop: Laptop):
    entry = laptop.register()
    out = laptop.write("withdraw", {"reason": "x"}, subject=subject_of(entry), base=entry.hash)
    assert laptop.push(laptop.journal)["others"] == []
    assert standing(office)["by_state"] == {"withdrawn": 1}
    change = laptop.write("correct", person(), subject=subject_of(entry), base=out.hash)
    assert laptop.push([change])["others"] == []
    assert standing(office)["by_state"] == {"withdrawn": 1}
    assert verify_office(office) == []


def test_the_same_nik_on_two_laptops_is_accepted_twice_and_is_a_case(office, new_laptop: NewLaptop):
    one, other = new_laptop(), new_laptop()
    for laptop in (one, other):
        laptop.register()
        assert laptop.push(laptop.journal)["others"] == []
    (case,) = list_cases(office)
    assert case["kind"] == "same_nik"
    assert len(case["numbers"]) == 2
    assert "case" in {item["kind"] for item in one.pull()}
    assert "case" in {item["kind"] for item in other.pull()}
    for laptop in (one, other):
        assert laptop.hello()["digest_ok"]


def test_the_same_nik_within_one_batch_is_a_case(office, laptop: Laptop):
    laptop.register()
    laptop.register()
    laptop.push(laptop.journal)
    assert kinds_of_cases(office) == ["same_nik"]


def test_one_number_on_two_people_is_a_case(office, laptop: Laptop):
    first = laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    taken = number_of(office, first)
    assert find_by_number(office, taken).id == str(subject_of(first))
    laptop.register(nik=nik(2), number=taken)
    assert laptop.push(laptop.journal[-1:])["others"] == []
    assert kinds_of_cases(office) == ["number_clash"]


@pytest.mark.parametrize(
    "damage",
    ["count", "tip", "batch_id", "signature", "gap", "foreign"],
)
def test_a_batch_that_is_not_what_was_signed_is_refused_whole(office, laptop: Laptop, damage):
    laptop.register(nik=nik(1))
    laptop.register(nik=nik(2))
    lines = [to_line(entry) for entry in laptop.journal]
    tip, changed = laptop.journal[-1].hash, {}
    if damage == "count":
        changed["count"] = 2
    elif damage == "tip":
        tip = laptop.journal[0].hash
    elif damage == "batch_id":
        changed["batch_id"] = "0" * 64
    elif damage == "signature":
        changed["tip_key"] = new_private_key()
    elif damage == "gap":
        lines, changed["count"] = [lines[0], lines[2]], 2
    else:
        stranger = Laptop(laptop.place)
        stranger.head = Head(laptop.head.epoch, 0, None)
        entry = stranger.register()
        lines, tip = [to_line(entry)], entry.hash
    answer = laptop.send(lines, tip, **changed)
    assert answer.status in {400, 403}
    assert standing(office)["entries"] == 0
    assert laptop.push(laptop.journal)["others"] == []


def test_bodies_over_the_limits_are_refused_before_they_are_unpacked(laptop: Laptop):
    bomb = gzip.compress(b"0" * (64 * 1024 * 1024))
    answer = laptop.ask("POST", "/v1/batches", bomb, {"Content-Encoding": "gzip"})
    assert (answer.status, answer.json["code"]) == (413, "batch_too_large")
    answer = laptop.ask("POST", "/v1/hello", b"x" * (300 * 1024))
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\n",
        b"{}\n",
        b"[]\nx\t-\t-\n",
        b"\xff\n\xfe\n",
        b"{" * 5000,
        b"[" * 5000 + b"\n",
    ],
)
def test_nonsense_is_answered_in_words(laptop: Laptop, body):
    answer = laptop.ask("POST", "/v1/batches", body)
    assert (answer.status, answer.json["code"]) == (400, "batch_unreadable")


def test_a_feed_that_is_not_this_one_is_noticed(laptop: Laptop):
    laptop.register()
    laptop.push(laptop.journal)
    laptop.pull()
    assert laptop.hello()["feed_ok"]
    assert not laptop.hello(feed={"n": laptop.feed_n, "hash": "0" * 64})["feed_ok"]
    assert not laptop.hello(feed={"n": laptop.feed_n + 5, "hash": laptop.feed_hash})["feed_ok"]
    assert not laptop.hello(digest="0" * 64)["digest_ok"]


def test_a_differing_digest_is_narrowed_down_to_people(laptop: Laptop):
    entry = laptop.register()
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    laptop.pull()
    sums = [f"{0:032x}"] * 256
    body = json.dumps({"buckets": sums, "nonce": "00"}).encode()
    answer = laptop.ask("POST", "/v1/digest", body).json
    assert answer["subjects"][str(subject_of(entry))] == entry.hash
    assert set(answer["subjects"]) == set(laptop.acknowledged)
