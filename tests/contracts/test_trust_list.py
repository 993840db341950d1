"""The list by which papers are judged reaches every laptop whenever it says something new."""

from collections.abc import Callable
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enumerator_app.cards.trust import read_trust_list
from enumerator_app.domain.canonical import from_canonical
from sync.server.devices import revoke_device
from sync.server.office import Office
from sync.server.trust import NAME, refresh_trust
from tests.server.laptops import Laptop, fields_of, nik


def announced(laptop: Laptop) -> list[str]:
    return [fields_of(item)["name"] for item in laptop.pull() if item["kind"] == "document"]


def fetched(laptop: Laptop):
    document = from_canonical(laptop.ask("GET", f"/v1/documents/{NAME}").body)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(laptop.issuing))
    return read_trust_list(document["list"].encode(), key)


def test_a_new_laptop_is_announced_to_those_that_are_there(new_laptop: Callable[[], Laptop]):
    one = new_laptop()
    one.pull()

    other = new_laptop()

    assert announced(one) == [NAME]
    assert {key.device_code for key in fetched(one).device_keys} >= {one.code, other.code}
    assert announced(other) == []  # its own enrolment brought the list


def test_a_revoked_laptop_is_announced_to_all_and_to_itself(
    office: Office, new_laptop: Callable[[], Laptop]
):
    one, other = new_laptop(), new_laptop()
    one.pull()

    revoke_device(office, other.code)

    assert announced(one) == [NAME]
    assert announced(other) == [NAME]
    assert [key.device_code for key in fetched(one).device_keys if key.revoked] == [other.code]


def test_papers_of_before_a_revocation_stay_good(office: Office, laptop: Laptop):
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    revoke_device(office, laptop.code)
    late = laptop.register(nik=nik(9))
    laptop.push([late])

    refresh_trust(office)

    (key,) = fetched(laptop).device_keys
    assert [key.still_vouches_for(serial) for serial in (1, 3, 4)] == [True, True, False]


def test_a_list_that_says_nothing_new_is_announced_once_a_week(office: Office, laptop: Laptop):
    laptop.pull()
    began = office.clock()

    refresh_trust(office)
    assert announced(laptop) == []

    for day in range(1, 9):
        office.clock = lambda day=day: began + timedelta(days=day)
        refresh_trust(office)
    assert announced(laptop) == [NAME]
