"""The engine against a small office over real HTTP: every step, and what goes wrong around it."""

import copy
import hashlib
import itertools

import pytest

from enumerator_app.domain.errors import (
    LaptopUnknown,
    OfficeCannotStore,
    OfficeNotProven,
    ServerUnreachable,
    WifiLogin,
)
from sync.protocol.signing import new_private_key
from tests.sync_client.memory_office import MemoryOffice, serving
from tests.sync_client.office_fixtures import enrolled_store, synced

PHOTO = bytes(range(256)) * 200


@pytest.fixture
def office():
    return MemoryOffice()


@pytest.fixture
def url(office):
    with serving(office) as url:
        yield url


@pytest.fixture
def store(office, url):
    return enrolled_store(office, url)


def test_everything_saved_arrives_and_both_ends_agree(office, store):
    saved = [store.register(f"Pekerja {n}", photo=PHOTO + bytes([n])) for n in range(7)]
    result = synced(store)
    assert set(saved) <= set(office.state.entries)
    assert (result.pushed, result.photos, result.pending) == (8, 7, 0)
    assert result.outcomes == {"accepted": 8}
    assert result.pulled == 8
    assert result.heads_agree
    assert result.digest_ok
    assert all(hashlib.sha256(raw).hexdigest() == name for name, raw in office.state.photos.items())
    assert store.finished[-1][1]


def test_a_stopped_laptop_remembers_it_until_the_office_says_otherwise(office, store):
    store.register("Siti")
    office.locked = True
    assert synced(store).locked
    assert store.locked_at == office.time
    office.locked = False
    office.asked.clear()
    assert not synced(store).locked
    assert office.asked == ["GET /v1/level"], "the short answer says it as well"
    assert store.locked_at is None


def test_a_second_sync_with_nothing_to_do_is_one_request(office, store):
    store.register("Siti")
    synced(store)
    office.asked.clear()
    result = synced(store)
    assert office.asked == ["GET /v1/level"]
    assert (result.requests, result.heads_agree, result.pushed) == (1, True, 0)
    assert result.bytes_up + result.bytes_down <= 720


def test_news_of_the_office_is_found_by_a_laptop_that_has_nothing_to_send(office, store):
    store.register("Siti")
    synced(store)
    office.decide(str(store.identity().device), next(iter(office.state.subjects)))
    assert synced(store).pulled == 1
    assert synced(store).requests == 1


def test_an_office_with_a_new_issuing_key_is_believed_by_its_root(office, store):
    store.register("Siti")
    synced(store)
    office.renew_issuing_key()
    assert synced(store).heads_agree
    assert synced(store).requests == 1


def test_a_correction_goes_up_and_a_decision_comes_down(office, store):
    store.register("Siti")
    synced(store)
    subject = next(iter(office.state.subjects))
    revision = office.decide(str(store.identity().device), subject)
    result = synced(store)
    assert (result.pushed, result.pulled, result.heads_agree) == (0, 1, True)
    assert revision in store.acknowledged.values()


def test_a_restored_office_gets_back_entries_decisions_and_photos(office, store):
    before = office.backup()
    store.register("Siti", photo=PHOTO)
    synced(store)
    subject = next(iter(office.state.subjects))
    revision = office.decide(str(store.identity().device), subject)
    synced(store)
    office.restore(before, announced=False)
    result = synced(store)
    assert result.heads_agree
    assert revision in office.state.decisions
    assert len(office.state.photos) == 1
    assert not store.owed


def test_a_restored_office_that_says_so_is_owed_everything(office, store):
    store.register("Siti")
    synced(store)
    office.restore(office.backup(), announced=True)
    result = synced(store)
    assert result.heads_agree
    assert "POST /v1/reoffer" in office.asked
    assert store.server_epoch == office.state.server_epoch


def test_a_laptop_does_not_claim_to_be_heard_before_it_offered_its_notices(url, office, store):
    store.register("Siti")
    synced(store)
    office.restore(office.backup(), announced=True)
    with pytest.raises(ServerUnreachable):
        synced(_Unlucky(store))
    office.greeted.clear()
    synced(store)
    assert office.greeted == [None, office.state.server_epoch]


