"""A laptop makes a new key after a new epoch, and goes on by whatever key its office has."""

import random
import shutil
from contextlib import closing

import pytest

from enumerator_app.services.verifying import halted_after
from sync.client.carrying import take_answer, write_bundle
from sync.protocol.bundle import BundleForLostKey
from sync.protocol.signing import key_id, public_hex
from sync.server import bundle_answers
from sync.server.bundles import How, import_bundle
from sync.server.device_keys import ask_new_key, confirm_key, keys_of
from sync.server.devices import revoke_device
from sync.server.verifying import verify_office
from tests.faults.near_wire import Cut, near_synced, near_transport
from tests.sync_client.places import Place, opened, worker


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


def in_use(store):
    return key_id(public_hex(store.identity().signing_key))


def at_office(place):
    return [one.kid for one in keys_of(place.office, "A01")]


def test_a_laptop_that_was_put_back_has_a_key_of_its_own_after_one_sync(place):
    shared = in_use(place.store)
    place.put_laptop_back()
    assert in_use(place.store) == shared  # nobody knows another one yet
    place.register(1)

    assert place.sync().heads_agree

    assert at_office(place) == [shared, in_use(place.store)]
    assert in_use(place.store) != shared
    place.register(2)
    assert place.sync().heads_agree  # signed by the new key
    assert place.sync().requests == 1
    with place.set_aside() as aside:  # what it was still delivers, and has another one then
        assert place.sync(aside).heads_agree
        assert len({in_use(place.store), in_use(aside), shared, *at_office(place)}) == 3
    assert verify_office(place.office) == []


def test_an_office_that_was_put_back_from_before_the_key_gets_it_again(place):
    place.put_laptop_back()
    place.register(1)
    place.sync()
    made = in_use(place.store)
    confirm_key(place.office, "A01", made)
    place.put_office_back()
    assert made not in at_office(place)

    assert place.sync().heads_agree

    assert at_office(place)[-1] == in_use(place.store) == made
    assert len(place.at_office()) == 2
    assert verify_office(place.office) == []


def test_an_answer_for_a_key_that_the_laptop_lost_is_told_as_that(place, tmp_path):
    place.put_laptop_back()
    place.register(1)
    place.sync()  # makes a key that the copy, set back once more, does not have
    write_bundle(place.store, tmp_path / "1.tpb")
    import_bundle(place.office, tmp_path / "1.tpb", How(tmp_path / "1.answer"))
    place.put_laptop_back()
    before = place.store.counts()

    with pytest.raises(BundleForLostKey):
        take_answer(place.store, tmp_path / "1.answer")

    assert place.store.counts() == before
    write_bundle(place.store, tmp_path / "2.tpb")
    import_bundle(place.office, tmp_path / "2.tpb", How(tmp_path / "2.answer"))
    take_answer(place.store, tmp_path / "2.answer")  # sealed to the key that wrote this one
    assert place.sync().heads_agree


def test_a_drive_signed_by_a_key_that_the_office_lost_is_taken_and_answered(place, tmp_path):
    place.put_laptop_back()
    place.sync()
    made = in_use(place.store)
    place.register(1)
    place.put_office_back()
    write_bundle(place.store, tmp_path / "1.tpb")

    import_bundle(place.office, tmp_path / "1.tpb", How(tmp_path / "1.answer"))
    take_answer(place.store, tmp_path / "1.answer")

    assert in_use(place.store) != made  # the office named what it has
    assert place.sync().heads_agree
    assert in_use(place.store) == made
    assert len(place.at_office()) == 2


def test_the_office_asks_for_a_new_key_and_has_it_after_one_sync(place):
    before = in_use(place.store)
    ask_new_key(place.office, "A01")
    assert place.sync().heads_agree
    assert in_use(place.store) == at_office(place)[-1] != before
    assert place.sync().requests == 1


@pytest.mark.parametrize("by_drive", [False, True])
def test_a_laptop_that_was_stopped_makes_no_key(place, tmp_path, by_drive):
    before = in_use(place.store)
    ask_new_key(place.office, "A01")
    revoke_device(place.office, "A01")
    if by_drive:
        write_bundle(place.store, tmp_path / "1.tpb")
        import_bundle(place.office, tmp_path / "1.tpb", How(tmp_path / "1.answer"))
        assert take_answer(place.store, tmp_path / "1.answer").locked
    else:
        place.sync()
    assert place.store.stopped_at()
    assert not place.store.position().key_waits
    assert (in_use(place.store), at_office(place)) == (before, [before])


def test_two_copies_have_different_keys_and_the_confirmed_one_prints_again(one_sent, tmp_path):
    shutil.copytree(one_sent, tmp_path / "place")
    shutil.copytree(one_sent / "laptop", tmp_path / "copy")
    with closing(Place.at(tmp_path / "place")) as place, closing(opened(tmp_path / "copy")) as copy:
        place.register(1)
        place.sync()
        copy.register(worker(2))
        copy.register(worker(3))
        place.sync(copy)
        place.sync()
        assert in_use(copy) != in_use(place.store)
        assert [halted_after(one) for one in (copy, place.store)] == [1, 1]

        confirm_key(place.office, "A01", in_use(copy))

        for one in (copy, place.store):
            assert place.sync(one).heads_agree
        assert [halted_after(one) for one in (copy, place.store)] == [None, 1]
        assert len(place.at_office()) == 4


def test_cuts_anywhere_leave_one_new_key_and_nobody_is_lost(place):
    place.put_laptop_back()
    place.register(1)
    dice, cuts = random.Random(5), 0
    for _ in range(40):
        try:
            near_synced(near_transport(place.office, place.store, dice, 0.3), place.store)
        except Cut:
            cuts += 1
    assert cuts
    assert place.sync().heads_agree
    assert len(at_office(place)) == 2
    assert in_use(place.store) == at_office(place)[-1]
    assert len(place.at_office()) == 2


def trip(place, folder, name):
    """Carry a bundle to the office and its answer back; return what the answer changed."""
    write_bundle(place.store, folder / f"{name}.tpb")
    import_bundle(place.office, folder / f"{name}.tpb", How(folder / f"{name}.tpa"))
    return take_answer(place.store, folder / f"{name}.tpa")


def test_by_drive_alone_a_laptop_that_was_put_back_gets_its_people_again(place, tmp_path):
    place.register(1)
    trip(place, tmp_path, "1")
    place.put_laptop_back()
    before = place.on_laptop()

    told = trip(place, tmp_path, "2")  # the feed names whom this copy does not know
    assert (told.lacking, told.heads_agree) == (1, False)
    assert not place.store.last_sync().heads_agree
    assert place.on_laptop() == before

    done = trip(place, tmp_path, "3")
    assert (done.regained, done.lacking, done.heads_agree) == (1, 0, True)
    assert len(place.on_laptop()) == len(before) + 1
    assert place.store.subjects_lacking() == []
    assert place.store.doctor() == []
    again = trip(place, tmp_path, "4")
    assert (again.nothing_new, again.heads_agree) == (True, True)


def test_what_the_office_does_not_have_keeps_no_drive_from_agreeing(place, tmp_path, monkeypatch):
    place.register(1)
    trip(place, tmp_path, "1")
    place.put_laptop_back()
    trip(place, tmp_path, "2")
    monkeypatch.setattr(bundle_answers, "contents_for", lambda *_: {})

    done = trip(place, tmp_path, "3")

    assert (done.lacking, done.heads_agree) == (0, True)
