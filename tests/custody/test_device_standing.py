"""The office sees what is lacking: numbers that never came, copies, silence."""

from datetime import timedelta
from uuid import uuid4

from sync.server.device_standing import device_standings
from sync.server.devices import add_device
from tests.server.fixtures import sqlite_office, sqlite_template  # noqa: F401 - found by import
from tests.server.laptops import Laptop
from tests.server.offices import serving


def laptop_of(office, where):
    laptop = Laptop(where)
    assert laptop.enrol(add_device(office, "Laptop uji").code).status == 200
    laptop.start_epoch()
    return laptop


def test_numbers_that_never_came_are_named(sqlite_office):  # noqa: F811 - the fixture
    with serving(sqlite_office) as where:
        laptop, other = laptop_of(sqlite_office, where), laptop_of(sqlite_office, where)
        for _ in range(3):
            laptop.register()
        laptop.serial += 2  # two that another copy of this laptop gave out
        laptop.register()
        laptop.push(laptop.journal)
        other.push(other.journal)
    one, two = device_standings(sqlite_office)
    assert (one["last_number"], one["missing"], one["missing_count"]) == (6, [4, 5], 2)
    assert (two["last_number"], two["missing"], two["missing_count"]) == (0, [], 0)


def test_a_copied_laptop_and_a_silent_one_stand_out(sqlite_office):  # noqa: F811 - the fixture
    with serving(sqlite_office) as where:
        laptop = laptop_of(sqlite_office, where)
        laptop.register()
        copy = laptop.copy()
        laptop.register()
        laptop.push(laptop.journal)
        copy.counter = laptop.counter
        copy.register(uuid4())
        copy.push(copy.journal)
    began = sqlite_office.clock()
    sqlite_office.clock = lambda: began + timedelta(days=3, hours=1)
    (seen,) = device_standings(sqlite_office)
    assert (seen["copies"], seen["silent_days"]) == (1, 3)