class _Unlucky:
    """A store whose machine loses power before the first notice is read for the offer."""

    def __init__(self, store) -> None:
        self._store = store

    def notices_kept(self, *_: int):
        raise ServerUnreachable

    def __getattr__(self, name: str):
        return getattr(self._store, name)


def test_a_laptop_from_an_old_image_opens_a_new_epoch_and_keeps_both_branches(office, url, store):
    synced(store)
    old = _image_of(store)
    store.register("Siti")
    synced(store)
    saved = old.register("Budi")
    result = synced(old)
    assert result.heads_agree
    assert saved in office.state.entries
    assert old.head.epoch != store.epoch
    assert len([e for e in office.state.entries.values() if e["kind"] == "register"]) == 2


def test_the_counter_of_a_restored_laptop_heals_by_itself(office, store):
    store.register("Siti")
    synced(store)
    store.counter = 0
    assert synced(store).heads_agree


def test_entries_whose_receipt_was_lost_are_marked_from_what_the_office_knows(office, store):
    store.register("Siti")
    synced(store)
    store.stage = dict.fromkeys(store.stage, "open")
    assert synced(store).heads_agree
    assert set(store.stage.values()) == {"received"}


def test_a_cancelled_sync_says_what_is_left(store):
    for n in range(5):
        store.register(f"Pekerja {n}")
    asked = itertools.count()
    result = synced(store, cancelled=lambda: next(asked) > 0)
    assert (result.pushed, result.pending, result.heads_agree) == (0, 6, False)


def test_a_sync_cancelled_before_the_office_answered_counts_by_its_earlier_receipts(office, store):
    for n in range(3):
        store.register(f"Pekerja {n}")
    synced(store)
    store.register("Siti")
    office.asked.clear()
    result = synced(store, cancelled=lambda: True)
    assert not office.asked
    assert (result.pending, result.heads_agree) == (1, False)


def test_what_a_restored_office_does_not_know_counts_as_waiting_after_it_said_so(office, store):
    before = office.backup()
    store.register("Siti")
    synced(store)
    office.restore(before, announced=False)
    stages = []
    result = synced(
        store, report=lambda step: stages.append(step.stage), cancelled=lambda: "reoffer" in stages
    )
    assert office.asked
    assert result.pending == 2


def test_a_batch_that_is_too_large_for_a_proxy_is_halved_until_it_passes(office, store):
    for n in range(300):
        store.register(f"Pekerja {n}")
    refused = iter(range(2))
    office.misbehave = lambda request: (
        (413, {}, b"") if "batches" in request and next(refused, None) is not None else None
    )
    assert synced(store).heads_agree
    assert max(office.batches) < 301


def test_an_office_without_room_says_so_after_some_tries(office, store):
    store.register("Siti")
    office.misbehave = lambda request: (507, {}, b"") if "batches" in request else None
    with pytest.raises(OfficeCannotStore):
        synced(store)
    office.misbehave = lambda _: None
    assert synced(store).heads_agree


