"""What waits for a lost ancestor can be let in, and the gap is known for ever."""

from sync.server.cases import list_cases
from sync.server.office import Office
from sync.server.releasing import release, waiting_entries
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, nik, outcomes


def waiting(laptop: Laptop) -> list:
    """The drive with the first two people is lost; that with the next two is here."""
    entries = [laptop.register(nik=nik(n + 1)) for n in range(4)]
    held = laptop.push(entries[2:])
    assert set(outcomes(held).values()) == {"held"}
    return entries


def test_the_office_sees_who_waits_and_no_more_once_it_came(office: Office, laptop: Laptop):
    waiting(laptop)
    (one,) = waiting_entries(office)
    assert (one.code, one.entries, one.first, one.last) == ("A01", 2, 4, 5)
    assert standing(office)["held"] == 2
    laptop.push(laptop.journal[:3])
    assert waiting_entries(office) == []
    assert standing(office)["held"] == 0, "what came into force waits no more"


def test_what_is_released_is_registered_and_the_gap_is_a_case(office: Office, laptop: Laptop):
    waiting(laptop)
    assert release(office, "A01") == 2
    assert standing(office)["by_state"] == {"registered": 2}
    assert [case["kind"] for case in list_cases(office)] == ["gap"]
    assert verify_office(office) == []
    assert release(office, "A01") == 0
    assert len(laptop.pull()) >= 2


def test_the_lost_drive_that_turns_up_after_all_doubles_nobody(office: Office, laptop: Laptop):
    entries = waiting(laptop)
    release(office, "A01")
    receipt = laptop.push(laptop.journal[:3])
    assert receipt["accepted"] == [[1, 3]]
    assert laptop.push(entries)["others"] == []
    assert standing(office)["by_state"] == {"registered": 4}
    assert verify_office(office) == []
    assert laptop.hello()["known"] == laptop.head.hash
