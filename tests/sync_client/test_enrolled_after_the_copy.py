"""An office put back from before a laptop came: the laptop comes back in, with all that it has."""

from contextlib import closing

import pytest

from enumerator_app.domain.errors import AlreadyEnrolled, LaptopUnknown
from sync.server.devices import add_device, list_devices
from tests.server.offices import new_office
from tests.sync_client.places import Place, enrolled


@pytest.fixture
def place(tmp_path):
    """Laptop A01 was enrolled after the office was copied; the office was put back."""
    place = Place(tmp_path, new_office(tmp_path / "office", None))
    place.back_up_office()
    place.store = enrolled(place.office, tmp_path / "laptop")
    place.register(1, 2)
    place.sync()
    place.put_office_back()
    with closing(place):
        yield place


def test_it_is_told_that_the_office_does_not_know_it(place):
    with pytest.raises(LaptopUnknown):
        place.sync()
    assert place.store.counts().registrations == 2


def test_a_fresh_code_lets_it_in_with_its_own_code_and_all_its_people(place):
    place.register(3)
    before = set(place.on_laptop())
    code = add_device(place.office, "Laptop kembali")
    assert code.device_code == "A02"  # A01 is somewhere out there
    place.store.close()

    place.store = enrolled(place.office, place.folder / "laptop", code.code)

    assert place.store.identity().device_code == "A01"
    assert place.sync().heads_agree
    assert set(place.at_office()) == before
    assert all(number.startswith("3216-A01-") for number in before)
    ((device, label),) = [(row["code"], row["label"]) for row in list_devices(place.office)]
    assert (device, label) == ("A01", "Laptop kembali")
    assert place.store.doctor() == []
    assert add_device(place.office, "Laptop baru").device_code == "A03"


def test_the_same_code_may_be_given_again_after_a_cut(place):
    code = add_device(place.office, "Laptop kembali").code
    for _ in range(2):
        place.store.close()
        place.store = enrolled(place.office, place.folder / "laptop", code)
    assert place.sync().heads_agree


def test_on_another_machine_its_code_is_given_to_nobody_once_it_is_back(place):
    place.office.home.device_codes_file.unlink()  # what the copy had of it: nothing was given yet
    code = add_device(place.office, "Laptop kembali")
    assert code.device_code == "A01"
    place.store.close()
    place.store = enrolled(place.office, place.folder / "laptop", code.code)
    assert place.store.identity().device_code == "A01"
    assert add_device(place.office, "Laptop baru").device_code == "A02"


def test_a_laptop_that_the_office_knows_uses_no_code_up(place):
    first = add_device(place.office, "Laptop kembali").code
    second = add_device(place.office, "Laptop baru").code
    for code in (first, second):
        place.store.close()
        place.store = enrolled(place.office, place.folder / "laptop", code)
    new = enrolled(place.office, place.folder / "new", second)
    with closing(new):
        assert new.identity().device_code == "A03"


def test_another_office_does_not_take_it(place, tmp_path):
    with closing(new_office(tmp_path / "other", None)) as other:
        place.store.close()
        with pytest.raises(AlreadyEnrolled):
            enrolled(other, place.folder / "laptop")
        assert list_devices(other) == []