def test_a_login_page_is_named_as_such(office, store):
    office.misbehave = lambda _: (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>")
    with pytest.raises(WifiLogin):
        synced(store)
    office.misbehave = lambda _: (302, {"Location": "http://login.example/"}, b"")
    with pytest.raises(WifiLogin):
        synced(store)


def test_an_answer_under_another_root_is_not_the_office(office, store):
    office.issuing = new_private_key()
    with pytest.raises(OfficeNotProven):
        synced(store)


def test_an_unknown_device_is_told_why(office, store):
    office.state.devices.clear()
    with pytest.raises(LaptopUnknown):
        synced(store)


def test_a_version_that_is_too_old_sends_nothing(office, store):
    store.register("Siti")
    office.too_old = "2.0"
    result = synced(store)
    assert (result.too_old, result.requests, result.pending) == ("2.0", 1, 2)
    assert not office.state.entries


def test_no_office_at_all_is_said_at_once_and_loses_nothing(office):
    with serving(office) as url:
        store = enrolled_store(office, url)
        port = int(url.rsplit(":", 1)[1])
    saved = store.register("Siti")
    with pytest.raises(ServerUnreachable):
        synced(store)
    with serving(office, port):
        assert synced(store).heads_agree
    assert saved in office.state.entries


def test_announced_documents_are_fetched_with_the_page_that_names_them(office, store):
    office.announce(str(store.identity().device), "trust_list", b"the list")
    synced(store)
    assert store.documents["trust_list"] == b"the list"


def test_an_erased_photo_is_let_go_and_an_unwanted_one_waits(office, store):
    store.register("Siti", photo=PHOTO)
    office.state.erased.add(hashlib.sha256(PHOTO).hexdigest())
    result = synced(store)
    assert (result.photos, store.photos, result.heads_agree) == (0, {}, True)


def test_a_half_sent_photo_goes_on_where_it_stopped(office, store):
    store.register("Siti", photo=PHOTO)
    name = hashlib.sha256(PHOTO).hexdigest()
    office.state.photos[name] = PHOTO[:30_000]
    result = synced(store)
    assert (result.photos, office.state.photos[name]) == (1, PHOTO)
    assert office.asked.count(f"PATCH /v1/photos/{name}") == 1
    assert result.bytes_up < len(PHOTO)


def test_a_difference_in_the_digest_is_repaired_by_reading_the_feed_anew(office, store):
    store.register("Siti")
    synced(store)
    subject = next(iter(store.acknowledged))
    store.acknowledged[subject] = "00" * 32
    result = synced(store)
    assert result.heads_agree
    assert "POST /v1/digest" in office.asked


def test_bodies_that_the_office_lacks_are_sent_again_in_contiguous_runs(office, store):
    entries = [store.register(f"Pekerja {n}") for n in range(6)]
    synced(store)
    office.batches.clear()
    office.bodies_missing = [entries[0], entries[1], entries[4], "ab" * 32]
    assert synced(store).heads_agree
    assert office.batches == [2, 1]


def test_an_office_restored_in_the_middle_of_a_sync_is_met_again_from_hello(office, store):
    for n in range(5):
        store.register(f"Pekerja {n}")
    synced(store)
    snapshot = office.backup()
    saved = store.register("Siti")
    restores = iter([True])

    def restore_once(request):
        if "batches" in request and next(restores, False):
            counters = {name: device.counter for name, device in office.state.devices.items()}
            office.restore(snapshot, announced=True)
            for name, counter in counters.items():
                office.state.devices[name].counter = counter

    office.misbehave = restore_once
    result = synced(store)
    assert result.heads_agree
    assert store.server_epoch == office.state.server_epoch
    assert saved in office.state.entries
    assert "POST /v1/reoffer" in office.asked


def test_a_receipt_for_another_batch_is_not_believed(office, store):
    store.register("Siti")
    honest = office.batches_in

    def confused(body, *rest):
        return {**honest(body, *rest), "batch_id": "ab" * 32}

    office.batches_in = confused
    with pytest.raises(OfficeNotProven):
        synced(store)


def test_progress_names_every_stage_and_ends_at_its_total(store):
    for n in range(3):
        store.register(f"Pekerja {n}", photo=PHOTO + bytes([n]))
    seen = []
    synced(store, report=seen.append)
    stages = list(dict.fromkeys(p.stage for p in seen))
    assert stages == ["hello", "entries", "feed", "photos", "closing"]
    last = {p.stage: p for p in seen}
    assert (last["entries"].done, last["photos"].done) == (4, 3)
    assert last["photos"].bytes_done == last["photos"].bytes_total == 3 * len(PHOTO) + 3


def _image_of(store):
    """Return a disk image of the laptop taken now."""
    return copy.deepcopy(store, {id(store._identity): store._identity})
