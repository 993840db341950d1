"""A laptop put back from an older copy, and then its office, too: nobody may vanish by it.

What the laptop has of the days in between came down from the office; its own journal does not hold
it. So the office has it again from this laptop alone, if the other branch's disk is dead.
"""

from contextlib import closing

import pytest
from sqlalchemy import select

from enumerator_app.storage.leaving import _wipe
from sync.client.carrying import take_answer, write_bundle
from sync.server.bundles import How, import_bundle
from sync.server.deciding import approve
from sync.server.erasing import erase
from sync.server.tables import ENTRY_ROWS
from sync.server.verifying import verify_office
from tests.storage.laptops import portrait
from tests.sync_client.places import Place, worker


@pytest.fixture(scope="module")
def one_sent(tmp_path_factory):
    """One person was sent; then laptop and office were copied."""
    folder = tmp_path_factory.mktemp("one")
    with closing(Place.founded(folder)) as place:
        place.register(0)
        place.sync()
        place.back_up_laptop()
        place.back_up_office()
    return folder


@pytest.fixture
def place(one_sent, tmp_path):
    with closing(Place.like(one_sent, tmp_path / "place")) as place:
        yield place


@pytest.fixture(scope="module")
def two_lives(one_sent, tmp_path_factory):
    """Four more were sent, two were not; then the laptop was put back.

    The set-aside home sent the two, so that the laptop shows all seven without having saved them.
    """
    folder = tmp_path_factory.mktemp("two") / "place"
    with closing(Place.like(one_sent, folder)) as place:
        place.register(1, 2, 3, 4)
        place.sync()
        place.register(5, 6)
        place.put_laptop_back()
        place.sync()
        with place.set_aside() as aside:
            place.sync(aside)
        place.sync()
        assert place.store.counts().registrations == 7
    return folder


@pytest.fixture
def lives(two_lives, tmp_path):
    with closing(Place.like(two_lives, tmp_path / "lives")) as place:
        yield place


def test_people_of_another_branch_come_to_an_office_that_was_put_back(lives):
    before = lives.at_office()
    lives.put_office_back()
    assert len(lives.at_office()) == 1

    result = lives.sync()

    assert result.heads_agree
    assert lives.at_office() == before == lives.on_laptop()
    counts = lives.store.counts()
    assert (counts.pending, counts.received) == (0, 7)
    assert verify_office(lives.office) == []
    assert lives.store.doctor() == []
    assert lives.sync().requests == 1


def test_nobody_is_doubled_when_the_other_branch_sends_again(lives):
    before = lives.at_office()
    lives.put_office_back()
    lives.sync()
    approve(lives.office, officer="Ratna")

    with lives.set_aside() as aside:
        assert lives.sync(aside).heads_agree
    lives.sync()

    verified = {number: (*said[:2], "verified") for number, said in before.items()}
    assert lives.at_office() == lives.on_laptop() == verified
    assert lives.open_cases() == []
    assert verify_office(lives.office) == []


def test_nothing_is_said_again_that_the_other_branch_has_brought(lives):
    lives.put_office_back()
    with lives.set_aside() as aside:
        lives.sync(aside)
    with lives.office.database.reading() as connection:
        entries = set(connection.execute(select(ENTRY_ROWS.c.hash)).scalars())

    assert lives.sync().heads_agree

    with lives.office.database.reading() as connection:
        later = set(connection.execute(select(ENTRY_ROWS.c.hash)).scalars()) - entries
    assert all(lives.store.holds(entry) for entry in later)
    assert len(later) == 2  # the start of the epoch that `restore` opened, and its key
    assert lives.store.counts().pending == 0


def test_until_the_office_has_them_nobody_says_received(lives):
    """The line is cut as soon as the laptop knows that this is another life of the office."""
    lives.put_office_back()
    lives.store.enter_server_epoch(lives.office.server_epoch)
    counts = lives.store.counts()
    assert (counts.pending, counts.received, counts.complete) == (7, 0, 0)


def test_a_correction_of_another_branch_is_not_undone(place):
    (saved,) = place.store.search("", limit=1)
    place.store.correct(saved.subject, worker(0, phone="081200000001", name="SITI BARU"))
    place.sync()
    place.put_laptop_back()
    place.sync()
    before = place.on_laptop()
    assert before[saved.number][:2] == ("SITI BARU", "081200000001")
    place.put_office_back()

    assert place.sync().heads_agree

    assert place.at_office() == place.on_laptop() == before
    assert place.store.counts().pending == 0
    with place.set_aside() as aside:
        place.sync(aside)
    place.sync()
    assert place.at_office() == place.on_laptop() == before
    assert place.open_cases() == []


