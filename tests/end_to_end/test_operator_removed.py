"""Somebody who left: what they wrote before the laptop knew counts; then it is closed to them."""

from tests.end_to_end.test_revoked import PERSON
from tests.end_to_end.test_spine import new_office


def test_a_removed_operator_delivers_everything_and_opens_the_laptop_no_more(tmp_path):
    office = new_office(tmp_path)
    with office.serving() as serving:
        office.enrol(serving.url)
        removed = office.server.ask("device", "remove-operator", "A01", "nining")
        assert removed["name"] == "Nining"
        office.laptop.ask("register", office.forms(PERSON))

        sent = office.laptop.ask("sync")

        assert sent["operator_removed"]
        (nining,) = office.server.ask("device", "operators", "A01")["operators"]
        assert nining["removed_at"]
        assert office.server.ask("status")["registrations"] == 1
        refused = office.laptop.ask("status", accept=(6,))
        assert refused["error"]["code"] == "operator_removed"
        assert refused["error"]["data_safe"]
