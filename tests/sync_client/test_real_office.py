"""The engine between a real laptop's encrypted file and the district server as a process."""

import contextlib
import random
import shutil
from urllib.parse import urlsplit

import pytest

from enumerator_app.commands.line import parse
from enumerator_app.commands.running import run
from enumerator_app.domain.errors import EnrolmentCodeRefused, OfficeNotProven, ServerUnreachable
from enumerator_app.storage.opening import open_home
from sync.protocol.signing import new_private_key, public_hex
from tests.faults.cutting_proxy import cutting
from tests.storage.laptops import PASSPHRASE, person, portrait
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture
def laptop(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        yield store


def registered(store, count, *, first=0, photos=0):
    """Save people of a real village; return their entries' hashes."""
    return [
        store.register(
            person(first + i, village_code=VILLAGE, photo=None),
            photo=portrait(random.Random().randrange(10**9), 20_000) if i < photos else None,
        ).entry_hash
        for i in range(count)
    ]


def at_office(office, store):
    """Return the office's figures about one laptop."""
    label = next(
        row for row in office.ask("device", "list")["devices"] if row["id"] == str(store.device)
    )
    return label["entries"]


def test_registrations_and_photos_arrive_and_both_ends_agree(office, laptop):
    registered(laptop, 12, photos=5)
    result = really_synced(laptop)
    assert (result.pushed, result.pending, result.photos, result.photos_pending) == (13, 0, 5, 0)
    assert set(result.outcomes) == {"accepted"}
    assert result.heads_agree
    counts = laptop.counts()
    assert (counts.pending, counts.photos_pending) == (0, 0)
    assert at_office(office, laptop) == 13


def commanded(store, *words):
    """Run one command on a laptop's home; the store that is open there is closed."""
    store.close()
    secret = store.path.parent / "passphrase.txt"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    return run(parse(["--home", str(store.path), "--passphrase-file", str(secret), *words]))


def test_the_command_counts_entries_as_entries_not_as_people(laptop, capsys):
    assert commanded(laptop, "sync", "--language", "en") == 0
    said = capsys.readouterr().out
    assert said.startswith("1 entry received by the office, 0 photos")
    assert commanded(laptop, "sync", "--language", "id") == 0
    assert capsys.readouterr().out.startswith("0 catatan diterima kantor, 0 foto")


def test_a_sync_with_nothing_to_do_is_one_small_request(laptop):
    registered(laptop, 3)
    really_synced(laptop)
    result = really_synced(laptop)
    assert (result.requests, result.heads_agree) == (1, True)
    assert result.bytes_up + result.bytes_down <= 720


def test_a_decision_of_the_office_comes_down_with_the_next_sync(office, laptop):
    registered(laptop, 2)
    really_synced(laptop)
    office.ask("approve", "--all")
    result = really_synced(laptop)
    assert result.heads_agree
    assert result.pulled >= 2
    assert laptop.counts().by_state == {"verified": 2}


def test_after_any_cuts_everything_is_there_once(office, tmp_path):
    dice = random.Random(11)
    port = urlsplit(office.url).port
    with cutting(port, seed=11) as proxy:
        store = enrolled_laptop(office, tmp_path / "laptop", url=proxy.url)
        with contextlib.closing(store):
            saved = 0
            for round_ in range(5):
                saved += len(registered(store, dice.randint(3, 25), first=100 * round_, photos=2))
                proxy.chance, proxy.most_bytes = 0.7, dice.choice([1_500, 4_000, 12_000])
                with contextlib.suppress(ServerUnreachable):
                    really_synced(store, read_s=5)
            assert proxy.cuts > 5
            proxy.chance = 0.0
            result = really_synced(store)
            assert (result.heads_agree, result.pending, result.photos_pending) == (True, 0, 0)
            assert store.counts().registrations == saved
            assert at_office(office, store) == saved + 1
            assert office.ask("verify")["ok"]


def test_a_server_that_stops_and_comes_back_gets_all_of_it_once(tmp_path):
    office = founded(tmp_path)
    office.start()
    with (
        contextlib.closing(office),
        contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store,
    ):
        registered(store, 40, photos=3)
        stopped = []

        def stop_at_the_photos(progress):
            if progress.stage == "photos" and not stopped:
                stopped.append(office.stop())

        with pytest.raises(ServerUnreachable):
            really_synced(store, report=stop_at_the_photos)
        registered(store, 5, first=200)
        with pytest.raises(ServerUnreachable):
            really_synced(store)
        office.start(stopped[0])
        result = really_synced(store)
        assert (result.heads_agree, result.pushed, result.photos) == (True, 5, 3)
        assert at_office(office, store) == 46


def test_a_laptop_from_an_old_image_keeps_both_branches(office, laptop, tmp_path):
    registered(laptop, 3)
    really_synced(laptop)
    laptop.close()
    home, image = tmp_path / "laptop", tmp_path / "image"
    shutil.copytree(home, image)
    with contextlib.closing(open_home(home, operator_name=None, passphrase=PASSPHRASE)) as later:
        registered(later, 4, first=50)
        assert really_synced(later).heads_agree
        first = at_office(office, later)
    with contextlib.closing(open_home(image, operator_name=None, passphrase=PASSPHRASE)) as old:
        registered(old, 2, first=80)
        result = really_synced(old)
        assert result.pending == 0
        assert result.heads_agree
        assert at_office(office, old) >= first + 3  # two people and the start of an epoch


def test_another_office_at_the_same_address_is_not_believed(laptop):
    registered(laptop, 1)
    with pytest.raises(OfficeNotProven):
        really_synced(laptop, root_key=public_hex(new_private_key()))
    assert really_synced(laptop).heads_agree


def test_a_code_that_the_office_does_not_know_is_refused(office, tmp_path):
    for code in ("AAAA-BBBB-CCCC-DDDD", "AAAA-BBBB", "AAAA-BBBB-CCCC-DDDU"):
        with pytest.raises(EnrolmentCodeRefused):
            enrolled_laptop(office, tmp_path / "laptop", code=code)


def test_a_code_is_good_for_one_laptop_however_it_is_typed(office, tmp_path):
    code = office.ask("device", "add", "Laptop dua")["code"]
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    enrolled_laptop(office, tmp_path / "one", code=typed).close()
    with pytest.raises(EnrolmentCodeRefused):
        enrolled_laptop(office, tmp_path / "two", code=code)


def test_an_answer_to_enrolling_that_was_lost_is_asked_for_again(office, tmp_path):
    code = office.ask("device", "add", "Laptop tiga")["code"]
    with cutting(urlsplit(office.url).port) as proxy:
        answers = iter([None, 1])
        proxy._allowance = lambda: next(answers, None)
        store = enrolled_laptop(office, tmp_path / "laptop", url=proxy.url, code=code)
        with contextlib.closing(store):
            assert proxy.cuts == 1
            assert really_synced(store).heads_agree


def test_an_office_that_was_put_back_silently_gets_everything_again(tmp_path):
    office = founded(tmp_path)
    office.start()
    with (
        contextlib.closing(office),
        contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store,
    ):
        registered(store, 3, photos=1)
        really_synced(store)
        port = office.stop()
        shutil.copytree(office.home, tmp_path / "snapshot")
        office.start(port)
        registered(store, 4, first=50, photos=2)
        really_synced(store)
        office.ask("approve", "--all")
        really_synced(store)
        assert store.counts().by_state == {"verified": 7}
        office.stop()
        shutil.rmtree(office.home)
        (tmp_path / "snapshot").rename(office.home)
        office.start(port)
        result = really_synced(store)
        assert (result.heads_agree, result.pending, result.photos_pending) == (True, 0, 0)
        assert at_office(office, store) == 8
        assert office.ask("status")["by_state"] == {"verified": 7}
        assert office.ask("status")["photos_missing"] == 0
        assert store.counts().by_state == {"verified": 7}
