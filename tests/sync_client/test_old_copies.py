"""A laptop put back from an older copy shows everyone again, as the office has them."""

import shutil
from io import BytesIO

import pytest
from PIL import Image

from enumerator_app.domain.checking import draft_of
from enumerator_app.domain.content import content_digest
from enumerator_app.services.laptop import Laptop
from enumerator_app.storage.opening import open_home
from tests.storage.laptops import PASSPHRASE, person
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


def worker(n, **changed):
    return person(n, village_code=VILLAGE, photo=None, **changed)


def opened(home):
    return open_home(home, operator_name=None, passphrase=PASSPHRASE)


def people(store):
    return {w.number: (w.name, w.state, w.kpj) for w in store.search("", limit=100)}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture
def copied(office, tmp_path):
    """A laptop with one person whom the office has, and a copy of its home from that moment."""
    home, copy = tmp_path / "laptop", tmp_path / "copy"
    with enrolled_laptop(office, home) as store:
        store.register(worker(0))
        really_synced(store)
    shutil.copytree(home, copy)
    return home, copy


def test_people_saved_after_the_copy_was_made_come_back_with_their_decisions(office, copied):
    home, copy = copied
    with opened(home) as store:
        late = [store.register(worker(n), content_digest=content_digest(worker(n))) for n in (1, 2)]
        really_synced(store)
        office.ask("return", late[0].number, "--field", "name", "--reason", "Cek KTP")
        office.ask("approve", "--all")
        really_synced(store)
        before = people(store)
    with opened(copy) as old:
        saved_offline = old.register(worker(3))

        result = really_synced(old)

        assert result.heads_agree
        found = people(old)
        assert found.pop(saved_offline.number)[1] == "registered"
        assert found == before
        assert old.record(late[0].subject).worker.returned_reason == "Cek KTP"
        assert old.already_holds(content_digest(worker(1)))  # its form read in again doubles nobody
        assert old.subjects_lacking() == []
        assert old.doctor() == []
        assert really_synced(old).requests == 1


def test_a_file_of_forms_read_again_after_the_return_doubles_nobody(copied):
    home, copy = copied
    picture = BytesIO()
    Image.effect_noise((300, 400), 60).convert("RGB").save(picture, "JPEG")
    photo = picture.getvalue()
    draft = draft_of(worker(8))
    with opened(home) as store:
        done = Laptop(store).registering.register(draft, source="file", photo=photo)
        assert done.number
        really_synced(store)
    with opened(copy) as old:
        really_synced(old)
        again = Laptop(old).registering.register(draft, source="file", photo=photo)
        assert again.already_here
        assert old.counts().registrations == 2


def test_a_correction_saved_after_the_copy_was_made_is_shown_and_not_undone(office, copied):
    home, copy = copied
    with opened(home) as store:
        (first,) = store.search("")
        store.correct(first.subject, worker(0, address="KP. BARU"))
        really_synced(store)
    with opened(copy) as old:
        really_synced(old)
        shown = old.record(first.subject).registration
        assert shown.address == "KP. BARU"

        old.correct(first.subject, shown.model_copy(update={"phone": "081299990000"}))
        assert really_synced(old).outcomes == {"accepted": 1}

    with opened(home) as store:
        really_synced(store)
        shown = store.record(first.subject).registration
        assert (shown.address, shown.phone) == ("KP. BARU", "081299990000")
        assert store.subjects_lacking() == []


def test_a_withdrawal_after_the_copy_was_made_is_shown(copied):
    home, copy = copied
    with opened(home) as store:
        (first,) = store.search("")
        store.withdraw(first.subject, "pindah")
        really_synced(store)
    with opened(copy) as old:
        really_synced(old)
        assert [w.state for w in old.search("")] == ["withdrawn"]
        assert old.subjects_lacking() == []


def test_a_revoked_laptop_gets_nobody_back(office, copied):
    home, copy = copied
    with opened(home) as store:
        store.register(worker(5))
        really_synced(store)
        office.ask("device", "revoke", str(store.device))
    with opened(copy) as old:
        result = really_synced(old)
        assert result.locked
        assert old.counts().registrations == 1
