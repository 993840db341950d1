"""Whose work has ended: the laptop is told, and what they write after that has no effect."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from sync.protocol.messages import ReofferRequest
from sync.server.cases import list_cases
from sync.server.errors import OperatorUnknown
from sync.server.office import Office
from sync.server.operators import operators_of, remove_operator
from sync.server.people.tables import DEED_ROWS
from sync.server.reoffering import take_back
from sync.server.standing import standing
from sync.server.tables import ENTRY_ROWS, REMOVED_OPERATOR_ROWS
from tests.server.laptops import Laptop, fields_of, nik


def removed(office: Office, laptop: Laptop, person: object = None) -> None:
    remove_operator(office, laptop.code, str(person or laptop.operator), by="ratna")


def codes(office: Office) -> dict[str, tuple[str, str | None]]:
    with office.database.reading() as connection:
        table = ENTRY_ROWS.c
        rows = connection.execute(select(table.hash, table.outcome, table.code))
        return {row.hash: (row.outcome, row.code) for row in rows}


def test_the_laptop_is_told_once_and_the_deed_stands_in_the_audit(office: Office, laptop: Laptop):
    laptop.pull()
    for _ in range(2):
        removed(office, laptop)
    (notice,) = laptop.pull()
    assert notice["kind"] == "operator_removed"
    assert fields_of(notice)["operator"] == str(laptop.operator)
    with office.database.reading() as connection:
        deeds = [
            (row.account, row.deed, row.subject) for row in connection.execute(select(DEED_ROWS))
        ]
    assert deeds.count(("ratna", "operator_removed", str(laptop.operator))) == 1


def test_entries_before_the_laptop_knew_count_and_are_marked_those_after_do_not(
    office: Office, laptop: Laptop
):
    before = laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    removed(office, laptop)
    unknowing = laptop.register(nik=nik(2))
    seen = laptop.write("operator_removed_seen", {"operator": str(laptop.operator)})
    late = laptop.register(nik=nik(3))

    receipt = laptop.push([unknowing, seen, late])

    assert receipt["accepted"] == [[3, 4]]
    found = codes(office)
    assert found[before.hash] == ("accepted", None)
    assert found[unknowing.hash] == ("accepted", "operator_removed_later")
    assert found[late.hash] == ("quarantined", "after_removal")
    assert standing(office)["registrations"] == 2
    (case,) = list_cases(office, "quarantined")
    assert case["reasons"] == ["after_removal"]
    assert laptop.push([unknowing, seen, late])["others"] == receipt["others"]  # the same again
    assert laptop.hello()["known"] == late.hash  # received all the same
    laptop.pull()
    assert laptop.hello()["digest_ok"]


def test_what_comes_in_another_batch_or_epoch_after_it_has_no_effect_either(
    office: Office, laptop: Laptop
):
    removed(office, laptop)
    laptop.write("operator_removed_seen", {"operator": str(laptop.operator)})
    laptop.push(laptop.journal)
    laptop.start_epoch("restore")
    late = laptop.register(nik=nik(1))
    visit = laptop.write("card_printed", {"card": "provisional", "issue": 1, "reason": ""})
    laptop.push(laptop.journal[-3:])
    found = codes(office)
    assert found[late.hash] == found[visit.hash] == ("quarantined", "after_removal")


def test_another_person_at_the_same_laptop_works_on(office: Office, laptop: Laptop):
    removed(office, laptop)
    laptop.write("operator_removed_seen", {"operator": str(laptop.operator)})
    laptop.operator = uuid4()
    laptop.register(nik=nik(1))
    assert laptop.push(laptop.journal)["others"] == []
    assert standing(office)["registrations"] == 1


def test_a_copy_that_has_not_heard_of_it_is_not_after_it(office: Office, laptop: Laptop):
    laptop.push(laptop.journal)
    copy = laptop.copy()
    removed(office, laptop)
    laptop.write("operator_removed_seen", {"operator": str(laptop.operator)})
    laptop.push(laptop.journal[-1:])
    copy.register(nik=nik(1))
    copy.counter = laptop.counter
    copy.push(copy.journal[-1:])
    assert standing(office)["registrations"] == 1


def test_who_works_at_a_laptop_is_listed_with_their_entries(office: Office, laptop: Laptop):
    first = laptop.operator
    laptop.operator = uuid4()
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    removed(office, laptop, first)
    found = {one.id: one for one in operators_of(office, laptop.code)}
    assert {(one.name, one.entries, one.is_removed) for one in found.values()} == {
        ("Nining", 1, True), ("", 1, False),
    }  # fmt: skip
    with pytest.raises(OperatorUnknown):
        removed(office, laptop, uuid4())
    remove_operator(office, laptop.code, "nining")  # by name, and again: nothing more


def test_an_office_put_back_learns_of_a_removal_again(
    office: Office, new_laptop: Callable[[], Laptop]
):
    laptop = new_laptop()
    removed(office, laptop)
    laptop.pull()
    with office.database.writing() as connection:
        connection.execute(REMOVED_OPERATOR_ROWS.delete())
        message = ReofferRequest.model_validate({"notices": laptop.notices[-1:], "nonce": "00" * 8})
        assert take_back(office, connection, str(laptop.device), message) == ["adopted"]
        assert take_back(office, connection, str(laptop.device), message) == ["known"]
    assert [notice["kind"] for notice in laptop.pull()] == ["operator_removed"]
    assert [one.is_removed for one in operators_of(office, laptop.code)] == [True]