def test_what_the_office_said_since_is_not_undone_by_what_comes_back(place):
    (saved,) = place.store.search("", limit=1)
    place.store.correct(saved.subject, worker(0, phone="081200000001", name="SITI BARU"))
    place.sync()
    place.put_laptop_back()
    place.sync()
    place.put_office_back()
    approve(place.office, officer="Ratna")

    place.sync()

    # Somebody looked at the older content meanwhile: of the name a person decides, nothing is lost.
    assert place.open_cases() == ["conflict"]
    assert place.at_office()[saved.number][1] == "081200000001"
    assert place.at_office() == place.on_laptop()


def test_a_decision_about_people_of_another_branch_comes_back_with_them(lives):
    approve(lives.office, officer="Ratna")
    lives.sync()
    before = lives.on_laptop()
    assert {state for *_, state in before.values()} == {"verified"}
    lives.put_office_back()

    assert lives.sync().heads_agree

    assert lives.at_office() == lives.on_laptop() == before
    assert lives.store.counts().pending == 0
    assert verify_office(lives.office) == []


def test_a_withdrawal_of_another_branch_is_said_again(place):
    (saved,) = place.store.search("", limit=1)
    place.store.withdraw(saved.subject, "pindah")
    place.sync()
    place.put_laptop_back()
    place.sync()
    before = place.on_laptop()
    assert before[saved.number][2] == "withdrawn"
    place.put_office_back()

    assert place.sync().heads_agree

    assert place.at_office() == place.on_laptop() == before


def test_a_portrait_that_is_here_goes_with_them(place):
    photo = portrait(3, 20_000)
    (saved,) = place.register(1, photo=photo)
    place.sync()
    place.back_up_laptop()
    place.store.correct(saved.subject, worker(1, phone="081200000001"), photo=photo)
    place.sync()
    place.put_laptop_back()
    place.sync()
    place.put_office_back()

    assert place.sync().heads_agree

    assert place.office.photos.has(photo.sha256)
    assert place.store.counts().complete == 2


def test_who_was_erased_is_not_brought_back(lives):
    gone = lives.store.search("", limit=1)[0]
    lives.put_office_back()
    lives.sync()
    erase(lives.office, str(gone.subject), ground="diminta")
    lives.sync()
    lives.put_office_back()
    lives.sync()
    assert gone.number not in lives.on_laptop()
    assert len(lives.at_office()) == 6


def test_an_own_withdrawal_stands_on_content_of_another_branch(lives):
    gone = lives.store.search("", limit=1)[0]
    lives.store.withdraw(gone.subject, "pindah")
    lives.sync()
    before = lives.on_laptop()
    assert before[gone.number][2] == "withdrawn"
    lives.put_office_back()

    assert lives.sync().heads_agree

    assert lives.at_office() == lives.on_laptop() == before


def test_a_serial_is_not_given_again(lives):
    lives.put_office_back()
    lives.sync()
    (new,) = lives.register(7)
    assert new.number.startswith("3216-A01-00008-")


def test_content_that_left_and_was_lost_with_the_office_is_not_called_received(place):
    """Its own entries go up without their bytes: the office says so, and so do the screens."""
    (gone,) = place.register(1)
    place.sync()
    at = "2026-11-28T00:00:00.000Z"
    place.store._file.write(lambda connection: _wipe(connection, str(gone.subject), at))
    assert place.store.counts().pending == 0
    place.put_office_back()

    place.sync()

    assert place.store.record(gone.subject).worker.custody == "saved"
    counts = place.store.counts()
    assert (counts.pending, counts.received) == (1, 1)


def test_the_flash_drive_brings_them_as_the_line_does(lives):
    before = lives.at_office()
    lives.put_office_back()
    for n in range(3):
        bundle, answer = lives.folder / f"bundle{n}", lives.folder / f"answer{n}"
        write_bundle(lives.store, bundle)
        import_bundle(lives.office, bundle, How(answer))
        taken = take_answer(lives.store, answer)
    assert taken.heads_agree
    assert lives.at_office() == lives.on_laptop() == before
    assert lives.store.counts().pending == 0
