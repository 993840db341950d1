"""A laptop in another one's place holds its records, told in order and with their contents."""

from collections.abc import Callable
from datetime import date

import pytest

from sync.server.devices import add_device, list_devices
from sync.server.erasing import erase
from sync.server.errors import DeviceUnknown
from sync.server.letting_in import let_in
from sync.server.office import Office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik, outcomes, person

Replacing = Callable[[str], Laptop]


@pytest.fixture
def replacing(office: Office, place: tuple[str, int]) -> Replacing:
    """Enrols a laptop in the place of another one."""

    def replace(old: str) -> Laptop:
        new = Laptop(place)
        made = add_device(office, "Pengganti", replaces=old)
        assert made.replaces == old
        assert new.enrol(made.code).status == 200
        new.start_epoch()
        new.push(new.journal)
        return new

    return replace


def known_to(laptop: Laptop) -> dict[str, str]:
    """The names of the people whom the feed has told a laptop of, by record."""
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    said = (fields_of(one) for one in laptop.notices if one["bytes"])
    return {one["subject"]: one["body"]["name"] for one in said if one.get("body")}


def test_the_new_one_is_told_of_everybody_and_may_correct_them(
    office: Office, laptop: Laptop, replacing: Replacing
):
    entries = [laptop.register(nik=nik(n + 1), name=f"ORANG {n}") for n in range(3)]
    laptop.push(laptop.journal)
    gone = entries[2].fields["subject"]
    erase(office, gone, ground="diminta")
    new = replacing("A01")
    assert [one["state"] for one in list_devices(office)] == ["revoked", "active"]
    assert set(known_to(new).values()) == {"ORANG 0", "ORANG 1"}
    assert gone not in new.acknowledged
    subject = entries[0].fields["subject"]
    body = {**person(nik=nik(1)), "name": "ORANG LAIN"}
    fixed = new.write("correct", body, subject=subject, base=entries[0].hash)
    assert outcomes(new.push([fixed])) == {}
    assert new.code == "A02"
    assert verify_office(office) == []


def test_what_the_old_one_had_not_sent_is_handed_over_once_it_is_let_in(
    office: Office, laptop: Laptop, replacing: Replacing
):
    laptop.register(nik=nik(1), name="DULU")
    laptop.push(laptop.journal)
    second = replacing("A01")
    third = replacing("A02")
    late = laptop.register(nik=nik(2), name="MENYUSUL")
    laptop.push([late])
    assert set(known_to(third).values()) == {"DULU"}
    let_in(office, "A01", date(2026, 11, 23))
    assert set(known_to(third).values()) == {"DULU", "MENYUSUL"}
    assert set(known_to(second).values()) == {"DULU", "MENYUSUL"}
    assert standing(office)["by_state"] == {"registered": 2}
    let_in(office, "A01", date(2026, 11, 23))
    assert third.pull() == []
    add_device(office, "Pengganti", replaces="A03")  # nobody has used this code yet
    places = {one["code"]: (one["replaces"], one["replaced_by"]) for one in list_devices(office)}
    assert places == {"A01": ("", "A02"), "A02": ("A01", "A03"), "A03": ("A02", "A04")}


def test_nobody_is_stopped_for_a_laptop_that_is_not_there(office: Office, laptop: Laptop):
    with pytest.raises(DeviceUnknown):
        add_device(office, "Pengganti", replaces="Z99")
    assert [one["state"] for one in list_devices(office)] == ["active"]
    assert add_device(office, "Lain").device_code == "A02"
