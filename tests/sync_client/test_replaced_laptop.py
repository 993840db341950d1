"""A laptop that takes a lost one's place has everybody the office knows of it, and goes on."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from enumerator_app.domain.checking import draft_of
from enumerator_app.domain.errors import PaperOfOtherLaptop
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.likeness import possible_same
from enumerator_app.services.printing import PrintOrder
from tests.storage.laptops import person
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


@pytest.fixture
def office(tmp_path):
    office = founded(tmp_path)
    office.start()
    yield office
    office.stop()


def worker(n, **changed):
    return person(n, village_code=VILLAGE, photo=None, **changed)


def from_file(laptop, n):
    return laptop.registering.register(draft_of(worker(n)), source="file")


def lost(office, folder, drive):
    """Three people are sent, one of them was sent back since; a fourth is on the drive alone."""
    with Laptop(enrolled_laptop(office, folder)) as laptop:
        sent = [from_file(laptop, n) for n in range(3)]
        really_synced(laptop.store)
        office.ask("return", sent[0].number, "--field", "name", "--reason", "eja sesuai KTP")
        laptop.carrying.stick.use(drive)
        laptop.store.register(worker(3))
        laptop.carrying.stick.catch_up()
    return sent


def people(store):
    return {str(one.number): one.name for one in store.search("", limit=100)}


def test_the_one_in_its_place_has_everybody_and_corrects_what_was_sent_back(office, tmp_path):
    drive = tmp_path / "KINGSTON"
    drive.mkdir()
    sent = lost(office, tmp_path / "lama", drive)
    made = office.ask("device", "add", "Pengganti", "--replaces", "A01")
    assert (made["device_code"], made["replaces"]) == ("A02", "A01")
    with closing(enrolled_laptop(office, tmp_path / "baru", code=made["code"])) as new:
        assert really_synced(new).heads_agree
        names = {str(one.number): worker(n).name.upper() for n, one in enumerate(sent)}
        assert people(new) == names
        services = Laptop(new)
        for n in range(3):  # the file they were read from, read again
            assert from_file(services, n).already_here
        assert new.counts().registrations == 3
        (same,) = possible_same(new, worker(1, name="NAMA LAIN"))
        assert (same.number, same.reasons[0]) == (str(sent[1].number), "same_nik")
        back = new.record(str(sent[0].number)).worker
        assert (back.state, back.returned_reason) == ("returned", "eja sesuai KTP")
        assert new.counts().waiting_print == 0
        with pytest.raises(PaperOfOtherLaptop):
            Laptop(new).printing.print_cards(
                [back.subject], tmp_path / "slip.pdf", PrintOrder(sheet="a4-5-fold")
            )
        new.correct(back.subject, worker(0, name="NAMA BENAR"))
        own = new.register(worker(4))
        assert str(own.number).startswith("3216-A02-00001-")
        assert new.counts().waiting_print == 1
        done = really_synced(new)
        assert done.heads_agree
        assert set(done.outcomes) == {"accepted"}
        assert office.ask("record", sent[0].number)["state"] == "registered"

        taken = office.ask("bundle", "import", drive)
        assert taken["after_revocation"] == taken["outcomes"]["quarantined"] > 0
        tomorrow: date = day_in_wib(datetime.now(UTC)) + timedelta(days=1)
        assert office.ask("device", "let-in", "A01", "--before", tomorrow)["people"] == 1
        assert really_synced(new).heads_agree
        assert len(people(new)) == 5
        assert worker(3).name in people(new).values()
    assert office.ask("verify")["ok"]
