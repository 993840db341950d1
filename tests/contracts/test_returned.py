"""A record that the office sent back: only an answer to that takes it out of the list."""

import pytest

from enumerator_app.domain.canonical import from_canonical
from sync.server.deciding import Verdict, decide_one, find_by_number
from sync.server.office import Office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, outcomes


@pytest.fixture
def returned(office: Office, laptop: Laptop) -> str:
    """The number of a record that was sent back after the laptop last heard of the office."""
    laptop.register()
    laptop.push(laptop.journal)
    laptop.pull()
    number: str = from_canonical(laptop.journal[-1].body)["number"]
    record = find_by_number(office, number)
    verdict = Verdict(record.id, "returned", "nama salah", "name")
    decide_one(office, verdict, officer="Ratna", actor="officer")
    return number


def corrected(laptop: Laptop, number: str, office: Office, base: str | None, **changed):
    body = {**from_canonical(laptop.journal[1].body), **changed}
    subject = find_by_number(office, number).id
    return laptop.write("correct", body, subject=subject, base=base)


def test_a_correction_by_who_has_not_read_the_return_leaves_it_standing(
    office: Office, laptop: Laptop, returned: str
):
    entry = corrected(laptop, returned, office, laptop.journal[1].hash, address="KP. BARU")

    receipt = laptop.push(laptop.journal)

    assert outcomes(receipt)[entry.hash] == "merged"
    assert standing(office)["by_state"] == {"returned": 1}
    assert fields_of(laptop.pull()[-1])["state"] == "returned"
    assert verify_office(office) == []


def test_a_correction_by_who_has_read_the_return_answers_it(
    office: Office, laptop: Laptop, returned: str
):
    decision = laptop.pull()[-1]["revision"]
    corrected(laptop, returned, office, decision, name="SITI AMINAH BARU")

    laptop.push(laptop.journal)

    assert standing(office)["by_state"] == {"registered": 1}


def test_a_withdrawal_by_who_has_not_read_the_return_counts(
    office: Office, laptop: Laptop, returned: str
):
    subject = find_by_number(office, returned).id
    laptop.write("withdraw", {"reason": "x"}, subject=subject, base=laptop.journal[1].hash)

    laptop.push(laptop.journal)

    assert standing(office)["by_state"] == {"withdrawn": 1}
